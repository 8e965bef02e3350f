"""What the basket and the checkout do about personal coupons.

A coupon that this buyer may not use gives no discount, and no order is placed with it. What cannot be looked up gives
none, either: a failure never opens somebody else's coupon.
"""

import logging
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from oscar.core.loading import get_class

from oscar_customers_ext.verdicts import Verdict

from .rules import OF_STATE, Reason, decide, unknown, verdicts

CheckoutSessionData = get_class("checkout.utils", "CheckoutSessionData")
UnableToPlaceOrder = get_class("order.exceptions", "UnableToPlaceOrder")

logger = logging.getLogger("oscar_customers_ext")


#: What became true since the price was worked out, a moment ago, ends no order whose payment was taken.
OF_DATES = set(OF_STATE.values()) - {Reason.USED_UP}


def usable_offers(
    offers: list[Any], entered: list[Any], basket: Any, user: Any, request: HttpRequest | None
) -> list[Any]:
    """Without those of coupons that this buyer may not use. No query where the basket has no voucher.

    ``entered`` are the vouchers in the basket: Oscar leaves out the offers of those that are over, or used up.
    """
    vouchers = {voucher.pk: voucher for voucher in entered}
    vouchers |= {offer.get_voucher().pk: offer.get_voucher() for offer in offers if offer.get_voucher()}
    known = known_verdicts(basket, vouchers.values(), user, request)
    return [offer for offer in offers if _is_usable(offer.get_voucher(), known)]


def _is_usable(voucher: Any, known: dict[int, Verdict | None]) -> bool:
    found = known[voucher.pk] if voucher else None
    return found is None or found.applies


def known_verdicts(
    basket: Any, vouchers: Iterable[Any], user: Any, request: HttpRequest | None
) -> dict[int, Verdict | None]:
    """By the primary key of the voucher; None for one that is nobody's own.

    Kept on the basket, which lives as long as the request, for as long as the buyer is the same.
    """
    user_pk = user.pk if user is not None and user.is_authenticated else None
    email = "" if user_pk is not None else guest_email(request)
    buyer, known = getattr(basket, "_personal_coupons", (None, None))
    if buyer != (user_pk, email):
        known = {}
        basket._personal_coupons = ((user_pk, email), known)
    missing = [voucher for voucher in vouchers if voucher.pk not in known]
    if missing:
        found = _look_up(basket, missing, user_pk, email)
        known.update({voucher.pk: found.get(voucher.pk) for voucher in missing})
    return known


def _look_up(basket: Any, vouchers: list[Any], user_pk: Any, email: str) -> dict[int, Verdict]:
    try:
        with _savepoint():
            return verdicts(vouchers, user_pk=user_pk, email=email, currency=basket.currency)
    except Exception:
        logger.exception("Whether the coupons in basket %s can be used could not be found out", basket.pk)
        return {voucher.pk: unknown() for voucher in vouchers}


def _savepoint() -> Any:
    """Where the request is one transaction, a statement that fails would break it in spite of being caught."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def guest_email(request: HttpRequest | None) -> str:
    """The address that somebody who is not signed in gave in the checkout; empty when there is none yet."""
    session = getattr(request, "session", None)
    # To make an empty one would set a cookie.
    if session is None or CheckoutSessionData.SESSION_KEY not in session:
        return ""
    return CheckoutSessionData(request).get_guest_email() or ""


def verdict_of(request: HttpRequest, voucher: Any) -> Verdict | None:
    """Of a voucher whose code was typed in the basket."""
    return known_verdicts(request.basket, [voucher], request.user, request)[voucher.pk]


class Trust:
    """While it lasts, the discount is worked out as if the guest had given the address already."""

    def __init__(self, basket: Any, voucher: Any) -> None:
        _buyer, self.known = basket._personal_coupons
        self.pk = voucher.pk

    def __enter__(self) -> None:
        self.before = self.known[self.pk]
        self.known[self.pk] = replace(self.before, applies=True)

    def __exit__(self, *error: Any) -> None:
        self.known[self.pk] = self.before


def refusals_in(basket: Any) -> list[Verdict]:
    """Of a basket whose offers were applied: the coupons in it that this buyer may not use, or not yet."""
    _buyer, known = getattr(basket, "_personal_coupons", (None, {}))
    return [found for found in known.values() if found is not None and not found.applies]


def is_waiting(refusal: Verdict) -> bool:
    """Whether only the guest's address is missing."""
    return refusal.reason == Reason.GUEST_ADDRESS_UNKNOWN


def refusals_for_guest(basket: Any, email: str) -> list[Verdict]:
    """The coupons in the basket that a guest with this address may not use. Without a query."""
    waiting = [found.about for found in refusals_in(basket) if found.about is not None]
    currency = basket.currency
    asked = [decide(coupon, user_pk=None, email=email, currency=currency) for coupon in waiting]
    return [found for found in asked if not found.applies]


def take_out(request: HttpRequest, refusals: list[Verdict]) -> None:
    """Out of the basket, with a sentence for each: its buyer cannot even see a coupon without discount there."""
    for refusal in refusals:
        if refusal.about is not None:
            request.basket.vouchers.remove(refusal.about.voucher_id)
    tell(request, refusals)


def tell(request: HttpRequest, refusals: list[Verdict]) -> None:
    """Leaves a message for the next page, unless the same one is waiting there."""
    waiting = messages.get_messages(request)
    if isinstance(waiting, list):  # a site without messages
        return
    used = waiting.used
    told = {str(message) for message in waiting}
    # Looking at the messages marks them as shown.
    waiting.used = used
    for refusal in refusals:
        if sentence(refusal) not in told:
            messages.warning(request, sentence(refusal))


def sentence(refusal: Verdict) -> str:
    """With the code, where it is known, because a basket may hold several."""
    if refusal.about is None:
        return str(refusal.sentence)
    return _("Coupon %(code)s: %(sentence)s") % {
        "code": refusal.about.voucher.code,
        "sentence": refusal.sentence,
    }


def ensure_usable(order: Any, voucher: Any) -> bool:
    """Whether the voucher is a personal coupon. Raises UnableToPlaceOrder unless the buyer of this order may use it.

    Asked of the database, not of what the basket was told before: an address may have changed since, in another window.
    """
    try:
        with _savepoint():
            found = verdicts([voucher], user_pk=order.user_id, email=order.guest_email or "").get(voucher.pk)
    except Exception as error:
        logger.exception("Whether the coupon of order %s can be used could not be found out", order.number)
        raise UnableToPlaceOrder(sentence(unknown())) from error
    if found is not None and not found.applies and found.reason not in OF_DATES:
        raise UnableToPlaceOrder(sentence(found))
    return found is not None
