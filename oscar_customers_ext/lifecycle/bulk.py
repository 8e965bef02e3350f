"""Bulk actions on customers: each checks its permission, obeys the list's search and filters, and is logged."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from oscar_customers_ext.conf import conf
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.policies import PolicyMixin

from .actions import archive_customers, delete_customers, restore_customers

AT_MOST = 10_000
EXAMPLES = 10


class CustomerBulkAction(PolicyMixin, PermissionCheckedMixin, BulkAction):
    """``listing`` is the list's view, set where the screen is assembled: "all" means what it finds for this request."""

    models = [Customer]
    model = Customer
    template_name = "oscar_customers_ext/admin/lifecycle/confirm_bulk.html"
    button_classname = ""
    listing = None

    @cached_property
    def selected(self):
        """The selected customers on whom this member of staff may act, by primary key."""
        policy, user = self.permission_policy, self.request.user
        allowed = policy.instances_user_has_permission_for(user, self.permission_required)
        ids = self.request.GET.getlist("id")
        if "all" in ids:
            return allowed.filter(pk__in=self.listed()).order_by("pk")
        pks = [int(pk) for pk in ids if pk.isascii() and pk.isdigit() and len(pk) < 19]
        return allowed.filter(pk__in=pks).order_by("pk")

    def listed(self):
        """What the list finds for the same search and filters; nothing when a filter cannot be understood.

        Wagtail then shows the list without any filter, which is no ground to act on everybody.
        """
        view = self.listing()
        view.setup(self.request)
        if view.filters and not view.filters.is_valid():
            return Customer.objects.none().values("pk")
        return view.get_queryset().order_by().values("pk")

    @cached_property
    def number(self):
        return self.selected.count()

    @property
    def is_too_many(self):
        return self.number > AT_MOST

    def get_actionable_objects(self):
        return ([] if self.is_too_many else list(self.selected)), {"items_with_no_access": []}

    def get_context_data(self, **kwargs):
        # Not the base's: it lists every object, and names those that one may not see.
        return {
            **super(BulkAction, self).get_context_data(**kwargs),
            "action": self,
            "number": self.number,
            "too_many": self.is_too_many,
            "at_most": AT_MOST,
            "examples": self.selected[:EXAMPLES],
            "more": max(self.number - EXAMPLES, 0),
            "filtered": "all" in self.request.GET.getlist("id"),
            "next": self.next_url,
            "submit_url": f"{self.request.path}?{self.request.META['QUERY_STRING']}",
        }

    def prepare_action(self, objects, objects_without_access):
        if self.is_too_many:
            return self.render_to_response(self.get_context_data(form=self.cleaned_form))
        return None

    def get_execution_context(self):
        return {"actor": self.request.user}

    def get_success_message(self, num_parent_objects, num_child_objects):
        return self.success_message(num_parent_objects)


class ArchiveBulkAction(CustomerBulkAction):
    display_name = gettext_lazy("Archive")
    action_type = "archive"
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
