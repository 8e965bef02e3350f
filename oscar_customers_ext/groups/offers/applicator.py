"""Members get the offers of their groups, by the way that Oscar keeps for offers of certain users.

Imports no model at the top: Oscar asks for its classes while the apps are loading.
"""

import logging
from contextlib import nullcontext
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from oscar.core.loading import get_model

from oscar_customers_ext.customers.currencies import is_foreign, is_money

from .parts import PARTS, is_complete, look_at, made_to_act, share_ranges

logger = logging.getLogger(__name__)

CACHE = "_oscar_customers_group_offers"


class GroupOffersMixin:
    """Over Oscar's ``offer.applicator.Applicator``.

    Adds the active offers of the type "User" that are linked to a group of the signed-in customer. Those that the
    site itself gives to users stay, and priority, exclusivity and limits are Oscar's. What fails here is logged, and
    the basket goes without.
    """

    _request: Any = None

    def get_offers(self, basket: Any, user: Any = None, request: Any = None) -> list[Any]:
        self._request = request
        try:
            offers = super().get_offers(basket, user, request)  # type: ignore[misc]
        finally:
            self._request = None
        return _fitting(offers, basket)

    def get_user_offers(self, user: Any) -> list[Any]:
        offers = list(super().get_user_offers(user))  # type: ignore[misc]
        known = {offer.pk for offer in offers}
        return [*offers, *(offer for offer in _offers_safely(user, self._request) if offer.pk not in known)]


def buyer_of(user: Any, request: Any) -> Any:
    """The customer attached to this user; None for guests, and for a session that was ended by another user name."""
    if user is None or not user.is_authenticated:
        return None
    asking = getattr(request, "user", None)
    if asking is not None and hasattr(request, "customer"):
        if not asking.is_authenticated:
            return None
        if asking.pk == user.pk:
            return request.customer
    return apps.get_model("oscar_customers_ext.Customer").objects.filter(user_id=user.pk).first()


def active_offers(customer: Any) -> list[Any]:
    """One query: the offers of all groups that count for the customer now, each once."""
    group_offers = apps.get_model("oscar_customers_ext.GroupOffer").objects
    offer_model = get_model("offer", "ConditionalOffer")
    linked = group_offers.of_groups_of(customer).values("offer")
    return list(
        offer_model.active.filter(offer_type=offer_model.USER, pk__in=linked)
        .select_related(*PARTS)
        .order_by("-priority", "pk")
    )


def _offers_safely(user: Any, request: Any) -> list[Any]:
    try:
        # A failed statement spoils the transaction around it, which may be that of the whole request.
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            return _offers(user, request)
    except Exception:
        logger.exception("The discounts of the groups of user %s are not given", getattr(user, "pk", None))
        return []


def _offers(user: Any, request: Any) -> list[Any]:
    customer = buyer_of(user, request)
    if customer is None:
        return []
    pk, found = getattr(request, CACHE, (None, []))
    if pk != customer.pk:
        found = [offer for offer in active_offers(customer) if _is_usable(offer)]
        share_ranges(found)
        if request is not None:
            setattr(request, CACHE, (customer.pk, found))
    # Oscar asks several times for one page.
    return [_marked(made_to_act(offer)) for offer in found]


def _is_usable(offer: Any) -> bool:
    usable = is_complete(offer)
    if not usable:
        logger.error("Offer %s of a group is incomplete, so nobody gets it", offer.pk)
    return usable


def _marked(offer: Any) -> Any:
    offer.is_of_group = True
    return offer


def _fitting(offers: list[Any], basket: Any) -> list[Any]:
    ours = [offer for offer in offers if getattr(offer, "is_of_group", False)]
    if not ours:
        return offers
    try:
        foreign = is_foreign(basket.currency)
        for offer in ours:
            look_at(offer, basket)
    except Exception:
        logger.exception("The discounts of groups are not given to basket %s", basket.pk)
        return [offer for offer in offers if offer not in ours]
    return [offer for offer in offers if not (foreign and offer in ours and is_money(offer))]
