"""Every file of a known shop imports itself, and every hostile one gives its result or one sentence."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oscar_customers_ext.models import Contact, Customer, ImportJob
from oscar_customers_ext.transfers.tables.refusals import TableRefused
from tests.factories import make_country
from tests.transfers.imports.conftest import checked, imported, upload

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parents[2] / "data" / "tables"
EXPECTED = json.loads((DATA / "hostile" / "expected.json").read_text())
FORMATS = sorted(path.stem for path in (DATA / "formats").glob("*.csv"))


@pytest.fixture
def countries(shop):
    for code, name in [("US", "United States"), ("CA", "Canada")]:
        make_country(code, name)


def read(kind, name):
    return (DATA / kind / name).read_bytes()


def adds_up(counts):
    outcomes = ("created", "updated", "unchanged", "skipped", "failed")
    return sum(counts.get(name, 0) for name in outcomes) == counts["rows"]


@pytest.mark.parametrize("name", FORMATS)
def test_a_known_file_is_imported_without_a_question(countries, mailoutbox, name):
    content = read("formats", f"{name}.csv")
    forecast = checked(upload(content, f"{name}.csv")).forecast
    assert Customer.objects.count() == 0

    job = imported(upload(content, f"{name}.csv"))

    assert job.state == "done"
    assert job.counts == forecast
    assert job.counts["created"] == Customer.objects.count() > 0
    assert "failed" not in job.counts
    assert adds_up(job.counts)
    assert mailoutbox == []
    for customer in Customer.objects.select_related("contact"):
        assert customer.contact.email_key == customer.email_key
        assert customer.number
        assert customer.search_text == customer.composed_search_text()

    before = list(Customer.objects.order_by("pk").values())
    again = imported(upload(content, f"{name}.csv"))
    assert again.counts["unchanged"] == again.counts["rows"] == job.counts["rows"]
    assert list(Customer.objects.order_by("pk").values()) == before
    assert not again.rows.exclude(made={}).exists()


#: A quotation mark where none may be; what else is wrong with its rows is tested below.
REFUSED = [*(name for name in EXPECTED if EXPECTED[name].get("error")), "bad_emails.csv"]


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_refused_leaves_nothing(shop, settings, name):
    with pytest.raises(TableRefused):
        upload(read("hostile", name), name)

    assert ImportJob.objects.count() == Customer.objects.count() == Contact.objects.count() == 0
    assert [path for path in Path(settings.OSCAR_CUSTOMERS_PRIVATE_ROOT).rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("name", [name for name in EXPECTED if name not in REFUSED])
def test_a_hostile_file_gives_its_expected_result(shop, mailoutbox, name):
    expected = EXPECTED[name]

    job = imported(upload(read("hostile", name), name))

    assert job.state == "done"
    if "create" in expected:
        assert job.counts.get("created", 0) == expected["create"]
    if "row_errors" in expected:
        assert job.counts["failed"] == expected["row_errors"]
    if job.counts:
        assert adds_up(job.counts)
    assert job.counts.get("created", 0) == Customer.objects.count()
    assert mailoutbox == []


def test_magento_keeps_the_further_address_of_the_row_below(shop):
    job = imported(upload(read("formats", "magento_customer_composite.csv"), "magento.csv"))

    customer = Customer.objects.get()
    assert job.counts == {"created": 1, "updated": 1, "notices": 1, "rows": 2}
    assert job.rows.get(number=1).message == "There is no customer group “1”."
    assert [
        (a.line1, a.line2, a.line4, a.is_default_for_billing, a.is_default_for_shipping)
        for a in customer.addresses.order_by("pk")
    ] == [
        ("Via Roma 1", "Scala B", "Torino", True, False),
        ("Via Dante 2", "", "Milano", False, True),
    ]
    assert customer.vat_number == "IT00743110157"
    assert customer.created_at == datetime(2016, 4, 19, 10, 55, 51, tzinfo=UTC)


def test_shopify_brings_tags_note_exemption_and_the_number_there(countries):
    imported(upload(read("formats", "shopify_export_2024.csv"), "shopify.csv"))

    teo, ada = Customer.objects.order_by("-email")
    assert sorted(tag.name for tag in teo.tags.all()) == ["ag-exempt", "retail"]
    assert [note.text for note in teo.notes.all()] == ["Line one\nline two"]
    assert [row.reason for row in teo.tax_exemptions.all()] == ["Imported"]
    assert [(row.source, row.value) for row in teo.external_ids.all()] == [("shopify", "7210448301122")]
    assert (teo.phone, teo.company_name, teo.country_id) == ("+17755550154", "Rossi Srl", "US")
    assert ada.last_name == '=HYPERLINK("http://x")'
    assert ada.contact.subscriptions.get().state == "subscribed"


def test_mailchimp_keeps_the_date_of_the_consent(shop):
    imported(upload(read("formats", "mailchimp_subscribed.csv"), "mailchimp.csv"))

    entry = Customer.objects.get().contact.consents.get()
    assert (entry.state, entry.source) == ("subscribed", "import")
    assert entry.at == datetime(2016, 4, 18, 11, 51, 14, tzinfo=UTC)


def test_what_is_no_address_is_nobody(shop):
    lines = (
        read("hostile", "bad_emails.csv")
        .decode()
        .replace('"a\nBcc: x@y.org"@b.org', '"a\nBcc: x@y.org@b.org"')
    )

    job = imported(upload(lines, "bad.csv"))

    assert job.counts == {"failed": 13, "created": 1, "accounts": 1, "rows": 14}
    assert Customer.objects.get().email == "a@b.org"
    assert {row.column for row in job.rows.filter(outcome="failed")} == {"email"}


def test_people_whose_addresses_only_look_alike_are_not_merged(shop):
    imported(upload(read("hostile", "unicode_emails.csv"), "unicode.csv"))

    keys = list(Customer.objects.values_list("email_key", flat=True))
    assert len(keys) == len(set(keys))
    assert keys.count("a@xn--bcher-kva.example") == 1


def test_formulas_are_stored_as_they_are(shop):
    imported(upload(read("hostile", "formula.csv"), "formula.csv"))

    rows = csv.DictReader(io.StringIO(read("hostile", "formula.csv").decode()))
    for row in rows:
        assert Customer.objects.get(email=row["email"]).full_name == row["name"].strip()


def test_a_name_never_holds_a_line_break(shop):
    imported(upload(read("hostile", "header_injection.csv"), "header.csv"))

    names = [customer.full_name for customer in Customer.objects.order_by("email")]
    assert names == ["Anna Bcc: victim@example.org", "Eve Subject: hi"]


def test_no_file_raises_a_privilege(shop):
    imported(upload(read("hostile", "privilege.csv"), "privilege.csv"))

    customer = Customer.objects.get()
    assert (customer.user.is_staff, customer.user.is_superuser) == (False, False)
    assert list(customer.user.groups.all()) == list(customer.groups.all()) == []
