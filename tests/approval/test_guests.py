"""Whoever types the address of somebody who may not buy gets no order, and learns nothing about that person."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_class

from oscar_customers_ext.approval import gate
from oscar_customers_ext.approval.actions import decline_customers
from oscar_customers_ext.customers.actions import create_customer, register_user
from oscar_customers_ext.models import Customer
from tests.approval.buyers import (
    ANN,
    BASKET,
    LOGIN,
    POSTS,
    WITH_ACCOUNT,
    Order,
    Placing,
    assert_nothing_happened,
    prepared,
    sign_in,
    told,
)
from tests.checkout import ADDRESS, buy, fill_basket, place_order
from tests.factories import make_user
from tests.statements import Statements

pytestmark = pytest.mark.django_db(transaction=True)

GATEWAY = "/shop/checkout/"
SIGN_IN = "To order with this e-mail address, please sign in. If you have no account, contact us and we will find a way."


def has_account(email):
    register_user(make_user(email))


def is_pending(email):
    create_customer(email=email, approved_buyer=False)


def is_declined(email):
    decline_customers([create_customer(email=email).pk], actor=None)


def is_pending_with_account(email):
    create_customer(email=email, user=make_user(email), approved_buyer=False)


def is_declined_with_account(email):
    is_pending_with_account(email)
    decline_customers([Customer.objects.get(email=email).pk], actor=None)


NOT_APPROVED = [is_pending, is_declined, is_pending_with_account, is_declined_with_account]


def try_address(shop, email, option="anonymous"):
    """What somebody sees who types this address on the first page, in a browser without past."""
    visitor = Client()
    fill_basket(visitor, shop)
    form = {"username": email, "options": option, "csrfmiddlewaretoken": "same"}
    response = visitor.post(GATEWAY, form)
    return visitor, response


def seen(response):
    """The page without what is new in each answer."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.text)


@pytest.mark.parametrize("option", ["anonymous", "new"])
@pytest.mark.parametrize("whose", NOT_APPROVED, ids=lambda whose: whose.__name__)
def test_the_address_of_whoever_may_not_buy_gets_the_answer_of_every_address_with_an_account(
    whose, option, shop, mailoutbox
):
    has_account(ANN)
    _visitor, of_account = try_address(shop, ANN, option)
    Customer.objects.all().delete()
    get_user_model().objects.all().delete()
    whose(ANN)

    visitor, response = try_address(shop, ANN, option)

    form = response.context["form"]
    assert form.errors == {"username": [SIGN_IN]}
    assert (form["username"].value(), form["options"].value()) == (ANN, "existing")
    assert (response.status_code, seen(response)) == (200, seen(of_account))
    assert response.headers.items() == of_account.headers.items()
    assert visitor.get(reverse("checkout:shipping-address")).url == GATEWAY
    assert Order.objects.count() == 0
    assert mailoutbox == []


@pytest.mark.parametrize("whose", NOT_APPROVED, ids=lambda whose: whose.__name__)
def test_it_does_so_where_guests_with_an_account_need_not_sign_in(whose, shop, settings):
    settings.OSCAR_ALLOW_GUEST_CHECKOUT_WITH_ACCOUNT = True
    whose(ANN)
    has_account("bob@example.org")

    _visitor, response = try_address(shop, "ANN@Example.org")
    assert response.context["form"].errors == {"username": [SIGN_IN]}
    assert response.context["form"]["username"].value() == "ANN@Example.org"
    visitor, _response = try_address(shop, "bob@example.org")
    assert buy(visitor, shop, email="bob@example.org").url == reverse("checkout:thank-you")


@pytest.mark.parametrize("option", ["anonymous", "new"])
def test_an_error_of_another_kind_is_told_as_it_is(option, client, shop):
    is_declined(ANN)

    for email in ("ann", "", "ann@example"):
        _visitor, response = try_address(shop, email, option)
        assert SIGN_IN not in str(response.context["form"].errors)


def test_a_known_guest_and_a_new_one_are_not_told_apart(shop):
    create_customer(email=ANN)

    answers = [try_address(shop, email)[1] for email in (ANN, "new@example.org")]

    assert {(answer.status_code, answer.url) for answer in answers} == {
        (302, reverse("checkout:shipping-address"))
    }


@pytest.mark.parametrize("decision", ["declined", "pending"])
@pytest.mark.parametrize("step", ["shipping-address", "shipping-method", "payment-method", "preview"])
def test_an_address_that_is_refused_meanwhile_is_refused_at_each_step(
    step, decision, client, shop, mailoutbox
):
    create_customer(email=ANN)
    prepared(client, shop, email=ANN)
    Customer.objects.update(
        approved_buyer=False, approval_decided_at=timezone.now() if decision == "declined" else None
    )

    response = client.post(reverse(f"checkout:{step}"), POSTS[step])

    assert (response.status_code, response.url) == (302, GATEWAY)
    assert told(response) == [SIGN_IN]
    assert_nothing_happened(mailoutbox)


def test_whoever_is_refused_meanwhile_can_sign_in_or_give_another_address(client, shop):
    create_customer(email=ANN)
    prepared(client, shop, email=ANN)
    decline_customers([Customer.objects.get().pk], actor=None)
    user = make_user("bob@example.org")
    assert place_order(client).url == GATEWAY
    page = client.get(GATEWAY)
    assert page.text.count(SIGN_IN) == 1

    client.post(GATEWAY, {"username": ANN, "options": "anonymous"})
    assert place_order(client).url == GATEWAY
    response = client.post(GATEWAY, {"username": "cem@example.org", "options": "anonymous"})
    assert response.url == reverse("checkout:shipping-address")
    assert place_order(client).url == reverse("checkout:thank-you")

    fill_basket(client, shop)
    client.post(GATEWAY, {"username": "bob@example.org", "options": "existing", "password": "correct-horse"})
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_guest_who_waits_may_buy_where_every_new_customer_waits(client, shop, settings):
    settings.OSCAR_CUSTOMERS_APPROVE_NEW_CUSTOMERS = False
    is_pending(ANN)

    assert buy(client, shop, email=ANN).url == reverse("checkout:thank-you")


@pytest.mark.parametrize("whose", NOT_APPROVED[1:], ids=lambda whose: whose.__name__)
def test_but_not_who_was_declined_or_waits_with_an_account(whose, shop, settings, mailoutbox):
    settings.OSCAR_CUSTOMERS_APPROVE_NEW_CUSTOMERS = False
    settings.OSCAR_ALLOW_GUEST_CHECKOUT_WITH_ACCOUNT = True
    whose(ANN)

    visitor, response = try_address(shop, ANN)

    assert response.context["form"].errors == {"username": [SIGN_IN]}
    assert_nothing_happened(mailoutbox)


@pytest.mark.parametrize("may_buy", [True, False], ids=["guests may buy", "guests may not"])
@pytest.mark.parametrize("whose", NOT_APPROVED, ids=lambda whose: whose.__name__)
def test_what_places_a_guests_order_without_the_steps_is_stopped_with_the_same_words(
    whose, may_buy, basket, rf, settings
):
    settings.OSCAR_CUSTOMERS_GUESTS_MAY_BUY = may_buy
    whose(ANN)

    with pytest.raises(get_class("order.exceptions", "UnableToPlaceOrder")) as refused:
        Placing(AnonymousUser(), basket).place(rf, guest_email=ANN)

    if may_buy:
        assert str(refused.value) == SIGN_IN
    else:
        assert str(refused.value).startswith(WITH_ACCOUNT)
    assert Order.objects.count() == 0


def test_where_guests_may_not_buy_no_address_is_looked_up(shop, settings):
    settings.OSCAR_CUSTOMERS_GUESTS_MAY_BUY = False
    is_declined(ANN)
    asked = Statements("oscar_customers_ext.approval.gate")

    with connection.execute_wrapper(asked):
        answers = [try_address(shop, email)[1] for email in (ANN, "new@example.org")]

    assert asked.count == 0
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, LOGIN)}


@pytest.mark.parametrize("whose", [is_pending, is_declined], ids=lambda whose: whose.__name__)
def test_registering_with_the_address_of_whoever_may_not_buy_does_not_help(whose, client, shop, mailoutbox):
    whose(ANN)
    user = sign_in(client)
    assert register_user(user) is None
    fill_basket(client, shop)

    response = client.post(reverse("checkout:shipping-address"), ADDRESS)

    assert response.url == BASKET
    [message] = told(response)
    assert message == gate.sentence(gate.Refusal.PENDING, user)
    assert place_order(client).url == BASKET
    assert_nothing_happened(mailoutbox)
