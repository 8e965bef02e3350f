"""Rows in bulk: stored as Django itself would store them."""

import datetime

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.models import Contact, Customer, ImportJob, ImportRow
from oscar_customers_ext.transfers.imports import statements
from oscar_customers_ext.transfers.imports.statements import insert_rows, insert_with_keys, update_rows
from tests.factories import make_country

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["fast", "plain"])
def way(request, monkeypatch):
    """The plain one is that of databases which we know nothing special about."""
    if request.param == "plain":
        monkeypatch.setattr(statements, "FAST", ())


def stored(model, *left_out):
    return [
        {name: value for name, value in row.items() if name not in left_out}
        for row in model.objects.order_by("pk").values()
    ]


def rows_of(job):
    for number in range(1, 4):
        yield ImportRow(
            job=job,
            is_forecast=number == 2,
            number=number,
            outcome=ImportRow.Outcome.UPDATED,
            message=gettext_lazy("Unchanged") if number == 1 else "‘quoted’ % {} \\ \x7f \U0001f600 东",
            changes={"email": ["", 'a"b\\'], "n": [1, None]} if number > 1 else {},
            cells=["", "%s", "{}", "NULL"],
        )


def test_rows_are_stored_as_django_stores_them():
    job = ImportJob.objects.create(file_name="a.csv")
    ImportRow.objects.bulk_create(rows_of(job))
    expected = stored(ImportRow, "id")
    ImportRow.objects.all().delete()

    insert_rows(ImportRow, rows_of(job))

    assert stored(ImportRow, "id") == expected
    assert expected[0]["message"] == "Unchanged"
    assert len({row.pk for row in ImportRow.objects.all()}) == 3
    insert_rows(ImportRow, [])


def test_keys_are_given_and_go_on(way):
    first = [Contact(email=f"p{n}@example.org", email_key=f"p{n}@example.org") for n in range(3)]
    insert_with_keys(Contact, first)

    assert [Contact.objects.get(pk=one.pk).email for one in first] == [one.email for one in first]
    assert Contact.objects.create(email="x@example.org").pk > max(one.pk for one in first)
    second = [Contact(email="y@example.org", email_key="y@example.org")]
    insert_with_keys(Contact, second)
    assert Contact.objects.count() == 5


def test_changed_fields_are_written_and_no_others(way):
    make_country()
    customers = [create_customer(email=f"p{n}@example.org", phone=str(n)) for n in range(3)]
    before = stored(Customer, "first_name", "country_id", "created_at", "number")
    moment = timezone.now() - datetime.timedelta(days=5, microseconds=7)
    for place, one in enumerate(customers[:2]):
        one.first_name, one.country_id, one.created_at = f"Ann {place} %s", "IT" if place else None, moment
        one.number = None if place else "K'1"
        one.phone = "never written"

    update_rows(Customer, customers[:2], {"first_name", "country", "created_at", "number"})

    assert stored(Customer, "first_name", "country_id", "created_at", "number") == before
    found = list(
        Customer.objects.order_by("pk").values_list("first_name", "country_id", "created_at", "number")
    )
    assert found[:2] == [("Ann 0 %s", None, moment, "K'1"), ("Ann 1 %s", "IT", moment, None)]
    assert found[2][0] == ""
    update_rows(Customer, [], {"phone"})


def test_what_the_database_refuses_is_an_error_and_stores_nothing(way):
    twice = [Contact(email="a@example.org", email_key="a@example.org") for _one in range(2)]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_with_keys(Contact, twice)
    assert not Contact.objects.exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows no lengths")
def test_nothing_is_cut_to_fit():
    with pytest.raises(DataError), transaction.atomic():
        insert_rows(Contact, [Contact(email="a" * 5000)])
    customer = create_customer(email="ann@example.org")
    customer.first_name = "a" * 5000
    with pytest.raises(DataError), transaction.atomic():
        update_rows(Customer, [customer], ["first_name"])
