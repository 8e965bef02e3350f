"""Surcharges and totals for those who pay no tax. Imports no model at the top, see ``loader``."""

import copy
from typing import Any

from .stand_ins import exempt
from .strategy import is_exempt


class SurchargeApplicatorMixin:
    """Over ``checkout.applicator.SurchargeApplicator``."""

    def get_applicable_surcharges(self, basket: Any, **kwargs: Any) -> Any:
        found = super().get_applicable_surcharges(basket, **kwargs)  # type: ignore[misc]
        if not found or not is_exempt(basket):
            return found
        charges = copy.copy(found)
        charges[:] = [_exempt_charge(charge) for charge in found]
        return charges


def _exempt_charge(charge: Any) -> Any:
    charge = copy.copy(charge)
    charge.price = exempt(charge.price)
    return charge


class OrderTotalCalculatorMixin:
    """Over ``checkout.calculators.OrderTotalCalculator``: for a site that adds something with a tax of its own."""

    def calculate(self, basket: Any, *args: Any, **kwargs: Any) -> Any:
        total = super().calculate(basket, *args, **kwargs)  # type: ignore[misc]
        return exempt(total) if is_exempt(basket) else total
