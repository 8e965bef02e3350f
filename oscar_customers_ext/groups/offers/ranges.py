"""The ranges of products that a discount is over."""

from typing import Any

from oscar.core.loading import get_model

from oscar_customers_ext.customers.ranges import ranges_of_everything

Range = get_model("offer", "Range")


def other_ranges() -> Any:
    return Range.objects.exclude(pk__in=ranges_of_everything().order_by().values("pk"))


def is_everything(product_range: Any) -> bool:
    return ranges_of_everything().filter(pk=product_range.pk).exists()
