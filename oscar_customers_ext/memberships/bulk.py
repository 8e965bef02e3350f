"""Grant, renew and revoke for many customers. Each is logged."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy, ngettext

from oscar_customers_ext.customers.bulk import CustomerBulkAction
from oscar_customers_ext.policies import READ

from .actions import FROM_PLAN, grant_memberships, renew_memberships, revoke_memberships
from .forms import BulkGrantForm, BulkPlanForm


class MembershipBulkAction(CustomerBulkAction):
    any_permission_required = READ
    form_class = BulkPlanForm
    #: What it takes beside the permission to read the customers, as on the tab.
    membership_permission = "oscar_customers_ext.change_membership"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm(self.membership_permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_execution_context(self):
        return {**super().get_execution_context(), **self.cleaned_form.cleaned_data}

    def get_success_message(self, num_parent_objects, num_child_objects):
        done = self.success_message(num_parent_objects)
        if not num_child_objects:
            return done
        left = ngettext(
            "%(number)d customer was left out.", "%(number)d customers were left out.", num_child_objects
        ) % {"number": num_child_objects}
        return f"{done} {left} {self.why_left_out}"


def counted(customers, done):
    """How many customers something was done for, and how many were left out."""
    number = len({membership.customer_id for membership in done})
    return number, len(customers) - number


class GrantBulkAction(MembershipBulkAction):
    display_name = gettext_lazy("Grant membership")
    action_type = "grant_membership"
    aria_label = gettext_lazy("Grant a membership to the selected customers")
    action_priority = 60
    form_class = BulkGrantForm
    membership_permission = "oscar_customers_ext.add_membership"
    why_left_out = gettext_lazy("They have this membership in that period already.")

    @classmethod
    def execute_action(cls, objects, actor=None, plan=None, starts_at=None, ends_at=None, **kwargs):
        pks = [customer.pk for customer in objects]
        done = grant_memberships(pks, plan, starts_at=starts_at, ends_at=ends_at or FROM_PLAN, actor=actor)
        return counted(objects, done)

    def success_message(self, number):
        return ngettext(
            "Membership granted to %(number)d customer.",
            "Membership granted to %(number)d customers.",
            number,
        ) % {"number": number}


class RenewBulkAction(MembershipBulkAction):
    display_name = gettext_lazy("Renew membership")
    action_type = "renew_membership"
    aria_label = gettext_lazy("Renew a membership of the selected customers")
    action_priority = 61
    why_left_out = gettext_lazy("They have no such membership, or one without an end.")

    @classmethod
    def execute_action(cls, objects, actor=None, plan=None, **kwargs):
        pks = [customer.pk for customer in objects]
        return counted(objects, renew_memberships(pks, plan, actor=actor))

    def success_message(self, number):
        return ngettext(
            "Membership of %(number)d customer renewed.",
            "Membership of %(number)d customers renewed.",
            number,
        ) % {"number": number}


class RevokeBulkAction(MembershipBulkAction):
    display_name = gettext_lazy("Revoke membership")
    action_type = "revoke_membership"
    aria_label = gettext_lazy("Revoke a membership of the selected customers")
    action_priority = 62
    classes = {"serious"}
    button_classname = "serious"
    why_left_out = gettext_lazy("They have no such membership.")

    @classmethod
    def execute_action(cls, objects, actor=None, plan=None, **kwargs):
        pks = [customer.pk for customer in objects]
        return counted(objects, revoke_memberships(pks, plan, actor=actor))

    def success_message(self, number):
        return ngettext(
            "Membership of %(number)d customer revoked.",
            "Membership of %(number)d customers revoked.",
            number,
        ) % {"number": number}


BULK_ACTIONS = [GrantBulkAction, RenewBulkAction, RevokeBulkAction]
PERMISSIONS = {action.membership_permission for action in BULK_ACTIONS}
