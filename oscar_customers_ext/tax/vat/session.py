"""The company and VAT number of the order that is being made.

What the buyer typed for this order comes first, then what an address chosen from the book has of its own, then what the
customer stored. What was typed is kept in a key of its own: Oscar empties its own before the order is told of.
"""

import logging
from contextlib import nullcontext
from typing import Any

from django.db import connection, transaction
from oscar.core.loading import get_class, get_model

from oscar_customers_ext.customers.addresses.models import AddressCompany

from .identity import Identity, identity_of_customer, stored_number

CheckoutSessionData = get_class("checkout.utils", "CheckoutSessionData")
UserAddress = get_model("address", "UserAddress")

logger = logging.getLogger("oscar_customers_ext")

#: What the buyer typed for this order.
TYPED = "oscar_customers_company"
#: What the last page found beside the chosen address, so that placing the order need not ask again.
SHOWN = "oscar_customers_company_of_address"
#: Where a request keeps what it found.
KEPT = "_oscar_customers_identity"


def identity_of(request: Any) -> Identity:
    """Of whoever sends this request. Only a signed-in customer's own data are filled in. Never raises."""
    if not hasattr(request, KEPT):
        setattr(request, KEPT, _found_safely(request))
    return getattr(request, KEPT)


def _found_safely(request: Any) -> Identity:
    try:
        # What goes wrong in the database must not spoil the transaction of a checkout.
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            for find in (_typed, _of_address):
                found = find(request)
                if found is not None:
                    return found
            return _of_customer(request)
    except Exception:
        user = getattr(request, "user", None)
        logger.exception("Company and VAT number of user %s are left out", getattr(user, "pk", None))
        return Identity()


def remember(request: Any, *, company_name: str, vat_number: str) -> None:
    """For the order that is being made, and nothing else."""
    request.session[TYPED] = {
        "user": _user_key(request),
        "company_name": company_name,
        "vat_number": vat_number,
    }
    if hasattr(request, KEPT):
        delattr(request, KEPT)


def forget(request: Any) -> None:
    for key in (TYPED, SHOWN):
        request.session.pop(key, None)


def country_implied(request: Any) -> str:
    """The country of a number that is typed without its letters: the customer's, else of the address in this checkout."""
    customer = getattr(request, "customer", None)
    if customer is not None and customer.country_id:
        return customer.country_id
    checkout = _checkout(request)
    if checkout is None:
        return ""
    typed = checkout.new_billing_address_fields() or checkout.new_shipping_address_fields()
    if typed:
        return typed.get("country_id") or ""
    chosen = _address_in_use(checkout)
    own = UserAddress._default_manager.filter(user_id=request.user.pk, pk=chosen) if chosen else ()
    return own.values_list("country_id", flat=True).first() or "" if own else ""


def _user_key(request: Any) -> str:
    return str(request.user.pk) if request.user.is_authenticated else ""


def _typed(request: Any) -> Identity | None:
    """Nobody gets what somebody else typed on the same computer. Emptied on purpose, it is an empty one."""
    kept = request.session.get(TYPED)
    if not isinstance(kept, dict) or kept.get("user") != _user_key(request):
        return None
    return Identity(str(kept.get("company_name", "")), str(kept.get("vat_number", "")))


def _of_customer(request: Any) -> Identity:
    return identity_of_customer(getattr(request, "customer", None))


def _of_address(request: Any) -> Identity | None:
    """Of the chosen address, where it has a number. A page asks; the order takes what the page showed."""
    checkout = _checkout(request)
    chosen = _address_in_use(checkout) if checkout is not None else None
    if not chosen or not request.user.is_authenticated:
        return None
    shown = request.session.get(SHOWN)
    if request.method != "POST" or not isinstance(shown, dict) or shown.get("address") != chosen:
        shown = {"address": chosen, **_company_of_address(request.user, chosen)}
        if request.session.get(SHOWN) != shown:
            request.session[SHOWN] = shown
    if not shown["vat_number"]:
        return None
    return Identity(shown["company_name"] or _of_customer(request).company_name, shown["vat_number"])


def _company_of_address(user: Any, address_pk: int) -> dict[str, str]:
    rows = AddressCompany.objects.filter(address=address_pk, address__user=user)
    found: Any = rows.values("company_name", "vat_number", "address__country").first() or {}
    return {
        "company_name": found.get("company_name", ""),
        "vat_number": stored_number(found.get("vat_number", ""), found.get("address__country")),
    }


def _checkout(request: Any) -> Any:
    # Asked first: Oscar's class writes into the session of everybody.
    session = getattr(request, "session", None)
    if session is None or not session.get(CheckoutSessionData.SESSION_KEY):
        return None
    return CheckoutSessionData(request)


def _address_in_use(checkout: Any) -> int | None:
    """The key of the address from the book that is billed to, else sent to; None where another one was typed."""
    if checkout.new_billing_address_fields():
        return None
    billing = checkout.billing_user_address_id()
    if billing or checkout.new_shipping_address_fields():
        return billing
    return checkout.shipping_user_address_id()
