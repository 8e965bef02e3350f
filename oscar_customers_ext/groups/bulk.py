"""Putting many customers into groups, and taking them out. Each customer is logged."""

from django.utils.translation import gettext_lazy, ngettext

from oscar_customers_ext.customers.bulk import EachOfBulkAction

from .actions import add_to_group, remove_from_group
from .forms import GroupsForm


class GroupBulkAction(EachOfBulkAction):
    chosen = "groups"
    permission_required = "assign_group"
    form_class = GroupsForm

    def success_message(self, number):
        return ngettext(
            "Groups of %(number)d customer changed.", "Groups of %(number)d customers changed.", number
        ) % {"number": number}


class AddToGroupsBulkAction(GroupBulkAction):
    display_name = gettext_lazy("Put into groups")
    action_type = "add_to_groups"
    aria_label = gettext_lazy("Put the selected customers into groups")
    action_priority = 60
    change = staticmethod(add_to_group)


class RemoveFromGroupsBulkAction(GroupBulkAction):
    display_name = gettext_lazy("Take out of groups")
    action_type = "remove_from_groups"
    aria_label = gettext_lazy("Take the selected customers out of groups")
    action_priority = 65
    explanation_template = "oscar_customers_ext/admin/groups/what_stays.html"
    change = staticmethod(remove_from_group)


BULK_ACTIONS = (AddToGroupsBulkAction, RemoveFromGroupsBulkAction)
