"""Pages of the shop in which work of ours is done: buyers notice neither our failures nor our editors' locks."""

import logging
import time
from contextlib import contextmanager

import pytest
from django.core import mail
from django.db import DatabaseError, OperationalError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_class, get_model

from oscar_customers_ext.customers.actions import create_customer, register_user
from oscar_customers_ext.customers.addresses.companies import company_of
from oscar_customers_ext.customers.addresses.forms import address_form_class
from oscar_customers_ext.customers.locks import short_locks, unnoticed
from oscar_customers_ext.models import Customer, VerifiedEmail
from tests.accounts.test_forgotten_password import ask, complete, link_in
from tests.customers.test_addresses import add
from tests.factories import make_user
from tests.flows.test_address_book import SHOP_FORM, defaults, sign_in
from tests.statements import called_from

pytestmark = pytest.mark.django_db(transaction=True)

UserAddress = get_model("address", "UserAddress")
STOREFRONT = "oscar_customers_ext.customers.addresses.storefront"
RESETS = "oscar_customers_ext.accounts.completed_resets"
VERA, ROSSI = "vera@example.org", "Rossi S.r.l."
on_postgres = [
    pytest.mark.postgres,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no row locks"),
]


class BrokenTables:
    """An ``execute_wrapper``: the database refuses each statement about our tables that is sent from ``module``."""

    def __init__(self, module):
        self.module = module
        self.count = 0

    def __call__(self, execute, sql, params, many, context):
        if '"oscar_customers_ext_' in sql and called_from(self.module):
            self.count += 1
            sql, params = "SELECT 1 FROM a_table_that_is_missing", ()
        return execute(sql, params, many, context)


@contextmanager
def broken(module):
    tables = BrokenTables(module)
    with connection.execute_wrapper(tables):
        yield
    assert tables.count > 0, "nothing of ours was asked"


@contextmanager
def editing(statement):
    """An editor's transaction, which has run this statement and goes on; afterwards says how long the buyer waited."""
    editor = connection.copy()
    editor.set_autocommit(False)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '10s'")  # so that a wait without end fails the test
    waited = []
    started = time.monotonic()
    try:
        with editor.cursor() as cursor:
            cursor.execute(statement)
            assert cursor.rowcount > 0
        yield waited
        waited.append(time.monotonic() - started)
    finally:
        editor.close()
        connection.close()


@pytest.fixture(params=[False, True], ids=["autocommit", "atomic_requests"])
def atomic_requests(request):
    before = connection.settings_dict["ATOMIC_REQUESTS"]
    connection.settings_dict["ATOMIC_REQUESTS"] = request.param
    yield request.param
    connection.settings_dict["ATOMIC_REQUESTS"] = before


@pytest.fixture
def buyer(shop):
    user = make_user(VERA)
    create_customer(email=VERA, user=user)
    return sign_in(user)


@pytest.fixture
def address(buyer):
    return add(Customer.objects.get(), company_name=ROSSI, is_default_for_shipping=True)


@pytest.fixture
def logged(caplog):
    caplog.set_level(logging.WARNING)

    def records():
        return [record.getMessage() for record in caplog.records if record.name == "oscar_customers_ext"]

    return records


def assert_says_no_more_than(message, start, *kinds):
    assert message.startswith(start)
    assert message[len(start) :].partition("\n")[0] in [f": {kind.__name__}" for kind in kinds]
    for private in (VERA, "Vera", "Rossi", "Via Roma", "Bianchi"):
        assert private not in message


def detail_of(address):
    return reverse("customer:address-detail", args=[address.pk])


# The address book


def test_an_address_is_stored_though_its_company_is_not(buyer, atomic_requests, logged):
    with broken(STOREFRONT):
        response = buyer.post(reverse("customer:address-create"), SHOP_FORM)

    assert (response.status_code, response.url) == (302, reverse("customer:address-list"))
    stored = UserAddress.objects.get()
    assert (stored.line1, company_of(stored).company_name) == ("Via Roma 1", "")
    [message] = logged()
    assert_says_no_more_than(
        message, f"The company of address {stored.pk} is not kept", OperationalError, ProgrammingError
    )
    assert "keep_company" in message


def test_an_address_is_changed_though_its_company_cannot_be_read(buyer, address, atomic_requests, logged):
    with broken(STOREFRONT):
        response = buyer.post(
            detail_of(address), SHOP_FORM | {"line1": "Via Po 2", "company_name": "Bianchi"}
        )

    assert response.status_code == 302
    stored = UserAddress.objects.get()
    assert (stored.line1, company_of(stored).company_name) == ("Via Po 2", ROSSI)
    [message] = logged()
    start = f"The company of address {stored.pk} cannot be read"
    assert_says_no_more_than(message, start, OperationalError, ProgrammingError)


def test_a_form_without_the_company_that_it_could_not_read_does_not_delete_it(buyer, address, logged):
    with broken(STOREFRONT):
        page = buyer.get(detail_of(address))

    assert page.status_code == 200
    assert "company_name" not in page.context["form"].fields
    form = {name: value for name, value in SHOP_FORM.items() if name in page.context["form"].fields}
    buyer.post(detail_of(address), form | {"line1": "Via Po 2"})
    stored = UserAddress.objects.get()
    assert (stored.line1, company_of(stored).company_name) == ("Via Po 2", ROSSI)


def test_the_address_book_is_shown_without_companies(buyer, address, atomic_requests, logged):
    with broken(STOREFRONT):
        page = buyer.get(reverse("customer:address-list"))

    assert page.status_code == 200
    assert "Via Roma 1" in page.text
    assert ROSSI not in page.text
    [message] = logged()
    start = f"The companies in the address book of user {Customer.objects.get().user_id} cannot be read"
    assert_says_no_more_than(message, start, OperationalError, ProgrammingError)


def test_a_default_is_chosen_though_the_customer_cannot_be_locked(buyer, address, atomic_requests, logged):
    second = add(Customer.objects.get(), line1="Via Po 2")

    with broken(STOREFRONT):
        response = buyer.get(
            reverse("customer:address-change-status", args=[second.pk, "default_for_shipping"])
        )

    assert (response.status_code, response.url) == (302, reverse("customer:address-list"))
    for row in (address, second):
        row.refresh_from_db()
    assert (defaults(address)[1], defaults(second)[1]) == (False, True)
    [message] = logged()
    start = f"User {Customer.objects.get().user_id} chose a default address without the lock of the customer"
    assert_says_no_more_than(message, start, OperationalError, ProgrammingError)


def test_somebody_elses_address_is_still_refused(buyer, address, atomic_requests):
    stranger = sign_in(make_user("eve@example.org"))

    with broken(STOREFRONT):
        response = stranger.get(
            reverse("customer:address-change-status", args=[address.pk, "default_for_billing"])
        )

    assert response.status_code == 404
    address.refresh_from_db()
    assert defaults(address) == (False, True)


def test_the_form_of_staff_fails_where_that_of_buyers_does_not(buyer, address):
    stored = UserAddress.objects.get()
    with broken(STOREFRONT):
        assert get_class("address.forms", "UserAddressForm")(stored.user, instance=stored).asked == []

    stored = UserAddress.objects.get()
    with broken("oscar_customers_ext.customers.addresses.forms"), pytest.raises(DatabaseError):
        address_form_class(UserAddress)(stored.user, instance=stored)


class TestLocked:
    pytestmark = on_postgres

    def test_a_default_is_chosen_while_an_editor_works_on_the_customer(
        self, buyer, address, atomic_requests, logged
    ):
        second = add(Customer.objects.get(), line1="Via Po 2")
        user_pk = Customer.objects.get().user_id

        with editing("SELECT id FROM oscar_customers_ext_customer FOR UPDATE") as waited:
            response = buyer.get(
                reverse("customer:address-change-status", args=[second.pk, "default_for_shipping"])
            )

        assert response.status_code == 302
        assert 1 <= waited[0] < 1.95
        second.refresh_from_db()
        assert defaults(second) == (False, True)
        [message] = logged()
        start = f"User {user_pk} chose a default address without the lock of the customer"
        assert_says_no_more_than(message, start, OperationalError)

    def test_an_address_is_stored_while_an_editor_works_on_its_company(
        self, buyer, address, atomic_requests, logged
    ):
        with editing("SELECT id FROM oscar_customers_ext_addresscompany FOR UPDATE") as waited:
            response = buyer.post(
                detail_of(address), SHOP_FORM | {"line1": "Via Po 2", "company_name": "Bianchi"}
            )

        assert response.status_code == 302
        assert 1 <= waited[0] < 1.95
        stored = UserAddress.objects.get()
        assert (stored.line1, company_of(stored).company_name) == ("Via Po 2", ROSSI)
        [message] = logged()
        start = f"The company of address {stored.pk} is not kept"
        assert_says_no_more_than(message, start, OperationalError)

    def test_nothing_of_oscars_waits_shorter_afterwards(self, buyer, atomic_requests):
        patience = []

        def look(execute, sql, params, many, context):
            if sql.startswith('UPDATE "address_useraddress"'):
                with connection.connection.cursor() as cursor:
                    patience.append(cursor.execute("SHOW lock_timeout").fetchone()[0])
            return execute(sql, params, many, context)

        address = add(Customer.objects.get(), company_name=ROSSI)
        with connection.execute_wrapper(look):
            buyer.get(reverse("customer:address-change-status", args=[address.pk, "default_for_shipping"]))

        assert set(patience) == {"0"}

    def test_a_reset_is_completed_while_an_editor_works_on_the_customer(self, shop, logged):
        path, user = link_of_vera()

        with editing("SELECT id FROM oscar_customers_ext_customer FOR UPDATE") as waited:
            response = complete(Client(), path, "another-horse-battery")

        assert response.url == reverse("password-reset-complete")
        assert 1 <= waited[0] < 1.95
        assert_reset_without_proof(user, logged(), OperationalError)

    @pytest.mark.parametrize("is_outer", [True, False])
    def test_locks_are_short_within_only(self, is_outer):
        def timeout():
            with connection.cursor() as cursor:
                cursor.execute("SHOW lock_timeout")
                return cursor.fetchone()[0]

        with transaction.atomic():
            if not is_outer:
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '7s'")
            before = timeout()
            with short_locks():
                assert timeout() == "1s"
                with short_locks(seconds=2):
                    assert timeout() == "2s"
                assert timeout() == "1s"
            assert timeout() == before
            with unnoticed("Nothing"):
                raise ValueError
            assert timeout() == before
        assert timeout() == "0"


# A password that was forgotten


def link_of_vera():
    """The mailed link of somebody whose customer is nobody's yet."""
    user = make_user(VERA)
    create_customer(email=VERA)
    ask(Client(), VERA)
    return link_in(mail.outbox[-1]), user


def assert_reset_without_proof(user, messages, *kinds):
    user.refresh_from_db()
    assert user.check_password("another-horse-battery")
    assert not VerifiedEmail.objects.exists()
    assert Customer.objects.get().user is None
    [message] = messages
    start = f"User {user.pk} has set a password, but the address stays unproven"
    assert_says_no_more_than(message, start, *kinds)


def test_a_reset_is_completed_though_the_address_cannot_be_proven(shop, atomic_requests, logged):
    path, user = link_of_vera()

    with broken(RESETS):
        response = complete(Client(), path, "another-horse-battery")

    assert response.url == reverse("password-reset-complete")
    assert_reset_without_proof(user, logged(), OperationalError, ProgrammingError)


# What they have in common


def test_what_fails_is_undone_and_logged_without_its_words(shop, logged):
    with unnoticed("Customer %s stays", 7):
        create_customer(email=VERA, company_name=ROSSI)
        raise ValueError(VERA)

    assert not Customer.objects.exists()
    [message] = logged()
    assert_says_no_more_than(message, "Customer 7 stays", ValueError)
    assert "test_unnoticed.py" in message


def test_what_works_is_kept_and_not_logged(shop, logged):
    with unnoticed("Customer %s stays", 7):
        create_customer(email=VERA)

    assert Customer.objects.count() == 1
    assert logged() == []


def test_a_transaction_around_it_stays_usable(shop, logged):
    with transaction.atomic():
        register_user(make_user(VERA))
        with unnoticed("Nothing"), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM a_table_that_is_missing")
        assert Customer.objects.count() == 1

    assert Customer.objects.count() == 1
    assert len(logged()) == 1
