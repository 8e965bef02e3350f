"""The simple shape of an offer: a few fields that the page of a group can show and change.

Whatever Oscar's own editor makes beyond it stays as it is, and is changed there.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from oscar.core.loading import get_model

from .ranges import is_everything

Benefit = get_model("offer", "Benefit")
Condition = get_model("offer", "Condition")
ConditionalOffer = get_model("offer", "ConditionalOffer")

KINDS = {
    Benefit.PERCENTAGE: gettext_lazy("Percentage off each product"),
    Benefit.FIXED: gettext_lazy("Amount off the cart"),
}


@dataclass(frozen=True)
class Terms:
    """``kind`` is one of KINDS, ``range`` None for all products, ``minimum`` what the products in it must cost."""

    name: str
    kind: str
    value: Decimal
    range: Any = None
    minimum: Decimal | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def check(self, offer: Any = None) -> None:
        """Raises ValidationError with a sentence for each field that cannot be. ``offer`` is the one that has them."""
        errors = {
            "name": self._fault_of_name(offer),
            "kind": "" if self.kind in KINDS else _("Choose a percentage or an amount."),
            "value": self._fault_of_value(),
            "minimum": self._fault_of_minimum(),
            "ends_at": (
                _("The end must be later than the start.")
                if self.starts_at and self.ends_at and self.ends_at <= self.starts_at
                else ""
            ),
        }
        if any(errors.values()):
            raise ValidationError({field: sentence for field, sentence in errors.items() if sentence})

    def changes(self, before: Terms) -> dict[str, list[str]]:
        """Field -> what it was and what it is, as texts for the log."""
        pairs = {
            field.name: (getattr(before, field.name), getattr(self, field.name)) for field in fields(self)
        }
        return {
            name: ["" if value is None else str(value) for value in pair]
            for name, pair in pairs.items()
            if pair[0] != pair[1]
        }

    def _fault_of_name(self, offer: Any) -> str:
        if not self.name.strip():
            return _("A discount needs a name. Buyers read it in their cart.")
        others = ConditionalOffer.objects.filter(name=self.name)
        return name_taken() if others.exclude(pk=offer and offer.pk).exists() else ""

    def _fault_of_value(self) -> str:
        if not self.value.is_finite() or self.value <= 0:
            return _("A discount must be more than zero.")
        if self.kind == Benefit.PERCENTAGE and self.value > 100:
            return _("A percentage cannot be more than 100.")
        return ""

    def _fault_of_minimum(self) -> str:
        if self.minimum is not None and (not self.minimum.is_finite() or self.minimum <= 0):
            return _("The minimum must be more than zero. Leave it empty where there is none.")
        return ""


def name_taken() -> str:
    return _("Another offer has this name already. Choose another one.")


def terms_of(offer: Any) -> Terms:
    """Of an offer in the simple shape, see ``obstacle``."""
    benefit, condition = offer.benefit, offer.condition
    return Terms(
        name=offer.name,
        kind=benefit.type,
        value=benefit.value,
        range=None if is_everything(benefit.range) else benefit.range,
        minimum=condition.value if condition.type == Condition.VALUE else None,
        starts_at=offer.start_datetime,
        ends_at=offer.end_datetime,
    )


def obstacle(offer: Any) -> str:
    """Why the few fields cannot show all of this offer, as a sentence; "" where they can.

    Needs an offer from ``states.with_parts``.
    """
    benefit, condition = offer.benefit, offer.condition
    if offer.offer_type != ConditionalOffer.USER:
        return _("It is no longer an offer for certain users.")
    if benefit.proxy_class or condition.proxy_class:
        return _("Its condition or its incentive is of a kind that your shop made itself.")
    if benefit.type not in KINDS or not benefit.value or benefit.range is None:
        return _("Its incentive is neither a percentage nor an amount off products.")
    if benefit.max_affected_items:
        return _("Its incentive is limited to a number of items.")
    if not _is_minimum(condition) and not (condition.type == Condition.COUNT and condition.value == 1):
        return _("Its condition is more than a minimum value.")
    if condition.range_id != benefit.range_id:
        return _("Its condition is about other products than its incentive.")
    if offer.shares_condition or offer.shares_benefit:
        return _("Another offer has the same condition or incentive, and would change with it.")
    return ""


def _is_minimum(condition: Any) -> bool:
    return condition.type == Condition.VALUE and bool(condition.value)
