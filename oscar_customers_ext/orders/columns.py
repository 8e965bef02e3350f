from django.contrib.admin.utils import quote
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from oscar_customers_ext.customers.links import customer_url


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


def order_columns(*, with_customer=True):
    customer = [CustomerColumn("customer", label=_("Customer"))] if with_customer else []
    return [
        TitleColumn("number", label=_("Order"), sort_key="number", get_url=order_url),
        DateColumn("date_placed", label=_("Placed"), sort_key="date_placed"),
        *customer,
        TotalColumn("total_incl_tax", label=_("Total"), classname="customers-amount"),
        Column("status", label=_("Status"), sort_key="status"),
    ]
