from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oscar_customers_ext.customers.actions import touch_customer


class SignUpForm(forms.Form):
    """Somebody wants to come to an event: remembered as a customer, with the event as the source."""

    first_name = forms.CharField(
        label=_("First name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Last name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    email = forms.EmailField(
        label=_("Email address"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def sign_up(self, request):
        """Return whether it worked; if not, the form has the reason beside the address."""
        try:
            touch_customer(source="event", **self.cleaned_data)
        except ValidationError as error:
            # The package is stricter about addresses than Django's own field.
            self.add_error("email", error.messages)
            return False
        messages.success(
            request,
            gettext("Thank you, %(first_name)s! We have kept a place for you.") % self.cleaned_data,
        )
        return True
