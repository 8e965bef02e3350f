"""User accounts where the e-mail address is the user name. Needs the settings of this site."""

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from oscar_customers_ext.accounts.actions import (
    create_account,
    prove_address,
    rename_account,
    set_account_password,
)
from oscar_customers_ext.customers.actions import create_customer, link_order
from oscar_customers_ext.exceptions import AccountRefused, AddressHasAccount
from tests.factories import make_order

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        settings.AUTH_USER_MODEL != "email_users.User",
        reason="needs --ds=tests.email_users.settings; test_site.py runs it so in a process of its own",
    ),
]

ANN = "ann@example.org"
PASSWORD = "correct-horse-battery"


def sign_in(browser, email, password=PASSWORD):
    data = {
        "login-username": email,
        "login-password": password,
        "login-redirect_url": "",
        "login_submit": "x",
    }
    return browser.post(reverse("customer:login"), data)


@pytest.fixture
def ann(shop):
    return create_customer(email=ANN, first_name="Ann")


@pytest.fixture
def manager(shop):
    user = get_user_model().objects.create_superuser("boss@example.org", PASSWORD)
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def test_an_account_needs_no_user_name(client, ann):
    user = create_account(ann, username="ignored", password=PASSWORD)

    assert (user.email, user.first_name, user.get_username()) == (ANN, "Ann", ANN)
    assert sign_in(client, ANN).status_code == 302
    assert client.get(reverse("customer:profile-view")).status_code == 200


def test_but_it_needs_an_address(shop):
    with pytest.raises(AccountRefused, match="the customer cannot sign in"):
        create_account(create_customer(email=""), username="ann", password=PASSWORD)


def test_an_address_that_is_taken_is_told_of(ann):
    get_user_model().objects.create_user("Ann@example.org", PASSWORD)

    with pytest.raises(AddressHasAccount):
        create_account(ann)


def test_the_sign_in_page_asks_for_the_address_as_oscar_does(client, shop):
    page = client.get(reverse("customer:login")).text

    assert 'type="email" name="login-username"' in page
    assert "or user name" not in page
    assert "Please enter a correct" in sign_in(client, "nobody@example.org").text


def test_a_user_name_cannot_be_changed(ann, manager):
    create_account(ann, password=PASSWORD)

    with pytest.raises(ValidationError, match="there are no user names"):
        rename_account(ann, username="ann")
    page = manager.post(reverse("oscar_customers:account_rename", args=[ann.pk]), {"username": "ann"}).text
    assert "there are no user names" in page


def test_the_admin_shows_no_user_name(ann, manager):
    response = manager.get(reverse("oscar_customers:account_create", args=[ann.pk]))
    assert "account_username" not in response.text
    assert "account_username" not in manager.get(reverse("oscar_customers:add")).text

    manager.post(
        reverse("oscar_customers:account_create", args=[ann.pk]),
        {"account_password": PASSWORD, "account_password_again": PASSWORD},
    )
    section = manager.get(reverse("oscar_customers:account", args=[ann.pk])).text
    assert ANN in section
    assert reverse("oscar_customers:account_rename", args=[ann.pk]) not in section


def test_a_new_customer_with_an_account(manager):
    form = {
        "first_name": "Ann",
        "last_name": "",
        "email": ANN,
        "create_account": "on",
        "account_password": PASSWORD,
        "account_password_again": PASSWORD,
    }
    response = manager.post(reverse("oscar_customers:add"), form)

    assert response.status_code == 302, response.context["form"].errors
    assert get_user_model().objects.get(email=ANN).oscar_customer.first_name == "Ann"


def test_a_forgotten_password_and_the_proof(client, ann, mailoutbox):
    link_order(make_order(ANN))
    user = create_account(ann)

    client.post(reverse("password-reset"), {"email": ANN})
    prove_address(user, ANN, "password_reset")

    assert [message.to for message in mailoutbox] == [[ANN]]
    assert [link.proven for link in ann.order_links.all()] == [True]


def test_a_session_goes_on_when_the_address_changes_and_ends_with_the_password(client, ann):
    user = create_account(ann, password=PASSWORD)
    sign_in(client, ANN)
    get_user_model().objects.filter(pk=user.pk).update(email="new@example.org")
    assert client.get(reverse("customer:profile-view")).status_code == 200

    set_account_password(ann, password="another-horse-battery")
    assert client.get(reverse("customer:profile-view")).status_code == 302
