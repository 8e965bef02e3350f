"""What staff may enter, and what is refused with a sentence."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from wagtail.models import ModelLogEntry

from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.lifecycle.actions import delete_customers
from oscar_customers_ext.models import TaxExemption
from oscar_customers_ext.tax.actions import (
    add_exemption,
    change_exemption,
    delete_exemption,
    end_exemption,
)
from tests.factories import make_country, make_user

pytestmark = pytest.mark.django_db

JANUARY, MARCH, MAY, JUNE = (date(2027, month, 1) for month in (1, 3, 5, 6))
PDF = b"%PDF-1.7\nhello"


@pytest.fixture(autouse=True)
def root(settings, tmp_path):
    settings.OSCAR_CUSTOMERS_PRIVATE_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def customer(shop):
    return create_customer(email="ann@example.org", first_name="Ann")


@pytest.fixture
def countries(shop):
    return make_country(), make_country("DE", "Germany"), make_country("FR", "France")


def pdf(name="certificate.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def on_disk(root):
    return sorted(path.read_bytes() for path in root.rglob("*") if path.is_file())


def messages_of(customer):
    entries = ModelLogEntry.objects.for_instance(customer).order_by("pk")
    return [str(entry.message) for entry in entries if "tax" in entry.action]


def test_an_exemption_is_added_changed_ended_and_deleted_and_each_is_logged(customer, countries):
    staff = make_user("staff@example.org")
    _italy, germany, france = countries

    exemption = add_exemption(
        customer,
        reason=" Embassy  of\0 Norway ",
        countries=[germany],
        valid_from=date(2020, 1, 1),
        actor=staff,
    )
    change_exemption(
        exemption,
        reason="Consulate",
        countries=[germany, france],
        valid_from=None,
        valid_until=JUNE,
        actor=staff,
    )
    end_exemption(exemption, actor=staff)
    exemption.refresh_from_db()
    yesterday = timezone.localdate() - timedelta(days=1)
    assert (exemption.reason, exemption.valid_from, exemption.valid_until) == ("Consulate", None, yesterday)
    assert exemption.created_by == staff
    assert set(exemption.countries.all()) == {germany, france}
    delete_exemption(exemption, actor=staff)

    assert not TaxExemption.objects.exists()
    assert [message.partition(",")[0] for message in messages_of(customer)] == [
        "Tax exemption “Embassy of Norway” added",
        "Tax exemption changed to “Consulate”",
        f"Tax exemption “Consulate” ended with {yesterday:%m/%d/%Y}",
        "Tax exemption “Consulate” deleted",
    ]
    assert messages_of(customer)[0].endswith("from 01/01/2020 to further notice, for DE")
    assert set(ModelLogEntry.objects.filter(action__contains="tax").values_list("user", flat=True)) == {
        staff.pk
    }


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ((None, None, ""), (None, None, ""), True),
        ((JANUARY, MARCH, ""), (MARCH, MAY, ""), True),
        ((JANUARY, MARCH, ""), (date(2027, 3, 2), MAY, ""), False),
        ((JANUARY, None, ""), (None, date(2026, 12, 31), ""), False),
        ((JANUARY, None, ""), (None, JANUARY, "DE"), True),
        ((None, None, "DE"), (None, None, "FR IT"), False),
        ((None, None, "DE FR"), (None, None, "FR IT"), True),
        ((None, None, "DE"), (MARCH, MAY, ""), True),
        ((JANUARY, JUNE, "DE"), (MARCH, MAY, "DE"), True),
        ((MARCH, MAY, "DE"), (JANUARY, JUNE, "DE"), True),
    ],
)
def test_exemptions_of_the_same_time_and_region_are_refused(customer, countries, first, second, overlap):
    known = {country.pk: country for country in countries}

    def add(valid_from, valid_until, codes, reason):
        return add_exemption(
            customer,
            reason=reason,
            valid_from=valid_from,
            valid_until=valid_until,
            countries=[known[code] for code in codes.split()],
            actor=None,
        )

    add(*first, "First")
    if overlap:
        with pytest.raises(ValidationError, match="The exemption “First” holds in that time for") as refused:
            add(*second, "Second")
        assert refused.value.code == "overlap"
    else:
        add(*second, "Second")

    assert TaxExemption.objects.count() == (1 if overlap else 2)
    assert len(messages_of(customer)) == TaxExemption.objects.count()


def test_an_exemption_does_not_overlap_itself_nor_those_of_others(customer):
    exemption = add_exemption(customer, reason="One", actor=None)
    change_exemption(exemption, reason="Two", countries=[], valid_from=None, valid_until=MAY, actor=None)
    add_exemption(create_customer(email="bob@example.org"), reason="Bob", actor=None)

    assert set(TaxExemption.objects.values_list("reason", flat=True)) == {"Two", "Bob"}


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"reason": " \0 "}, "reason", "Say why this customer pays no tax. The buyer reads it."),
        (
            {"reason": "A", "valid_from": MAY, "valid_until": MARCH},
            "valid_until",
            "The end must not lie before the start.",
        ),
        (
            {"reason": "A", "document": pdf("virus.exe")},
            "document",
            "“virus.exe” is of a type that cannot be attached.",
        ),
        (
            {"reason": "A", "document": pdf("a.pdf", b"MZ")},
            "document",
            "What is in “a.pdf” is not a file of the type pdf",
        ),
    ],
)
def test_bad_input_gets_a_sentence_and_nothing_is_stored(customer, root, fields, field, sentence):
    with pytest.raises(ValidationError) as refused:
        add_exemption(customer, actor=None, **fields)

    [said] = refused.value.message_dict[field]
    assert said.startswith(sentence)
    assert not TaxExemption.objects.exists()
    assert on_disk(root) == []
    assert messages_of(customer) == []


def test_one_day_is_a_period(customer):
    exemption = add_exemption(customer, reason="Fair", valid_from=MAY, valid_until=MAY, actor=None)

    assert [exemption.holds_on(MAY + timedelta(days=days)) for days in (-1, 0, 1)] == [False, True, False]


@pytest.mark.parametrize(
    ("start", "end", "sentence"),
    [
        (0, None, "did not begin before today"),
        (3, None, "did not begin before today"),
        (-9, -1, "is over already"),
    ],
)
def test_what_cannot_be_ended_is_left_as_it_is(customer, start, end, sentence):
    today = timezone.localdate()
    days = {
        "valid_from": today + timedelta(days=start),
        "valid_until": None if end is None else today + timedelta(days=end),
    }
    exemption = add_exemption(customer, reason="A", actor=None, **days)

    with pytest.raises(ValidationError, match=sentence):
        end_exemption(exemption, actor=None)

    exemption.refresh_from_db()
    assert exemption.valid_until == days["valid_until"]


@pytest.mark.django_db(transaction=True)
def test_a_document_is_kept_in_private_replaced_removed_and_goes_with_its_row(customer, root):
    exemption = add_exemption(customer, reason="A", document=pdf(), actor=None)
    assert exemption.document_name == "certificate.pdf"
    assert "certificate" not in exemption.document.name
    assert on_disk(root) == [PDF]

    change = {"reason": "A", "countries": [], "valid_from": None, "valid_until": None, "actor": None}
    change_exemption(exemption, **change)
    assert on_disk(root) == [PDF]
    change_exemption(exemption, document=pdf("new.pdf", PDF + b"2"), **change)
    assert on_disk(root) == [PDF + b"2"]
    exemption.refresh_from_db()
    assert exemption.document_name == "new.pdf"
    change_exemption(exemption, remove_document=True, **change)
    assert on_disk(root) == []
    exemption.refresh_from_db()
    assert (exemption.document_name, bool(exemption.document)) == ("", False)

    change_exemption(exemption, document=pdf(), **change)
    delete_exemption(exemption, actor=None)
    assert on_disk(root) == []

    add_exemption(customer, reason="B", document=pdf(), actor=None)
    delete_customers([customer.pk], actor=None)
    assert not TaxExemption.objects.exists()
    assert on_disk(root) == []


@pytest.mark.django_db(transaction=True)
def test_a_document_that_is_refused_leaves_the_old_one(customer, root):
    exemption = add_exemption(customer, reason="A", document=pdf(), actor=None)

    with pytest.raises(ValidationError):
        change_exemption(
            exemption,
            reason="A",
            countries=[],
            valid_from=None,
            valid_until=None,
            document=pdf("bad.exe"),
            actor=None,
        )

    exemption.refresh_from_db()
    assert exemption.document_name == "certificate.pdf"
    assert on_disk(root) == [PDF]
