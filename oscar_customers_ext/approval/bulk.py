"""Approve and decline many customers. Each is logged."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oscar_customers_ext.customers.bulk import CustomerBulkAction

from .actions import approve_customers, decline_customers
from .forms import MAILS_AT_ONCE, BulkDecisionForm


class DecisionBulkAction(CustomerBulkAction):
    form_class = BulkDecisionForm
    permission_required = "approve"
    #: The queue names the customers to whoever approves.
    needs_read = False

    def prepare_action(self, objects, objects_without_access):
        refused = super().prepare_action(objects, objects_without_access)
        if refused is None and self.cleaned_form.cleaned_data["mail"] and len(objects) > MAILS_AT_ONCE:
            # They are sent while the editor waits.
            self.cleaned_form.add_error(
                "mail",
                _("At most %(number)d mails go out at once: select fewer customers, or send none.")
                % {"number": MAILS_AT_ONCE},
            )
            return self.render_to_response(self.get_context_data(form=self.cleaned_form))
        return refused

    def get_execution_context(self):
        return {**super().get_execution_context(), "mail": self.cleaned_form.cleaned_data["mail"]}


class ApproveBulkAction(DecisionBulkAction):
    display_name = gettext_lazy("Approve")
    action_type = "approve"
    explanation_template = "oscar_customers_ext/admin/approval/what_approving_does.html"
    aria_label = gettext_lazy("Approve the selected customers as buyers")
    action_priority = 50

    @classmethod
    def execute_action(cls, objects, actor=None, mail=False, **kwargs):
        return len(approve_customers([customer.pk for customer in objects], actor=actor, mail=mail)), 0

    def success_message(self, number):
        return ngettext("%(number)d customer approved.", "%(number)d customers approved.", number) % {
            "number": number
        }


class DeclineBulkAction(DecisionBulkAction):
    display_name = gettext_lazy("Decline")
    action_type = "decline"
    explanation_template = "oscar_customers_ext/admin/approval/what_declining_does.html"
    aria_label = gettext_lazy("Decline the selected customers as buyers")
    action_priority = 60
    classes = {"serious"}
    button_classname = "serious"

    @classmethod
    def execute_action(cls, objects, actor=None, mail=False, **kwargs):
        return len(decline_customers([customer.pk for customer in objects], actor=actor, mail=mail)), 0

    def success_message(self, number):
        return ngettext("%(number)d customer declined.", "%(number)d customers declined.", number) % {
            "number": number
        }


BULK_ACTIONS = (ApproveBulkAction, DeclineBulkAction)
