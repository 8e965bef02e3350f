from django import forms
from django.utils.translation import gettext_lazy as _

MAILS_AT_ONCE = 100


class DecisionForm(forms.Form):
    """Beside the decision itself: whether the customer is told, and in whose words."""

    mail = forms.BooleanField(label=_("Tell the customer by mail"), required=False)
    message = forms.CharField(
        label=_("A few words to the customer"),
        help_text=_("Goes into the mail, as you write it."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args, email="", **kwargs):
        super().__init__(*args, **kwargs)
        if email:
            self.fields["mail"].help_text = email
        else:
            self.fields["mail"].disabled = True
            self.fields["mail"].help_text = _("This customer has no e-mail address.")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("message") and not cleaned.get("mail"):
            self.add_error(
                "mail", _("Your words go out with the mail only: tick the box, or leave them out.")
            )
        return cleaned


class BulkDecisionForm(forms.Form):
    mail = forms.BooleanField(
        label=_("Tell them by mail"),
        help_text=_("Each customer with an e-mail address gets a mail in the customer's language."),
        required=False,
    )
