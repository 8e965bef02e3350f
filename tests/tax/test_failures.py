"""What fails here charges tax, is logged, and lets the buyer go on. And what all of it costs."""

import logging
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_customers_ext.models import OrderTaxIdentity, TaxExemption
from oscar_customers_ext.tax.actions import add_exemption
from oscar_customers_ext.tax.decisions import decide
from tests.checkout import buy, go_to_preview, place_order
from tests.factories import make_country
from tests.statements import Statements
from tests.tax.shops import figures

pytestmark = pytest.mark.django_db(transaction=True)


class Bug(Exception):
    pass


def fail(number, connection):
    raise Bug


def break_transaction(number, connection):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM there_is_no_such_table")


@pytest.fixture
def order(db):
    return lambda: get_model("order", "Order").objects.get()


@pytest.mark.parametrize("failure", [fail, break_transaction])
@pytest.mark.parametrize("atomic", [False, True])
def test_a_rule_that_fails_charges_tax_and_the_buyer_goes_on(
    exempt_ann, taxed, enter, order, caplog, monkeypatch, atomic, failure
):
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", atomic)
    client = enter(exempt_ann)
    caplog.set_level(logging.ERROR)

    with connection.execute_wrapper(Statements("oscar_customers_ext.tax.rules", failure)):
        response = buy(client, taxed)

    assert response.url == reverse("checkout:thank-you")
    assert figures(order())["total"] == (Decimal("14.02"), Decimal("17.10"))
    assert not OrderTaxIdentity.objects.exists()
    assert f"Tax is charged to user {exempt_ann.user.pk}" in caplog.text


@pytest.mark.parametrize("failure", [fail, break_transaction])
@pytest.mark.parametrize("atomic", [False, True])
def test_an_order_that_loses_its_copy_is_placed_and_logged_by_its_number(
    exempt_ann, taxed, enter, order, caplog, monkeypatch, mailoutbox, atomic, failure
):
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", atomic)
    client = enter(exempt_ann)
    go_to_preview(client, taxed)
    caplog.set_level(logging.ERROR)

    def at_insert(execute, sql, params, many, context):
        if sql.startswith("INSERT") and OrderTaxIdentity._meta.db_table in sql:
            failure(1, context["connection"])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(at_insert):
        assert place_order(client).url == reverse("checkout:thank-you")

    assert figures(order())["total"] == (Decimal("14.02"), Decimal("14.02"))
    assert not OrderTaxIdentity.objects.exists()
    assert f"Order {order().number} has no copy of its tax identity" in caplog.text
    assert len(mailoutbox) == 1


def test_within_a_transaction_only_the_decision_is_rolled_back(exempt_ann):
    with transaction.atomic():
        with connection.execute_wrapper(Statements("oscar_customers_ext.tax.rules", break_transaction)):
            assert decide(user=exempt_ann.user).verdict.reason == "failed"
        assert TaxExemption.objects.count() == 1


def test_an_order_that_goes_elsewhere_than_was_decided_for_is_told_in_the_log(
    ann, taxed, enter, order, caplog, monkeypatch
):
    germany = make_country("DE", "Germany")
    add_exemption(ann, reason="Agency", countries=[germany], actor=None)
    ann.country = germany
    ann.save()
    client = enter(ann)
    view = "oscar.apps.checkout.session.CheckoutSessionData.new_shipping_address_fields"
    go_to_preview(client, taxed)
    typed = client.session["checkout_data"]["shipping"]["new_address_fields"]
    asked = []

    def once_nothing(session):
        # The decision is the first who asks.
        asked.append(1)
        return None if len(asked) == 1 else typed

    monkeypatch.setattr(view, once_nothing)
    caplog.set_level(logging.WARNING)
    place_order(client)

    assert OrderTaxIdentity.objects.get().country_code == "DE"
    assert f"Order {order().number} was made exempt from tax for DE and goes to IT" in caplog.text


def statements(captured):
    ours = [model._meta.db_table for model in (TaxExemption, OrderTaxIdentity)]
    ours += [TaxExemption.countries.through._meta.db_table, "oscar_customers_ext_customer"]
    return [query["sql"] for query in captured if any(f'"{table}"' in query["sql"] for table in ours)]


def counted(client, url, django_assert_max_num_queries):
    client.get(url)
    with django_assert_max_num_queries(500) as captured:
        assert client.get(url).status_code == 200
    return len(statements(captured.captured_queries)), len(captured)


def test_visitors_pay_for_nothing(exempt_ann, taxed, django_assert_max_num_queries):
    for url in (taxed.get_absolute_url(), reverse("catalogue:index"), reverse("basket:summary")):
        assert counted(Client(), url, django_assert_max_num_queries)[0] == 0


def test_a_signed_in_page_costs_customer_and_exemptions(
    exempt_ann, taxed, enter, django_assert_max_num_queries
):
    client = enter(exempt_ann)
    product = taxed.get_absolute_url()

    assert counted(client, product, django_assert_max_num_queries)[0] == 2
    go_to_preview(client, taxed)
    assert counted(client, reverse("basket:summary"), django_assert_max_num_queries)[0] == 2

    _ours, everywhere = counted(client, product, django_assert_max_num_queries)
    TaxExemption.objects.all().delete()
    assert counted(client, product, django_assert_max_num_queries) == (2, everywhere)
    germany = make_country("DE", "Germany")
    add_exemption(exempt_ann, reason="Agency", countries=[germany], actor=None)
    assert counted(client, product, django_assert_max_num_queries) == (2, everywhere)
    session = client.session
    del session["checkout_data"]
    session.save()
    # The default address, where no checkout knows better.
    assert counted(client, product, django_assert_max_num_queries) == (2, everywhere + 1)


def test_placing_an_order_costs_two_queries_and_the_copy(
    exempt_ann, taxed, enter, django_assert_max_num_queries
):
    client = enter(exempt_ann)

    def placing():
        go_to_preview(client, taxed)
        with django_assert_max_num_queries(500) as captured:
            place_order(client)
        found = [sql for sql in statements(captured.captured_queries) if "tax" in sql]
        return [sql.partition(" ")[0] for sql in found]

    placing()
    assert placing() == ["SELECT", "INSERT"]
    TaxExemption.objects.all().delete()
    assert placing() == ["SELECT"]
