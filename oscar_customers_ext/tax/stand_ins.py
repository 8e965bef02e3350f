"""Objects that stand in front of the site's own, which stay as they are: many are shared by all requests."""

from decimal import Decimal
from typing import Any

from oscar.core import prices

ZERO = Decimal("0.00")


class StandIn:
    """What is not defined here is the original's, its class included: ``isinstance`` answers as for the original."""

    #: Names of what is kept here, not on the original.
    OWN = frozenset({"_original"})

    def __init__(self, original: Any) -> None:
        self._original = original

    __class__ = property(lambda self: type(self._original))  # type: ignore[assignment]

    def __getattr__(self, name: str) -> Any:
        # A copy that is being made has no original yet.
        if name in type(self).OWN:
            raise AttributeError(name)
        return getattr(self._original, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in type(self).OWN or isinstance(getattr(type(self), name, None), property):
            object.__setattr__(self, name, value)
        else:
            setattr(self._original, name, value)

    def __str__(self) -> str:
        return str(self._original)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} for {self._original!r}>"


def _ignore(self: Any, value: Any) -> None:
    """A tax that is set late, as shops do where it hangs on the address."""


class ExemptPrice(StandIn):
    """A price of a site's own class without its tax, and no tax can be put on it."""

    OWN = StandIn.OWN | {"_excl_tax"}

    def __init__(self, original: Any) -> None:
        StandIn.__init__(self, original)
        self._excl_tax = original.excl_tax

    @property
    def excl_tax(self) -> Decimal:
        return self._excl_tax

    @excl_tax.setter
    def excl_tax(self, value: Decimal) -> None:
        self._excl_tax = value

    incl_tax = property(lambda self: self._excl_tax, _ignore)
    effective_price = property(lambda self: self._excl_tax, _ignore)
    tax = property(lambda self: ZERO, _ignore)
    is_tax_known = property(lambda self: True, _ignore)

    def __eq__(self, other: Any) -> bool:
        return prices.Price.__eq__(self, other)  # type: ignore[arg-type]

    __hash__ = object.__hash__

    def __add__(self, other: Any) -> "ExemptPrice":
        if self.currency != other.currency:
            raise ValueError("Cannot add prices with different currencies.")
        excl_tax = self.excl_tax + other.excl_tax
        return ExemptPrice(prices.Price(self.currency, excl_tax, tax=ZERO, tax_code=self.tax_code))

    def __radd__(self, other: Any) -> "ExemptPrice":
        return self if other == 0 else self + other


def exempt(price: Any) -> Any:
    """The price without tax; one that does not exist, or is exempt already, as it is."""
    if price is None or isinstance(price, ExemptPrice) or price.excl_tax is None:
        return price
    return ExemptPrice(price)


class ExemptMethod(StandIn):
    """A shipping method whose charge carries no tax."""

    def calculate(self, basket: Any, *args: Any, **kwargs: Any) -> Any:
        return exempt(self._original.calculate(basket, *args, **kwargs))

    def calculate_excl_discount(self, basket: Any) -> Any:
        return exempt(self._original.calculate_excl_discount(basket))

    def __eq__(self, other: Any) -> bool:
        return self._original == getattr(other, "_original", other)

    def __hash__(self) -> int:
        return hash(self._original)
