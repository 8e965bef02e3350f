"""The site that a mail about an account speaks of, and that its links lead to."""

from django.contrib.sites.models import Site
from django.core.exceptions import ImproperlyConfigured

from oscar_customers_ext.customers.models import Customer


def site_of(customer: Customer | None) -> Site:
    """Where the customer was met, else the shop's own: never what a request says."""
    met = customer.sites.order_by("pk").first() if customer else None
    if met:
        return met
    try:
        return Site.objects.get_current()
    except ImproperlyConfigured:  # no SITE_ID: several sites
        return Site.objects.order_by("pk")[0]
