"""Subscribe and unsubscribe many customers."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from oscar_customers_ext.contacts.models import ConsentState
from oscar_customers_ext.customers.bulk import CustomerBulkAction

from .actions import set_subscriptions
from .forms import BulkSubscribeForm, RemarkForm


class NewsletterBulkAction(CustomerBulkAction):
    permission_required = "subscribe"
    state = None

    def get_execution_context(self):
        return {**super().get_execution_context(), "action": self, **self.cleaned_form.cleaned_data}

    @classmethod
    def execute_action(cls, objects, actor=None, action=None, text="", confirmed=False, **kwargs):
        action.outcome = set_subscriptions(
            [customer.pk for customer in objects],
            state=cls.state,
            actor=actor,
            text=text,
            confirmed=confirmed,
        )
        return len(action.outcome.changed), 0

    def get_success_message(self, num_parent_objects, num_child_objects):
        """What was done; what was not, and why, is a warning of its own."""
        for sentence in self.left_out():
            messages.warning(self.request, sentence)
        return super().get_success_message(num_parent_objects, num_child_objects)

    def left_out(self):
        return []


class SubscribeBulkAction(NewsletterBulkAction):
    display_name = gettext_lazy("Subscribe")
    action_type = "subscribe"
    aria_label = gettext_lazy("Subscribe the selected customers to the newsletter")
    action_priority = 14
    explanation_template = "oscar_customers_ext/admin/marketing/bulk_subscribe.html"
    form_class = BulkSubscribeForm
    state = ConsentState.SUBSCRIBED

    def success_message(self, number):
        return ngettext(
            "%(number)d customer subscribed to the newsletter.",
            "%(number)d customers subscribed to the newsletter.",
            number,
        ) % {"number": number}

    def left_out(self):
        outcome = self.outcome
        if outcome.unchanged:
            yield _("Subscribed already: %(number)d.") % {"number": outcome.unchanged}
        if outcome.objected:
            yield _("Not subscribed because they objected: %(number)d.") % {"number": outcome.objected}
        if outcome.without_address:
            yield _("Not subscribed because they have no e-mail address: %(number)d.") % {
                "number": outcome.without_address
            }


class UnsubscribeBulkAction(NewsletterBulkAction):
    display_name = gettext_lazy("Unsubscribe")
    action_type = "unsubscribe"
    aria_label = gettext_lazy("Unsubscribe the selected customers from the newsletter")
    action_priority = 15
    form_class = RemarkForm
    state = ConsentState.UNSUBSCRIBED

    def success_message(self, number):
        return ngettext(
            "%(number)d customer unsubscribed from the newsletter.",
            "%(number)d customers unsubscribed from the newsletter.",
            number,
        ) % {"number": number}

    def left_out(self):
        if self.outcome.unchanged:
            yield _("Not subscribed before: %(number)d.") % {"number": self.outcome.unchanged}


BULK_ACTIONS = (SubscribeBulkAction, UnsubscribeBulkAction)
