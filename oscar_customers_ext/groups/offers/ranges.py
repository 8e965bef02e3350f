"""The ranges of products that a discount is over."""

from typing import Any

from django.utils.translation import gettext as _
from oscar.core.loading import get_model

Range = get_model("offer", "Range")


def ranges_of_everything() -> Any:
    """Those that hold all products and leave none out."""
    return Range.objects.filter(
        includes_all_products=True, proxy_class=None, excluded_products=None, excluded_categories=None
    ).order_by("pk")


def other_ranges() -> Any:
    return Range.objects.exclude(pk__in=ranges_of_everything().order_by().values("pk"))


def is_everything(product_range: Any) -> bool:
    return ranges_of_everything().filter(pk=product_range.pk).exists()


def everything() -> Any:
    """The range of all products; the shop gets one when it has none."""
    return ranges_of_everything().first() or Range.objects.create(
        name=_free_name(_("All products")), includes_all_products=True
    )


def _free_name(wanted: str) -> str:
    taken = set(Range.objects.filter(name__startswith=wanted).values_list("name", flat=True))
    names = (f"{wanted} ({number})" for number in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(name for name in names if name not in taken)
