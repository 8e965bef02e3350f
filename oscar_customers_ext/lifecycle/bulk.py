"""Archive, restore and delete many customers. Each is logged."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from oscar_customers_ext.conf import conf
from oscar_customers_ext.customers.bulk import CustomerBulkAction

from .actions import archive_customers, delete_customers, restore_customers


class ArchiveBulkAction(CustomerBulkAction):
    display_name = gettext_lazy("Archive")
    action_type = "archive"
    explanation_template = "oscar_customers_ext/admin/lifecycle/what_stays.html"
    aria_label = gettext_lazy("Archive the selected customers")
    action_priority = 10
    permission_required = "change"

    @classmethod
    def execute_action(cls, objects, actor=None, **kwargs):
        return len(archive_customers([customer.pk for customer in objects], actor=actor)), 0

    def success_message(self, number):
        return ngettext("%(number)d customer archived.", "%(number)d customers archived.", number) % {
            "number": number
        }


class RestoreBulkAction(CustomerBulkAction):
    display_name = gettext_lazy("Restore")
    action_type = "restore"
    aria_label = gettext_lazy("Restore the selected customers")
    action_priority = 20
    permission_required = "change"

    @classmethod
    def execute_action(cls, objects, actor=None, **kwargs):
        return len(restore_customers([customer.pk for customer in objects], actor=actor)), 0

    def success_message(self, number):
        return ngettext("%(number)d customer restored.", "%(number)d customers restored.", number) % {
            "number": number
        }


class DeleteBulkAction(CustomerBulkAction):
    display_name = gettext_lazy("Delete")
    action_type = "delete"
    explanation_template = "oscar_customers_ext/admin/lifecycle/bulk_delete.html"
    aria_label = gettext_lazy("Delete the selected customers")
    action_priority = 30
    classes = {"serious"}
    permission_required = "delete"
    button_classname = "serious"

    @classmethod
    def execute_action(cls, objects, actor=None, **kwargs):
        deletion = delete_customers([customer.pk for customer in objects], actor=actor)
        if conf.DELETE_WITH_ORDERS == "archive":
            archive_customers([customer.pk for customer in deletion.kept], actor=actor)
        return len(deletion.deleted), len(deletion.kept)

    def get_success_message(self, num_parent_objects, num_child_objects):
        deleted = ngettext(
            "%(number)d customer deleted.", "%(number)d customers deleted.", num_parent_objects
        ) % {"number": num_parent_objects}
        if not num_child_objects:
            return deleted
        kept = {"number": num_child_objects}
        if conf.DELETE_WITH_ORDERS == "archive":
            return f"{deleted} " + _("Archived because of their orders: %(number)d.") % kept
        messages.warning(self.request, _("Not deleted because of their orders: %(number)d.") % kept)
        return deleted


BULK_ACTIONS = (ArchiveBulkAction, RestoreBulkAction, DeleteBulkAction)
