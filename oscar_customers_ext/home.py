"""What the Wagtail home page says about customers."""

from django.core.cache import cache
from wagtail.admin.ui.components import Component

from oscar_customers_ext.compat import policy_for
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.reconciliation import count_orders_to_link

CACHE_KEY = "oscar_customers_ext.orders_to_link"
CACHE_SECONDS = 5 * 60
AT_MOST = 100


def orders_to_link():
    """How many orders should be linked and are not, counted up to 100 and at most once in five minutes."""
    return cache.get_or_set(CACHE_KEY, lambda: count_orders_to_link(at_most=AT_MOST), CACHE_SECONDS)


class UnlinkedOrdersNotice(Component):
    """Says to those who change customers that something went wrong, and what mends it. Nothing otherwise."""

    name = "customers_unlinked_orders"
    order = 50
    template_name = "oscar_customers_ext/admin/home/unlinked_orders.html"

    def get_context_data(self, parent_context):
        user = parent_context["request"].user
        concerned = policy_for(Customer).user_has_permission(user, "change")
        count = orders_to_link() if concerned else 0
        return {"count": count, "at_least": count >= AT_MOST}
