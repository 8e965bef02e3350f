from django import forms
from django.contrib.auth import get_user_model
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from oscar_customers_ext.contacts.identity import MAX_LENGTH, email_key


class EmailChangeForm(forms.Form):
    email = forms.EmailField(
        label=_("New e-mail address"),
        max_length=MAX_LENGTH,
        help_text=_("A mail with a link is sent there. The address changes when the customer confirms it."),
    )

    def clean_email(self):
        email = self.cleaned_data["email"]
        email_key(email)  # raises for what only looks like an address
        model = get_user_model()
        longest = model._meta.get_field(model.get_email_field_name()).max_length
        if longest:
            MaxLengthValidator(longest)(email)
        return email
