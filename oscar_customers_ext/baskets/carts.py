"""Carts that were filled and left. Oscar's baskets are only read here."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from oscar_customers_ext.conf import conf
from oscar_customers_ext.customers.models import Customer

from .models import BasketContact

Basket = get_model("basket", "Basket")
Line = get_model("basket", "Line")
Order = get_model("order", "Order")

#: How a basket was left, in words, by its status in Oscar; others are superseded or were ordered.
STATES = {
    Basket.OPEN: _("Left in the cart"),
    Basket.SAVED: _("Saved for later"),
    Basket.FROZEN: _("Payment was started"),
}

#: Lines of one cart that are shown, and carts of one address that are looked at.
LINES_SHOWN = 20
CARTS_OF_ADDRESS = 1000


@dataclass(frozen=True)
class Cart:
    basket: Any
    lines: list[Any]
    #: When somebody typed the customer's address for it; None for a cart of the customer's own account.
    captured_at: datetime | None

    @property
    def state(self) -> Any:
        return STATES[self.basket.status]

    @property
    def last_change(self) -> datetime:
        return self.basket.last_change

    @property
    def shown_lines(self) -> list[tuple[Any, Decimal | None]]:
        """Lines with what they cost together."""
        return [(line, price_of(line)) for line in self.lines[:LINES_SHOWN]]

    @property
    def further_lines(self) -> int:
        return max(len(self.lines) - LINES_SHOWN, 0)

    @cached_property
    def values(self) -> list[tuple[str, Decimal]]:
        """Currency and sum, each currency for itself."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for line in self.lines:
            price = price_of(line)
            if price is not None:
                sums[line.price_currency] += price
        return sorted(sums.items())

    @property
    def without_tax(self) -> bool:
        """Whether some of the prices are without tax, because the tax was not known."""
        return any(line.price_incl_tax is None and line.price_excl_tax is not None for line in self.lines)


def price_of(line: Any) -> Decimal | None:
    """As stored when the product was put in; including tax where that was known. None where nothing was stored."""
    unit = line.price_excl_tax if line.price_incl_tax is None else line.price_incl_tax
    return None if unit is None else unit * line.quantity


def abandoned_baskets(customer: Customer, *, sites: Collection[int] | None = None) -> Any:
    """Baskets with lines and no order whose last line changed long enough ago, the latest first.

    ``sites``: for staff who are limited to sites, of visitors only the baskets of these. An account's own has no site.
    """
    last = timezone.now() - timedelta(hours=conf.ABANDONED_AFTER_HOURS)
    lines = Line.objects.filter(basket=OuterRef("pk")).order_by().values("basket")
    last_change = Subquery(lines.values(last_change=Max("date_updated")))
    baskets = Basket.objects.filter(_of(customer, sites), status__in=list(STATES)).annotate(
        last_change=last_change
    )
    # Without lines there is no last change.
    left = baskets.filter(last_change__lt=last).exclude(Exists(Order.objects.filter(basket=OuterRef("pk"))))
    return left.order_by("-last_change", "-pk")


def carts_of(baskets: Any) -> list[Cart]:
    """The baskets with their lines, in two further questions however many they are."""
    baskets = list(baskets)
    pks = [basket.pk for basket in baskets]
    lines = defaultdict(list)
    for line in Line.objects.filter(basket__in=pks).select_related("product__parent"):
        lines[line.basket_id].append(line)
    captured = dict(BasketContact.objects.filter(basket__in=pks).values_list("basket", "captured_at"))
    return [
        Cart(basket, lines[basket.pk], None if basket.owner_id else captured.get(basket.pk))
        for basket in baskets
    ]


def _of(customer: Customer, sites: Collection[int] | None) -> Q:
    """The account's own, and of visitors those for whom somebody typed the customer's address."""
    # By primary keys: an OR over two tables would make the database read all baskets.
    wanted = Q(pk__in=list(_typed_for(customer, sites)), owner__isnull=True)
    return wanted | Q(owner=customer.user_id) if customer.user_id else wanted


def _typed_for(customer: Customer, sites: Collection[int] | None) -> Any:
    if customer.email_key is None:
        return []
    contacts = BasketContact.objects.remembered().filter(email_key=customer.email_key)
    if sites is not None:
        contacts = contacts.filter(site__in=sites)
    return contacts.order_by("-captured_at").values_list("basket", flat=True)[:CARTS_OF_ADDRESS]
