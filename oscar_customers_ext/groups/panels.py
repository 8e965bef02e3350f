from oscar_customers_ext.compat import policy_for
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.panels import LazyTab
from oscar_customers_ext.policies import READ


class MembersTab(LazyTab):
    """The customers of a group, for those who may see customers."""

    class BoundPanel(LazyTab.BoundPanel):
        def is_shown(self):
            return super().is_shown() and policy_for(Customer).user_has_any_permission(
                self.request.user, READ
            )
