"""What one run is to make: who is among the people, who of them buys how often, and in which years."""

import random
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.sites.models import Site
from django.db.models import Max
from django.utils import timezone
from oscar.core.compat import get_user_model
from oscar.core.loading import get_model

from demo.assortment import ITEMS
from demo.logins import PASSWORD
from oscar_customers_ext.models import Contact, Customer, MailingList

YEARS = 5
#: People of one transaction; what is in memory at one time.
SLICE = 5_000
NUMBERED = {
    "customer": Customer,
    "contact": Contact,
    "user": get_user_model(),
    "order": get_model("order", "Order"),
    "address": get_model("order", "ShippingAddress"),
}
#: Each order has one of these; of the others each person has one at most.
PER_ORDER = ("order", "address")


@dataclass(frozen=True)
class Plan:
    """One slice of the people, and what all slices have in common."""

    seed: int
    #: The share of people who have an account.
    accounts: float
    #: The primary keys with which this slice begins.
    first: dict[str, int]
    #: How many orders each of these people places.
    orders: array
    #: They were met between these two, and bought until today.
    since: datetime
    until: datetime
    today: datetime
    password: str
    site: int
    #: The mailing list to which some of them subscribe.
    newsletter: int
    countries: dict[str, Any]
    #: Item of the assortment -> primary keys of product, stock record and partner, where the catalogue is loaded.
    stock: dict[str, tuple[int, int, int]]

    def moment(self, share: float) -> datetime:
        """Some time of this slice; ``share`` 0 is its beginning, 1 its end."""
        return self.since + (self.until - self.since) * share


def plan_slices(customers: int, orders: int, seed: int, accounts: float) -> Iterator[Plan]:
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    everybody = Plan(
        seed=seed,
        accounts=accounts,
        first={name: next_key(model) for name, model in NUMBERED.items()},
        orders=share_out(customers, orders, seed),
        since=today - timedelta(days=365 * YEARS),
        until=today,
        today=today,
        password=make_password(PASSWORD, salt=f"seed{seed}"),
        site=Site.objects.get(pk=settings.SITE_ID).pk,
        newsletter=MailingList.objects.default().pk,
        countries=get_model("address", "Country")._default_manager.in_bulk(),
        stock=products_on_sale(),
    )
    return cut(everybody)


def next_key(model: type) -> int:
    return (model._default_manager.aggregate(last=Max("pk"))["last"] or 0) + 1


def share_out(customers: int, orders: int, seed: int) -> array:
    """How many orders each customer places: half of the buyers come back, and a few come all the time."""
    dice = random.Random(seed)
    buyers = dice.sample(range(customers), min(customers, -(-orders // 2)))
    placed = array("L", bytes(array("L").itemsize * customers))
    for number in range(orders):
        returning = int(len(buyers) * dice.random() ** 2)
        placed[buyers[number if number < len(buyers) else returning]] += 1
    return placed


def products_on_sale() -> dict[str, tuple[int, int, int]]:
    records = get_model("partner", "StockRecord").objects.filter(
        product__upc__in=[item.upc for item in ITEMS]
    )
    return {upc: keys for upc, *keys in records.values_list("product__upc", "product_id", "pk", "partner_id")}


def cut(plan: Plan) -> Iterator[Plan]:
    total = len(plan.orders)
    before = array("L", [0, *accumulate(plan.orders)])
    for start in range(0, total, SLICE):
        end = min(start + SLICE, total)
        yield replace(
            plan,
            first={
                name: key + (before[start] if name in PER_ORDER else start)
                for name, key in plan.first.items()
            },
            orders=plan.orders[start:end],
            since=plan.moment(start / total),
            until=plan.moment(end / total),
        )
