"""A buyer whom staff look at: what the shop would see, did that person send a request now."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from oscar.core.loading import get_class, get_model

from oscar_customers_ext.customers.models import Customer

CheckoutSessionData = get_class("checkout.utils", "CheckoutSessionData")
Applicator = get_class("offer.applicator", "Applicator")
Selector = get_class("partner.strategy", "Selector")
Basket = get_model("basket", "Basket")


@dataclass(frozen=True)
class Buyer:
    """``customer`` as the buyer of ``basket``: as the attached user, or as the guest who typed the address."""

    customer: Customer
    basket: Any = None
    user: Any = field(init=False)
    request: HttpRequest = field(init=False)

    def __post_init__(self) -> None:
        signs_in = self.basket.owner_id if self.basket else self.customer.user_id
        user = self.customer.user if signs_in else AnonymousUser()
        request = request_of(user, self.customer if signs_in else None)
        if not signs_in and self.customer.email:
            CheckoutSessionData(request).set_guest_email(self.customer.email)
        object.__setattr__(self, "user", user)
        object.__setattr__(self, "request", request)
        if self.basket:
            request.basket = self.basket
            self.basket.strategy = request.strategy

    def price_basket(self) -> None:
        """Applies the shop's offers to the basket in memory. Nothing is stored."""
        self.basket.reset_offer_applications()
        if not self.basket.is_empty:
            Applicator().apply(self.basket, self.user, self.request)


class UnstoredSession(dict):
    """Lives as long as the request, and takes the attribute that a session has."""

    modified = False


def request_of(user: Any, customer: Customer | None) -> Any:
    """A request of nobody's browser, with what strategies and offers ask about; never one of the member of staff."""
    request: Any = HttpRequest()
    request.user, request.customer = user, customer
    request.session = UnstoredSession()
    request.strategy = Selector().strategy(request=request, user=user)
    return request


def open_basket(customer: Customer) -> Any:
    """What lies in the customer's cart now; None without account, or with an empty cart."""
    if customer.user_id is None:
        return None
    return Basket.open.filter(owner=customer.user_id, lines__isnull=False).order_by("-pk").first()
