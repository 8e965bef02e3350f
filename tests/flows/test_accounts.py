"""A customer who was entered by staff signs in and buys alone the next time, and a stranger sees nothing of theirs."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_customers_ext.accounts.actions import (
    attach_account,
    create_account,
    prove_address,
    vouch_for_address,
)
from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.models import Customer, CustomerAddress
from tests.checkout import buy
from tests.factories import make_country, make_order, make_user

pytestmark = pytest.mark.django_db(transaction=True)

Order = get_model("order", "Order")
VERA = "vera@example.org"
PASSWORD = "correct-horse-battery"
STREET = "Via Vera 1"


def sign_in(name, password=PASSWORD):
    browser = Client()
    data = {"login-username": name, "login-password": password, "login-redirect_url": "", "login_submit": "x"}
    response = browser.post(reverse("customer:login"), data)
    assert response.status_code == 302, response.context["login_form"].errors
    return browser


def numbers_shown(browser, **query):
    response = browser.get(reverse("customer:order-list"), query)
    assert response.status_code == 200
    return sorted(order.number for order in response.context["orders"])


@pytest.fixture
def vera(shop):
    """She ordered twice without an account, and told her address by phone."""
    buy(Client(), shop, email=VERA)
    customer = Customer.objects.get()
    make_order("VERA@example.org")
    customer.refresh_from_db()
    assert customer.orders_count == 2
    CustomerAddress.objects.create(
        customer=customer,
        first_name="Vera",
        last_name="Neri",
        line1=STREET,
        line4="Roma",
        postcode="00185",
        country=make_country(),
    )
    return customer


def numbers_of(customer):
    return sorted(Order.objects.filter(customer_link__customer=customer).values_list("number", flat=True))


def manager():
    """Staff who may manage accounts, in a browser of their own."""
    user = make_user("manager@example.org", is_superuser=True, is_staff=True)
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def test_the_customer_signs_in_finds_addresses_and_orders_and_buys(vera, shop, mailoutbox):
    mails = len(mailoutbox)
    manager().post(
        reverse("oscar_customers:account_create", args=[vera.pk]),
        {"account_username": "vera.n", "account_password": PASSWORD, "account_password_again": PASSWORD},
    )
    assert len(mailoutbox) == mails

    browser = sign_in("vera.n")

    assert STREET in browser.get(reverse("customer:address-list")).text
    assert numbers_shown(browser) == numbers_of(vera)
    for number in numbers_of(vera):
        assert browser.get(reverse("customer:order", args=[number])).status_code == 200
    assert buy(browser, shop).url == reverse("checkout:thank-you")
    assert len(numbers_shown(browser)) == 3
    assert Customer.objects.count() == 1
    assert {link.proven for link in vera.order_links.all()} == {True}


def test_so_does_a_customer_who_was_created_with_an_account(shop):
    manager().post(
        reverse("oscar_customers:add"),
        {
            "first_name": "Ann",
            "last_name": "Rossi",
            "email": "ann@example.org",
            "approved_buyer": "on",
            "create_account": "on",
            "account_username": "",
            "account_password": PASSWORD,
            "account_password_again": PASSWORD,
        },
    )

    browser = sign_in("ann")
    assert buy(browser, shop).url == reverse("checkout:thank-you")
    assert len(numbers_shown(browser)) == 1
    assert Customer.objects.get().user.email == "ann@example.org"


def test_orders_placed_as_a_guest_are_found_by_number_and_date_too(vera):
    create_account(vera, username="vera", password=PASSWORD, vouched=True)
    browser = sign_in("vera")
    number = numbers_of(vera)[0]

    assert numbers_shown(browser, order_number=number, date_from="2020-01-01", date_to="") == [number]
    assert numbers_shown(browser, order_number="", date_from="", date_to="2020-01-01") == []
    assert numbers_shown(browser, order_number=number, date_from="", date_to="") == [number]


def test_they_can_be_ordered_again(vera, shop):
    create_account(vera, username="vera", password=PASSWORD, vouched=True)
    browser = sign_in("vera")
    order = Order.objects.filter(lines__isnull=False).get()

    response = browser.post(reverse("customer:order", args=[order.number]), {"action": "reorder"})
    assert response.url == reverse("basket:summary")
    line = reverse("customer:order-line", args=[order.number, order.lines.get().pk])
    assert browser.post(line, {"action": "reorder"}).url == reverse("basket:summary")
    assert get_model("basket", "Basket").objects.get(owner__email=VERA).num_items == 2
    assert (
        browser.post(
            reverse("customer:order-line", args=[order.number, 999999]), {"action": "reorder"}
        ).status_code
        == 404
    )


def test_the_link_that_the_guest_got_by_mail_goes_on_working(vera):
    create_account(vera, username="vera", password=PASSWORD, vouched=True)
    order = Order.objects.filter(lines__isnull=False).get()

    guest, args = Client(), [order.number, order.verification_hash()]

    response = guest.post(reverse("customer:anon-order-form", args=args), {"email": VERA})

    assert response.url == reverse("customer:anon-order", args=args)
    assert guest.get(response.url).context["order"] == order
    assert Order.objects.get(pk=order.pk).user is None


# Without proof nothing is shown


def assert_sees_nothing_of(browser, customer):
    assert numbers_shown(browser) == []
    for order in Order.objects.filter(customer_link__customer=customer):
        assert browser.get(reverse("customer:order", args=[order.number])).status_code == 404
        assert (
            browser.post(reverse("customer:order", args=[order.number]), {"action": "reorder"}).status_code
            == 404
        )
        for line in order.lines.all():
            url = reverse("customer:order-line", args=[order.number, line.pk])
            assert browser.post(url, {"action": "reorder"}).status_code == 404


def test_an_account_without_proof_sees_no_orders_of_guests(vera):
    create_account(vera, username="vera", password=PASSWORD)
    browser = sign_in("vera")

    assert_sees_nothing_of(browser, vera)
    vera.refresh_from_db()
    vouch_for_address(vera, holder_is_known=True, actor=None)
    assert numbers_shown(browser) == numbers_of(vera)


def test_a_stranger_who_registered_the_address_sees_none(vera):
    make_user(VERA, username="eve", password=PASSWORD)

    assert_sees_nothing_of(sign_in("eve"), vera)


def test_not_even_when_staff_attached_the_account_until_it_proves_the_address(vera):
    eve = make_user(VERA, username="eve", password=PASSWORD)
    attach_account(vera, eve)
    browser = sign_in("eve")

    assert_sees_nothing_of(browser, vera)


def test_a_stranger_with_a_customer_of_their_own_sees_none(vera):
    mallory = create_customer(email="mallory@example.org")
    create_account(mallory, username="mallory", password=PASSWORD, vouched=True)

    assert_sees_nothing_of(sign_in("mallory"), vera)


def test_an_order_that_a_stranger_places_under_the_address_afterwards_stays_hidden(vera):
    create_account(vera, username="vera", password=PASSWORD, vouched=True)
    before = numbers_of(vera)

    # Oscar's own checkout lets nobody buy as a guest with the address of an account; an API or import may.
    make_order(VERA)

    assert numbers_shown(sign_in("vera")) == before
    assert len(numbers_of(vera)) == 3


def test_the_first_proof_throws_out_a_stranger_who_waited(vera):
    eve = make_user(VERA, username="eve", password=PASSWORD)
    waiting = sign_in("eve")
    real = make_user(VERA, username="real", password="another-horse-battery")

    prove_address(real, VERA, "password_reset")

    assert waiting.get(reverse("customer:order-list")).status_code == 302
    assert not get_user_model().objects.get(pk=eve.pk).has_usable_password()
    assert numbers_shown(sign_in("real", "another-horse-battery")) == numbers_of(vera)


def test_visitors_are_asked_to_sign_in(vera):
    for order in Order.objects.all():
        assert Client().get(reverse("customer:order", args=[order.number])).status_code == 302
    assert Client().get(reverse("customer:order-list")).status_code == 302


def test_the_history_takes_the_same_queries_for_one_and_for_many_orders(shop):
    def history_of(name, orders):
        customer = create_customer(email=f"{name}@example.org")
        create_account(customer, username=name, password=PASSWORD)
        for _number in range(orders):
            make_order(customer.email)
        customer.refresh_from_db()
        vouch_for_address(customer, holder_is_known=True, actor=None)
        browser = sign_in(name)
        browser.get(reverse("customer:order-list"))
        with CaptureQueriesContext(connection) as queries:
            shown = numbers_shown(browser)
        # Oscar counts the items of each order that it shows.
        ours = [query for query in queries if "order_line" not in query["sql"]]
        return len(shown), len(ours)

    assert history_of("one", 1)[1] == history_of("many", 15)[1]
