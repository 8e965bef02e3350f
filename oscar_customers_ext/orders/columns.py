from django.contrib.admin.utils import quote
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from oscar_customers_ext.customers.links import customer_url

from .states import fulfilment_of, payment_of


def order_url(order):
    return reverse("oscar_customers_orders:inspect", args=[quote(order.pk)])


def customer_of(order):
    """The customer that the order is linked to, or None."""
    link = getattr(order, "customer_link", None)
    return link.customer if link else None


class CustomerColumn(Column):
    """Name of the customer with a link to the card, for those who may open it."""

    cell_template_name = "oscar_customers_ext/admin/orders/customer_cell.html"

    def get_value(self, instance):
        return customer_of(instance)

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        customer, request = context["value"], parent_context["request"]
        context["url"] = customer_url(request.user, customer) if customer else None
        return context


class TotalColumn(Column):
    """Including tax, in the order's own currency."""

    cell_template_name = "oscar_customers_ext/admin/orders/total_cell.html"


class StateColumn(Column):
    """A state of orders.states, in words."""

    def get_value(self, instance):
        return super().get_value(instance).label


def order_columns(*, of_customer=False):
    """For the list of orders, or for the tab of one customer, where a page of its own to sort is missing."""

    def sorted_by(name):
        return None if of_customer else name

    customer = (
        [] if of_customer else [CustomerColumn("customer", label=_("Customer"), classname="customers-email")]
    )
    return [
        TitleColumn(
            "number",
            label=_("Order"),
            sort_key=sorted_by("number"),
            get_url=order_url,
            classname="customers-number",
        ),
        DateColumn("date_placed", label=_("Placed"), sort_key=sorted_by("date_placed")),
        *customer,
        TotalColumn("total_incl_tax", label=_("Total"), classname="customers-amount"),
        Column("status", label=_("Status"), sort_key=sorted_by("status")),
        StateColumn("payment", label=_("Payment"), accessor=payment_of, classname="customers-wide"),
        StateColumn("fulfilment", label=_("Fulfilment"), accessor=fulfilment_of, classname="customers-wide"),
    ]
