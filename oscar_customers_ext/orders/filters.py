import django_filters
from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from wagtail.admin.filters import WagtailFilterSet

from oscar_customers_ext.customers.dates import DaysFilter

Order = get_model("order", "Order")


def statuses():
    """The statuses of the shop's pipeline; a shop without one has none to filter by."""
    return [(status, status) for status in Order.all_statuses()]


class OrderFilterSet(WagtailFilterSet):
    status = django_filters.MultipleChoiceFilter(
        label=_("Status"), choices=statuses, distinct=False, widget=forms.CheckboxSelectMultiple
    )
    date_placed = DaysFilter(label=_("Placed"))
    customer = django_filters.NumberFilter(
        label=_("Customer"),
        field_name="customer_link__customer",
        max_value=models.BigAutoField.MAX_BIGINT,
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Order
        fields = ["status", "date_placed", "customer"]
