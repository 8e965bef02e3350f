"""Two people at one customer's notes, two requests of one visitor: tried between any two statements."""

import itertools

import pytest
from django.db import connection
from oscar.core.loading import get_model

from oscar_customers_ext.baskets.actions import remember_address
from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.customers.notes.actions import add_note, delete_note, pin_note
from oscar_customers_ext.models import BasketContact, CustomerNote
from tests.flows.test_races import Rival
from tests.statements import Statements

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite lets nobody write between two statements"
    ),
]

Basket = get_model("basket", "Basket")
_numbers = itertools.count(1)


def race(module, prepare, least):
    """``prepare()`` returns our work, the rival's work and what must hold then; ends when no statement is left."""
    for number in itertools.count(1):
        ours, theirs, check = prepare()
        rival = Rival(theirs, number)
        statements = Statements(module, rival)
        with connection.execute_wrapper(statements):
            ours()
        rival.finish()
        if statements.count < number:
            assert number > least, "the statements were not attacked"
            return
        check()


def notes_of_a_customer():
    customer = create_customer(email=f"ann{next(_numbers)}@example.org")
    return [add_note(customer, text=text, actor=None) for text in ("one", "two", "three")]


def test_of_two_who_pin_at_once_one_note_stays_pinned(shop):
    def prepare():
        first, second, third = notes_of_a_customer()
        pin_note(third, actor=None)

        def check():
            pinned = CustomerNote.objects.pinned().get(customer=first.customer)
            assert pinned in (first, second)

        return lambda: pin_note(first, actor=None), lambda: pin_note(second, actor=None), check

    race("oscar_customers_ext.customers.notes.actions", prepare, least=3)


def test_a_note_that_is_deleted_while_another_is_pinned_is_gone(shop):
    def prepare():
        first, second, _third = notes_of_a_customer()
        pin_note(second, actor=None)

        def check():
            assert list(CustomerNote.objects.pinned().filter(customer=first.customer)) == [first]
            assert not CustomerNote.objects.filter(pk=second_pk).exists()

        second_pk = second.pk
        return lambda: pin_note(first, actor=None), lambda: delete_note(second, actor=None), check

    race("oscar_customers_ext.customers.notes.actions", prepare, least=3)


def test_two_addresses_typed_at_once_leave_one(shop):
    def prepare():
        basket = Basket.objects.create()

        def check():
            assert BasketContact.objects.get(basket=basket).email in ("a@example.org", "b@example.org")

        return (
            lambda: remember_address(basket.pk, email="a@example.org"),
            lambda: remember_address(basket.pk, email="b@example.org"),
            check,
        )

    race("oscar_customers_ext.baskets.actions", prepare, least=1)
