from django import forms
from django.contrib import messages
from django.contrib.sites.shortcuts import get_current_site
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
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

    def __init__(self, *args, event, **kwargs):
        super().__init__(*args, **kwargs)
        self.event = event

    def sign_up(self, request):
        """Return whether it worked; if not, the form has the reason beside the address."""
        try:
            touch_customer(
                source=f"event:{self.event.slug}",
                site=get_current_site(request),
                language=get_language() or "",
                **self.cleaned_data,
            )
        except ValidationError as error:
            # The package is stricter about addresses than Django's own field.
            self.add_error("email", error.messages)
            return False
        messages.success(
            request,
            gettext("Thank you, %(first_name)s! We have kept a place for you.") % self.cleaned_data,
        )
        return True
