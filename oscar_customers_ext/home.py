"""What the Wagtail home page says about customers."""

from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.search import SearchArea
from wagtail.admin.site_summary import SummaryItem
from wagtail.admin.ui.components import Component

from oscar_customers_ext.compat import policy_for
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.reconciliation import count_orders_to_link
from oscar_customers_ext.customers.staff_sites.policies import shows_all

from .policies import READ

ORDERS_KEY = "oscar_customers_ext.orders_to_link"
CUSTOMERS_KEY = "oscar_customers_ext.customers_count"
CACHE_SECONDS = 5 * 60
AT_MOST = 100


def may_read_customers(user):
    return policy_for(Customer).user_has_any_permission(user, READ)


def orders_to_link():
    """How many orders should be linked and are not, counted up to 100 and at most once in five minutes."""
    return cache.get_or_set(ORDERS_KEY, lambda: count_orders_to_link(at_most=AT_MOST), CACHE_SECONDS)


class UnlinkedOrdersNotice(Component):
    """Says to those who change customers that something went wrong, and what mends it. Nothing otherwise."""

    name = "customers_unlinked_orders"
    order = 50
    template_name = "oscar_customers_ext/admin/home/unlinked_orders.html"

    def get_context_data(self, parent_context):
        user = parent_context["request"].user
        policy = policy_for(Customer)
        # An order that is linked to nobody is not of anybody's customers.
        concerned = policy.user_has_permission(user, "change") and shows_all(policy, user)
        count = orders_to_link() if concerned else 0
        return {"count": count, "at_least": count >= AT_MOST}


class CustomersSummaryItem(SummaryItem):
    """How many customers there are, counted at most once in five minutes: on each home page it would take a while."""

    order = 400
    template_name = "oscar_customers_ext/admin/home/customers_summary.html"

    def get_context_data(self, parent_context):
        user, policy = self.request.user, policy_for(Customer)
        visible = policy.instances_user_has_any_permission_for(user, READ).active()
        key = CUSTOMERS_KEY if shows_all(policy, user) else f"{CUSTOMERS_KEY}.{user.pk}"
        count = cache.get_or_set(key, visible.count, CACHE_SECONDS)
        return {"count": count, "url": reverse("oscar_customers:index")}

    def is_shown(self):
        return may_read_customers(self.request.user)


class CustomersSearchArea(SearchArea):
    """Customers among the places of Wagtail's search."""

    def __init__(self):
        super().__init__(
            _("Customers"), reverse("oscar_customers:index"), name="customers", icon_name="user", order=250
        )

    def is_shown(self, request):
        return may_read_customers(request.user)
