"""``{% load customers_numbers %}``: numbers in pages of the admin."""

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def grouped(number):
    """6,000 for 6000, whatever USE_THOUSAND_SEPARATOR is: what stands in one page is to look alike."""
    return number_format(number, force_grouping=True)
