"""What a cart must be worth for a coupon."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from oscar.templatetags.currency_filters import currency


def missing_minimum(voucher: Any, basket: Any) -> str:
    """A sentence for the buyer; empty where the cart is worth enough, or the coupon asks for something else."""
    for offer in voucher.offers.select_related("condition__range"):
        condition = offer.condition
        if condition.proxy_class or condition.type != condition.VALUE:
            continue
        # Of a part of the cart only, which the dashboard can make it.
        if condition.range is None or not condition.range.includes_all_products:
            continue
        if _value_of(basket, condition) < condition.value:
            return _("This coupon is for carts of %(minimum)s or more.") % {
                "minimum": currency(condition.value, basket.currency)
            }
    return ""


def _value_of(basket: Any, condition: Any) -> Decimal:
    """As Oscar adds it up for the condition, before other discounts."""
    lines = [line for line in basket.all_lines() if condition.can_apply_condition(line)]
    return sum(((line.unit_effective_price or 0) * line.quantity for line in lines), Decimal(0))
