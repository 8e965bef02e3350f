"""Why a customer has the discount of a coupon, or has it not."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.utils import timezone

from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.verdicts import Verdict

from .codes import end_of
from .models import CustomerVoucher
from .rules import Reason, decide_for, say
from .wording import words_of

#: Of the customer's own coupons, the latest.
AT_MOST = 20


def verdicts(customer: Customer, basket: Any = None, *, as_guest: bool = False) -> list[Verdict]:
    """One for each coupon of the customer that can be used, now or later, and each personal one in the cart.

    With ``basket``, to which the shop's offers have been applied, whether it got the discount. ``about`` is the code
    and what it gives, of somebody else's coupon only the end of the code. Two queries, with a basket four.
    """
    currency = basket.currency if basket else None
    in_basket = CustomerVoucher.objects.with_offers().filter(voucher__basket=basket) if basket else []
    entered = {coupon.pk: coupon for coupon in in_basket}
    found = [
        _of_basket(coupon, decide_for(coupon, customer, as_guest=as_guest, currency=currency), basket)
        for coupon in entered.values()
    ]
    for coupon in _own(customer):
        if coupon.pk not in entered:
            verdict = decide_for(coupon, customer, as_guest=as_guest)
            found.append(say(Reason.NOT_ENTERED, coupon) if basket and verdict.applies else verdict)
    return [_named(verdict, customer) for verdict in found]


def _own(customer: Customer) -> Iterator[CustomerVoucher]:
    coupons = CustomerVoucher.objects.with_offers().filter(customer=customer)
    for coupon in coupons.filter(voucher__end_datetime__gte=timezone.now())[:AT_MOST]:
        if coupon.state.is_open:
            yield coupon


def _of_basket(coupon: CustomerVoucher, verdict: Verdict, basket: Any) -> Verdict:
    with_discount = {entry["voucher"].pk for entry in basket.offer_applications if entry["voucher"]}
    if verdict.applies and coupon.voucher_id not in with_discount:
        return say(Reason.NO_DISCOUNT, coupon)
    return verdict


def _named(verdict: Verdict, customer: Customer) -> Verdict:
    # The name of the voucher is that of its customer, whom this member of staff may not be allowed to see.
    coupon = verdict.about
    code = coupon.voucher.code
    own = coupon.customer_id == customer.pk
    return replace(verdict, about=f"{code}, {words_of(coupon).gives}" if own else end_of(code))
