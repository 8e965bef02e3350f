"""What fails in the gate lets the buyer pass."""

import logging

import pytest
from django.db import connection, transaction
from django.urls import reverse

from oscar_customers_ext.approval import gate
from oscar_customers_ext.customers.actions import register_user
from oscar_customers_ext.middleware import with_customer
from oscar_customers_ext.models import Customer
from tests.approval.buyers import ANN, BASKET, Order, assert_nothing_happened, pending, prepared, sign_in
from tests.checkout import place_order
from tests.statements import Statements, called_from

pytestmark = pytest.mark.django_db(transaction=True)


class Bug(Exception):
    pass


@pytest.mark.parametrize("who", ["guest", "buyer"])
def test_a_gate_that_fails_lets_the_buyer_pass_and_says_so_in_the_log(who, client, shop, monkeypatch, caplog):
    caplog.set_level(logging.ERROR)
    prepared(client, shop, email=ANN if who == "guest" else None)

    def fail(number, connection):
        raise Bug

    with connection.execute_wrapper(Statements("oscar_customers_ext.approval.gate", fail)):
        response = place_order(client)

    assert response.url == reverse("checkout:thank-you")
    assert Order.objects.count() == 1
    ours = [record for record in caplog.records if record.name == "oscar_customers_ext"]
    assert ours
    assert {record.getMessage().partition(" user ")[0] for record in ours} == {"Whether"}


class BrokenTable:
    """An ``execute_wrapper``: the database refuses what the gate asks about customers."""

    count = 0

    def __call__(self, execute, sql, params, many, context):
        table = f'FROM "{Customer._meta.db_table}"'
        if sql.startswith("SELECT") and table in sql and called_from("oscar_customers_ext.approval.gate"):
            self.count += 1
            sql, params = "SELECT 1 FROM a_table_that_is_missing", ()
        return execute(sql, params, many, context)


@pytest.mark.parametrize("who", ["guest", "buyer"])
def test_a_statement_that_the_database_refuses_does_not_break_a_request_in_one_transaction(
    who, client, shop, caplog
):
    prepared(client, shop, email=ANN if who == "guest" else None)
    before = connection.settings_dict["ATOMIC_REQUESTS"]
    connection.settings_dict["ATOMIC_REQUESTS"] = True
    refuse = BrokenTable()

    try:
        with connection.execute_wrapper(refuse):
            response = place_order(client)
    finally:
        connection.settings_dict["ATOMIC_REQUESTS"] = before

    assert response.url == reverse("checkout:thank-you")
    assert Order.objects.count() == 1
    assert "could not be found out" in caplog.text
    assert refuse.count == 1


def test_a_lookup_that_fails_leaves_the_transaction_usable_and_is_not_repeated(client, shop, rf):
    user = sign_in(client)
    register_user(user)
    request = rf.get("/")
    request.__class__ = with_customer(type(request))
    request.user = user
    refuse = BrokenTable()

    with transaction.atomic():
        with connection.execute_wrapper(refuse):
            assert request.buying_refusal is None
            assert gate.refusal_of(request, email=ANN) is None
            assert gate.refusal_of(request, email="bob@example.org") is None
        assert Customer.objects.count() == 1

    assert refuse.count == 1


def test_whoever_is_known_not_to_be_approved_stays_out_when_a_message_cannot_be_left(
    client, shop, settings, mailoutbox
):
    pending(client, shop, settings)
    settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if "messages" not in path]

    assert place_order(client).url == BASKET
    assert_nothing_happened(mailoutbox)
