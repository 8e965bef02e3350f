"""Figures for staff who may not see everything: they count what may be seen, and are recomputed instead of stored."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from oscar_customers_ext.compat import policy_for
from oscar_customers_ext.customers import counters
from oscar_customers_ext.customers.models import Customer, CustomerOrder
from oscar_customers_ext.policies import READ

from .policies import OPEN, shows_all, sites_of_staff

Order = get_model("order", "Order")


def counted_for(user: Any, model: Any) -> QuerySet | None:
    """The rows that figures count for this member of staff, who need not be allowed to open them; None: all of them."""
    policy = policy_for(model)
    if shows_all(policy, user):
        return None
    if type(policy) in OPEN:
        return policy.only_of(model._default_manager.all(), sites_of_staff(user))
    return policy.instances_user_has_any_permission_for(user, READ)


def figures_for(user: Any, customer: Customer) -> Mapping[str, Any]:
    """The counters of one customer, and ``totals`` by currency."""
    orders = counted_for(user, Order)
    stored = {name: getattr(customer, name) for name in counters.FIELDS}
    figures = stored if orders is None else counters.compute(customer, orders)
    return {**figures, "totals": counters.totals_by_currency(customer, orders)}


def with_orders_for(user: Any, customers: QuerySet, *, wanted: bool) -> QuerySet:
    """Those who have an order that counts for this member of staff, or those who have none."""
    orders = counted_for(user, Order)
    if orders is None:
        return customers.filter(orders_count__gt=0) if wanted else customers.prospects()
    linked = Exists(CustomerOrder.objects.filter(customer=OuterRef("pk"), order__in=orders))
    return customers.filter(linked if wanted else ~linked)


def recomputed_counter(user: Any, name: str) -> Coalesce | Subquery | None:
    """A counter as this member of staff may know it, to annotate customers with; None where the stored one will do."""
    orders = counted_for(user, Order)
    if orders is None:
        return None
    linked = CustomerOrder.objects.filter(customer=OuterRef("pk"), order__in=orders).order_by()
    counted = linked.values("customer").annotate(figure=counters.aggregates()[name])
    found = Subquery(counted.values("figure"))
    nothing = counters.NONE[name]
    return found if nothing is None else Coalesce(found, nothing)
