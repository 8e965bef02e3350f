"""Ways around the steps of the checkout, and orders that are placed without them."""

import pytest
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_class
from oscar.test.factories import ProductFactory

from oscar_customers_ext.approval.actions import decline_customers
from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.models import Customer
from tests.approval.buyers import (
    ANN,
    BASKET,
    POSTS,
    STEPS,
    WAITING,
    Basket,
    Order,
    Placing,
    assert_nothing_happened,
    pending,
    sign_in,
)
from tests.checkout import buy, fill_basket, place_order
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_needs_no_shipping_is_closed_too(client, shop, settings, mailoutbox):
    digital = ProductFactory(
        product_class__requires_shipping=False,
        product_class__name="Download",
        product_class__track_stock=False,
        structure="standalone",
    )
    user = sign_in(client)
    create_customer(email=ANN, user=user, approved_buyer=False)
    fill_basket(client, digital)

    for step in STEPS:
        assert client.get(reverse(f"checkout:{step}")).url == BASKET
    assert place_order(client).url == BASKET
    assert_nothing_happened(mailoutbox)


def test_ordering_the_same_again_leads_to_a_closed_checkout(client, shop):
    sign_in(client)
    buy(client, shop)
    order = Order.objects.get()
    decline_customers([Customer.objects.get().pk], actor=None)

    response = client.post(
        reverse("customer:order", args=[order.number]), {"order_id": order.pk, "action": "reorder"}
    )

    assert response.url == BASKET
    assert client.get(reverse("checkout:index")).url == BASKET
    assert place_order(client).url == BASKET
    assert Order.objects.get() == order


def test_a_saved_basket_leads_to_a_closed_checkout(client, shop, settings, mailoutbox):
    pending(client, shop, settings)
    basket = Basket.objects.get()
    line = basket.lines.get()
    saved = Basket.objects.create(owner=basket.owner, status=Basket.SAVED)
    line.basket = saved
    line.save()

    form = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 1, "0-id": line.pk, "0-move_to_basket": "on"}
    client.post(reverse("basket:saved"), {f"saved-{name}": value for name, value in form.items()})

    assert basket.lines.count() == 1
    assert place_order(client).url == BASKET
    assert Order.objects.count() == 0


def test_signing_in_within_the_checkout_opens_nothing(client, shop, settings, mailoutbox):
    user = make_user(ANN)
    create_customer(email=ANN, user=user, approved_buyer=False)
    fill_basket(client, shop)

    form = {"username": ANN, "options": "existing", "password": "correct-horse"}
    response = client.post(reverse("checkout:index"), form, follow=True)

    assert response.redirect_chain[-1][0] == BASKET
    assert WAITING in response.text
    assert_nothing_happened(mailoutbox)


def test_a_page_that_the_site_adds_to_the_checkout_is_closed(client, shop, settings):
    pending(client, shop, settings)
    settings.ROOT_URLCONF = "tests.approval.urls"

    assert client.get("/shop/checkout/express/").url == BASKET
    assert client.get("/shop/elsewhere/").text == "open"


def test_the_thank_you_page_stays_open(client, shop):
    sign_in(client)
    buy(client, shop)
    decline_customers([Customer.objects.get().pk], actor=None)

    assert client.get(reverse("checkout:thank-you")).status_code == 200


def test_the_steps_are_closed_without_the_middleware_too(client, shop, settings, mailoutbox):
    pending(client, shop, settings)
    ours = "oscar_customers_ext.middleware.CustomerMiddleware"
    settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if path != ours]
    client = Client()
    sign_in(client, Customer.objects.get().user)

    for step in STEPS:
        for _method in ("get", "post"):
            response = client.post(reverse(f"checkout:{step}"), POSTS[step])
            assert (response.status_code, response.url) == (302, BASKET), step
    page = client.get(BASKET)
    assert sum(WAITING in str(message) for message in page.context["messages"]) == 1
    assert_nothing_happened(mailoutbox)


def test_whatever_places_orders_without_the_steps_is_stopped(basket, rf):
    user = make_user(ANN)
    create_customer(email=ANN, user=user, approved_buyer=False)

    with pytest.raises(get_class("order.exceptions", "UnableToPlaceOrder"), match=WAITING):
        Placing(user, basket).place(rf)

    assert Order.objects.count() == 0


def test_it_goes_on_for_those_who_may_buy(basket, rf):
    user = make_user(ANN)
    create_customer(email=ANN, user=user)

    assert Placing(user, basket).place(rf).user == user


def test_staff_may_place_an_order_all_the_same(basket, rf):
    user = make_user(ANN)
    create_customer(email=ANN, user=user, approved_buyer=False)

    assert Placing(user, basket, approval_is_overridden=True).place(rf).user == user
