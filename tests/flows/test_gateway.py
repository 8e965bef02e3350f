"""The first page of the checkout, where buyers sign in or go on as guests."""

import pytest
from django.test import Client
from django.urls import reverse

from oscar_customers_ext.accounts.actions import create_account, deactivate_account
from oscar_customers_ext.customers.actions import create_customer
from tests.checkout import fill_basket
from tests.factories import make_user

pytestmark = pytest.mark.django_db

PASSWORD = "correct-horse-battery"
GATEWAY = "/shop/checkout/"
NEXT_STEP = "/shop/checkout/shipping-address/"
GUEST, NEW, EXISTING = "anonymous", "new", "existing"


@pytest.fixture
def ann(shop):
    customer = create_customer(email="ann@example.org")
    create_account(customer, username="ann.rossi", password=PASSWORD)
    customer.refresh_from_db()
    return customer


@pytest.fixture
def browser(shop):
    browser = Client()
    fill_basket(browser, shop)
    return browser


def go_on(browser, name, option=EXISTING, password=PASSWORD):
    return browser.post(GATEWAY, {"username": name, "options": option, "password": password})


def signed_in_as(browser):
    return browser.session.get("_auth_user_id")


@pytest.mark.parametrize("name", ["ann.rossi", "ann@example.org", "Ann@EXAMPLE.org", "  ann.rossi  "])
def test_a_returning_customer_signs_in_with_user_name_or_address(browser, ann, name):
    response = go_on(browser, name)

    assert response.status_code == 302, response.context["form"].errors
    assert response.url == NEXT_STEP
    assert signed_in_as(browser) == str(ann.user_id)
    assert browser.get(NEXT_STEP).status_code == 200


def test_a_name_that_looks_like_an_address_is_taken_as_typed(browser, shop):
    user = make_user("bob@example.org", username="Bob@Work", password=PASSWORD)

    assert go_on(browser, "Bob@Work").url == NEXT_STEP
    assert signed_in_as(browser) == str(user.pk)


@pytest.mark.parametrize(
    ("name", "password"),
    [("ann.rossi", "wrong"), ("ann.rossi", ""), ("ANN.ROSSI", PASSWORD), ("nobody", PASSWORD)],
)
def test_a_wrong_name_or_password_lets_nobody_in_and_keeps_what_was_typed(browser, ann, name, password):
    response = go_on(browser, name, password=password)

    assert response.status_code == 200
    form = response.context["form"]
    assert form.errors == (
        {
            "__all__": [
                "Please enter a correct e-mail address or user name and password. "
                "Note that both fields may be case-sensitive."
            ]
        }
        if password
        else {"password": ["This field is required."]}
    )
    assert form["username"].value() == name
    assert signed_in_as(browser) is None


def test_a_deactivated_account_stays_out(browser, ann):
    deactivate_account(ann)

    for name in ("ann.rossi", "ann@example.org"):
        assert go_on(browser, name).status_code == 200
    assert signed_in_as(browser) is None


@pytest.mark.parametrize("option", [GUEST, NEW])
@pytest.mark.parametrize(
    "name", ["ann.rossi", "ann@", "@", "ann@example", "ann @example.org", "ﬁn@example.org"]
)
def test_who_does_not_sign_in_gives_an_address(browser, ann, option, name):
    response = go_on(browser, name, option)

    assert response.context["form"].errors == {"username": ["Enter a valid email address."]}
    assert response.context["form"]["username"].value() == name
    assert browser.get(NEXT_STEP).url == GATEWAY


@pytest.mark.parametrize("option", ["", "anonymous ", "guest"])
def test_a_choice_that_is_none_takes_no_user_name(browser, ann, option):
    response = go_on(browser, "ann.rossi", option)

    assert set(response.context["form"].errors) == {"username", "options"}
    assert signed_in_as(browser) is None


@pytest.mark.parametrize(
    ("option", "leads_to"),
    [
        (GUEST, NEXT_STEP),
        (NEW, f"/shop/accounts/register/?next={NEXT_STEP}&email=Ann%40example.org"),
    ],
)
def test_an_address_is_kept_as_oscar_keeps_it(browser, shop, option, leads_to):
    response = go_on(browser, " Ann@EXAMPLE.org ", option)

    assert response.status_code == 302, response.context["form"].errors
    assert response.url == leads_to
    assert browser.session["checkout_data"]["guest"]["email"] == "Ann@example.org"


def test_the_page_asks_for_both(browser):
    page = browser.get(GATEWAY).text

    assert "My e-mail address (or, as a returning customer, my user name) is" in page
    assert 'type="text" name="username"' in page


def test_two_accounts_with_one_address_and_password_are_told_apart_by_name(browser, shop):
    make_user("ann@example.org", username="ann1", password=PASSWORD)
    second = make_user("ann@example.org", username="ann2", password=PASSWORD)

    response = go_on(browser, "ann@example.org")

    assert response.context["form"].errors == {
        "__all__": ["Several accounts have this e-mail address. Sign in with your user name."]
    }
    assert response.context["form"]["username"].value() == "ann@example.org"
    assert signed_in_as(browser) is None
    assert go_on(browser, "ann2").url == NEXT_STEP
    assert signed_in_as(browser) == str(second.pk)


def test_of_two_accounts_with_one_address_the_password_tells(browser, shop):
    make_user("ann@example.org", username="ann1", password="another-horse-battery")
    second = make_user("ann@example.org", username="ann2", password=PASSWORD)

    assert go_on(browser, "ann@example.org").url == NEXT_STEP
    assert signed_in_as(browser) == str(second.pk)


def test_a_name_that_is_the_address_of_another_opens_neither_account(browser, ann):
    make_user("eve@example.org", username="ann@example.org", password="eves-own-password")

    response = go_on(browser, "ann@example.org", password="eves-own-password")

    assert "Please enter a correct" in str(response.context["form"].errors)
    assert signed_in_as(browser) is None


@pytest.mark.parametrize("option", [GUEST, NEW, EXISTING])
@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "a" * 5000, "\x00", "%s%(x)s", "@", "a@b@c"])
def test_hostile_names_are_only_texts(browser, option, name):
    response = go_on(browser, name, option)

    assert response.status_code == 200
    assert "<script>alert(1)" not in response.text


def test_signing_in_leads_back_to_a_basket_that_keeps_its_lines(browser, ann):
    go_on(browser, "ann.rossi")

    page = browser.get(reverse("basket:summary"))

    assert [line.quantity for line in page.context["basket"].all_lines()] == [1]
