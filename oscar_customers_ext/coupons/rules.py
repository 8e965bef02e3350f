"""Who may use a coupon, as data. The basket, the checkout, the order and the admin all ask here."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oscar_customers_ext.customers.currencies import is_foreign, is_money
from oscar_customers_ext.customers.ownership import usable_address
from oscar_customers_ext.verdicts import Verdict

from .models import CustomerVoucher
from .states import CouponState, state_of

RULE = "personal-coupon"


class Reason(StrEnum):
    #: Signed in as the customer.
    OWN = "own"
    #: Not signed in, with the address to which the shop's code was mailed.
    GUEST_MAILED = "guest-mailed"
    #: The same, before the address is known.
    GUEST_ADDRESS_UNKNOWN = "guest-address-unknown"
    GUEST_OTHER_ADDRESS = "guest-other-address"
    GUEST_TYPED_CODE = "guest-typed-code"
    #: Not mailed, or to an address that is not the customer's any more.
    GUEST_NOT_MAILED = "guest-not-mailed"
    OTHER_CUSTOMER = "other-customer"
    #: The customer is gone.
    NOBODY = "nobody"
    USED_UP = "used"
    EXPIRED = "expired"
    ENDED = "ended"
    NOT_YET = "not-yet"
    #: It is about an amount, and the cart is in another currency than the shop's.
    OTHER_CURRENCY = "other-currency"
    #: The customer's own, and this cart has nothing of it.
    NOT_ENTERED = "not-entered"
    NO_DISCOUNT = "no-discount"
    #: It could not be found out.
    UNKNOWN = "unknown"


SIGN_IN = _("This coupon is personal. Sign in with the account of the customer it was made for.")
#: Safe to show to whoever typed the code: none of them says whose coupon it is.
SENTENCES = {
    Reason.OWN: _("This coupon was made for this customer."),
    Reason.GUEST_MAILED: _("This coupon was mailed to this e-mail address."),
    Reason.GUEST_ADDRESS_UNKNOWN: _(
        "This coupon counts as soon as you sign in, or give the e-mail address to which it was mailed in the checkout."
    ),
    Reason.GUEST_OTHER_ADDRESS: _(
        "This coupon was mailed to another e-mail address. Give that address, sign in, or remove the coupon."
    ),
    Reason.GUEST_TYPED_CODE: SIGN_IN,
    Reason.GUEST_NOT_MAILED: SIGN_IN,
    Reason.OTHER_CUSTOMER: _("This coupon is personal, and it belongs to another customer."),
    Reason.NOBODY: _("This coupon belongs to nobody any more and cannot be used."),
    Reason.USED_UP: _("This coupon has been used as often as it can be."),
    Reason.EXPIRED: _("This coupon has expired."),
    Reason.ENDED: _("The shop has ended this coupon."),
    Reason.NOT_YET: _("This coupon is not valid yet."),
    Reason.OTHER_CURRENCY: _(
        "This coupon is about an amount in the shop's own currency, and this cart is in another one."
    ),
    Reason.NOT_ENTERED: _("The code of this coupon was not entered in this cart."),
    Reason.NO_DISCOUNT: _(
        "This coupon takes nothing off this cart: the cart holds too little for it, or other discounts come first."
    ),
    Reason.UNKNOWN: _("Whether this coupon can be used could not be found out. Try again later."),
}
GRANTED = {Reason.OWN, Reason.GUEST_MAILED}
#: Those for whom it matters what became of the coupon. Others read that it is not theirs.
WANTED = {*GRANTED, Reason.GUEST_ADDRESS_UNKNOWN}
OF_STATE = {
    CouponState.USED: Reason.USED_UP,
    CouponState.EXPIRED: Reason.EXPIRED,
    CouponState.ENDED: Reason.ENDED,
    CouponState.NOT_YET: Reason.NOT_YET,
}


def verdict(voucher: Any, *, user: Any = None, customer: Any = None, email: str = "") -> Verdict | None:
    """Whether this buyer may use it; None for a voucher that is nobody's own. One query.

    The buyer is a ``user`` (signed in), or somebody who is not and gives an ``email``, or a ``customer``, who then stands
    for their account, or without one for a guest with their address.
    """
    if customer is not None:
        coupon = CustomerVoucher.objects.with_use().filter(voucher=voucher.pk).first()
        return decide_for(coupon, customer) if coupon else None
    user_pk = user.pk if user is not None and user.is_authenticated else None
    return verdicts([voucher], user_pk=user_pk, email=email).get(voucher.pk)


def verdicts(
    vouchers: Iterable[Any], *, user_pk: Any = None, email: str = "", currency: str | None = None
) -> dict[int, Verdict]:
    """By the primary key of the voucher, without those that are nobody's own.

    One query for all, two where ``currency``, that of the cart, is not the shop's own.
    """
    pks = [voucher.pk for voucher in vouchers]
    coupons = of_cart(currency).filter(voucher__in=pks) if pks else []
    return {
        coupon.voucher_id: decide(coupon, user_pk=user_pk, email=email, currency=currency)
        for coupon in coupons
    }


def of_cart(currency: str | None) -> Any:
    """All coupons, with what ``decide`` needs for a cart of this currency."""
    coupons = CustomerVoucher.objects
    return coupons.with_offers() if is_foreign(currency) else coupons.with_use()


def decide_for(
    coupon: CustomerVoucher, customer: Any, *, as_guest: bool = False, currency: str | None = None
) -> Verdict:
    """``as_guest``: without signing in, with the customer's address."""
    if coupon.customer_id is not None and coupon.customer_id != customer.pk:
        return say(Reason.OTHER_CUSTOMER, coupon)
    user_pk = None if as_guest else customer.user_id
    return decide(coupon, user_pk=user_pk, email=customer.email, currency=currency)


def decide(coupon: CustomerVoucher, *, user_pk: Any, email: str, currency: str | None = None) -> Verdict:
    """For a coupon that was read ``of_cart(currency)``. ``user_pk`` is None for who is not signed in."""
    reason = _reason(coupon, user_pk, email)
    if reason in WANTED:
        reason = _obstacle(coupon, currency) or reason
    return say(reason, coupon)


def _obstacle(coupon: CustomerVoucher, currency: str | None) -> Reason | None:
    """Why nobody can use it, now or in such a cart."""
    reason = OF_STATE.get(state_of(coupon, timezone.now()))
    if reason is None and is_foreign(currency) and any(map(is_money, coupon.voucher.offers.all())):
        return Reason.OTHER_CURRENCY
    return reason


def _reason(coupon: CustomerVoucher, user_pk: Any, email: str) -> Reason:
    customer = coupon.customer
    if customer is None:
        return Reason.NOBODY
    if user_pk is not None:
        return Reason.OWN if customer.user_id == user_pk else Reason.OTHER_CUSTOMER
    # A guest can give any address. Who gives this one and has the code can read the mail in which it stood.
    # What may be used once per customer Oscar gives to accounts only.
    if not coupon.has_random_code or coupon.voucher.usage == coupon.voucher.ONCE_PER_CUSTOMER:
        return Reason.GUEST_TYPED_CODE
    if not coupon.mailed_to_key or coupon.mailed_to_key != customer.email_key:
        return Reason.GUEST_NOT_MAILED
    if not email:
        return Reason.GUEST_ADDRESS_UNKNOWN
    is_there = usable_address(email)[1] == coupon.mailed_to_key
    return Reason.GUEST_MAILED if is_there else Reason.GUEST_OTHER_ADDRESS


def unknown() -> Verdict:
    return say(Reason.UNKNOWN, None)


def say(reason: Reason, coupon: CustomerVoucher | None) -> Verdict:
    return Verdict(RULE, reason in GRANTED, reason.value, SENTENCES[reason], about=coupon)
