from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import Column, TitleColumn

from oscar_customers_ext.compat import policy_for
from oscar_customers_ext.policies import READ

from .expressions import COUNTED
from .models import Customer


class CustomerColumn(TitleColumn):
    """The name, linked to the card; on a phone with the e-mail below it, and marked when the customer is archived."""

    cell_template_name = "oscar_customers_ext/admin/customers/name_cell.html"


class OrderCountColumn(Column):
    """How many orders, linked to them for those who may see orders."""

    cell_template_name = "oscar_customers_ext/admin/customers/order_count_cell.html"

    @cached_property
    def orders_url(self):
        return reverse("oscar_customers_orders:index")

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        may_view = parent_context["request"].user.has_perm("order.view_order")
        context["url"] = (
            f"{self.orders_url}?customer={instance.pk}" if may_view and context["raw_value"] else None
        )
        return context


class MoneyColumn(Column):
    """An amount in the shop's default currency."""

    cell_template_name = "oscar_customers_ext/admin/customers/money_cell.html"


class NamesColumn(Column):
    """Several names, separated by commas."""

    def get_value(self, instance):
        return ", ".join(str(name) for name in super().get_value(instance))


class CustomerCountColumn(Column):
    """``customer_count`` of a tag or group, linked to its ``customers_url`` for those who may see customers."""

    cell_template_name = "oscar_customers_ext/admin/customers/count_cell.html"

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        count = self.get_value(instance)
        number = number_format(min(count, COUNTED), force_grouping=True)
        number = _("more than %(number)s") % {"number": number} if count > COUNTED else number
        may_read = policy_for(Customer).user_has_any_permission(parent_context["request"].user, READ)
        context["number"] = number
        context["url"] = instance.customers_url if may_read and count else None
        context["label"] = _("Customers of %(name)s: %(number)s") % {"name": instance, "number": number}
        return context
