"""Changes of a customer's address book, see ``books``. Each action is one transaction under a lock of the customer's row.

The lock keeps an address book from moving to the user account, and a second default from being chosen, meanwhile.
``actor`` is the member of staff who acts.
"""

from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from oscar_customers_ext.audit import log_all
from oscar_customers_ext.customers.models import Customer, VerifiedEmail
from oscar_customers_ext.customers.sign_ins import may_have_signed_in
from oscar_customers_ext.customers.vat_numbers import MAX_LENGTH as VAT_NUMBER_MAX_LENGTH
from oscar_customers_ext.exceptions import CustomersError

from .audit import ADD_ADDRESS, DELETE_ADDRESS, EDIT_ADDRESS
from .books import DEFAULTS, address_book, address_model, copied, is_in_book_of
from .companies import MAX_LENGTH, Company, company_of, keep_company
from .models import CustomerAddress
from .storefront import checked_number


class AddressGone(CustomersError, ValidationError):
    """The address was deleted, or the address book moved to the user account, since the address was read."""

    def __init__(self) -> None:
        super().__init__(
            _("This address is no longer in the customer's address book. Go back and look at the addresses."),
            code="gone",
        )


@transaction.atomic
def save_address(
    customer: Customer,
    address: Any,
    *,
    company_name: str | None = None,
    vat_number: str | None = None,
    actor: Any = None,
) -> Any:
    """Stores a new or a changed address in the customer's address book, with what is not None of its company.

    ``address`` is of ``new_address`` or from ``address_book``. Oscar's own validation counts: required fields, the
    country's postcode, the phone number, no address twice. A default takes the place of the one before it.
    Raises AddressGone, or ValidationError with a sentence per column.
    """
    customer = _locked(customer)
    stored = _stored(customer, address)
    before = _columns(stored) if stored else None
    company = checked_company(address, company_name=company_name, vat_number=vat_number)
    address.full_clean(exclude=_unchecked(address), validate_constraints=False)
    check_default(address)
    _clear_defaults(customer, address)
    if isinstance(address, CustomerAddress):
        address.company_name, address.vat_number = company.company_name, company.vat_number
    try:
        with transaction.atomic():
            address.save()
            keep_company(address, **asdict(company))
    except IntegrityError:
        # The buyer, in the shop, was quicker.
        raise ValidationError(CustomerAddress.TWICE, code="unique") from None
    after = {**_columns(address), **asdict(company)}
    _log_saved(customer, address, before, after, actor)
    return address


@transaction.atomic
def delete_address(customer: Customer, address: Any, *, actor: Any = None) -> None:
    """Deletes an address from the customer's address book; orders keep their own copies. Raises AddressGone."""
    customer = _locked(customer)
    stored = _stored(customer, address)
    if stored is None:
        raise AddressGone
    summary = str(stored)
    stored.delete()
    log_all([customer], DELETE_ADDRESS, actor=actor, data={"address": summary})


def checked_company(
    address: Any, *, company_name: str | None = None, vat_number: str | None = None
) -> Company:
    """The company that the address shall have; what is None stays. Raises ValidationError with a sentence."""
    stored = company_of(address)
    name = stored.company_name if company_name is None else company_name
    if len(name) > MAX_LENGTH:
        sentence = _("A company name has at most %(limit)d characters.") % {"limit": MAX_LENGTH}
        raise ValidationError({"company_name": sentence})
    if vat_number is None:
        return Company(name, stored.vat_number)
    try:
        number = checked_number(vat_number, address.country_id, stored=stored.vat_number)
    except ValidationError as error:
        raise ValidationError({"vat_number": error}) from None
    if len(number) > VAT_NUMBER_MAX_LENGTH:
        sentence = _("A VAT number has at most %(limit)d characters.") % {"limit": VAT_NUMBER_MAX_LENGTH}
        raise ValidationError({"vat_number": sentence})
    return Company(name, number)


def check_default(address: Any) -> None:
    """The shop's own rule (Oscar, customer/views.py:765): what is not shipped to is no default for shipping."""
    if address.is_default_for_shipping and not address.country.is_shipping_country:
        sentence = _("The shop does not ship to %(country)s, so this cannot be the default shipping address.")
        raise ValidationError({"is_default_for_shipping": sentence % {"country": address.country}})


def _locked(customer: Customer) -> Customer:
    found = Customer.objects.locked().filter(pk=customer.pk).first()
    if found is None:
        raise AddressGone
    return found


def _stored(customer: Customer, address: Any) -> Any:
    """The address as it is in the database; None for a new one."""
    if not is_in_book_of(customer, address):
        raise AddressGone
    if address._state.adding:
        return None
    found = address_book(customer).filter(pk=address.pk).first()
    if found is None:
        raise AddressGone
    return found


def _unchecked(address: Any) -> set[str]:
    """What no editor typed. Oscar reads an empty code as "", which its check of uniqueness takes for equal ones."""
    return {"code", *(field.name for field in address._meta.fields if not field.editable)}


def _columns(address: Any) -> dict[str, str]:
    """What an editor can change of an address, as texts for the log."""
    unseen = _unchecked(address) | {"id", "user", "customer"}
    shown = [
        field
        for field in address._meta.concrete_fields
        if field.name not in unseen and not field.name.startswith("num_orders")
    ]
    columns = {field.name: str(getattr(address, field.attname) or "") for field in shown}
    return {**columns, **asdict(company_of(address))}


def _log_saved(
    customer: Customer, address: Any, before: dict[str, str] | None, after: dict[str, str], actor: Any
) -> None:
    data: dict[str, Any] = {"address": str(address)}
    if before is None:
        log_all([customer], ADD_ADDRESS, actor=actor, data=data)
    elif before != after:
        data["changes"] = {
            name: [before[name], value] for name, value in after.items() if before[name] != value
        }
        log_all([customer], EDIT_ADDRESS, actor=actor, data=data)


def _clear_defaults(customer: Customer, address: Any) -> None:
    for name in DEFAULTS:
        if getattr(address, name):
            others = address_model(customer)._default_manager.filter(**_owner(customer), **{name: True})
            others.exclude(pk=address.pk).update(**{name: False})


def _owner(customer: Customer) -> dict[str, Any]:
    return {"user": customer.user_id} if customer.user_id else {"customer": customer}


# What comes with an order, and moves with an account


def add_first_addresses(customer: Customer, order: Any) -> list[CustomerAddress]:
    """The addresses of the order that a guest was born with: for a customer without account and without addresses."""
    found: dict[str, CustomerAddress] = {}
    # The shipping address first: it has the phone number, which a billing address has no column for.
    for name, brought in (
        ("is_default_for_shipping", order.shipping_address),
        ("is_default_for_billing", order.billing_address),
    ):
        if brought is None:
            continue
        address = copied(brought, CustomerAddress(customer=customer))
        address.complete()
        address = found.setdefault(address.hash, address)
        setattr(address, name, name != "is_default_for_shipping" or address.country.is_shipping_country)
    return CustomerAddress.objects.bulk_create(found.values()) if found else []


def hand_over_addresses(customer: Customer, user: Any, *, keep_defaults: bool) -> None:
    """Moves the addresses of a customer who gets this account into Oscar's address book.

    To be called in the transaction that attaches the user, with the customer's row locked. An address that the user
    has already is not added again: what it lacks is filled in. The user's own defaults stay; with ``keep_defaults``
    the moved ones are defaults where the user has none.
    """
    moving = list(CustomerAddress.objects.filter(customer=customer).select_related("country"))
    if not moving:
        return
    if not keep_defaults:
        for address in moving:
            address.is_default_for_billing = address.is_default_for_shipping = False
    book = get_model("address", "UserAddress")._default_manager.filter(user=user)
    for address in moving:
        _hand_over(address, user, book)
    CustomerAddress.objects.filter(pk__in=[address.pk for address in moving]).delete()


def _hand_over(address: CustomerAddress, user: Any, book: Any) -> None:
    moved = copied(address, book.model(user=user))
    try:
        with transaction.atomic():
            _put_into(book, moved, address)
    except IntegrityError:
        # The buyer was in the checkout with the same address at this moment: now it is there.
        _put_into(book, moved, address)


def _put_into(book: Any, moved: Any, address: CustomerAddress) -> None:
    kept = book.filter(hash=moved.generate_hash()).first() or moved
    for name in ("phone_number", "notes"):
        if not getattr(kept, name):
            setattr(kept, name, getattr(moved, name))
    for name in DEFAULTS:
        if getattr(address, name) and not book.filter(**{name: True}).exists():
            setattr(kept, name, True)
    kept.save()
    if not company_of(kept):
        keep_company(kept, **asdict(company_of(address)))


@transaction.atomic
def take_back_addresses(user: Any) -> None:
    """Copies the address book of a user who is about to be deleted: the customer stays, as a guest, and keeps it.

    Those of a user who signed in and proved no address are no defaults: whoever comes to own the customer may be
    somebody else.
    """
    customer = Customer.objects.locked().filter(user=user.pk).first()
    if customer is None:
        return
    found: dict[str, CustomerAddress] = {}
    taken: set[str] = set()
    is_trusted = not may_have_signed_in(user) or VerifiedEmail.objects.filter(user=user.pk).exists()
    allowed = DEFAULTS if is_trusted else ()
    for address in address_book(customer):
        own = copied(address, CustomerAddress(customer=customer, **asdict(company_of(address))))
        own.complete()
        if own.hash in found:
            continue
        # Two buttons pressed at once in the shop can leave Oscar with two defaults.
        defaults = {name for name in allowed if getattr(address, name)} - taken
        for name in defaults:
            setattr(own, name, True)
        taken |= defaults
        found[own.hash] = own
    CustomerAddress.objects.bulk_create(found.values())
