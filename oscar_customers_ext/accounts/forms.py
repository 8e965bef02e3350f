from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_customers_ext.customers.ownership import usable_address, users_at

from .actions import create_account, send_password_link
from .drafts import draft_account
from .user_names import name_field

PERMISSION = "oscar_customers_ext.manage_account_customer"


def password_field(label: Any, **kwargs: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(label=label, widget=widget, strip=False, **kwargs)


class TwoPasswordsMixin:
    """A password that is typed twice, in ``account_password`` and ``account_password_again``."""

    def clean_account_password_again(self) -> str:
        again = self.cleaned_data["account_password_again"]
        if again != self.cleaned_data.get("account_password", again):
            raise ValidationError(_("The two passwords differ. Type the same one twice."))
        return again


class AccountFields(TwoPasswordsMixin, forms.Form):
    """What is asked for a new user account: in a form of its own, and in the form of a new customer."""

    account_username = forms.CharField(
        label=gettext_lazy("User name"),
        required=False,
        strip=True,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "The customer signs in with it or with the e-mail address. Leave empty for one made from the address."
        ),
    )
    account_password = password_field(
        gettext_lazy("Password"),
        required=False,
        help_text=gettext_lazy(
            "Whoever has it sees the customer's addresses and orders: set one only for somebody who you know to be "
            "this customer. Left empty, the customer sets one in the shop by “I've forgotten my password”."
        ),
    )
    account_password_again = password_field(gettext_lazy("Password again"), required=False)
    account_link = forms.BooleanField(
        label=gettext_lazy("Send the customer a link to set a password"),
        required=False,
        help_text=gettext_lazy("No mail is sent unless this is ticked."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if name_field() is None:
            self.fields.pop("account_username", None)

    def check_account(self, person: Any) -> None:
        """Puts a sentence to each field that is wrong; ``person`` has address and names."""
        if any(name.startswith("account_") for name in self.errors):
            return
        key = usable_address(person.email)[1]
        if key and users_at(key, spelled=person.email):
            self.add_error(None, self.sentence_for_existing())
        elif self.cleaned_data.get("account_link") and not key:
            self.add_error("account_link", _("Without an e-mail address there is nowhere to send a link to."))
        else:
            self._try_out(person)

    def _try_out(self, person: Any) -> None:
        names = {"first_name": person.first_name, "last_name": person.last_name}
        try:
            draft_account(email=person.email, **self.account_values, **names)
        except ValidationError as error:
            self.add_account_errors(error)

    def sentence_for_existing(self) -> str:
        return _("There is already a user account with this e-mail address.")

    def add_account_errors(self, error: ValidationError) -> None:
        for name, errors in getattr(error, "error_dict", {None: [error]}).items():
            self.add_error(f"account_{name}" if f"account_{name}" in self.fields else None, errors)

    @property
    def account_values(self) -> dict[str, Any]:
        return {
            "username": self.cleaned_data.get("account_username", ""),
            "password": self.cleaned_data.get("account_password") or None,
        }

    def create_account_of(self, customer: Any, actor: Any) -> Any:
        """Raises ValidationError when somebody was quicker since the form was checked."""
        values = self.account_values
        user = create_account(customer, **values, vouched=values["password"] is not None, actor=actor)
        if self.cleaned_data.get("account_link"):
            customer.refresh_from_db(fields=["user"])
            send_password_link(customer, actor=actor)
        return user


class CreateAccountForm(AccountFields):
    def __init__(self, *args: Any, customer: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.customer = customer

    def clean(self) -> Any:
        cleaned = super().clean()
        self.check_account(self.customer)
        return cleaned


class NewAccountFormMixin(AccountFields):
    """The part of the form of a new customer that gives the customer an account.

    It is there for staff with the permission only; what somebody else posts counts for nothing.
    """

    create_account = forms.BooleanField(
        label=gettext_lazy("Create a user account"),
        required=False,
        help_text=gettext_lazy("With it the customer signs in to the shop. It can also be created later."),
    )

    ACCOUNT_FIELDS = ("create_account", *AccountFields.base_fields)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.may_create_account:
            for name in self.ACCOUNT_FIELDS:
                self.fields.pop(name, None)

    @cached_property
    def may_create_account(self) -> bool:
        return bool(self.for_user and self.for_user.has_perm(PERMISSION))

    @property
    def wants_account(self) -> bool:
        return self.may_create_account and bool(self.cleaned_data.get("create_account"))

    def clean_account_password_again(self) -> str:
        # Browsers fill in passwords where nobody asked them to.
        return super().clean_account_password_again() if self.cleaned_data.get("create_account") else ""

    def clean(self) -> Any:
        cleaned = super().clean()
        if self.wants_account and "email" not in self.errors:
            names = {name: self.cleaned_data.get(name) or "" for name in ("email", "first_name", "last_name")}
            self.check_account(SimpleNamespace(**names))
        return cleaned

    def sentence_for_existing(self) -> str:
        return _(
            "There is already a user account with this e-mail address. Save the customer without a user account, then "
            "attach the existing one on the tab “Account and roles”."
        )

    @transaction.atomic
    def create(self) -> Any:
        customer = super().create()
        if self.wants_account:
            self.create_account_of(customer, self.for_user)
        return customer


class PasswordForm(TwoPasswordsMixin, forms.Form):
    account_password = password_field(gettext_lazy("New password"))
    account_password_again = password_field(gettext_lazy("New password again"))


class UserNameForm(forms.Form):
    username = forms.CharField(
        label=gettext_lazy("User name"),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
        help_text=gettext_lazy("The customer is signed out everywhere, and signs in with the new name."),
    )
