"""Prices for those who pay no tax, whatever strategy the site has. Imports no model at the top, see ``loader``."""

import copy
from importlib import import_module
from typing import Any

from .stand_ins import StandIn, exempt

DECISIONS = "oscar_customers_ext.tax.decisions"


class JudgedStrategy(StandIn):
    """The site's own strategy, whose prices lose their tax where a rule of ours says so.

    Nobody is asked before the first price: Oscar asks for the strategy before it is known whose request this is.
    """

    OWN = StandIn.OWN | {"_asked", "_decision"}

    def __init__(self, original: Any, *, request: Any, user: Any) -> None:
        StandIn.__init__(self, original)
        self._asked = {"request": request, "user": user}
        self._decision = None

    @property
    def tax_decision(self) -> Any:
        """Whether and why the buyer pays no tax, see ``decisions.Decision``. Made once, and never raises."""
        if self._decision is None:
            self._decision = import_module(DECISIONS).decide(**self._asked)
        return self._decision

    def fetch_for_product(self, *args: Any, **kwargs: Any) -> Any:
        return self._judge(self._original.fetch_for_product(*args, **kwargs))

    def fetch_for_parent(self, *args: Any, **kwargs: Any) -> Any:
        return self._judge(self._original.fetch_for_parent(*args, **kwargs))

    def fetch_for_line(self, *args: Any, **kwargs: Any) -> Any:
        # A site may price a basket that is not the one of the request: a frozen one, say.
        line = args[0] if args else kwargs.get("line")
        self._asked.setdefault("basket", getattr(line, "basket", None))
        return self._judge(self._original.fetch_for_line(*args, **kwargs))

    def _judge(self, info: Any) -> Any:
        price = info.price
        if price is None or price.excl_tax is None or not self.tax_decision.is_exempt:
            return info
        if hasattr(info, "_replace"):
            return info._replace(price=exempt(price))
        # A site may answer with a class of its own; it may also keep the answer for others.
        info = copy.copy(info)
        info.price = exempt(price)
        return info


class SelectorMixin:
    """Over ``partner.strategy.Selector``."""

    def strategy(self, request: Any = None, user: Any = None, **kwargs: Any) -> Any:
        found = super().strategy(request=request, user=user, **kwargs)  # type: ignore[misc]
        if found is None or isinstance(found, JudgedStrategy) or (request is None and user is None):
            return found
        return JudgedStrategy(found, request=request, user=somebody_else(request, user))


def somebody_else(request: Any, user: Any) -> Any:
    """The user, where prices are asked for another one than who sends the request: staff for a customer, an alert."""
    if user is None or request is None:
        return user
    own = getattr(request, "user", None)
    return None if user is own or user.pk == getattr(own, "pk", None) else user


def is_exempt(basket: Any) -> bool:
    """Whether the prices of this basket carry no tax, by the decision that its strategy made."""
    decision = decision_of(basket)
    return decision is not None and decision.is_exempt


def decision_of(basket: Any) -> Any:
    """The decision that made the prices of this basket; None for a strategy that is not ours, or none at all."""
    strategy = basket.strategy if getattr(basket, "has_strategy", True) else None
    return getattr(strategy, "tax_decision", None)
