"""Giving tags to many customers, and taking them away. Each customer is logged."""

from django.utils.translation import gettext_lazy, ngettext

from oscar_customers_ext.customers.bulk import CustomerBulkAction

from .actions import add_tag, remove_tag
from .forms import ExistingTagsForm, TagsForm


class TagBulkAction(CustomerBulkAction):
    """``change_tag`` is the action that is called for each tag."""

    change_tag = None
    permission_required = "change"

    def get_execution_context(self):
        return {**super().get_execution_context(), "tags": self.cleaned_form.cleaned_data["tags"]}

    @classmethod
    def execute_action(cls, objects, actor=None, tags=(), **kwargs):
        pks = [customer.pk for customer in objects]
        changed = {customer.pk for tag in tags for customer in cls.change_tag(pks, tag, actor=actor)}
        return len(changed), 0

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
    change_tag = staticmethod(add_tag)


class RemoveTagsBulkAction(TagBulkAction):
    display_name = gettext_lazy("Take tags away")
    action_type = "remove_tags"
    aria_label = gettext_lazy("Take tags away from the selected customers")
    action_priority = 55
    form_class = ExistingTagsForm
    change_tag = staticmethod(remove_tag)


BULK_ACTIONS = (AddTagsBulkAction, RemoveTagsBulkAction)
