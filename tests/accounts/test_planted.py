"""What somebody who registered the account first put into it, and what of that outlives the first proof."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from oscar_customers_ext.accounts.actions import create_account, prove_address
from oscar_customers_ext.customers.actions import create_customer, register_user
from oscar_customers_ext.models import Customer, VerifiedEmail
from tests.accounts.test_forgotten_password import ask, complete, link_in
from tests.customers.test_addresses import add
from tests.factories import make_user

pytestmark = pytest.mark.django_db

VERA = "vera@example.org"
PASSWORD = "correct-horse-battery"


def browser_of(user):
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def planted(user):
    """An address in the account's book that is the default for everything; what the flags are now."""
    customer = register_user(user)
    add(customer, is_default_for_shipping=True, is_default_for_billing=True)
    return customer


def flags(addresses):
    return [(found.is_default_for_shipping, found.is_default_for_billing) for found in addresses]


def test_addresses_that_were_planted_before_the_first_proof_are_no_defaults(shop):
    user = make_user(VERA)
    planted(user)
    browser_of(user)

    prove_address(get_user_model().objects.get(pk=user.pk), VERA, "password_reset")

    assert flags(user.addresses.all()) == [(False, False)]


def test_an_account_that_staff_made_keeps_addresses_and_defaults_at_its_first_reset(client, shop, mailoutbox):
    customer = create_customer(email=VERA)
    add(customer, is_default_for_shipping=True, is_default_for_billing=True)
    user = create_account(customer)
    assert flags(user.addresses.all()) == [(True, True)]

    ask(client, VERA)
    complete(client, link_in(mailoutbox[0]))

    assert VerifiedEmail.objects.get().user == user
    assert flags(user.addresses.all()) == [(True, True)]


def test_one_that_somebody_signed_in_with_does_not(client, shop, mailoutbox):
    customer = create_customer(email=VERA)
    user = create_account(customer, password=PASSWORD)
    add(Customer.objects.get(), is_default_for_shipping=True)
    browser_of(user)

    ask(client, VERA)
    complete(client, link_in(mailoutbox[0]))

    assert flags(user.addresses.all()) == [(False, False)]


@pytest.mark.parametrize(("source", "is_left"), [("password_reset", True), ("our own link", False)])
def test_the_first_proof_ends_the_accounts_own_password_unless_it_was_set_with_it(shop, source, is_left):
    user = make_user(VERA, password=PASSWORD)

    prove_address(user, VERA, source)

    user.refresh_from_db()
    assert user.has_usable_password() is is_left
    user.set_password(PASSWORD)
    user.save()
    prove_address(user, VERA, source)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_it_does_not_where_the_site_knows_who_holds_the_account(shop):
    user = make_user(VERA, password=PASSWORD)

    prove_address(user, VERA, "our own link", holder_is_known=True)

    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_later_proof_leaves_the_defaults(shop):
    user = make_user(VERA)
    VerifiedEmail.objects.create(user=user, email="before@example.org", source="staff")
    planted(user)

    prove_address(user, VERA, "password_reset")

    assert flags(user.addresses.all()) == [(True, True)]


@pytest.mark.parametrize("is_proven", [False, True])
def test_a_deleted_account_leaves_defaults_only_where_it_proved_an_address(shop, is_proven):
    user = make_user(VERA)
    customer = planted(user)
    browser_of(user)
    if is_proven:
        VerifiedEmail.objects.create(user=user, email=VERA, source="staff")

    user.delete()

    assert flags(customer.addresses.all()) == [(is_proven, is_proven)]
