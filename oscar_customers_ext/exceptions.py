from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class CustomersError(Exception):
    """What this package refuses to do; every message is a sentence that can be shown to a person."""


class InvalidEmail(CustomersError, ValidationError):
    """The text is no e-mail address that could identify a person."""

    def __init__(self) -> None:
        super().__init__(
            _("This is not a valid e-mail address. Write it like name@example.com."), code="invalid"
        )


class CustomerExists(CustomersError, ValidationError):
    """The e-mail address belongs to a customer already: ``error.customer``."""

    def __init__(self, customer: Any) -> None:
        self.customer = customer
        super().__init__(
            _("There is already a customer with this e-mail address: %(customer)s."),
            code="unique",
            params={"customer": str(customer)},
        )


class InvalidNumber(CustomersError, ValidationError):
    """The customer number is taken, or looks like one that the shop will compute."""


class NoAddress(CustomersError):
    """Somebody without an e-mail address cannot be sent anything."""

    def __init__(self) -> None:
        super().__init__(_("Without an e-mail address nobody can be subscribed. Enter the address first."))


class ConsentObjected(CustomersError):
    """The contact said no to this list: ``error.contact`` is subscribed again only with ``confirmed=True``."""

    def __init__(self, contact: Any) -> None:
        self.contact = contact
        super().__init__(_("This person objected, and is subscribed again only after an extra confirmation."))


class LedgerClosed(CustomersError):
    """Somebody tried to change or delete a line of the ledger of consents."""

    def __init__(self) -> None:
        super().__init__(_("Consents are only ever added: no line of the ledger is changed or deleted."))


class AccountRefused(CustomersError, ValidationError):
    """What is asked for cannot be done to this user account."""


class AddressHasAccount(AccountRefused):
    """Users with the customer's e-mail address exist already: ``error.users``."""

    def __init__(self, users: Any) -> None:
        self.users = users
        super().__init__(
            _(
                "There is already a user account with this e-mail address. Attach it instead of creating another."
            ),
            code="unique",
        )
