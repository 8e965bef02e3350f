"""Coupons of one customer. Each action is one transaction and is logged; mail goes out after the commit, when asked for.

``actor`` is the member of staff, None when the shop acts.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from oscar_customers_ext.audit import log_each
from oscar_customers_ext.customers.models import Customer

from .audit import CHANGE, CREATE, DELETE, END, facts
from .codes import clean_code, make_code
from .mails import send_codes
from .models import CustomerVoucher
from .terms import Terms, Validity
from .vouchers import BATCH, Voucher, change_validity, delete_voucher, make_vouchers, nameless

#: A code of eighty random bits is taken about never.
TRIES = 3


@transaction.atomic
def create_coupon(
    customer: Customer, terms: Terms, *, code: str = "", mail: bool = False, actor: Any = None
) -> CustomerVoucher:
    """A voucher of Oscar's that only this customer may use. Without ``code`` the shop makes one.

    Raises ValidationError with a sentence for each field that cannot be: terms, a code that exists, and whatever nobody
    could ever use.
    """
    terms.check()
    locked = _locked([customer.pk]).get(customer.pk)
    if locked is None:
        raise ValidationError(_("This customer was deleted meanwhile."), code="gone")
    customer = locked
    code = _checked(code, customer) if code.strip() else ""
    if mail and not customer.email_key:
        raise _fault(
            "mail", _("This customer has no e-mail address, so the code cannot be mailed."), "address"
        )
    if not _can_be_used(customer):
        raise ValidationError(
            _("This customer has neither an account nor an e-mail address, so nobody could use the coupon."),
            code="nobody",
        )
    [coupon] = _create([customer], terms, code, actor)
    if mail:
        [coupon] = send_codes([coupon], actor=actor)
    return coupon


@transaction.atomic
def create_coupons(
    pks: Iterable[int], terms: Terms, *, mail: bool = False, actor: Any = None
) -> list[CustomerVoucher]:
    """One for each of these customers, with a code of its own; those without account and address are left out."""
    terms.check()
    customers = [customer for customer in _locked(pks).values() if _can_be_used(customer)]
    coupons = _create(customers, terms, "", actor) if customers else []
    if mail:
        send_codes(coupons, actor=actor)
    return coupons


@transaction.atomic
def change_coupon(coupon: CustomerVoucher, validity: Validity, *, actor: Any = None) -> CustomerVoucher:
    """When and how often it can be used from now on; orders that were placed stay. Raises ValidationError."""
    validity.check()
    coupon = _again(coupon)
    change_validity(coupon.voucher, validity)
    if coupon.ended_at is not None and coupon.voucher.end_datetime > coupon.ended_at:
        coupon.ended_at = None
        coupon.save(update_fields=["ended_at"])
    _log([coupon], CHANGE, actor)
    return coupon


@transaction.atomic
def end_coupon(coupon: CustomerVoucher, *, actor: Any = None) -> CustomerVoucher:
    """Nobody can use it from this moment on. Raises ValidationError when nobody can anyway."""
    coupon = _again(coupon)
    if not coupon.state.is_open:
        raise ValidationError(_("This coupon is over already."), code="over")
    now = timezone.now()
    coupon.ended_at = coupon.voucher.end_datetime = now
    # Oscar's dashboard refuses an end before the start.
    coupon.voucher.start_datetime = min(coupon.voucher.start_datetime, now)
    coupon.voucher.save()
    coupon.save(update_fields=["ended_at"])
    _log([coupon], END, actor)
    return coupon


@transaction.atomic
def delete_coupon(coupon: CustomerVoucher, *, actor: Any = None) -> None:
    """As if it had never been. Raises ValidationError once it was used: orders and statistics name it."""
    coupon = _again(coupon)
    if coupon.uses:
        raise ValidationError(
            _("This coupon was used in an order, so it is kept. End it instead."), code="used"
        )
    _log([coupon], DELETE, actor)
    delete_voucher(coupon.voucher)


@transaction.atomic
def mail_coupon(coupon: CustomerVoucher, *, actor: Any = None) -> CustomerVoucher:
    """Mails the code to the customer's address of now, where a guest may use it from then on, and nowhere else.

    Raises ValidationError where nobody can use the coupon any more, and for a customer without an address.
    """
    coupon = _again(coupon)
    if not coupon.state.is_open:
        raise ValidationError(_("This coupon is over already, so its code is not mailed."), code="over")
    sent = send_codes([coupon], actor=actor)
    if not sent:
        raise ValidationError(
            _("This customer has no e-mail address, so the code cannot be mailed."), code="address"
        )
    return sent[0]


@transaction.atomic
def release_coupons(pks: Iterable[int]) -> None:
    """Of customers who are about to be deleted: ends their coupons, and takes their names off the vouchers."""
    coupons = list(CustomerVoucher.objects.filter(customer__in=list(pks)).select_related("voucher"))
    now = timezone.now()
    for coupon in coupons:
        voucher = coupon.voucher
        voucher.name = nameless()
        coupon.ended_at = min(voucher.end_datetime, now)
        voucher.start_datetime = min(voucher.start_datetime, now)
        voucher.end_datetime = coupon.ended_at
    Voucher.objects.bulk_update(
        [coupon.voucher for coupon in coupons],
        ["name", "start_datetime", "end_datetime"],
        batch_size=BATCH,
    )
    CustomerVoucher.objects.bulk_update(coupons, ["ended_at"], batch_size=BATCH)


def _create(customers: list[Customer], terms: Terms, code: str, actor: Any) -> list[CustomerVoucher]:
    for tries_left in reversed(range(TRIES)):
        codes = [code] if code else [make_code() for _customer in customers]
        try:
            with transaction.atomic():
                vouchers = make_vouchers([str(customer) for customer in customers], codes, terms)
                break
        except IntegrityError:
            if code and Voucher.objects.filter(code=code).exists():
                raise _taken() from None
            if not tries_left:
                raise
    coupons = CustomerVoucher.objects.bulk_create(
        [
            CustomerVoucher(
                customer=customer, voucher=voucher, made_code="" if code else voucher.code, created_by=actor
            )
            for customer, voucher in zip(customers, vouchers, strict=True)
        ],
        batch_size=BATCH,
    )
    _log(coupons, CREATE, actor)
    return coupons


def _checked(typed: str, customer: Customer) -> str:
    try:
        code = clean_code(typed)
    except ValidationError as error:
        raise ValidationError({"code": error}) from error
    if customer.user_id is None:
        raise _fault(
            "code",
            _(
                "A code that was typed works only for a customer who signs in, and this one has no account. Leave it empty: the shop makes a code that can be mailed."
            ),
            "guest",
        )
    if Voucher.objects.filter(code=code).exists():
        raise _taken()
    return code


def _taken() -> ValidationError:
    return _fault("code", _("There is a coupon with this code already. Choose another one."), "unique")


def _fault(field: str, sentence: str, code: str) -> ValidationError:
    return ValidationError({field: ValidationError(sentence, code=code)})


def _can_be_used(customer: Customer) -> bool:
    return customer.user_id is not None or customer.email_key is not None


def _again(coupon: CustomerVoucher) -> CustomerVoucher:
    """Read anew and locked, with the voucher: Oscar locks the same row when an order is placed with it.

    Raises ValidationError where somebody else deleted it.
    """
    Voucher.objects.select_for_update().filter(pk=coupon.voucher_id).first()
    found = CustomerVoucher.objects.with_use().filter(pk=coupon.pk).first()
    if found is None:
        raise ValidationError(_("This coupon was deleted meanwhile."), code="gone")
    return found


def _locked(pks: Iterable[int]) -> dict[int, Customer]:
    """In the order of the keys, so that two members of staff never wait for each other."""
    return {
        customer.pk: customer
        for customer in Customer.objects.locked().filter(pk__in=list(pks)).order_by("pk")
    }


def _log(coupons: list[CustomerVoucher], action: str, actor: Any) -> None:
    told = [coupon for coupon in coupons if coupon.customer is not None]
    log_each(((coupon.customer, facts(coupon)) for coupon in told), action, actor=actor)
