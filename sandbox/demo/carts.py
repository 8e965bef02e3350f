"""Carts that were filled and left, by people with an account and by guests who had typed their address already."""

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from demo.people import PEOPLE
from demo.plan import PlannedOrder
from demo.shopper import Shopper
from oscar_customers_ext.models import BasketContact

Basket = get_model("basket", "Basket")


@dataclass(frozen=True)
class LeftCart:
    email: str
    quantities: dict[str, int]
    days_ago: float
    #: Went to pay, and closed the window of the bank.
    payment_was_started: bool = False


CARTS = (
    LeftCart("luca.galli@example.com", {"CER-BOWL": 2, "PAN-OIL": 3}, 3),
    LeftCart("grace.okonkwo@example.com", {"COO-PAN": 1}, 9, payment_was_started=True),
    LeftCart("giulia.ferrari@example.com", {"CER-JUG": 1, "LIN-APRON": 2}, 2),
)


def load_carts():
    people = {person.email: person for person in PEOPLE}
    for cart in CARTS:
        if not find_basket(cart):
            fill(cart, people[cart.email])
            basket = find_basket(cart)
            if cart.payment_was_started:
                basket.freeze()
            move_to_the_past(basket, cart.days_ago)


def find_basket(cart):
    theirs = Basket.objects.filter(status__in=[Basket.OPEN, Basket.FROZEN], lines__isnull=False)
    by_owner = theirs.filter(owner__email=cart.email)
    return by_owner.first() or theirs.filter(customer_contact__email_key=cart.email).first()


def fill(cart, person):
    shopper = Shopper(person)
    shopper.sign_in()
    shopper.fill_basket(PlannedOrder(person, 0, cart.days_ago, cart.quantities, "standard"))
    if not person.has_account:
        shopper.post(reverse("checkout:index"), {"username": person.email, "options": "anonymous"})


def move_to_the_past(basket, days_ago):
    left = timezone.now() - timedelta(days=days_ago)
    Basket.objects.filter(pk=basket.pk).update(date_created=left)
    basket.lines.update(date_created=left, date_updated=left)
    BasketContact.objects.filter(basket=basket).update(captured_at=left)
