"""Oscar's own pages for signing in, with a user name too, and what ends a session."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from oscar_customers_ext.accounts.actions import (
    activate_account,
    create_account,
    deactivate_account,
    rename_account,
    set_account_password,
)
from oscar_customers_ext.accounts.sessions import NAME_HASH, user_if_same_name
from oscar_customers_ext.customers.actions import create_customer
from tests.factories import make_user
from tests.settings import SECRET_KEY

pytestmark = pytest.mark.django_db

PASSWORD = "correct-horse-battery"


@pytest.fixture
def ann(shop):
    """A customer with an account that staff made."""
    customer = create_customer(email="ann@example.org", first_name="Ann", last_name="Rossi")
    create_account(customer, username="ann.rossi", password=PASSWORD)
    customer.refresh_from_db()
    return customer


def sign_in(client, name, password=PASSWORD, **data):
    data = {"login-username": name, "login-password": password, "login-redirect_url": ""} | data
    return client.post(reverse("customer:login"), data | {"login_submit": "Log In"})


def signed_in_as(client):
    """Who the shop takes this browser for."""
    response = client.get(reverse("customer:profile-view"))
    return response.context["user"].pk if response.status_code == 200 else None


@pytest.mark.parametrize("name", ["ann.rossi", "ann@example.org", "Ann@Example.org", "  ann.rossi  "])
def test_signing_in_with_user_name_or_address(client, ann, name):
    response = sign_in(client, name)

    assert response.status_code == 302, response.context["login_form"].errors
    assert response.url == "/shop/accounts/"
    assert signed_in_as(client) == ann.user_id


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("ann.rossi", "wrong"),
        ("ann@example.org", "wrong"),
        ("nobody", PASSWORD),
        ("ANN.ROSSI", PASSWORD),
        ("ann", PASSWORD),
    ],
)
def test_a_wrong_name_or_password_lets_nobody_in(client, ann, name, password):
    response = sign_in(client, name, password)

    assert response.context["login_form"].non_field_errors() == [
        "Please enter a correct e-mail address or user name and password. Note that both fields may be case-sensitive."
    ]
    assert response.context["login_form"]["username"].value() == name
    assert signed_in_as(client) is None


def test_the_page_asks_for_both(client, shop):
    page = client.get(reverse("customer:login")).text

    assert "E-mail address or user name" in page
    assert 'type="text" name="login-username"' in page
    assert 'type="email" name="registration-email"' in page


def test_registering_on_the_same_page_still_works(client, shop):
    response = client.post(
        reverse("customer:login"),
        {
            "registration-email": "new@example.org",
            "registration-password1": PASSWORD,
            "registration-password2": PASSWORD,
            "registration-redirect_url": "",
            "registration_submit": "Register",
        },
    )

    assert response.status_code == 302
    assert signed_in_as(client) == get_user_model().objects.get(email="new@example.org").pk


def test_a_name_that_is_the_address_of_another_opens_neither_account(client, ann):
    make_user("eve@example.org", username="ann@example.org", password="eves-own-password")

    response = sign_in(client, "ann@example.org", "eves-own-password")

    assert "Please enter a correct" in str(response.context["login_form"].errors)
    assert signed_in_as(client) is None
    sign_in(client, "ann@example.org")
    assert signed_in_as(client) == ann.user_id


@pytest.mark.parametrize("typed", ["ANN@example.org", "ann@EXAMPLE.org"])
def test_nor_in_another_spelling(client, ann, typed):
    make_user("eve@example.org", username=typed, password="eves-own-password")

    sign_in(client, typed, "eves-own-password")

    assert signed_in_as(client) is None


def test_an_old_address_as_user_name_goes_on_working_for_its_owner(client, shop):
    user = make_user("new@example.org", username="old@example.org", password=PASSWORD)

    sign_in(client, "old@example.org")

    assert signed_in_as(client) == user.pk


def test_two_accounts_with_one_address_and_password_are_told_apart_by_name(client, shop):
    make_user("ann@example.org", username="ann1", password=PASSWORD)
    second = make_user("ann@example.org", username="ann2", password=PASSWORD)

    response = sign_in(client, "ann@example.org")

    assert response.context["login_form"].non_field_errors() == [
        "Several accounts have this e-mail address. Sign in with your user name."
    ]
    sign_in(client, "ann2")
    assert signed_in_as(client) == second.pk


def test_the_page_after_signing_in_is_never_on_another_site(client, ann):
    response = sign_in(client, "ann.rossi", **{"login-redirect_url": "https://evil.example/"})

    assert response.url == "/shop/accounts/"


def test_hostile_names_are_only_texts(client, shop):
    for name in (
        "<script>alert(1)</script>",
        "a" * 5000,
        "\x00",
        "%s%(x)s",
        "'; DROP TABLE auth_user; --",
        "@",
        "a@",
    ):
        response = sign_in(client, name)
        assert response.status_code == 200
        assert "<script>alert(1)" not in response.text


# What ends sessions


@pytest.fixture
def browsers(ann):
    """Two browsers that Ann is signed in with."""
    browsers = [Client(), Client()]
    for browser in browsers:
        sign_in(browser, "ann.rossi")
        assert signed_in_as(browser) == ann.user_id
    return browsers


def test_another_user_name_ends_all_sessions(ann, browsers):
    rename_account(ann, username="ann.bianchi")

    assert [signed_in_as(browser) for browser in browsers] == [None, None]
    assert sign_in(Client(), "ann.rossi").status_code == 200
    sign_in(browsers[0], "ann.bianchi")
    assert [signed_in_as(browser) for browser in browsers] == [ann.user_id, None]


def test_it_does_so_on_every_page_and_for_good(ann, browsers, client):
    rename_account(ann, username="ann.bianchi")
    page = browsers[0].get(reverse("customer:login"))
    rename_account(ann, username="ann.rossi")

    assert not page.context["user"].is_authenticated
    assert [signed_in_as(browser) for browser in browsers] == [None, ann.user_id]


def test_a_password_set_by_staff_ends_all_sessions(ann, browsers):
    set_account_password(ann, password="another-horse-battery")

    assert [signed_in_as(browser) for browser in browsers] == [None, None]
    assert sign_in(Client(), "ann.rossi").status_code == 200
    sign_in(browsers[0], "ann.rossi", "another-horse-battery")
    assert signed_in_as(browsers[0]) == ann.user_id


def test_a_deactivated_account_is_signed_out_and_stays_out(ann, browsers):
    deactivate_account(ann)

    assert [signed_in_as(browser) for browser in browsers] == [None, None]
    for name in ("ann.rossi", "ann@example.org"):
        assert sign_in(Client(), name).status_code == 200
    activate_account(ann)
    assert sign_in(Client(), "ann.rossi").status_code == 302


def test_a_session_from_before_the_installation_remembers_the_name_from_now_on(ann, browsers):
    browser = browsers[0]
    session = browser.session
    del session[NAME_HASH]
    session.save()

    assert signed_in_as(browser) == ann.user_id
    rename_account(ann, username="ann.bianchi")
    assert signed_in_as(browser) is None


def test_a_new_secret_key_leaves_buyers_signed_in_as_long_as_the_old_one_is_a_fallback(
    ann, browsers, settings
):
    remembered = browsers[0].session[NAME_HASH]
    settings.SECRET_KEY_FALLBACKS = ["older", settings.SECRET_KEY]
    settings.SECRET_KEY = "rotated"

    assert signed_in_as(browsers[0]) == ann.user_id
    assert browsers[0].session[NAME_HASH] != remembered
    # From now on it does not need the old key any more.
    settings.SECRET_KEY_FALLBACKS = []
    assert signed_in_as(browsers[0]) == ann.user_id
    settings.SECRET_KEY_FALLBACKS = [SECRET_KEY]
    rename_account(ann, username="ann.bianchi")
    assert [signed_in_as(browser) for browser in browsers] == [None] * len(browsers)


def test_the_session_does_not_tell_the_name(ann, browsers):
    assert "ann.rossi" not in browsers[0].session[NAME_HASH]


def test_a_signed_in_buyer_costs_no_further_query(ann, browsers, django_assert_num_queries):
    class Request:
        session = browsers[0].session

    Request.session.get(NAME_HASH)
    user = get_user_model().objects.get(pk=ann.user_id)
    with django_assert_num_queries(0):
        assert user_if_same_name(Request, user) is user


def test_staff_who_rename_themselves_stay_signed_in(client, shop):
    user = make_user("boss@example.org", is_staff=True)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    get_user_model().objects.filter(pk=user.pk).update(username="the.boss")

    assert signed_in_as(client) == user.pk
