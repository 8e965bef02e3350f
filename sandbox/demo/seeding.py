"""Fills a shop with many people: the way a shop looks after five years, not the way it gets there."""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from itertools import groupby

import django
from django.core.management.color import no_style
from django.db import connection, transaction
from oscar.core.loading import get_model

from demo.crowd import belonging
from demo.crowd.belonging import IN_GROUP
from demo.crowd.life import VISIT, Life
from demo.crowd.members import load_plans, membership_rows
from demo.crowd.plan import NUMBERED, plan_slices
from demo.crowd.tables import insert
from demo.site import load_countries
from oscar_customers_ext.checks import SEARCH_INDEX
from oscar_customers_ext.customers import counters
from oscar_customers_ext.models import (
    ConsentEntry,
    Customer,
    CustomerOrder,
    CustomerSource,
    Membership,
    Subscription,
    TaggedCustomer,
)

FILLED = [*NUMBERED.values(), get_model("order", "Line"), CustomerOrder, CustomerSource, VISIT]
FILLED += [IN_GROUP, TaggedCustomer, Membership, ConsentEntry, Subscription]
#: For building the search index: PostgreSQL's own 64 MB are little for a million rows.
INDEX_MEMORY = "512MB"


def seed_shop(*, customers, orders, seed, accounts, progress=lambda done: None):
    """``progress`` is called with the number of customers that are there by now."""
    load_countries()
    belonging.prepare()
    load_plans()
    slices = list(plan_slices(customers, orders, seed, accounts))
    done = 0
    with without_search_index(customers):
        for count in write_all(slices):
            done += count
            progress(done)
        advance_sequences()


def finish():
    """What autovacuum does for a shop that grows by itself: without it the first lists are slow."""
    with connection.cursor() as cursor:
        for model in FILLED:
            verb = "VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE"
            cursor.execute(f"{verb} {connection.ops.quote_name(model._meta.db_table)}")


def write_all(slices):
    """Yields how many customers each slice had. PostgreSQL takes several writers, SQLite one."""
    processes = min(os.cpu_count() or 1, len(slices)) if connection.vendor == "postgresql" else 1
    if processes == 1:
        yield from map(write_slice, slices)
        return
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), initializer=django.setup)
    with pool:
        for future in as_completed([pool.submit(write_slice, plan) for plan in slices]):
            yield future.result()


@transaction.atomic
def write_slice(plan):
    lives, order_number = [], 0
    for offset, orders in enumerate(plan.orders):
        lives.append(Life(plan, offset, order_number))
        order_number += orders
    # Foreign keys are checked at the commit, so the links may come before the customers: their counters are then
    # sums over rows that are there, and each customer is written once.
    insert_by_model(row for life in lives for row in life.rows())
    count_orders([life.customer for life in lives])
    insert([life.contact for life in lives])
    insert([life.customer for life in lives])
    insert([row for life in lives for row in life.source_rows()])
    insert([row for life in lives for row in life.site_rows()])
    insert(list(membership_rows(plan.seed, [life.customer for life in lives], plan.today)))
    consents = [life.consent_rows() for life in lives]
    insert([line for lines in consents for line in lines])
    insert([subscription_of(lines[-1]) for lines in consents if lines])
    return len(lives)


def subscription_of(line):
    return Subscription(
        contact_id=line.contact_id,
        mailing_list_id=line.mailing_list_id,
        state=line.state,
        changed_at=line.at,
    )


def insert_by_model(rows):
    for _model, objects in groupby(sorted(rows, key=place_of), key=type):
        insert(list(objects))


def place_of(row):
    return FILLED.index(type(row))


def count_orders(customers):
    by_pk = {customer.pk: customer for customer in customers}
    links = CustomerOrder.objects.filter(customer__pk__range=(min(by_pk), max(by_pk))).order_by()
    for found in links.values("customer").annotate(**counters.aggregates()):
        customer = by_pk[found.pop("customer")]
        for name, value in found.items():
            setattr(customer, name, value)


@contextmanager
def without_search_index(customers):
    """Building the trigram index once is many times faster than adding each customer to it.

    A few new customers in a big shop leave the index where it is.
    """
    definition = search_index() if customers > Customer.objects.count() else None
    if definition is None:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {SEARCH_INDEX}")
        try:
            yield
        finally:
            cursor.execute("SELECT set_config('maintenance_work_mem', %s, false)", [INDEX_MEMORY])
            cursor.execute(definition)


def search_index():
    """The statement that makes it; None where there is none."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [SEARCH_INDEX])
        found = cursor.fetchone()
    return found and found[0]


def advance_sequences():
    """The rows came with their primary keys, and PostgreSQL would give the same ones again."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), FILLED):
            cursor.execute(statement)
