"""Somebody else comes in between two statements of ours: tried between any two of them."""

import itertools
from contextlib import suppress
from threading import Thread

import pytest
from django.db import connection, connections
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_customers_ext.customers.actions import create_customer, link_order, register_user, touch_customer
from oscar_customers_ext.exceptions import CustomerExists
from oscar_customers_ext.models import Contact, Customer
from tests.factories import make_user
from tests.statements import Statements

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite lets nobody write between two statements"
    ),
]

Order = get_model("order", "Order")
_numbers = itertools.count(1)


def unlinked_order(address):
    """Not saved: bulk_create() sends no signal, so nobody links it."""
    return Order(
        number=f"U{next(_numbers)}",
        guest_email=address,
        date_placed=timezone.now(),
        currency="EUR",
        total_incl_tax=10,
        total_excl_tax=10,
    )


class Rival:
    """Does the work in another thread before the given statement, and waits a little for it to finish or to be held up."""

    def __init__(self, work, before):
        self.work, self.before = work, before
        self.error = None
        self.thread = Thread(target=self.run)

    def run(self):
        try:
            self.work()
        except Exception as error:
            self.error = error
        finally:
            connections.close_all()

    def __call__(self, number, connection):
        if number == self.before:
            self.thread.start()
            self.thread.join(timeout=0.2)

    def finish(self):
        if self.thread.ident is not None:
            self.thread.join(timeout=10)
            assert not self.thread.is_alive()
        assert self.error is None


def race(prepare):
    """``prepare(number)`` returns our work, the rival's work and what must hold then; ends when no statement is left."""
    for number in itertools.count(1):
        ours, theirs, check = prepare(number)
        rival = Rival(theirs, number)
        statements = Statements("oscar_customers_ext.customers.actions", rival)
        with connection.execute_wrapper(statements):
            ours()
        rival.finish()
        if statements.count < number:
            assert number > 8, "the statements were not attacked"
            return
        check()


@pytest.mark.parametrize("rival", [touch_customer, create_customer])
def test_a_customer_may_be_entered_between_any_two_statements_of_touching_it(rival, shop):
    def prepare(number):
        address, touched = f"buyer{number}@example.org", []

        def theirs():
            with suppress(CustomerExists):
                rival(email=address, source="theirs")

        def check():
            assert touched == [Customer.objects.get(email=address)]
            assert Contact.objects.filter(email=address).count() == 1

        return lambda: touched.append(touch_customer(email=address, source="ours")), theirs, check

    race(prepare)


def test_a_customer_may_be_entered_between_any_two_statements_of_entering_it(shop):
    def prepare(number):
        address, outcomes = f"buyer{number}@example.org", []

        def enter():
            try:
                outcomes.append(("made", create_customer(email=address)))
            except CustomerExists as error:
                outcomes.append(("exists", error.customer))

        def check():
            customer = Customer.objects.get(email=address)
            assert sorted(outcomes, reverse=True) == [("made", customer), ("exists", customer)]

        return enter, enter, check

    race(prepare)


@pytest.mark.parametrize("known", [False, True], ids=["new", "known"])
def test_a_second_order_may_come_between_any_two_statements_of_linking_the_first(known, shop):
    def prepare(number):
        address = f"buyer{number}@example.org"
        if known:
            create_customer(email=address)
        Order.objects.bulk_create([unlinked_order(address), unlinked_order(address)])
        first, second = Order.objects.filter(guest_email=address)

        def check():
            customer = Customer.objects.get(email=address)
            assert set(customer.order_links.values_list("order", flat=True)) == {first.pk, second.pk}
            assert (customer.orders_count, customer.orders_total) == (2, 20)
            assert Contact.objects.filter(email=address).count() == 1

        return lambda: link_order(first), lambda: link_order(second), check

    race(prepare)


@pytest.mark.parametrize("known", [False, True], ids=["new", "known"])
def test_another_process_may_link_the_same_order_between_any_two_statements(known, shop):
    def prepare(number):
        address = f"buyer{number}@example.org"
        if known:
            create_customer(email=address)
        Order.objects.bulk_create([unlinked_order(address)])
        order = Order.objects.get(guest_email=address)

        def check():
            customer = Customer.objects.get(email=address)
            assert customer.order_links.get().order == order
            assert (customer.orders_count, customer.orders_total) == (1, 10)

        return lambda: link_order(order), lambda: link_order(Order.objects.get(pk=order.pk)), check

    race(prepare)


def test_a_guest_order_may_come_between_any_two_statements_of_registering(shop):
    def prepare(number):
        address = f"buyer{number}@example.org"
        user = make_user(address)
        Order.objects.bulk_create([unlinked_order(address)])
        order = Order.objects.get(guest_email=address)

        def check():
            customer = Customer.objects.get(email=address)
            assert customer.user in (user, None)
            link = customer.order_links.get()
            assert (link.order, link.proven) == (order, False)
            assert customer.orders_count == 1

        return lambda: register_user(user), lambda: link_order(order), check

    race(prepare)
