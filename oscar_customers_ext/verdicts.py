"""What the rules of the shop say about one buyer, as data: the storefront, the card and the log put it into words."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Verdict:
    """What one rule decided, and why.

    ``rule`` names the rule ("tax-exemption"), ``reason`` says why in a word for programs ("expired"), ``sentence`` in
    a (lazily translated) sentence for people that is safe to show to the buyer. ``about`` is the row that decided: an
    exemption, an offer, a voucher.
    """

    rule: str
    applies: bool
    reason: str
    sentence: Any
    about: Any = field(default=None, compare=False)

    def __bool__(self) -> bool:
        return self.applies
