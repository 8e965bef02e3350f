"""Orders, total and last order of a customer, stored on the row and always recomputed from the linked orders.

``orders_count`` and ``last_order_at`` count every linked order; ``orders_total`` is the sum including tax in the
shop's default currency only, without the orders whose status is in OSCAR_CUSTOMERS_UNCOUNTED_ORDER_STATUSES.
"""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, DecimalField, Max, Q, Sum
from django.db.models.functions import Coalesce

from oscar_customers_ext.conf import conf

from .models import Customer, CustomerOrder

#: The counters of a customer without orders.
NONE: dict[str, Any] = {"orders_count": 0, "orders_total": Decimal(0), "last_order_at": None}
FIELDS = tuple(NONE)


def aggregates() -> dict[str, Any]:
    """The counters as aggregates over CustomerOrder, named as the columns."""
    return {
        "orders_count": Count("pk"),
        "orders_total": Coalesce(
            Sum("order__total_incl_tax", filter=in_total()),
            Decimal(0),
            output_field=DecimalField(max_digits=14, decimal_places=2),
        ),
        "last_order_at": Max("order__date_placed"),
    }


def in_total() -> Q:
    return Q(order__currency=settings.OSCAR_DEFAULT_CURRENCY) & ~Q(
        order__status__in=conf.UNCOUNTED_ORDER_STATUSES
    )


def totals_by_currency(customer: Customer, orders: Any = None) -> list[tuple[str, Decimal]]:
    """Currency code and sum including tax, the largest number of orders first; a sum over currencies means nothing.

    Of these orders only, where any are given.
    """
    counted = _links_of(customer, orders).exclude(order__status__in=conf.UNCOUNTED_ORDER_STATUSES)
    totals = counted.values("order__currency").annotate(
        total=Sum("order__total_incl_tax"), orders=Count("pk")
    )
    return list(totals.order_by("-orders", "order__currency").values_list("order__currency", "total"))


def of_first(order: Any) -> dict[str, Any]:
    """The counters of a customer who is born with this order: nobody else can have linked another one yet."""
    in_shop_currency = order.currency == settings.OSCAR_DEFAULT_CURRENCY
    adds_up = in_shop_currency and order.status not in conf.UNCOUNTED_ORDER_STATUSES
    total = order.total_incl_tax if adds_up else Decimal(0)
    return {"orders_count": 1, "orders_total": total, "last_order_at": order.date_placed}


def compute(customer: Customer, orders: Any = None) -> dict[str, Any]:
    """The counters as they should be, or as they would be with these orders only.

    To store them call it with the customer's row locked, or the sum may be old when it is written.
    """
    return _links_of(customer, orders).aggregate(**aggregates())


def _links_of(customer: Customer, orders: Any) -> Any:
    links = CustomerOrder.objects.filter(customer=customer)
    return links if orders is None else links.filter(order__in=orders)


@transaction.atomic
def recount(customer_pk: int) -> bool:
    """Stores the counters of this customer; says whether they had been wrong. Nothing happens to a deleted one."""
    # The lock comes before the sum: of two orders linked at once the second must see the first.
    customer = Customer.objects.locked().filter(pk=customer_pk).first()
    if customer is None:
        return False
    counters = compute(customer)
    if all(getattr(customer, name) == value for name, value in counters.items()):
        return False
    Customer.objects.filter(pk=customer_pk).update(**counters)
    return True
