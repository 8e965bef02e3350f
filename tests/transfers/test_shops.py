"""Which file is from where, what its columns mean, and what a cell says."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from oscar_customers_ext.transfers import cells
from oscar_customers_ext.transfers.cells import DateOrder
from oscar_customers_ext.transfers.fields import ALL, guess, is_target, label_of
from oscar_customers_ext.transfers.shops.files import BY_KEY, fields_of, recognise

FORMATS = Path(__file__).parents[1] / "data" / "tables" / "formats"
KNOWN = json.loads((FORMATS / "formats.json").read_text())
KEYS = {
    "ecwid_import": "name-email-password",
    "shopify_export_2024": "shopify",
    "shopify_export_2022": "shopify-2022",
    "shopify_template_2019": "shopify-2019",
    "magento_customer_composite": "magento-addresses",
    "magento_customer_main": "magento",
    "prestashop_customers": "prestashop",
    "woocommerce_analytics_customers": "woocommerce",
    "bigcommerce_bulk_edit": "bigcommerce",
    "bigcommerce_default": "bigcommerce-default",
    "mailchimp_subscribed": "mailchimp",
    "klaviyo_list": "klaviyo",
    "hubspot_contacts": "hubspot",
    "spree_customers": "spree",
}
#: Fields of the list beside the files that are called otherwise here, or that this register does not keep.
CALLED = {
    "company": "company_name",
    "created": "created_at",
    "country (full name)": "country",
    "line1+line2 (split at newline)": "line1",
    "tags (quoted list inside the cell)": "tags",
}
NOT_KEPT = {
    "sms_consent",
    "site",
    "birthday",
    "password_hash",
    "is_active",
    "partner_optin",
    "tax_exempt_code",
    "optin_at",
    "optin_ip",
    "consent_ip",
}
#: Where what is written here knows better: the address's own company and phone, the name of the province beside its code.
BETTER = {
    ("magento_customer_composite", "_address_company"): "address_company",
    ("magento_customer_composite", "_address_telephone"): "address_phone",
    ("shopify_export_2022", "Province"): None,
    ("shopify_template_2019", "Province"): None,
}


def header_of(name):
    path = FORMATS / f"{name}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file, delimiter=KNOWN[name]["delimiter"]))


def test_every_known_file_is_tested():
    assert set(KEYS) == set(KNOWN)
    # Ours is tested where it is written.
    assert {*KEYS.values(), "own"} == set(BY_KEY)


@pytest.mark.parametrize("name", KEYS)
def test_a_known_file_maps_itself(name):
    header = header_of(name)

    assert recognise(header).key == KEYS[name]
    found = dict(zip(header, fields_of(header), strict=True))
    for column, target in KNOWN[name]["mapping"].items():
        if column not in found:
            continue
        expected = BETTER.get((name, column), None if target in NOT_KEPT else CALLED.get(target, target))
        assert found[column] == expected, column


@pytest.mark.parametrize("name", KEYS)
def test_every_field_of_a_known_file_is_one_that_may_be_imported(name):
    targets = [target for target in fields_of(header_of(name)) if target]

    assert all(map(is_target, targets))
    assert len(targets) == len(set(targets))


def test_a_header_is_recognised_whatever_its_case_and_blanks():
    assert recognise([" Name ", "EMAIL", "password"]).key == "name-email-password"
    assert recognise(["name", "email"]) is None


def test_the_plain_file_with_more_columns_is_no_plain_file():
    header = ["name", "email", "password", "phone", "is_staff"]

    assert recognise(header) is None
    assert fields_of(header) == ["name", "email", "password", "phone", None]


def test_numbered_blocks_are_further_addresses():
    header = [
        *header_of("bigcommerce_bulk_edit"),
        "Address Line 1 - 2",
        "Address City - 2",
        "Address City - 99",
    ]

    assert fields_of(header)[-3:] == ["line1@2", "city@2", None]
    assert label_of("line1@2") == "Street (2)"


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        (["E-Mail", "Nome", "Cognome", "Partita IVA"], ["email", "first_name", "last_name", "vat_number"]),
        (["Ragione sociale", "Città", "CAP", "Paese"], ["company_name", "city", "postcode", "country"]),
        (["Nome e cognome", "Tel.", "Località", "Prov."], ["name", "phone", "city", "state"]),
        (["Customer since", "Data di registrazione"], ["created_at", None]),
        (["email", "Email Address", "is_staff", "id"], ["email", None, None, None]),
    ],
)
def test_other_columns_are_guessed_by_their_names(header, fields):
    assert guess(header) == fields


@pytest.mark.parametrize(
    "target", ["is_staff", "is_superuser", "user", "contact", "line1@1", "line1@11", "email@2", "", None, 3]
)
def test_nothing_else_can_be_a_target(target):
    assert not is_target(target)
    assert not {"is_staff", "is_superuser", "approved_buyer", "user", "roles"} & set(ALL)


@pytest.mark.parametrize(
    ("text", "value"),
    [("yes", True), ("SÌ", True), (" 1 ", True), ("No", False), ("0", False), ("nein", False), ("", None)],
)
def test_yes_and_no(text, value):
    assert cells.read_yes_or_no(text) is value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("SUBSCRIBED", "subscribed"),
        ("Opted in", "subscribed"),
        ("UNSUBSCRIBED", "unsubscribed"),
        ("objected", "objected"),
        ("NEVER_SUBSCRIBED", ""),
        ("yes", "subscribed"),
        ("no", "no"),
        ("cleaned", "no"),
        ("", ""),
    ],
)
def test_consent(text, value):
    assert cells.read_consent(text) == value


@pytest.mark.parametrize(
    ("text", "order", "moment"),
    [
        ("2024-02-01", "day", datetime(2024, 1, 31, 23, tzinfo=UTC)),
        ("2016-04-19 12:55:51", "day", datetime(2016, 4, 19, 10, 55, 51, tzinfo=UTC)),
        ("2024-01-01T00:00:00Z", "month", datetime(2024, 1, 1, tzinfo=UTC)),
        ("01/02/2024", "day", datetime(2024, 1, 31, 23, tzinfo=UTC)),
        ("01/02/2024", "month", datetime(2024, 1, 1, 23, tzinfo=UTC)),
        ("09/01/24 12:49", "day", datetime(2024, 1, 9, 11, 49, tzinfo=UTC)),
        ("1.2.99", "day", datetime(1999, 1, 31, 23, tzinfo=UTC)),
        ("0000-00-00", "day", None),
        ("0001-01-01T00:00:00", "day", None),
        ("", "day", None),
    ],
)
def test_dates(text, order, moment):
    assert cells.read_moment(text, order=DateOrder(order), timezone=ZoneInfo("Europe/Rome")) == moment


@pytest.mark.parametrize(
    "text", ["yesterday", "31/31/2024", "2024-02-30", "0002-01-01", "1/1/1", "99999-01-01"]
)
def test_what_is_no_date_is_told(text):
    with pytest.raises(ValidationError, match="is no date"):
        cells.read_moment(text, order=DateOrder.DAY_FIRST, timezone=ZoneInfo("Asia/Tokyo"))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("vip, wholesale", ["vip", "wholesale"]),
        ('"VIP","Blog, news"', ["VIP", "Blog, news"]),
        ("a;b", ["a", "b"]),
        ("a, ,a", ["a"]),
        ("", []),
    ],
)
def test_several_names_in_one_cell(text, names):
    assert cells.read_names(text) == names


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Anna Maria Bianchi", ("Anna Maria", "Bianchi")),
        ("Bianchi, Anna", ("Anna", "Bianchi")),
        ("Cher", ("", "Cher")),
        ("", ("", "")),
    ],
)
def test_one_column_for_the_whole_name(name, parts):
    assert cells.split_name(name) == parts


def test_a_line_has_no_breaks_and_nothing_invisible():
    assert cells.read_line("Anna\r\nBcc: victim@example.org") == "Anna Bcc: victim@example.org"
    for text in ("a\x00b", "a\x1bb"):
        with pytest.raises(ValidationError):
            cells.read_line(text)
    assert cells.read_text("one\r\ntwo") == "one\ntwo"
