"""Two at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import connection, connections

from oscar_customers_ext.accounts.actions import (
    attach_account,
    create_account,
    prove_address,
    vouch_for_address,
)
from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.models import Customer, VerifiedEmail
from tests.factories import make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]

VERA = "vera@example.org"
ROUNDS = 10


def at_once(*works):
    """What each returned, or the error that it raised."""

    def run(work):
        try:
            return work()
        except ValidationError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


@pytest.mark.parametrize("number", range(ROUNDS))
def test_of_two_accounts_that_prove_one_address_at_once_one_is_the_first(shop, number):
    customer = create_customer(email=VERA)
    users = [make_user(VERA, password="correct-horse") for _account in range(2)]

    at_once(*(lambda user=user: prove_address(user, VERA, "password_reset") for user in users))

    usable = [user.pk for user in get_user_model().objects.filter(email=VERA) if user.has_usable_password()]
    customer.refresh_from_db()
    assert usable == [customer.user_id]
    assert VerifiedEmail.objects.count() == 2


@pytest.mark.parametrize("number", range(ROUNDS))
def test_one_account_that_proves_it_twice_at_once_proves_it_once(shop, number):
    create_customer(email=VERA)
    user = make_user(VERA)

    proofs = at_once(*[lambda: prove_address(user, VERA, "password_reset")] * 4)

    assert {proof.pk for proof in proofs} == {VerifiedEmail.objects.get().pk}
    assert Customer.objects.get().user == user


@pytest.mark.parametrize("number", range(ROUNDS))
def test_two_members_of_staff_create_one_account(shop, number):
    customer = create_customer(email=VERA)

    results = at_once(*[lambda: create_account(customer, username="vera")] * 3)

    assert sum(isinstance(result, ValidationError) for result in results) == 2
    assert get_user_model().objects.filter(email=VERA).count() == 1


@pytest.mark.parametrize("number", range(ROUNDS))
def test_one_user_name_goes_to_one_customer(shop, number):
    customers = [create_customer(email=f"{name}@example.org") for name in "abc"]

    results = at_once(
        *(lambda customer=customer: create_account(customer, username="same") for customer in customers)
    )

    assert sum(isinstance(result, ValidationError) for result in results) == 2
    assert Customer.objects.registered().count() == 1


@pytest.mark.parametrize("number", range(ROUNDS))
def test_one_of_two_accounts_is_attached(shop, number):
    customer = create_customer(email=VERA)
    users = [make_user(VERA) for _account in range(2)]

    results = at_once(*(lambda user=user: attach_account(customer, user) for user in users))

    assert sum(isinstance(result, ValidationError) for result in results) == 1
    customer.refresh_from_db()
    assert customer.user in users


@pytest.mark.parametrize("number", range(ROUNDS))
def test_attaching_and_proving_at_once_do_not_lock_each_other_out(shop, number):
    customer = create_customer(email=VERA)
    attached, proving = (make_user(VERA) for _account in range(2))

    at_once(
        lambda: attach_account(customer, attached), lambda: prove_address(proving, VERA, "password_reset")
    )

    customer.refresh_from_db()
    assert customer.user == proving


@pytest.mark.parametrize("number", range(ROUNDS))
def test_vouching_and_proving_at_once_do_not_lock_each_other_out(shop, number):
    # The one who proves has the smaller key: whoever locked only the other first would wait in a circle.
    proving, held = (make_user(VERA) for _account in range(2))
    customer = create_customer(email=VERA, user=held)

    def vouch():
        return vouch_for_address(customer, holder_is_known=True, actor=None)

    at_once(lambda: prove_address(proving, VERA, "password_reset"), vouch, vouch)

    customer.refresh_from_db()
    usable = [user.pk for user in get_user_model().objects.filter(email=VERA) if user.has_usable_password()]
    assert usable == [customer.user_id]
