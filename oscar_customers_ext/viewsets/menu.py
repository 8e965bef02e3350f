from django.apps import apps
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSetGroup

from oscar_customers_ext.approval.bulk import BULK_ACTIONS as APPROVAL
from oscar_customers_ext.coupons.bulk import BULK_ACTIONS as COUPONS
from oscar_customers_ext.customers.marketing.bulk import BULK_ACTIONS as MARKETING
from oscar_customers_ext.customers.tags.bulk import BULK_ACTIONS as TAGS
from oscar_customers_ext.groups.bulk import BULK_ACTIONS as GROUPS
from oscar_customers_ext.lifecycle.bulk import BULK_ACTIONS as LIFECYCLE
from oscar_customers_ext.memberships.bulk import BULK_ACTIONS as MEMBERSHIPS
from oscar_customers_ext.transfers.exports.bulk import BULK_ACTIONS as EXPORTS

BULK_ACTIONS = [*LIFECYCLE, *MARKETING, *APPROVAL, *TAGS, *GROUPS, *MEMBERSHIPS, *COUPONS, *EXPORTS]


class CustomersGroup(ViewSetGroup):
    menu_label = _("Customers")
    menu_name = "customers"
    menu_icon = "group"
    menu_order = 210

    def __init__(self):
        config = apps.get_app_config("oscar_customers_ext")
        paths = [
            config.customer_viewset,
            config.order_viewset,
            config.approval_viewset,
            config.group_viewset,
            config.membership_plan_viewset,
            config.tag_viewset,
        ]
        self.items = [import_string(path)() for path in paths]
        super().__init__()

    @property
    def customers(self):
        return self.items[0]

    def bulk_actions(self):
        """Each bulk action, bound to the list that it works on."""
        make_list_view = self.customers.make_list_view
        return [
            type(action.__name__, (action,), {"listing": staticmethod(make_list_view)})
            for action in BULK_ACTIONS
        ]
