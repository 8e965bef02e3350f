"""Decides who buys what and when: the same orders at each load, counted back from today."""

import random
from dataclasses import dataclass, replace
from itertools import cycle

from demo.assortment import ITEMS, WORKSHOPS
from demo.people import PEOPLE, Person

SEED = 1908
OLDEST_DAYS = 240
#: What has become of the orders, dealt out in turn from the oldest to the youngest.
OLD_OUTCOMES = ("complete", "refunded", "complete", "cancelled", "complete", "complete")
RECENT_OUTCOMES = ("shipped", "partly_shipped", "paid", "cancelled", "shipped")
NEW_OUTCOMES = ("paid", "pending", "pending")
RECENT_DAYS, NEW_DAYS = 30, 6


@dataclass(frozen=True)
class PlannedOrder:
    person: Person
    #: Counts the orders of this person from 0.
    index: int
    days_ago: float
    quantities: dict[str, int]
    shipping_method: str
    outcome: str = "pending"

    @property
    def email(self):
        return self.person.email_for(self.index)


def plan_orders():
    """Return the orders of everybody, oldest first."""
    rng = random.Random(SEED)
    orders = [order for person in PEOPLE for order in plan_for(person, rng)]
    orders.sort(key=lambda order: order.days_ago, reverse=True)
    return deal_outcomes(orders)


def plan_for(person, rng):
    # The power crowds the orders towards today, as in a shop that grows.
    days = sorted((OLDEST_DAYS * rng.random() ** 2.2 for _ in range(person.orders)), reverse=True)
    for index, days_ago in enumerate(days):
        quantities = choose_items(rng)
        if person.books_workshop and index == 0:
            quantities = {WORKSHOPS.items[0].upc: rng.randint(1, 2)}
        elif person.books_workshop:
            # Liked it, and comes again.
            quantities[WORKSHOPS.items[0].upc] = 1
        shipping_method = rng.choice(("standard", "standard", "express"))
        yield PlannedOrder(person, index, days_ago, quantities, shipping_method)


def choose_items(rng):
    in_stock = [item.upc for item in ITEMS if item.stock and item not in WORKSHOPS.items]
    chosen = rng.sample(in_stock, k=rng.choice((1, 1, 2, 2, 3)))
    return {upc: rng.choice((1, 1, 2, 4)) for upc in chosen}


def deal_outcomes(orders):
    old, recent, new = (cycle(outcomes) for outcomes in (OLD_OUTCOMES, RECENT_OUTCOMES, NEW_OUTCOMES))
    for order in orders:
        if order.days_ago < NEW_DAYS:
            outcome = next(new)
        else:
            outcome = next(recent if order.days_ago < RECENT_DAYS else old)
        if outcome == "partly_shipped" and sum(order.quantities.values()) < 2:
            outcome = "paid"
        yield replace(order, outcome=outcome)
