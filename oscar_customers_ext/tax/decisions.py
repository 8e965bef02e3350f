"""Whether who buys pays tax: finds out who and where, asks the rules once in a request, and keeps the answer.

One decision stands for the whole request, so that its prices agree; what the buyer does meanwhile counts from the
next page on.
"""

import logging
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, prefetch_related_objects
from django.utils import timezone
from oscar.core.loading import get_class, get_model
from wagtail.models import ModelLogEntry

from oscar_customers_ext.audit import CREATE, EDIT
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.verdicts import Verdict

from .rules import FAILED, GUEST, UNATTACHED, Purchase, judge, verdicts_for
from .vat.session import identity_of

CheckoutSessionData = get_class("checkout.utils", "CheckoutSessionData")
UserAddress = get_model("address", "UserAddress")

logger = logging.getLogger("oscar_customers_ext")

#: Where a request keeps its decision.
KEPT = "_oscar_customers_tax_decision"


@dataclass(frozen=True)
class Decision:
    verdict: Verdict
    #: None for whoever is no customer.
    purchase: Purchase | None = None

    @property
    def is_exempt(self) -> bool:
        return self.verdict.applies

    @property
    def verdicts(self) -> list[Verdict]:
        """What every rule says, for those who want to know why."""
        return verdicts_for(self.purchase) if self.purchase else [self.verdict]

    @property
    def country(self) -> str:
        """The country that it was decided for; empty where it made no difference, or was not known."""
        return self.purchase.asked_country if self.purchase else ""


def decide(*, request: Any = None, user: Any = None, basket: Any = None) -> Decision:
    """For ``user`` where one is given, else for who sends the request. Never raises: what fails is logged, and taxed.

    ``basket`` is the one that is priced, where it is known; else it is that of the request.
    """
    try:
        if user is not None:
            return _decide(_customer_of(user), user, basket=basket)
        if not hasattr(request, KEPT):
            setattr(request, KEPT, _decide_for(request, basket))
        return getattr(request, KEPT)
    except Exception:
        buyer = getattr(user or getattr(request, "user", None), "pk", None)
        logger.exception("Tax is charged to user %s, because it is not known whether it must be", buyer)
        return Decision(FAILED)


def _decide_for(request: Any, basket: Any) -> Decision:
    # The middleware knows better than the session who this is.
    customer = request.customer if hasattr(request, "customer") else _customer_of(request.user)
    return _decide(customer, request.user, request, basket)


def _customer_of(user: Any) -> Customer | None:
    return Customer.objects.filter(user_id=user.pk).first() if user.is_authenticated else None


def _decide(customer: Customer | None, user: Any, request: Any = None, basket: Any = None) -> Decision:
    if customer is None:
        return Decision(UNATTACHED if user.is_authenticated else GUEST)
    purchase = purchase_of(customer, request=request, basket=basket)
    # What goes wrong in the database must not spoil the transaction of a checkout.
    with transaction.atomic() if connection.in_atomic_block else nullcontext():
        return Decision(judge(purchase), purchase)


def purchase_of(
    customer: Customer, *, request: Any = None, basket: Any = None, day: date | None = None
) -> Purchase:
    """What this customer would buy now, in the checkout of this request, if there is one."""
    return Purchase(
        customer,
        day or timezone.localdate(),
        lambda: country_of(customer, request, basket),
        (lambda: identity_of(request)) if hasattr(request, "session") else None,
    )


def verdicts_of(customer: Customer, *, country: str | None = None, day: date | None = None) -> list[Verdict]:
    """What every rule says about this customer: for ``country``, else for the one known before the checkout."""
    if customer.user_id is None:
        return [GUEST]
    purchase = purchase_of(customer, day=day)
    if country is not None:
        purchase.find_country = lambda: country
    return verdicts_for(purchase)


def country_of(customer: Customer, request: Any = None, basket: Any = None) -> str:
    """Where it is sent to: the address of this checkout, else the customer's default, else the customer's country.

    For a basket of which nothing is sent it is what staff entered, because nobody sees whether an address is true.
    """
    if _sends_nothing(basket if basket is not None else _basket_of(request)):
        return _country_by_staff(customer)
    chosen, address_pk = _address_of_checkout(request)
    if chosen is not None:
        return chosen
    if customer.user_id is not None:
        addresses = UserAddress._default_manager.filter(user_id=customer.user_id)
        wanted = addresses.filter(Q(pk=address_pk) | Q(is_default_for_shipping=True))
        countries = dict(wanted.values_list("pk", "country_id"))
        if address_pk in countries:
            return countries[address_pk]
        if countries:
            return next(iter(countries.values()))
    return customer.country_id or ""


def _basket_of(request: Any) -> Any:
    """The basket as Oscar's middleware keeps it. ``request.basket`` would be priced, which is what waits for us."""
    if getattr(request, "_basket_cache", None) is None:
        # Its hash has the basket loaded, and nothing priced.
        bool(getattr(request, "basket_hash", None))
    return getattr(request, "_basket_cache", None)


def _sends_nothing(basket: Any) -> bool:
    """An empty basket may yet become anything."""
    lines = list(basket.all_lines()) if basket is not None else []
    # Oscar asks each line for the class of its product, with a query each.
    prefetch_related_objects(lines, "product__product_class", "product__parent__product_class")
    return bool(lines) and not basket.is_shipping_required()


def _country_by_staff(customer: Customer) -> str:
    """The customer's country where it was entered on the customer's page: orders of the buyer fill an empty one, too."""
    if not customer.country_id:
        return ""
    entries = ModelLogEntry.objects.for_instance(customer).filter(
        action__in=[CREATE, EDIT], data__changes__country__isnull=False
    )
    entered = entries.order_by("-timestamp", "-pk").values_list("data", flat=True).first()
    return customer.country_id if entered and entered["changes"]["country"][1] == customer.country_id else ""


def _address_of_checkout(request: Any) -> tuple[str | None, int | None]:
    """The country of the address that was typed, and the key of the one that was chosen from the book."""
    session = getattr(request, "session", None)
    # Asked first: Oscar's class writes into the session of everybody.
    if session is None or not session.get(CheckoutSessionData.SESSION_KEY):
        return None, None
    checkout = CheckoutSessionData(request)
    typed = checkout.new_shipping_address_fields()
    if typed:
        return typed.get("country_id") or "", None
    return None, checkout.shipping_user_address_id()
