"""The demo people register, buy and sign up; their orders then go through payment and delivery."""

from collections import Counter

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError
from django.test import Client
from oscar.core.loading import get_model

from demo.fulfilment import Fulfilment, move_to_the_past
from demo.logins import ADMIN
from demo.people import ACCOUNTS, PEOPLE, SIGN_UPS
from demo.plan import plan_orders
from demo.shopper import Shopper
from pages.models import EventPage

Order = get_model("order", "Order")


def load_accounts():
    for person in ACCOUNTS:
        Shopper(person).register()


def load_orders():
    """Place the orders that are still missing; an interrupted load goes on where it stopped."""
    staff = get_user_model().objects.get(username=ADMIN)
    placed = count_orders()
    for planned in plan_orders():
        if planned.index < placed[planned.person.email.lower()]:
            continue
        order = Shopper(planned.person).buy(planned)
        Fulfilment(order, staff).reach(planned.outcome)
        move_to_the_past(order, planned.days_ago)


def count_orders():
    emails = {person.email.lower() for person in PEOPLE}
    orders = Order.objects.select_related("user")
    return Counter(order.email.lower() for order in orders if order.email.lower() in emails)


def load_sign_ups():
    client, page = Client(HTTP_HOST="localhost"), EventPage.objects.get()
    for first_name, last_name, email in SIGN_UPS:
        form = {"first_name": first_name, "last_name": last_name, "email": email}
        if client.post(page.url, form).status_code != 302:
            raise CommandError(f"The event page did not accept the sign-up of {email}.")
