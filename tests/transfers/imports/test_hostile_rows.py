"""Rows that were made, or happen, to do more than they may: to consent, to staff, to the import itself."""

import json

import pytest

from oscar_customers_ext.contacts.actions import record_consent
from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.models import ConsentEntry, Contact, Customer, Subscription
from oscar_customers_ext.transfers.imports import actions
from oscar_customers_ext.transfers.imports.failed_rows import failed_rows
from oscar_customers_ext.transfers.imports.slices import advance
from tests.factories import make_user
from tests.transfers.imports.conftest import checked, finished, imported, upload

pytestmark = pytest.mark.django_db


def undone(job):
    return finished(actions.undo_import(job))


def message(job):
    return job.rows.get(is_forecast=False).message


def test_an_objection_of_the_address_that_a_row_brings_holds(shop):
    create_customer(email="", phone="0115550100", number="P-1")
    contact = Contact.objects.create(email="ann@example.org")
    record_consent(contact, state="objected", source="storefront")
    content = "email,customer number,newsletter\nann@example.org,P-1,yes\n"
    assert "objected" in checked(upload(content)).rows.get().message

    job = imported(upload(content))

    assert message(job) == "This person objected here, and is not subscribed by a file."
    assert Customer.objects.get().contact == contact
    assert Subscription.objects.get().state == "objected"
    assert ConsentEntry.objects.filter(source="import").count() == 0


def test_an_objection_of_the_address_that_a_row_replaces_holds(shop):
    ann = create_customer(email="old@example.org", number="P-1")
    record_consent(ann.contact, state="objected", source="storefront")
    content = f"email,newsletter,register id\nnew@example.org,yes,{ann.pk}\n"

    job = imported(upload(content, policies={"email": "overwrite"}))

    ann.refresh_from_db()
    assert ann.email == "new@example.org"
    assert message(job) == "This person objected here, and is not subscribed by a file."
    assert ann.contact.subscriptions.get().state == "objected"


@pytest.mark.parametrize("word", ["yes", "no"])
def test_what_somebody_says_after_the_file_outlives_its_undo(shop, word):
    ann = create_customer(email="ann@example.org")
    if word == "no":
        record_consent(ann.contact, state="subscribed", source="storefront")
    job = imported(upload(f"email,newsletter\nann@example.org,{word}\n"))
    state = {"yes": "subscribed", "no": "unsubscribed"}[word]
    assert ann.contact.subscriptions.get().state == state

    # The same again, but in person.
    record_consent(ann.contact, state=state, source="storefront")
    job = undone(job)

    assert ann.contact.subscriptions.get().state == state
    assert "Newsletter" in job.rows.get(is_forecast=False).undo_message


def test_somebody_with_the_address_of_staff_is_found_by_no_other_way_either(shop):
    make_user("boss@example.org", username="boss", is_staff=True)
    boss = create_customer(email="ann@example.org", number="P-1")
    Customer.objects.filter(pk=boss.pk).update(email="Boss@example.org", email_key="boss@example.org")

    job = imported(upload("customer number,first name,password\nP-1,Evil,correct-horse\n"))

    boss.refresh_from_db()
    assert (boss.first_name, boss.user) == ("", None)
    assert job.counts == {"failed": 1, "rows": 1}


HALF = "\ud800"


@pytest.mark.parametrize(
    "row",
    [
        {"email": "\x00"},
        {"email": "a\x00b@example.org"},
        {"email": HALF},
        {"email": "not an address", "note": f"{HALF}\x00"},
        {"email": "ann@example.org", "line1": "Via Roma 1", "country": f"X\x00{HALF}"},
        {
            "email": "ann@example.org",
            "line1": "Via Roma 1",
            "country": "IT",
            "address_phone": f"\x00{HALF}",
        },
        {"email": "ann@example.org", "password": f"{HALF}correct-horse"},
        {"email": "ann@example.org", "username": "\x00x", "password": "correct-horse"},
        {"email": "ann@example.org", "username": "u" * 400, "password": "correct-horse"},
    ],
    ids=range(9),
)
def test_what_no_database_can_hold_stops_nothing(shop, row):
    content = json.dumps([row, {"email": "bob@example.org"}])
    mapping = list({"email": 1, **row})
    job = actions.change_mapping(upload(content, "list.json"), mapping=mapping)

    job = imported(job)

    assert job.state == "done"
    assert job.counts["rows"] == 2
    assert Customer.objects.filter(email="bob@example.org").count() == 1
    first = job.rows.get(number=1, is_forecast=False)
    assert first.message
    assert not {"\x00", HALF}.intersection(first.message + "".join(first.cells))
    assert b"bob" not in b"".join(failed_rows(job))


def test_a_year_of_nobody_is_no_date(shop):
    """Databases elsewhere write the year 1 for "never", and no clock west of Greenwich can show it."""
    content = "email,created at\nann@example.org,0001-01-01 00:00:00\nbob@example.org,1066-10-14\n"

    job = imported(upload(content))

    assert [one.created_at.year > 2000 for one in Customer.objects.all()] == [True, True]
    assert list(job.rows.filter(is_forecast=False).order_by("number").values_list("message", flat=True)) == [
        "",
        "“1066-10-14” is no date.",
    ]


def test_an_account_that_comes_to_nothing_is_no_change(shop):
    """The name is free when the row is read, and is given to somebody before the accounts are made."""
    create_customer(email="ann@example.org")
    content = "email,username,password\nann@example.org,horse,correct-horse\n"
    job = advance(actions.confirm_import(upload(content)), seconds=0)
    assert job.counts == {"updated": 1, "rows": 1}
    make_user("else@example.org", username="Horse")
    job = finished(job)

    row = job.rows.get(is_forecast=False)
    assert (row.outcome, row.changes, row.made) == ("unchanged", {}, {})
    assert job.counts == {"unchanged": 1, "notices": 1, "rows": 1}
