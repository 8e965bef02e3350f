"""The first proof of an address throws out whoever registered it before, waiting for its owner."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from oscar_customers_ext.accounts.actions import prove_address, vouch_for_address
from oscar_customers_ext.customers.actions import create_customer, link_order, register_user
from oscar_customers_ext.exceptions import InvalidEmail
from oscar_customers_ext.models import Customer, CustomerOrder, EmailChange, VerifiedEmail
from tests.factories import make_order, make_user

pytestmark = pytest.mark.django_db

VERA = "vera@example.org"
PASSWORD = "correct-horse-battery"


def browser_of(user):
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def is_signed_in(browser):
    return browser.get(reverse("customer:profile-view")).status_code == 200


@pytest.fixture
def eve(shop):
    """Registered Vera's address, owns the customer of it, keeps a session and asked for another address."""
    user = make_user(VERA, username="eve", password=PASSWORD)
    customer = register_user(user)
    EmailChange.objects.create(customer=customer, email="eve@example.net")
    return user


@pytest.fixture
def vera(eve):
    """Bought as a guest; her account came into the shop in another way, an import say."""
    link_order(make_order(VERA))
    return make_user(VERA, username="vera", password=PASSWORD)


def test_who_registered_the_address_before_loses_password_session_and_pending_change(eve, vera):
    browser = browser_of(eve)
    assert is_signed_in(browser)

    prove_address(vera, VERA, "password_reset")

    assert not is_signed_in(browser)
    eve.refresh_from_db()
    assert not eve.has_usable_password()
    assert eve.is_active
    assert not EmailChange.objects.exists()
    vera.refresh_from_db()
    assert vera.check_password(PASSWORD)


def test_the_customer_of_the_address_goes_to_who_proved_it_with_the_guests_orders(eve, vera):
    of_eve = make_order(user=eve)
    link_order(of_eve)

    prove_address(vera, VERA, "password_reset")

    customer = Customer.objects.get(email=VERA)
    assert customer.user == vera
    proven = {link.order.user_id: link.proven for link in CustomerOrder.objects.all()}
    assert proven == {None: True, eve.pk: False}


def test_the_log_says_who_lost_and_who_got_the_customer(eve, vera):
    prove_address(vera, VERA, "password_reset")

    entries = ModelLogEntry.objects.order_by("pk")
    assert [(entry.action, entry.user) for entry in entries] == [
        ("oscar_customers_ext.lock_out_account", None),
        ("oscar_customers_ext.prove_address", None),
    ]
    assert [str(entry.message) for entry in entries] == [
        f"Password of the user account eve voided: somebody else proved the address {VERA}",
        f"The user account vera proved the e-mail address {VERA} and is the customer's now",
    ]


def test_a_pending_change_of_the_account_that_proves_falls_too(eve):
    prove_address(eve, VERA, "password_reset")

    assert not EmailChange.objects.exists()


def test_but_not_the_one_to_the_very_address(eve):
    prove_address(eve, "eve@example.net", "email_change")

    assert EmailChange.objects.get().email == "eve@example.net"


def test_a_second_proof_throws_nobody_out_and_changes_no_date(eve, vera):
    first = prove_address(vera, VERA, "password_reset")
    other = make_user(VERA, username="other", password=PASSWORD)

    again = prove_address(vera, "Vera@Example.ORG", "staff")

    assert (again.pk, again.verified_at, again.source) == (first.pk, first.verified_at, "password_reset")
    other.refresh_from_db()
    assert other.check_password(PASSWORD)


def test_the_second_account_that_proves_it_throws_out_nobody(eve, vera):
    prove_address(vera, VERA, "password_reset")

    prove_address(eve, VERA, "password_reset")

    vera.refresh_from_db()
    assert vera.check_password(PASSWORD)
    assert Customer.objects.get(email=VERA).user == vera
    assert VerifiedEmail.objects.count() == 2


@pytest.mark.parametrize("column", ["is_staff", "is_superuser"])
def test_staff_are_never_thrown_out(eve, vera, column):
    get_user_model().objects.filter(pk=eve.pk).update(**{column: True})

    prove_address(vera, VERA, "password_reset")

    eve.refresh_from_db()
    assert eve.check_password(PASSWORD)
    assert Customer.objects.get(email=VERA).user == eve
    assert {link.proven for link in CustomerOrder.objects.all()} == {False}


def test_nor_is_anybody_with_another_address(eve, vera):
    other = make_user("vera@example.com", password=PASSWORD)

    prove_address(vera, VERA, "password_reset")

    other.refresh_from_db()
    assert other.check_password(PASSWORD)


def test_a_customer_without_user_is_attached(shop):
    customer = create_customer(email=VERA)
    user = make_user(VERA)

    prove_address(user, VERA, "password_reset")

    customer.refresh_from_db()
    assert (customer.user, customer.email_is_proven) == (user, True)


def test_who_has_a_customer_gets_no_second_one(shop):
    user = make_user("new@example.org")
    own = register_user(user)
    other = create_customer(email=VERA)

    prove_address(user, VERA, "staff")

    other.refresh_from_db()
    assert other.user is None
    assert user.oscar_customer == own


def test_orders_of_other_accounts_and_of_other_addresses_stay_unproven(shop):
    user = make_user(VERA)
    customer = create_customer(email=VERA, user=user)
    mallory = make_user("mallory@example.org")
    guest, foreign, renamed = make_order(VERA), make_order(user=mallory), make_order("else@example.org")
    CustomerOrder.objects.filter(order__in=[guest, foreign, renamed]).delete()
    for order, email in ((guest, "VERA@example.org"), (foreign, VERA), (renamed, "else@example.org")):
        CustomerOrder.objects.create(order=order, customer=customer, email=email)

    prove_address(user, VERA, "password_reset")

    assert {link.order_id: link.proven for link in CustomerOrder.objects.all()} == {
        guest.pk: True,
        foreign.pk: False,
        renamed.pk: False,
    }


@pytest.mark.parametrize("email", ["", "   ", "no address"])
def test_what_is_no_address_cannot_be_proven(shop, email):
    with pytest.raises(InvalidEmail):
        prove_address(make_user(VERA), email, "staff")

    assert not VerifiedEmail.objects.exists()


def test_vouching_is_logged_with_the_member_of_staff(shop):
    boss = make_user("boss@example.org", is_staff=True)
    customer = create_customer(email=VERA, user=make_user(VERA))

    proof = vouch_for_address(customer, actor=boss)

    assert (proof.source, proof.email) == ("staff", VERA)
    entry = ModelLogEntry.objects.get(action="oscar_customers_ext.vouch_for_address")
    assert (entry.action, entry.user, str(entry.message)) == (
        "oscar_customers_ext.vouch_for_address",
        boss,
        f"Vouched for the e-mail address {VERA}",
    )


def test_many_guest_orders_are_claimed_with_the_statements_of_one(shop):
    def prove(email, orders):
        user = make_user(email)
        customer = create_customer(email=email, user=user)
        made = [make_order(email) for _number in range(orders)]
        CustomerOrder.objects.filter(order__in=made).delete()
        CustomerOrder.objects.bulk_create(
            CustomerOrder(order=order, customer=customer, email=email) for order in made
        )
        return user

    one, many = prove("one@example.org", 1), prove("many@example.org", 30)
    with CaptureQueriesContext(connection) as few:
        prove_address(one, "one@example.org", "staff")
    with CaptureQueriesContext(connection) as more:
        prove_address(many, "many@example.org", "staff")

    assert len(few) == len(more)
    assert {link.proven for link in CustomerOrder.objects.all()} == {True}
