"""Nothing of ours reaches the buyer: whatever fails while an order is linked, the checkout goes on as without us."""

import logging
import time

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, OperationalError, connection
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_class, get_model

from oscar_customers_ext.customers.actions import create_customer, link_order, register_user
from oscar_customers_ext.models import Contact, Customer, CustomerOrder
from oscar_customers_ext.signals import contact_created, customer_created, order_linked
from tests.checkout import go_to_preview, place_order
from tests.factories import make_order, make_user
from tests.statements import Statements, all_our_rows

pytestmark = pytest.mark.django_db(transaction=True)

Order = get_model("order", "Order")
LINKING = "oscar_customers_ext.receivers"
LOGGER = "oscar_customers_ext"
postgres_only = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no row locks")


class Bug(Exception):
    """What a programming error looks like to the checkout."""


def plain_exception(connection):
    raise Bug("fault")


def integrity_error(connection):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_site (id, domain, name) SELECT id, domain, name FROM django_site")


def operational_error(connection):
    """The database gives up for real, so that PostgreSQL's transaction is left in its aborted state."""
    postgresql = "SET LOCAL statement_timeout = '1ms'; SELECT pg_sleep(5)"
    with connection.cursor() as cursor:
        cursor.execute(
            postgresql if connection.vendor == "postgresql" else "SELECT 1 FROM a_table_that_is_missing"
        )


FAULTS = {plain_exception: Bug, integrity_error: IntegrityError, operational_error: OperationalError}


@pytest.fixture(params=FAULTS, ids=lambda fault: fault.__name__)
def fault(request):
    return request.param


@pytest.fixture(params=[False, True], ids=["autocommit", "atomic_requests"])
def atomic_requests(request):
    before = connection.settings_dict["ATOMIC_REQUESTS"]
    connection.settings_dict["ATOMIC_REQUESTS"] = request.param
    yield request.param
    connection.settings_dict["ATOMIC_REQUESTS"] = before


@pytest.fixture
def payments(monkeypatch):
    """What Oscar asked the payment provider for: (order number, whether the request is one transaction)."""
    view = get_class("checkout.views", "PaymentDetailsView")
    taken, take = [], view.handle_payment

    def handle_payment(self, order_number, total, **kwargs):
        taken.append((str(order_number), connection.in_atomic_block))
        return take(self, order_number, total, **kwargs)

    monkeypatch.setattr(view, "handle_payment", handle_payment)
    return taken


def new_guest(client, address):
    return address


def known_guest(client, address):
    create_customer(email=address)
    return address


def new_account(client, address):
    client.force_login(make_user(address), backend="django.contrib.auth.backends.ModelBackend")


def known_account(client, address):
    user = make_user(address)
    register_user(user)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")


class Checkouts:
    """Buys again and again, each time as another person, and looks at all that the buyer and the shop notice."""

    def __init__(self, shop, payments, mailoutbox, caplog):
        self.shop, self.payments, self.mailoutbox, self.caplog = shop, payments, mailoutbox, caplog
        self.count = 0

    def prepare(self, buyer):
        self.count += 1
        self.client = Client()
        self.address = f"buyer{self.count}@example.org"
        go_to_preview(self.client, self.shop, email=buyer(self.client, self.address))

    def place_order(self, *, wrapper=None, atomic_requests=None):
        """The order that the button placed, after everything was found to be as it is without the package."""
        orders, mails, payments = Order.objects.count(), len(self.mailoutbox), len(self.payments)
        self.caplog.clear()
        if wrapper:
            with connection.execute_wrapper(wrapper):
                response = place_order(self.client)
        else:
            response = place_order(self.client)
        assert (response.status_code, response.url) == (302, reverse("checkout:thank-you"))
        assert Order.objects.count() == orders + 1
        order = Order.objects.latest("pk")
        assert order.email == self.address
        assert order.basket.status == "Submitted"
        [(paid_number, in_transaction)] = self.payments[payments:]
        assert paid_number == order.number
        assert atomic_requests in (None, in_transaction)
        [mail] = self.mailoutbox[mails:]
        assert mail.to == [self.address]
        return order

    @property
    def logged(self):
        assert [
            record
            for record in self.caplog.records
            if record.name.startswith(("oscar.checkout", "oscar.order"))
        ] == []
        return [record for record in self.caplog.records if record.name == LOGGER]


@pytest.fixture
def checkouts(shop, payments, mailoutbox, caplog):
    caplog.set_level(logging.ERROR)
    return Checkouts(shop, payments, mailoutbox, caplog)


def assert_linked(order):
    link = CustomerOrder.objects.select_related("customer__contact").get(order=order)
    customer = link.customer
    assert (customer.email, customer.contact.email) == (order.email, order.email)
    assert (customer.orders_count, customer.orders_total) == (1, order.total_incl_tax)
    assert customer.last_order_at == order.date_placed
    assert (customer.user, link.proven) == (order.user, order.user is not None)


@pytest.mark.parametrize("buyer", [new_account, known_guest], ids=lambda buyer: buyer.__name__)
def test_each_statement_of_linking_may_fail_for_good(buyer, fault, atomic_requests, checkouts, sent):
    failing_from, finished = 1, False
    while not finished:
        checkouts.prepare(buyer)
        before = all_our_rows()
        sent.clear()

        def fail(number, connection, first=failing_from):
            if number >= first:
                fault(connection)

        statements = Statements(LINKING, fail)
        order = checkouts.place_order(wrapper=statements, atomic_requests=atomic_requests)

        finished = statements.count < failing_from
        if not finished:
            [record] = checkouts.logged
            assert order.number in record.getMessage()
            assert "reconcile_customers" in record.getMessage()
            assert all_our_rows() == before
            assert sent == []
            link_order(order)
        assert_linked(order)
        failing_from += 1
    assert failing_from > 8, "the statements of linking were not attacked"


@pytest.mark.parametrize("buyer", [new_guest, known_account], ids=lambda buyer: buyer.__name__)
def test_each_statement_of_linking_may_fail_once(buyer, fault, checkouts, sent):
    failing_at, finished = 1, False
    while not finished:
        checkouts.prepare(buyer)
        before = all_our_rows()
        sent.clear()

        def fail(number, connection, only=failing_at):
            if number == only:
                fault(connection)

        statements = Statements(LINKING, fail)
        order = checkouts.place_order(wrapper=statements)

        finished = statements.count < failing_at
        if checkouts.logged:
            [record] = checkouts.logged
            assert order.number in record.getMessage()
            assert all_our_rows() == before
            assert sent == []
            link_order(order)
        else:
            # What looks like another process being quicker is tried again within linking.
            assert finished or fault is integrity_error
        assert_linked(order)
        failing_at += 1
    assert failing_at > 8, "the statements of linking were not attacked"


def test_linking_may_fail_at_its_commit(checkouts, atomic_requests, sent):
    def leave_a_broken_reference(number, connection):
        if number == 3:
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO oscar_customers_ext_customersource (customer_id, source, first_seen) "
                    "VALUES (987654321, 'fault', '2026-01-01 00:00:00+00:00')"
                )

    checkouts.prepare(new_guest)
    before = all_our_rows()

    order = checkouts.place_order(
        wrapper=Statements(LINKING, leave_a_broken_reference), atomic_requests=atomic_requests
    )

    [record] = checkouts.logged
    assert order.number in record.getMessage()
    assert record.exc_info[0] is IntegrityError
    assert all_our_rows() == before
    assert sent == []
    link_order(order)
    assert_linked(order)


def test_the_fault_is_logged_with_its_cause(fault, checkouts):
    checkouts.prepare(new_guest)

    checkouts.place_order(wrapper=Statements(LINKING, lambda number, connection: fault(connection)))

    [record] = checkouts.logged
    assert record.levelno == logging.ERROR
    assert issubclass(record.exc_info[0], FAULTS[fault])


def test_the_second_order_is_linked_after_the_first_was_not(fault, atomic_requests, checkouts):
    checkouts.prepare(new_guest)
    first = checkouts.place_order(wrapper=Statements(LINKING, lambda number, connection: fault(connection)))
    go_to_preview(checkouts.client, checkouts.shop, email=checkouts.address)

    second = checkouts.place_order(atomic_requests=atomic_requests)

    assert checkouts.logged == []
    assert list(CustomerOrder.objects.values_list("order", flat=True)) == [second.pk]
    assert_linked(second)
    customer = link_order(first)
    assert Customer.objects.get() == customer
    assert (customer.orders_count, customer.last_order_at) == (2, second.date_placed)


@pytest.mark.parametrize("signal", [contact_created, customer_created, order_linked])
def test_a_receiver_of_the_site_may_fail(signal, fault, atomic_requests, checkouts, sent):
    def fail(**kwargs):
        fault(connection)

    checkouts.prepare(new_guest)
    signal.connect(fail)
    try:
        order = checkouts.place_order(atomic_requests=atomic_requests)
    finally:
        signal.disconnect(fail)

    assert checkouts.logged == []
    assert [record.name for record in checkouts.caplog.records] == ["django.dispatch"]
    assert checkouts.client.get(reverse("checkout:thank-you")).context["order"] == order
    assert sent.names == ["contact_created", "customer_created", "order_linked"]
    assert_linked(order)


def test_a_broken_number_pattern_stops_no_order(settings, atomic_requests, checkouts):
    settings.OSCAR_CUSTOMERS_NUMBER_PATTERN = "C{year}"
    checkouts.prepare(new_guest)

    order = checkouts.place_order(atomic_requests=atomic_requests)

    [record] = checkouts.logged
    assert order.number in record.getMessage()
    assert record.exc_info[0] is ImproperlyConfigured
    assert not Customer.objects.exists()
    assert not Contact.objects.exists()
    del settings.OSCAR_CUSTOMERS_NUMBER_PATTERN
    link_order(order)
    assert_linked(order)


@postgres_only
@pytest.mark.postgres
@pytest.mark.parametrize("buyer", [known_guest, known_account], ids=lambda buyer: buyer.__name__)
def test_the_buyer_waits_a_second_at_most_for_a_locked_customer(buyer, atomic_requests, checkouts):
    checkouts.prepare(buyer)
    before = all_our_rows()
    editor = connection.copy()
    editor.set_autocommit(False)
    try:
        with editor.cursor() as cursor:
            cursor.execute("SELECT id FROM oscar_customers_ext_customer FOR UPDATE")
        started = time.monotonic()
        order = checkouts.place_order(atomic_requests=atomic_requests)
        waited = time.monotonic() - started
    finally:
        editor.close()

    assert 1 <= waited < 1.95
    [record] = checkouts.logged
    assert order.number in record.getMessage()
    assert record.exc_info[0] is OperationalError
    assert all_our_rows() == before
    link_order(order)
    assert_linked(order)


REGISTRATION = {
    "email": "ann@example.org",
    "password1": "correct-horse-battery",
    "password2": "correct-horse-battery",
}


def test_each_statement_of_a_registration_may_fail(fault, atomic_requests, client, shop, caplog):
    failing_from, finished = 1, False
    while not finished:
        address = f"buyer{failing_from}@example.org"
        caplog.clear()
        before = all_our_rows()
        client = Client()

        def fail(number, connection, first=failing_from):
            if number >= first:
                fault(connection)

        statements = Statements(LINKING, fail)
        with connection.execute_wrapper(statements):
            response = client.post(reverse("customer:register"), REGISTRATION | {"email": address})

        assert response.status_code == 302
        user = get_user_model().objects.get(email=address)
        assert client.session["_auth_user_id"] == str(user.pk)
        finished = statements.count < failing_from
        if not finished:
            [record] = [record for record in caplog.records if record.name == LOGGER]
            assert str(user.pk) in record.getMessage()
            assert all_our_rows() == before
            register_user(user)
        assert Customer.objects.get(user=user).contact.email == address
        failing_from += 1
    assert failing_from > 8, "the statements of registering were not attacked"


@postgres_only
@pytest.mark.postgres
def test_registering_waits_a_second_at_most_for_a_locked_customer(client, shop, caplog):
    create_customer(email="ann@example.org")
    before = all_our_rows()
    editor = connection.copy()
    editor.set_autocommit(False)
    try:
        with editor.cursor() as cursor:
            cursor.execute(
                "SET statement_timeout = '20s'; SELECT id FROM oscar_customers_ext_customer FOR UPDATE"
            )
        started = time.monotonic()
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = '10s'")  # so that a wait without end fails this test
        response = client.post(reverse("customer:register"), REGISTRATION)
        waited = time.monotonic() - started
    finally:
        editor.close()
        connection.close()

    assert response.status_code == 302
    assert 1 <= waited < 1.95
    assert len([record for record in caplog.records if record.name == LOGGER]) == 1
    assert all_our_rows() == before


@pytest.mark.parametrize("change", ["status", "delete"])
def test_an_order_may_be_changed_while_counting_fails(change, fault, atomic_requests, shop, caplog):
    order = make_order("ann@example.org")
    before = all_our_rows()["Customer"]

    with connection.execute_wrapper(Statements(LINKING, lambda number, connection: fault(connection))):
        if change == "status":
            order.set_status("Cancelled")
        else:
            order.delete()

    [record] = [record for record in caplog.records if record.name == LOGGER]
    assert "reconcile_customers" in record.getMessage()
    assert all_our_rows()["Customer"] == before
    assert [*Order.objects.values_list("status", flat=True)] == (["Cancelled"] if change == "status" else [])
