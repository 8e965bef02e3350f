"""The condition and the benefit of an offer, asked with as few queries as can be.

Imports no model at the top: the applicator needs it while the apps are loading.
"""

from collections.abc import Iterable
from copy import copy
from typing import Any

from django.db.models import QuerySet

#: What one query brings along.
PARTS = ("condition__range", "benefit__range")


class ProductsInRange:
    """Stands in as the ``proxy`` of a range, and asks once for all products of a basket instead of for each line.

    Oscar asks the database for every line, every time that a condition or a benefit looks at it.
    """

    def __init__(self, product_range: Any) -> None:
        self.range = product_range
        self.basket: Any = None
        self.asked: set[int] = set()
        self.inside: set[int] = set()

    def contains_product(self, product: Any) -> bool:
        if product.pk not in self.asked:
            lines = self.basket.all_lines() if self.basket is not None else []
            wanted = {product.pk, *(line.product_id for line in lines)} - self.asked
            self.asked |= wanted
            self.inside |= set(self.all_products().filter(pk__in=wanted).values_list("pk", flat=True))
        return product.pk in self.inside

    def all_products(self) -> QuerySet[Any]:
        return self.range.product_queryset

    def num_products(self) -> int | None:
        return None if self.range.includes_all_products else self.all_products().count()


def acting(part: Any) -> Any:
    """A condition or benefit as an object of the class that acts. Oscar's ``proxy()`` alone forgets the range."""
    found = part.proxy()
    if found is not part and not part.proxy_class and part.range is not None:
        found.range = part.range
    return found


def is_complete(offer: Any) -> bool:
    """Whether Oscar can work with it. A percentage without a range, say, would end a buyer's page with an error."""
    try:
        for part in (offer.condition, offer.benefit):
            part.clean()
            part.proxy()
    except Exception:
        return False
    return True


def share_ranges(offers: Iterable[Any]) -> None:
    """Gives all of them one object for each range, which asks the database as seldom as it can."""
    ranges: dict[int, Any] = {}
    for offer in offers:
        for part in (offer.condition, offer.benefit):
            if part.range is None or part.range.proxy_class:
                continue
            part.range = ranges.setdefault(part.range.pk, part.range)
            part.range.proxy = ProductsInRange(part.range)


def made_to_act(offer: Any, basket: Any = None) -> Any:
    """A copy of the offer, for one calculation: conditions remember what they counted. Needs ``share_ranges``."""
    offer = copy(offer)
    offer.condition, offer.benefit = acting(offer.condition), acting(offer.benefit)
    look_at(offer, basket)
    return offer


def look_at(offer: Any, basket: Any) -> None:
    """From now on the ranges of this offer answer for the products of this basket at once."""
    for part in (offer.condition, offer.benefit):
        if part.range is not None and isinstance(part.range.proxy, ProductsInRange):
            part.range.proxy.basket = basket
