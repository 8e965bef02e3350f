"""Taking an import back."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from oscar_customers_ext.contacts.actions import record_consent
from oscar_customers_ext.customers.actions import create_customer, link_order
from oscar_customers_ext.customers.notes.actions import add_note
from oscar_customers_ext.models import ConsentEntry, Contact, Customer, CustomerNote, ExternalId
from oscar_customers_ext.transfers.imports import actions
from tests.factories import make_order
from tests.transfers.imports.conftest import finished, imported, upload

pytestmark = pytest.mark.django_db

HEADER = "email,first_name,last_name,phone,tags,note,newsletter,password,address,city,postcode,country\n"
ANN = "ann@example.org,Ann,Rossi,0115550100,vip,Likes tea,yes,correct-horse,Via Roma 1,Torino,10121,IT\n"
BOB = "bob@example.org,Bob,Verdi,,,,,,,,,\n"


def undone(job):
    return finished(actions.undo_import(job))


def state():
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in (Customer, CustomerNote, ExternalId)
    }


def test_new_customers_go_with_all_that_came_with_them(shop, django_user_model):
    before = state()
    job = imported(upload(HEADER + ANN + BOB))
    assert job.counts == {"created": 2, "accounts": 1, "rows": 2}

    job = undone(job)

    assert job.state == "undone"
    assert job.percent == 100
    assert job.undo_counts == {"wholly": 2, "rows": 2}
    assert state() == before
    assert django_user_model.objects.filter(email="ann@example.org").count() == 0
    # The ledger keeps what was said, and says that it is over.
    assert [entry.state for entry in ConsentEntry.objects.order_by("pk")] == ["subscribed", "unsubscribed"]
    assert list(Contact.objects.values_list("email", flat=True)) == ["ann@example.org"]


def test_changed_customers_are_as_they_were(shop):
    ann = create_customer(email="ann@example.org", first_name="Anna", phone="1")
    create_customer(email="bob@example.org", first_name="Bob", last_name="Verdi")
    job = imported(upload(HEADER + ANN + BOB, accounts="none"))
    assert job.counts == {"updated": 1, "unchanged": 1, "rows": 2}

    job = undone(job)

    ann.refresh_from_db()
    assert (ann.first_name, ann.last_name, ann.phone, ann.country_id) == ("Anna", "", "1", None)
    assert ann.search_text == ann.composed_search_text()
    assert list(ann.tags.all()) == list(ann.notes.all()) == list(ann.addresses.all()) == []
    assert ann.contact.subscriptions.get().state == "unsubscribed"
    assert job.undo_counts == {"wholly": 1, "rows": 1}


def test_what_somebody_changed_since_is_left_and_named(shop):
    ann = create_customer(email="ann@example.org", first_name="Anna", phone="1")
    job = imported(upload(HEADER + ANN, accounts="none"))
    ann.refresh_from_db()
    ann.phone = "999"
    ann.save()
    record_consent(ann.contact, state="objected", source="staff")

    job = undone(job)

    ann.refresh_from_db()
    assert (ann.first_name, ann.phone) == ("Anna", "999")
    assert ann.contact.subscriptions.get().state == "objected"
    row = job.rows.get(is_forecast=False)
    assert row.undone == "partly"
    assert row.undo_message == "Left, because it was changed since: Phone, Newsletter"


@pytest.mark.parametrize("what", ["order", "note", "phone", "account", "tag"])
def test_a_new_customer_of_whom_somebody_made_use_stays(shop, what):
    job = imported(upload(HEADER + ANN + BOB))
    ann = Customer.objects.get(email="ann@example.org")
    if what == "order":
        link_order(make_order("ann@example.org"))
    elif what == "note":
        add_note(ann, text="Called", actor=None)
    elif what == "phone":
        ann.phone = "2"
        ann.save()
    elif what == "account":
        ann.user.last_login = timezone.now()
        ann.user.save()
    else:
        ann.tags.add("press")

    job = undone(job)

    assert list(Customer.objects.values_list("email", flat=True)) == ["ann@example.org"]
    ann.refresh_from_db()
    assert ann.user.check_password("correct-horse")
    assert ann.addresses.count() + ann.user.addresses.count() == 1
    assert job.undo_counts == {"left": 1, "wholly": 1, "rows": 2}
    assert job.rows.get(number=1).undo_message.startswith("Left, because it was changed since: ")


def test_only_one_undo(shop):
    job = undone(imported(upload(HEADER + BOB)))

    with pytest.raises(actions.ImportRefused):
        actions.undo_import(job)
    with pytest.raises(actions.ImportRefused):
        actions.undo_import(upload(HEADER + BOB))


YES = "name,email,newsletter,consent at\nAnn,ann@example.org,yes,"


@pytest.mark.parametrize("date", ["", "2020-05-06"])
def test_who_was_subscribed_by_an_import_that_was_undone_is_subscribed_by_the_next_one(shop, date):
    undone(imported(upload(YES + date)))
    contact = Contact.objects.get(email_key="ann@example.org")
    assert contact.subscriptions.get().state == "unsubscribed"

    job = imported(upload(YES + date))

    assert contact.subscriptions.get().state == "subscribed"
    assert list(contact.consents.order_by("pk").values_list("state", "source")) == [
        ("subscribed", "import"),
        ("unsubscribed", "import_undone"),
        ("subscribed", "import"),
    ]
    assert job.rows.get(is_forecast=False).message == ""
    assert imported(upload(YES + date)).counts == {"unchanged": 1, "rows": 1}
    assert contact.consents.count() == 3


@pytest.mark.parametrize("is_before", [True, False])
def test_who_said_no_stays_so_whatever_was_undone(shop, is_before):
    ann = create_customer(email="ann@example.org")
    if is_before:
        record_consent(ann.contact, state="unsubscribed", source="staff", at=datetime(2019, 1, 1, tzinfo=UTC))
    job = imported(upload(YES + "2020-05-06"))
    assert ann.contact.subscriptions.get().state == "subscribed"
    undone(job)
    if not is_before:
        record_consent(ann.contact, state="unsubscribed", source="staff", text="rang")

    imported(upload(YES))

    assert ann.contact.subscriptions.get().state == "unsubscribed"


@pytest.mark.parametrize("word", ["unsubscribed", "objected"])
def test_a_no_of_a_file_that_was_undone_is_one_again_with_the_next_import(shop, word):
    file = f"email,newsletter,consentat\nann@example.org,{word},2020-01-02\n"
    undone(imported(upload(file)))

    imported(upload(file))

    contact = Contact.objects.get(email="ann@example.org")
    assert contact.subscriptions.get().state == word
    imported(upload("email,newsletter\nann@example.org,yes\n"))
    assert contact.subscriptions.get().state == word
