"""Discounts of an amount, in carts of another currency.

Imports no model at the top: what gives the discounts needs it while the apps are loading.
"""

from typing import Any

from django.conf import settings


def is_foreign(currency: str | None) -> bool:
    """Whether it is another than the shop's own; an empty cart has none."""
    return currency not in (None, settings.OSCAR_DEFAULT_CURRENCY)


def is_money(offer: Any) -> bool:
    """Whether it takes an amount off, or asks for one: Oscar keeps no currency with it, so it is in the shop's own."""
    return bool(
        offer.benefit.type
        in (
            offer.benefit.FIXED,
            offer.benefit.FIXED_UNIT,
            offer.benefit.FIXED_PRICE,
            offer.benefit.SHIPPING_ABSOLUTE,
            offer.benefit.SHIPPING_FIXED_PRICE,
        )
        or offer.condition.type == offer.condition.VALUE
    )
