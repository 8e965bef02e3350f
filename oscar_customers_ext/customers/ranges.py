"""The range of all products, over which most discounts are."""

from typing import Any

from django.db import IntegrityError, transaction
from oscar.core.loading import get_model

Range = get_model("offer", "Range")

#: In one language only: the name is unique, so two who make the first one at the same moment end with the same.
ALL_PRODUCTS = "All products"


def ranges_of_everything() -> Any:
    """Those that hold all products and leave none out."""
    return Range.objects.filter(
        includes_all_products=True, proxy_class=None, excluded_products=None, excluded_categories=None
    ).order_by("pk")


def everything() -> Any:
    """The range of all products; the shop gets one when it has none."""
    for number in ("", *(f" ({number})" for number in range(2, 100))):
        found = ranges_of_everything().first()
        if found is not None:
            return found
        try:
            with transaction.atomic():
                # A range of this name may be there and leave something out.
                return Range.objects.create(name=f"{ALL_PRODUCTS}{number}", includes_all_products=True)
        except IntegrityError:
            continue
    raise IntegrityError("There is no range of all products, and none could be made.")
