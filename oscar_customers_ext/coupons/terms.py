"""What a coupon gives, for which basket, when and how often: what staff decide about it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

#: Oscar's columns take no more.
MOST = Decimal("9999999999.99")
CENT = Decimal("0.01")
MOST_TIMES = 1_000_000


class Kind(models.TextChoices):
    PERCENTAGE = "percentage", gettext_lazy("Percentage")
    AMOUNT = "amount", gettext_lazy("Amount of money")


class Scope(models.TextChoices):
    EVERYTHING = "everything", gettext_lazy("All products")
    RANGE = "range", gettext_lazy("A range of products")
    SHIPPING = "shipping", gettext_lazy("Shipping costs")


class Usage(models.TextChoices):
    ONCE = "once", gettext_lazy("In one order")
    TIMES = "times", gettext_lazy("In a number of orders")
    UNLIMITED = "unlimited", gettext_lazy("In any number of orders")


@dataclass(frozen=True)
class Validity:
    """When and how often. ``times`` belongs to ``Usage.TIMES``."""

    starts_at: datetime
    ends_at: datetime
    usage: str = Usage.ONCE
    times: int | None = None

    def check(self) -> None:
        """Raises ValidationError with a sentence for each field that cannot be."""
        errors = self.errors()
        if errors:
            raise ValidationError(errors)

    def errors(self) -> dict[str, ValidationError]:
        errors = {}
        if self.ends_at <= self.starts_at:
            errors["ends_at"] = ValidationError(_("The end must be later than the start."), code="order")
        if self.usage == Usage.TIMES and not (self.times and 0 < self.times <= MOST_TIMES):
            errors["times"] = ValidationError(
                _("Say in how many orders: at least one, and at most %(number)d."),
                code="times",
                params={"number": MOST_TIMES},
            )
        if self.usage not in Usage.values:
            errors["usage"] = ValidationError(_("Choose how often the coupon can be used."), code="usage")
        return errors


@dataclass(frozen=True, kw_only=True)
class Terms(Validity):
    """``value`` is a percentage or an amount in the shop's currency, ``minimum`` that of the cart's value."""

    kind: str
    value: Decimal
    scope: str = Scope.EVERYTHING
    product_range: Any = None
    minimum: Decimal | None = None

    def errors(self) -> dict[str, ValidationError]:
        errors = super().errors()
        if fault := self._fault_of_value():
            errors["value"] = ValidationError(fault, code="value")
        if self.minimum is not None and not _is_money(self.minimum):
            errors["minimum"] = ValidationError(
                _("The minimum cart value must be more than zero, with two decimals at most."),
                code="minimum",
            )
        if self.scope == Scope.RANGE and self.product_range is None:
            errors["product_range"] = ValidationError(_("Choose a range of products."), code="range")
        if self.scope not in Scope.values:
            errors["scope"] = ValidationError(_("Choose what the coupon applies to."), code="scope")
        if self.kind not in Kind.values:
            errors["kind"] = ValidationError(_("Choose a percentage or an amount."), code="kind")
        return errors

    def _fault_of_value(self) -> str:
        if not _is_money(self.value):
            return _("A coupon takes off more than zero, with two decimals at most.")
        if self.kind == Kind.PERCENTAGE and self.value > 100:
            return _("A percentage cannot be more than 100.")
        return ""


def _is_money(value: Decimal) -> bool:
    return value.is_finite() and 0 < value <= MOST and value == value.quantize(CENT)
