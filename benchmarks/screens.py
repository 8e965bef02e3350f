"""What an editor asks for, and what each request costs. Needs the sandbox's settings."""

import re
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from statistics import median, median_low

from django.contrib.auth import get_user_model
from django.contrib.sites.models import Site
from django.db import DEFAULT_DB_ALIAS, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from oscar.core.loading import get_model

from benchmarks.measuring import milliseconds
from oscar_customers_ext.customers import counters
from oscar_customers_ext.customers.actions import touch_customer
from oscar_customers_ext.models import Customer, CustomerGroup, CustomerOrder, CustomerTag, MembershipPlan

ROWS = 20
MANY_ORDERS = 1_000
EDITOR, REGULAR = "benchmark-editor", "benchmark-regular@example.com"


@dataclass
class Cost:
    """Milliseconds of one request, the part of its SQL that counts rows, the rest of its SQL, and how many queries."""

    total: float
    sql: float
    count: float
    queries: int

    @classmethod
    def typical(cls, costs):
        return cls(
            total=median(cost.total for cost in costs),
            sql=median(cost.sql for cost in costs),
            count=median(cost.count for cost in costs),
            queries=median_low(cost.queries for cost in costs),
        )


class Shop:
    """One of several databases, taken in turns as the default one."""

    def __init__(self, size, name):
        self.size = size
        self.connection = connections.create_connection(DEFAULT_DB_ALIAS)
        self.connection.settings_dict = {**self.connection.settings_dict, "NAME": name, "CONN_MAX_AGE": None}
        with self.in_use():
            self.editor = self._sign_in()
            self.sample = find_sample(size)
            self.customers = Customer.objects.count()
            self.rare = Customer.objects.filter(orders_count=1).order_by("pk").first()
            self.regular = customer_with_many_orders()
            #: Of groups by their slugs, of tags, and of plans by their names.
            self.keys = {
                **dict(CustomerGroup.objects.values_list("slug", "pk")),
                **dict(CustomerTag.objects.values_list("key", "pk")),
                **dict(MembershipPlan.objects.values_list("name", "pk")),
            }

    @contextmanager
    def in_use(self):
        before = connections[DEFAULT_DB_ALIAS]
        connections[DEFAULT_DB_ALIAS] = self.connection
        try:
            yield
        finally:
            connections[DEFAULT_DB_ALIAS] = before

    def _sign_in(self):
        users = get_user_model().objects
        editor = users.filter(username=EDITOR).first() or users.create_superuser(
            EDITOR, f"{EDITOR}@example.com"
        )
        client = Client()
        client.force_login(editor, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def measure(self, url):
        with self.in_use():
            noted = []
            with self.connection.execute_wrapper(noting(noted)):
                total = milliseconds(lambda: self.open(url))
        counted = [elapsed for is_count, elapsed in noted if is_count]
        others = [elapsed for is_count, elapsed in noted if not is_count]
        return Cost(total, sum(others), sum(counted), len(noted))

    def open(self, url):
        response = self.editor.get(url)
        assert response.status_code == 200, f"{url}: {response.status_code}"
        return response


def noting(noted):
    def note(execute, sql, params, many, context):
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            is_count = "COUNT(" in sql.upper()
            noted.append((is_count, (time.perf_counter() - started) * 1000))

    return note


def find_sample(size):
    """Somebody from the middle with an account, whose name is written in plain letters and has a common form."""
    registered = Customer.objects.registered().filter(pk__gt=size // 2, country="IT").order_by("pk")
    for customer in registered[:500]:
        plain = all(
            re.fullmatch("[A-Z][a-z]{3,}", name) for name in (customer.first_name, customer.last_name)
        )
        if plain and customer.email.islower():
            return customer
    raise LookupError("Nobody was found to be searched for.")


def customer_with_many_orders():
    """Made once, and kept: invented shops have nobody who comes that often."""
    customer = touch_customer(email=REGULAR, source="staff", first_name="Regina", last_name="Regular")
    missing = MANY_ORDERS - customer.order_links.count()
    placed, site = timezone.now(), Site.objects.get_current()
    orders = get_model("order", "Order").objects.bulk_create(
        get_model("order", "Order")(
            number=f"R{customer.pk}-{number}",
            site=site,
            guest_email=REGULAR,
            currency="EUR",
            total_incl_tax=10,
            total_excl_tax=10,
            status="Complete",
            date_placed=placed,
        )
        for number in range(missing)
    )
    links = [CustomerOrder(order=order, customer=customer, email=REGULAR) for order in orders]
    CustomerOrder.objects.bulk_create(links)
    counters.recount(customer.pk)
    return customer


@dataclass
class Screen:
    """``address`` says where it is in a shop; the limits are milliseconds, apart from that of the queries."""

    title: str
    address: object
    sql_limit: float | None = None
    count_limit: float | None = None
    query_limit: int | None = None
    #: Times the smallest shop, without counting rows.
    growth_limit: float | None = None


def listing(title, parameters_of, sql_limit=10, growth_limit=None):
    def address(shop):
        return f"{reverse('oscar_customers:index')}?{urlencode(parameters_of(shop))}"

    return Screen(title, address, sql_limit=sql_limit, count_limit=100, growth_limit=growth_limit)


def belonging(name, kind, title, growth_limit=None):
    """The list of those who belong to something; counting a hundred thousand of them takes longer than finding twenty."""
    found = listing(
        f"filter by {title}", lambda shop: {kind: shop.keys[name]}, sql_limit=30, growth_limit=growth_limit
    )
    return replace(found, count_limit=None)


def by_consent(value, title, sql_limit=10):
    """By the newsletter; counting joins two big tables."""
    found = listing(f"filter by {title}", lambda shop: {"newsletter": value}, sql_limit=sql_limit)
    return replace(found, count_limit=None)


def part_of_email(shop):
    return shop.sample.email.partition("@")[0][1:]


def page_number(shop):
    return min(1_000, shop.customers // ROWS)


def active_members(shop):
    return {"membership_state": "active"}


LISTS = [
    listing("first page", lambda shop: {}),
    listing("sort by orders", lambda shop: {"ordering": "-orders_count"}),
    listing("filter by country", lambda shop: {"country": "IT"}),
    belonging("regulars", "group", "group, 1 in 10", growth_limit=1.3),
    # A small shop has fewer than twenty of the rarer ones, so its page is no measure for the big one's.
    belonging("founders", "group", "group, 1 in 1,000"),
    belonging("friends", "group", "group of a plan", growth_limit=1.3),
    belonging("fair", "tag", "tag, 1 in 10", growth_limit=1.3),
    belonging("complaint", "tag", "tag, 1 in 1,000"),
    belonging("Club", "membership", "plan, 1 in 7"),
    belonging("Trade year", "membership", "plan, 1 in 50"),
    # Fewer than a page of them in a small shop, so the sizes cannot be compared.
    replace(belonging("Founders", "membership", "plan, 1 in 2,000"), growth_limit=None),
    replace(listing("filter by active members", active_members, growth_limit=1.3), count_limit=None),
    by_consent("yes", "newsletter"),
    by_consent("no", "no newsletter"),
    # Of a thousand customers few objected, so all of the small list is read.
    by_consent("objected", "objection", sql_limit=50),
    listing("search, two words", lambda shop: {"q": shop.sample.full_name}),
    listing("search, part of e-mail", lambda shop: {"q": part_of_email(shop)}),
    listing("search, two letters", lambda shop: {"q": "an"}, sql_limit=50),
    # In nobody: the first twenty are not found early by luck.
    listing("search, two rare letters", lambda shop: {"q": "qx"}, sql_limit=50),
    listing("page 1,000", lambda shop: {"p": page_number(shop)}, sql_limit=50),
]
#: Titles are those of LISTS.
OSCARS = [
    Screen("first page", lambda shop: reverse("dashboard:users-index")),
    Screen(
        "search, part of e-mail",
        lambda shop: f"{reverse('dashboard:users-index')}?search=1&name=&email={part_of_email(shop)}",
    ),
]


def edit_screen(customer):
    return reverse("oscar_customers:edit", args=[customer.pk])


def orders_tab(customer):
    return reverse("oscar_customers_orders:of_customer", args=[customer.pk])


CARDS = [
    Screen("edit, 1 order", lambda shop: edit_screen(shop.rare), query_limit=25),
    Screen("edit, 1,000 orders", lambda shop: edit_screen(shop.regular), query_limit=25),
    Screen("orders tab, 1 order", lambda shop: orders_tab(shop.rare), query_limit=15),
    Screen("orders tab, 1,000 orders", lambda shop: orders_tab(shop.regular), query_limit=15),
]
