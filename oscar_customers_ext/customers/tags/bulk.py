"""Giving tags to many customers, and taking them away. Each customer is logged."""

from django.utils.translation import gettext_lazy, ngettext

from oscar_customers_ext.customers.bulk import EachOfBulkAction

from .actions import add_tag, remove_tag
from .forms import ExistingTagsForm, TagsForm


class TagBulkAction(EachOfBulkAction):
    chosen = "tags"
    permission_required = "change"

    def success_message(self, number):
        return ngettext(
            "Tags of %(number)d customer changed.", "Tags of %(number)d customers changed.", number
        ) % {"number": number}


class AddTagsBulkAction(TagBulkAction):
    display_name = gettext_lazy("Add tags")
    action_type = "add_tags"
    aria_label = gettext_lazy("Add tags to the selected customers")
    action_priority = 50
    form_class = TagsForm
    change = staticmethod(add_tag)


class RemoveTagsBulkAction(TagBulkAction):
    display_name = gettext_lazy("Take tags away")
    action_type = "remove_tags"
    aria_label = gettext_lazy("Take tags away from the selected customers")
    action_priority = 55
    form_class = ExistingTagsForm
    change = staticmethod(remove_tag)


BULK_ACTIONS = (AddTagsBulkAction, RemoveTagsBulkAction)
