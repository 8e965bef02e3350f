"""What the gate costs those who may buy."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_class

from oscar_customers_ext.models import Customer
from tests.approval.buyers import ANN, BASKET, POSTS, STEPS, prepared
from tests.checkout import fill_basket, place_order
from tests.statements import Statements

pytestmark = pytest.mark.django_db(transaction=True)


def queries_about_approval(client, request, django_assert_max_num_queries):
    with django_assert_max_num_queries(1000) as captured:
        request(client)
    table = Customer._meta.db_table
    return [query["sql"] for query in captured.captured_queries if f'FROM "{table}"' in query["sql"]]


@pytest.mark.parametrize("step", STEPS)
def test_visitors_and_guests_who_look_cost_nothing(step, client, shop, django_assert_max_num_queries):
    visitor = Client()
    fill_basket(visitor, shop)
    prepared(client, shop, email=ANN)

    for who in (visitor, client):
        asked = queries_about_approval(
            who, lambda who: who.get(reverse(f"checkout:{step}")), django_assert_max_num_queries
        )
        assert asked == []


@pytest.mark.parametrize(
    ("method", "step"),
    [
        *(("get", step) for step in STEPS),
        *(("post", step) for step in STEPS if step not in ("index", "preview")),
    ],
)
def test_a_signed_in_buyer_costs_one_query_in_the_checkout(
    method, step, client, shop, django_assert_max_num_queries
):
    prepared(client, shop)

    asked = queries_about_approval(
        client,
        lambda who: getattr(who, method)(
            reverse(f"checkout:{step}"), POSTS[step] if method == "post" else {}
        ),
        django_assert_max_num_queries,
    )

    assert len(asked) == 1


def test_placing_the_order_asks_once_before_it_is_paid(
    client, shop, monkeypatch, django_assert_max_num_queries
):
    prepared(client, shop)
    view = get_class("checkout.views", "PaymentDetailsView")
    asked = Statements("oscar_customers_ext.approval.gate")
    monkeypatch.setattr(view, "handle_payment", lambda *args, **kwargs: None)

    with connection.execute_wrapper(asked):
        assert place_order(client).url == reverse("checkout:thank-you")

    assert asked.count == 1


def test_other_pages_cost_nothing(client, shop):
    prepared(client, shop)
    asked = Statements("oscar_customers_ext.approval.gate")

    with connection.execute_wrapper(asked):
        for url in ("/shop/", BASKET, "/shop/catalogue/"):
            assert client.get(url, follow=True).status_code == 200

    assert asked.count == 0
