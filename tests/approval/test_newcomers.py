"""Guests and users without a customer, where the shop lets them buy and where they wait."""

import pytest
from django.test import Client
from django.urls import reverse

from oscar_customers_ext.approval.actions import approve_customers
from oscar_customers_ext.customers.actions import register_user
from oscar_customers_ext.models import Customer
from tests.approval.buyers import ANN, BASKET, WAITING, Order, assert_nothing_happened, guest, sign_in, told
from tests.checkout import buy, fill_basket
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_guests_buy_where_the_policy_lets_them(client, shop, settings):
    settings.OSCAR_CUSTOMERS_APPROVE_NEW_CUSTOMERS = False

    for number in range(1, 3):
        assert buy(Client(), shop, email=ANN).url == reverse("checkout:thank-you")
        assert Order.objects.count() == number
    assert Customer.objects.get().approval_state == "pending"


def test_a_guest_who_must_sign_in_comes_back_to_the_checkout(client, shop, settings):
    guest(client, shop, settings)
    register_user(make_user("bob@example.org"))

    response = client.get(reverse("checkout:index"), follow=True)
    form = {"login-username": "bob@example.org", "login-password": "correct-horse", "login_submit": "1"}
    initial = response.context["login_form"].initial
    response = client.post(reverse("customer:login"), {**form, "login-redirect_url": initial["redirect_url"]})

    assert response.url == reverse("checkout:index")
    assert client.get(response.url).url == reverse("checkout:shipping-address")


def test_a_user_without_customer_buys_where_new_ones_are_approved(client, shop):
    sign_in(client)

    assert buy(client, shop).url == reverse("checkout:thank-you")


@pytest.mark.parametrize("staff", [False, True])
def test_a_user_without_customer_joins_the_queue(staff, client, shop, settings, mailoutbox):
    settings.OSCAR_CUSTOMERS_APPROVE_NEW_CUSTOMERS = False
    user = sign_in(client, make_user(ANN, is_staff=staff))
    fill_basket(client, shop)

    response = client.get(reverse("checkout:index"))

    assert response.url == BASKET
    assert WAITING in told(response)[0]
    customer = Customer.objects.get()
    assert (customer.user, customer.approval_state) == (user, "pending")
    assert client.get(reverse("checkout:index")).url == BASKET
    assert Customer.objects.get() == customer
    assert_nothing_happened(mailoutbox)

    approve_customers([customer.pk], actor=None)
    assert client.get(reverse("checkout:index")).url == reverse("checkout:shipping-address")
