"""Signing in to the shop with a user name, too. Laid over Oscar's forms; imports no model."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import UsernameField
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_customers_ext.contacts.identity import MAX_LENGTH, email_key, other_spellings
from oscar_customers_ext.exceptions import InvalidEmail


def _key(address: str) -> str | None:
    try:
        return email_key(address)
    except InvalidEmail:
        return None


class SignInFormMixin:
    """Over ``customer.forms.EmailAuthenticationForm``.

    Django asks the backends in their order: Oscar's takes the text for an address, Django's own for a user name.
    """

    label_of_both: Any = gettext_lazy("E-mail address or user name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: Oscar's own field, which takes an address only.
        self.address_field = self.fields["username"]
        if any(field.name == "username" for field in get_user_model()._meta.fields):
            attrs = {"autocapitalize": "none", "autocomplete": "username", "maxlength": MAX_LENGTH}
            self.fields["username"] = UsernameField(
                label=self.label_of_both, max_length=MAX_LENGTH, widget=forms.TextInput(attrs=attrs)
            )

    def clean(self) -> Any:
        user_model = get_user_model()
        try:
            cleaned = super().clean()
        except user_model.MultipleObjectsReturned:
            # Oscar's backend, for several accounts with one address and one password.
            raise ValidationError(
                _("Several accounts have this e-mail address. Sign in with your user name."), code="several"
            ) from None
        if self.user_cache is not None and self._is_name_like_the_address_of_another(cleaned["username"]):
            self.user_cache = None
            raise self.get_invalid_login_error()
        return cleaned

    def _is_name_like_the_address_of_another(self, typed: str) -> bool:
        """Whether somebody was let in by a user name that is the e-mail address of somebody else."""
        user = self.user_cache
        field = user.get_email_field_name()
        key = _key(typed) if "@" in typed else None
        if key is None or key == _key(getattr(user, field) or ""):
            return False
        users = get_user_model()._default_manager.exclude(pk=user.pk)
        return any(
            _key(address) == key
            for spelling in {typed, key, *other_spellings(key)}
            for address in users.filter(**{f"{field}__iexact": spelling}).values_list(field, flat=True)
        )

    def get_invalid_login_error(self) -> ValidationError:
        error = super().get_invalid_login_error()
        if isinstance(self.fields["username"], UsernameField):
            error.params = {"username": _("e-mail address or user name")}
        return error


class GatewayFormMixin(SignInFormMixin):
    """Over ``checkout.forms.GatewayForm``: a returning customer signs in there, everybody else gives an address."""

    label_of_both = gettext_lazy("My e-mail address (or, as a returning customer, my user name) is")

    def clean_username(self) -> str:
        if self.fields["username"] is self.address_field:
            return super().clean_username()
        if self["options"].data == self.EXISTING:
            # As typed: Oscar writes the end of an address in small letters, which may be another user name.
            return self.cleaned_data["username"]
        # Not what our field made of it: that is for names, and may spell an address in another way.
        self.cleaned_data["username"] = self.address_field.clean(self["username"].data)
        return super().clean_username()
