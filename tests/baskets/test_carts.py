"""Carts that were left, on the Orders tab. Oscar's baskets are only read."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth import get_user
from django.contrib.sites.models import Site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_customers_ext.baskets.carts import abandoned_baskets
from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.models import BasketContact, StaffSite
from tests.factories import make_basket, make_order, make_product, make_user

pytestmark = pytest.mark.django_db

Basket = get_model("basket", "Basket")
Line = get_model("basket", "Line")


def url(customer):
    return reverse("oscar_customers:carts", args=[customer.pk])


@pytest.fixture
def clerk(sign_in):
    return sign_in("view_customer", "view_basket")


@pytest.fixture
def ann(shop):
    user = make_user("ann@example.org")
    return create_customer(email="ann@example.org", user=user)


def test_a_cart_shows_lines_value_last_change_and_state(clerk, ann, shop):
    make_basket(ann.user, products=[shop, make_product("Saucer <b>")], status="Frozen")

    page = clerk.get(url(ann)).text

    for text in (
        "Espresso cup",
        "Saucer &lt;b&gt;",
        "€20.00",
        "€40.00",
        "Payment was started",
        "last change",
    ):
        assert text in page, text
    assert "Unproven" not in page
    assert "<form" not in page


@pytest.mark.parametrize(
    ("status", "words"),
    [("Open", "Left in the cart"), ("Saved", "Saved for later"), ("Frozen", "Payment was started")],
)
def test_how_a_cart_was_left_is_told_in_words(clerk, ann, shop, status, words):
    make_basket(ann.user, products=[shop], status=status)

    assert words in clerk.get(url(ann)).text


@pytest.mark.parametrize("status", ["Merged", "Submitted"])
def test_carts_that_were_merged_or_ordered_are_not_shown(ann, shop, status):
    make_basket(ann.user, products=[shop], status=status)

    assert list(abandoned_baskets(ann)) == []


def test_a_cart_with_an_order_is_not_shown(ann, shop):
    # A checkout that broke after the order leaves the basket open.
    basket = make_basket(ann.user, products=[shop])
    make_order(user=ann.user, basket=basket)

    assert list(abandoned_baskets(ann)) == []


def test_an_empty_cart_is_not_shown(clerk, ann):
    make_basket(ann.user)

    assert list(abandoned_baskets(ann)) == []
    assert "appears here when it has not changed for 24 hours" in clerk.get(url(ann)).text


def test_the_setting_says_when_a_cart_counts_as_left(clerk, ann, shop, settings):
    basket = make_basket(ann.user, products=[shop, make_product("Saucer")], hours=3)
    assert list(abandoned_baskets(ann)) == []

    settings.OSCAR_CUSTOMERS_ABANDONED_AFTER_HOURS = 2
    assert list(abandoned_baskets(ann)) == [basket]

    # The last change of all its lines counts.
    Line.objects.filter(pk=basket.lines.first().pk).update(date_updated=timezone.now())
    assert list(abandoned_baskets(ann)) == []


def test_of_guests_those_carts_are_shown_for_which_the_address_was_typed(clerk, shop):
    customer = create_customer(email="ann@example.org")
    basket = make_basket(products=[shop], email="ANN@Example.org")
    make_basket(products=[shop], email="bob@example.org")
    make_basket(products=[shop])

    assert list(abandoned_baskets(customer)) == [basket]
    assert "a visitor typed this customer's e-mail address at the checkout." in clerk.get(url(customer)).text


def test_a_customer_without_address_or_account_has_no_carts(clerk, shop):
    customer = create_customer(email="")
    make_basket(products=[shop])

    assert list(abandoned_baskets(customer)) == []
    assert clerk.get(url(customer)).status_code == 200


def test_the_cart_of_somebody_elses_account_is_not_shown_for_a_typed_address(ann, shop):
    make_basket(make_user("bob@example.org"), products=[shop], email="ann@example.org")

    assert list(abandoned_baskets(ann)) == []


def test_an_address_older_than_the_retention_period_counts_for_nothing(shop, settings):
    customer = create_customer(email="ann@example.org")
    basket = make_basket(products=[shop], email="ann@example.org")
    BasketContact.objects.update(captured_at=timezone.now() - timedelta(days=8))
    assert list(abandoned_baskets(customer)) == [basket]

    settings.OSCAR_CUSTOMERS_CART_EMAIL_DAYS = 7

    assert list(abandoned_baskets(customer)) == []


def test_currencies_are_never_added_up(clerk, ann, shop):
    basket = make_basket(ann.user, products=[shop, make_product("Saucer")])
    basket.lines.filter(product=shop).update(price_currency="GBP", price_incl_tax=Decimal("7.00"))

    page = clerk.get(url(ann)).text

    assert "<strong>€20.00</strong>" in page
    assert "<strong>£14.00</strong>" in page
    assert "34.00" not in page


def test_a_price_without_tax_or_without_anything_says_so(clerk, ann, shop):
    basket = make_basket(ann.user, products=[shop], price_incl_tax=None, price_excl_tax=Decimal("8.20"))
    page = clerk.get(url(ann)).text
    assert "€16.40" in page
    assert "partly without tax" in page

    basket.lines.update(price_excl_tax=None)

    page = clerk.get(url(ann)).text
    assert "partly without tax" not in page
    assert "€" not in page


def test_a_long_cart_is_cut_and_its_value_is_whole(clerk, ann, shop):
    products = [make_product(f"Product {number}", stock=1) for number in range(23)]
    make_basket(ann.user, products=products)

    page = clerk.get(url(ann)).text

    assert page.count("Product ") == 20
    assert "and 3 more products" in page
    assert "€460.00" in page


def test_the_latest_cart_comes_first(ann, shop):
    older = make_basket(ann.user, products=[shop], hours=100)
    newer = make_basket(ann.user, products=[shop], hours=50)

    assert list(abandoned_baskets(ann)) == [newer, older]


def test_the_section_costs_the_same_with_one_and_with_a_thousand_carts(
    clerk, ann, shop, django_assert_num_queries, django_assert_max_num_queries
):
    make_basket(ann.user, products=[shop])
    clerk.get(url(ann))
    with django_assert_max_num_queries(15) as one:
        clerk.get(url(ann))
    baskets = Basket.objects.bulk_create(Basket(owner=ann.user) for _number in range(1000))
    stockrecord = shop.stockrecords.get()
    Line.objects.bulk_create(
        Line(basket=basket, product=shop, stockrecord=stockrecord, line_reference="x", price_incl_tax=1)
        for basket in baskets
    )
    Line.objects.update(date_updated=timezone.now() - timedelta(days=2))
    BasketContact.objects.bulk_create(
        BasketContact(basket=basket, email=ann.email, email_key=ann.email_key) for basket in baskets
    )
    with django_assert_num_queries(len(one)):
        response = clerk.get(url(ann))

    assert len(response.context["carts"]) == 10
    assert response.context["page"].paginator.count == 1001
    assert f"{url(ann)}?page=2" in response.text


def test_looking_at_carts_writes_nothing(clerk, ann, shop):
    make_basket(ann.user, products=[shop], email="ann@example.org")
    before = list(Basket.objects.values()), list(Line.objects.values())

    with CaptureQueriesContext(connection) as queries:
        clerk.get(url(ann))

    assert (list(Basket.objects.values()), list(Line.objects.values())) == before
    writing = [query["sql"] for query in queries if query["sql"].split()[0] in ("UPDATE", "INSERT", "DELETE")]
    assert writing == []


def test_without_the_permission_for_baskets_nothing_is_shown(sign_in, ann, shop):
    make_basket(ann.user, products=[shop])
    client = sign_in("view_customer", "change_customer", "view_order")

    response = client.get(url(ann))
    assert response.status_code in (302, 403)
    assert "Espresso" not in response.text
    assert url(ann) not in client.get(reverse("oscar_customers:edit", args=[ann.pk])).text


def test_staff_limited_to_a_site_see_the_carts_of_its_visitors_only(clerk, shop):
    customer = create_customer(email="ann@example.org")
    north, south = (Site.objects.create(domain=f"{name}.example", name=name) for name in ("north", "south"))
    customer.sites.set([north, south])
    StaffSite.objects.create(group=get_user(clerk).groups.get(), site=north)
    here, elsewhere = (make_basket(products=[shop], email="ann@example.org") for _time in range(2))
    BasketContact.objects.filter(basket=here).update(site=north)
    BasketContact.objects.filter(basket=elsewhere).update(site=south)

    assert [cart.basket for cart in clerk.get(url(customer)).context["carts"]] == [here]
    activity = reverse("oscar_customers:activity", args=[customer.pk])
    assert len(clerk.get(activity, {"topic": "carts"}).context["events"]) == 1


def test_the_activity_tells_of_carts(clerk, ann, shop):
    make_basket(ann.user, products=[shop], status="Frozen", hours=48)
    make_basket(ann.user, products=[shop], hours=1)

    [event] = clerk.get(reverse("oscar_customers:activity", args=[ann.pk]), {"topic": "carts"}).context[
        "events"
    ]

    assert event.text == "Cart without an order: Payment was started"
    assert event.at < timezone.now() - timedelta(hours=47)
