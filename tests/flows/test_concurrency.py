"""One person is one customer, however many buy, register and are entered at the same moment."""

import itertools
import logging
import os
import random
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.db.models import Count, Max, Sum
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_customers_ext.customers.actions import create_customer, link_order, touch_customer
from oscar_customers_ext.exceptions import CustomerExists
from oscar_customers_ext.models import Contact, Customer, CustomerOrder, CustomerSource
from tests.checkout import buy
from tests.factories import make_product

pytestmark = pytest.mark.django_db(transaction=True)

Order = get_model("order", "Order")
THREADS = 16


def on_postgres(test):
    reason = "SQLite has one writer at a time: nothing happens at the same moment"
    test = pytest.mark.skipif(connection.vendor != "postgresql", reason=reason)(test)
    return pytest.mark.postgres(pytest.mark.slow(test))


def in_threads(work, jobs):
    """The results of ``work`` for each job, done by sixteen threads with a database connection each."""

    def run(share):
        try:
            return [work(job) for job in share]
        finally:
            connections.close_all()

    jobs = list(jobs)
    with ThreadPoolExecutor(THREADS) as pool:
        shares = pool.map(run, [jobs[start::THREADS] for start in range(THREADS)])
        return list(itertools.chain.from_iterable(shares))


def mixed_case(text, chance):
    return "".join(chance.choice([letter.lower(), letter.upper()]) for letter in text)


def assert_counters_are_true():
    for customer in Customer.objects.all():
        orders = Order.objects.filter(customer_link__customer=customer)
        expected = orders.aggregate(count=Count("pk"), total=Sum("total_incl_tax"), last=Max("date_placed"))
        stored = {
            "count": customer.orders_count,
            "total": customer.orders_total,
            "last": customer.last_order_at,
        }
        assert stored == expected


@on_postgres
def test_five_hundred_checkouts_of_fifty_persons_make_fifty_customers(shop, caplog):
    caplog.set_level(logging.WARNING)
    chance = random.Random(50)
    addresses = [mixed_case(f"buyer{number % 50}@example.org", chance) for number in range(500)]
    chance.shuffle(addresses)
    # Each thread buys a product of its own: what Oscar's stock does under load is not asked here.
    products = [make_product(f"Cup {number}", stock=1000) for number in range(THREADS)]
    clients = [Client() for _number in range(THREADS)]

    def check_out(job):
        number, address = job
        response = buy(clients[number % THREADS], products[number % THREADS], email=address)
        return response.status_code, response.url

    answers = in_threads(check_out, enumerate(addresses))

    assert set(answers) == {(302, reverse("checkout:thank-you"))}
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert Order.objects.count() == CustomerOrder.objects.count() == 500
    assert Customer.objects.count() == Contact.objects.count() == CustomerSource.objects.count() == 50
    assert set(Customer.objects.values_list("email_key", flat=True)) == {
        f"buyer{n}@example.org" for n in range(50)
    }
    for link in CustomerOrder.objects.select_related("order", "customer"):
        assert link.order.email.lower() == link.email.lower() == link.customer.email_key
    assert_counters_are_true()


@on_postgres
def test_five_hundred_customers_entered_at_once_have_numbers_of_their_own(shop):
    customers = in_threads(lambda number: create_customer(email=f"buyer{number}@example.org"), range(500))

    assert len({customer.number for customer in customers}) == 500
    assert {customer.number for customer in customers} == {f"C{customer.pk:06d}" for customer in customers}
    assert Contact.objects.count() == 500


@on_postgres
def test_one_of_many_who_enter_the_same_customer_succeeds(shop):
    def enter(number):
        try:
            return create_customer(email="Ann@example.org"), None
        except CustomerExists as error:
            return None, error.customer

    results = in_threads(enter, range(THREADS * 2))

    customer = Customer.objects.get()
    assert sorted(results, key=str).count((customer, None)) == 1
    assert results.count((None, customer)) == THREADS * 2 - 1
    assert Contact.objects.count() == CustomerSource.objects.count() == 1


@on_postgres
def test_many_who_touch_the_same_customer_all_get_it(shop):
    touched = in_threads(
        lambda number: touch_customer(email="ann@example.org", source=f"event{number % 3}"),
        range(THREADS * 2),
    )

    assert set(touched) == {Customer.objects.get()}
    assert set(CustomerSource.objects.values_list("source", flat=True)) == {"event0", "event1", "event2"}
    assert CustomerSource.objects.count() == 3


# Numbers and killed processes


def test_the_number_of_a_deleted_customer_is_not_given_again(shop):
    first, second = create_customer(email="a@example.org"), create_customer(email="b@example.org")
    number = second.number
    second.delete()

    third = create_customer(email="c@example.org")

    assert len({first.number, number, third.number}) == 3


@on_postgres
@pytest.mark.parametrize("atomic_requests", ["", "1"], ids=["autocommit", "atomic_requests"])
def test_an_order_survives_the_process_that_should_have_linked_it(atomic_requests, shop):
    database = connection.settings_dict
    address = "{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    environment = os.environ | {
        "DATABASE_URL": f"postgres://{address}",
        "ATOMIC_REQUESTS": atomic_requests,
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
    }
    command = [sys.executable, "-m", "tests.flows.killed_checkout", str(shop.pk), "ann@example.org"]

    child = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)

    assert child.returncode == -signal.SIGKILL, child.stderr
    order = Order.objects.get()
    assert order.guest_email == "ann@example.org"
    assert not Customer.objects.exists()
    customer = link_order(order)
    assert (Customer.objects.get(), customer.orders_count, customer.contact.email) == (
        customer,
        1,
        "ann@example.org",
    )
    assert link_order(Order.objects.get()) == customer
