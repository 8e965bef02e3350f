"""The sandbox's invented shop: everything in it is as the application itself would have written it."""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
CUSTOMERS, ORDERS = 300, 200
DATES = {
    "at",
    "changed_at",
    "created_at",
    "modified_at",
    "archived_at",
    "first_seen",
    "linked_at",
    "last_order_at",
    "date_placed",
    "starts_at",
    "ends_at",
    "revoked_at",
    "end_told_at",
}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory, django_db_setup, django_db_blocker):
    """The URL of a new database on the server of this run, or of a new file."""
    if connection.vendor != "postgresql":
        yield f"sqlite:///{tmp_path_factory.mktemp('shop')}/db.sqlite3"
        return
    name = f"seeded_{uuid.uuid4().hex[:12]}"
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    yield f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class Sandbox:
    def __init__(self, url):
        # Without what the outer pytest leaves in the environment.
        own = ("PYTEST_", "DJANGO_SETTINGS_MODULE")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(own)}
        self.environment = {**environment, "DATABASE_URL": url}

    def run(self, *arguments):
        return subprocess.run(
            [sys.executable, "sandbox/manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
        )

    def manage(self, *arguments):
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def seed(self, *arguments):
        return self.manage(
            "seed_shop", "--customers", str(CUSTOMERS), "--orders", str(ORDERS), "--seed", "7", *arguments
        )

    def rows(self):
        """(model, primary key) -> columns, apart from dates: those are counted back from today."""
        dumped = json.loads(self.manage("dumpdata", "oscar_customers_ext", "order", "auth.user"))
        return {
            (row["model"], row["pk"]): {
                name: value for name, value in row["fields"].items() if name not in DATES
            }
            for row in dumped
        }

    def findings(self):
        """What would be repaired, and how many lists of failures are not empty."""
        report = json.loads(self.manage("reconcile_customers", "--dry-run", "--json"))
        assert report.pop("dry_run")
        assert report.pop("complete")
        return {kind: found for kind, found in report.items() if found}


@pytest.fixture(scope="module")
def sandbox(empty_database):
    sandbox = Sandbox(empty_database)
    sandbox.manage("migrate", "--verbosity", "0")
    sandbox.seed()
    return sandbox


@pytest.fixture(scope="module")
def rows(sandbox):
    return sandbox.rows()


def of(rows, model):
    return [columns for (name, _pk), columns in rows.items() if name == model]


def test_nothing_that_is_stored_needs_repair(sandbox):
    assert sandbox.findings() == {}


def test_there_are_as_many_as_asked_for(rows):
    customers = of(rows, "oscar_customers_ext.customer")

    assert len(customers) == len(of(rows, "oscar_customers_ext.contact")) == CUSTOMERS
    assert len(of(rows, "order.order")) == len(of(rows, "oscar_customers_ext.customerorder")) == ORDERS
    assert sum(customer["orders_count"] for customer in customers) == ORDERS
    assert len(of(rows, "order.line")) > ORDERS == len(of(rows, "order.shippingaddress"))


def test_people_are_as_various_as_in_a_real_shop(rows):
    customers = of(rows, "oscar_customers_ext.customer")

    def share(is_meant):
        return sum(1 for customer in customers if is_meant(customer)) / CUSTOMERS

    assert 0.2 < share(lambda customer: customer["user"]) < 0.4
    assert 0.02 < share(lambda customer: not (customer["email"] and customer["phone"])) < 0.2
    assert 0.02 < share(lambda customer: customer["email"] != (customer["email_key"] or "")) < 0.5
    assert 0.1 < share(lambda customer: not customer["last_name"].isascii()) < 0.5
    assert len({customer["country"] for customer in customers}) > 5
    sources = {found["source"] for found in of(rows, "oscar_customers_ext.customersource")}
    assert sources == {"shop", "registration", "staff", "booking", "newsletter"}


def test_some_are_in_groups_and_have_tags_or_memberships(rows):
    customers = of(rows, "oscar_customers_ext.customer")

    assert 0.05 < sum(bool(customer["groups"]) for customer in customers) / CUSTOMERS < 0.2
    assert 0.05 < len(of(rows, "oscar_customers_ext.taggedcustomer")) / CUSTOMERS < 0.2
    assert of(rows, "oscar_customers_ext.membership")


def test_an_order_is_proven_when_the_customers_own_account_placed_it(rows):
    for link in of(rows, "oscar_customers_ext.customerorder"):
        order = rows["order.order", link["order"]]
        owner = rows["oscar_customers_ext.customer", link["customer"]]["user"]
        assert link["proven"] == (order["user"] is not None)
        assert order["user"] in (None, owner)


def test_members_are_in_every_state_and_those_of_one_plan_never_overlap(sandbox):
    count = (
        "from django.db.models import Exists, OuterRef, F; from oscar_customers_ext.models import Membership as M; "
        "a = M.objects.all(); later = a.filter(customer=OuterRef('customer'), plan=OuterRef('plan'), "
        "starts_at__gte=OuterRef('starts_at'), starts_at__lt=OuterRef('ends_at')).exclude(pk=OuterRef('pk')); "
        "print([a.active().count(), a.expired().count(), a.revoked().count(), a.filter(Exists(later)).count()])"
    )
    active, expired, revoked, overlapping = json.loads(sandbox.manage("shell", "-c", count).splitlines()[-1])

    assert 5 <= active <= 60
    assert 10 <= expired <= 150
    assert revoked >= 1
    assert overlapping == 0


def test_a_subscription_is_what_the_last_line_of_its_ledger_says(rows):
    # The lines were written oldest first.
    last = {line["contact"]: line["state"] for line in of(rows, "oscar_customers_ext.consententry")}

    subscriptions = of(rows, "oscar_customers_ext.subscription")
    assert {found["contact"]: found["state"] for found in subscriptions} == last
    assert {"subscribed", "unsubscribed"} <= set(last.values())
    assert 0.1 < len(last) / CUSTOMERS < 0.5
    without_address = {
        pk for (model, pk), row in rows.items() if model == "oscar_customers_ext.contact" and not row["email"]
    }
    assert without_address.isdisjoint(last)


def test_a_shop_with_customers_is_left_alone(sandbox, rows):
    done = sandbox.run("seed_shop", "--customers", "1")

    assert done.returncode == 1
    assert f"This shop has customers already ({CUSTOMERS})." in done.stderr
    assert "--add" in done.stderr


def test_the_shop_goes_on_from_there_and_the_same_seed_makes_the_same_people(sandbox, rows):
    # One test, because both change the shop, and tests come in any order.
    create = "from oscar_customers_ext.customers.actions import create_customer as create; print(create(email='a@example.org').number)"
    number = sandbox.manage("shell", "-c", create).split()[-1]
    sandbox.seed("--add")
    assert number == f"C{CUSTOMERS + 1:06d}"
    assert len(of(sandbox.rows(), "oscar_customers_ext.customer")) == 2 * CUSTOMERS + 1
    assert sandbox.findings() == {}

    sandbox.manage("flush", "--no-input")
    sandbox.seed()
    assert sandbox.rows() == rows
