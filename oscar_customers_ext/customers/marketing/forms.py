from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminAutoHeightTextInput

from oscar_customers_ext.contacts.models import ConsentState, Subscription
from oscar_customers_ext.customers.ownership import usable_address
from oscar_customers_ext.exceptions import ConsentObjected, NoAddress

from .actions import set_subscription

ASKED_STAFF = _("The customer asked our staff for the newsletter.")
LONGEST_TEXT = 1000


def text_field(**kwargs):
    return forms.CharField(
        max_length=LONGEST_TEXT, widget=AdminAutoHeightTextInput(attrs={"rows": 2}), **kwargs
    )


def confirmation_field():
    return forms.BooleanField(
        label=_("Subscribe in spite of the objection"),
        required=False,
        help_text=_("Only when the customer has since asked for it anew, and you could show that."),
    )


class NewsletterFormMixin(forms.Form):
    """The switch in the form of a new customer. Its fields are absent without the permission to subscribe."""

    subscribe = forms.BooleanField(
        label=_("Subscribe to the newsletter"),
        required=False,
        help_text=_("Only with the customer's consent."),
    )
    consent_text = text_field(
        label=_("How was consent given?"),
        required=False,
        initial=ASKED_STAFF,
        help_text=_("Kept as proof, together with the time and your name."),
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("subscribe"):
            if not cleaned.get("email") and "email" not in self.errors:
                self.add_error("subscribe", str(NoAddress()))
            if not cleaned.get("consent_text") and "consent_text" not in self.errors:
                self.add_error("consent_text", _("Say how consent was given, or leave out the newsletter."))
            if self._has_objected(cleaned.get("email") or ""):
                self.add_error("subscribe", self._sentence_of_objection())
        return cleaned

    def _has_objected(self, email):
        key = usable_address(email)[1]
        objected = Subscription.objects.to_default_list().filter(
            contact__email_key=key, state=ConsentState.OBJECTED
        )
        return key is not None and objected.exists()

    def _sentence_of_objection(self):
        return ValidationError(
            _(
                "Somebody at this address objected to the newsletter. Create the customer without it; on the tab "
                "Marketing you may subscribe the customer after an extra confirmation."
            ),
            code="objected",
        )

    @transaction.atomic
    def create(self):
        """Raises ValidationError when somebody objected since the form was checked; then nothing is created."""
        customer = super().create()
        if self.cleaned_data.get("subscribe"):
            try:
                set_subscription(
                    customer,
                    state=ConsentState.SUBSCRIBED,
                    actor=self.for_user,
                    text=self.cleaned_data["consent_text"],
                )
            except ConsentObjected:
                raise self._sentence_of_objection() from None
        return customer


class RemarkForm(forms.Form):
    """For somebody who says no: nothing needs to be proven."""

    text = text_field(
        label=_("Remark"),
        required=False,
        help_text=_("For instance how the customer told you. Kept in the ledger."),
    )


class SubscribeForm(forms.Form):
    text = text_field(
        label=_("How was consent given?"),
        initial=ASKED_STAFF,
        help_text=_("Kept as proof, together with the time and your name."),
        error_messages={"required": _("Say how consent was given: the shop must be able to prove it.")},
    )


class ResubscribeForm(SubscribeForm):
    """For somebody who objected."""

    confirmed = confirmation_field()

    def clean_confirmed(self):
        if not self.cleaned_data["confirmed"]:
            raise ValidationError(
                _("This customer objected. Tick the box when the customer has asked for the newsletter anew.")
            )
        return True


class BulkSubscribeForm(SubscribeForm):
    confirmed = confirmation_field()
