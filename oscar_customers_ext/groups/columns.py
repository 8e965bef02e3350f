from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from oscar_customers_ext.customers.listing.columns import WIDE, ListColumn
from oscar_customers_ext.customers.models import Customer

from .querysets import active

IN_FORCE = "memberships_with_group"


class GroupsColumn(Column):
    """The groups that count for a customer now, by staff or by membership."""

    cell_template_name = "oscar_customers_ext/admin/groups/cell.html"

    def get_value(self, instance):
        granted = [membership.plan.customer_group for membership in getattr(instance, IN_FORCE)]
        return sorted({*instance.groups.all(), *granted}, key=str)


class GroupsListColumn(ListColumn):
    def prepare(self, customers):
        memberships = Customer._meta.get_field("memberships").related_model.objects.order_by()
        granting = memberships.filter(active(timezone.now()), plan__customer_group__isnull=False)
        granting = granting.select_related("plan__customer_group")
        in_force = Prefetch("memberships", queryset=granting, to_attr=IN_FORCE)
        return super().prepare(customers).prefetch_related("groups", in_force)


GROUPS = GroupsListColumn(GroupsColumn("groups", label=_("Groups"), classname=WIDE))
