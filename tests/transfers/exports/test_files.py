"""What is in the file: the same in each format, unchanged when it comes back, and nothing that calculates."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.models import Customer
from oscar_customers_ext.transfers.exports import chunks
from oscar_customers_ext.transfers.exports.columns import COLUMNS, DEFAULT
from oscar_customers_ext.transfers.exports.formats import FORMATS, ExportRefused
from oscar_customers_ext.transfers.exports.models import ExportShape
from oscar_customers_ext.transfers.exports.resources import CustomerResource
from oscar_customers_ext.transfers.exports.structured import json_file
from oscar_customers_ext.transfers.exports.texts import text_file
from oscar_customers_ext.transfers.shops.files import fields_of, recognise
from oscar_customers_ext.transfers.tables.escaping import all_escaped, escaped, unescaped
from tests.factories import make_user
from tests.transfers.exports.customers import exported, make_full_customer, read_back, shape, written

pytestmark = pytest.mark.django_db

NAUGHTY = Path(__file__).resolve().parents[4] / "shared/data/text/naughty-strings/data.json"
FORMULAS = [
    "=1+1",
    "+1-1000",
    "-5",
    "@SUM(A1)",
    "\t=1",
    '=HYPERLINK("http://evil.example")',
    "a;=1+1;",
    "x\n=2",
]
NASTY = [
    *FORMULAS,
    "'quoted",
    "''",
    "_x000D_",
    "a_x0041_b",
    "two  blanks ",
    " one before",
    "tab\tinside",
    "line\nbreak",
    "null",
    "true",
    "007",
    "1e5",
    "2024-01-02",
    "~",
    "- a",
    "{a: b}",
    "&amp;<b>",
    '“quotes”, "and" more',
    "שלום",
    "😀",
    "NaN",
]


@pytest.fixture
def full(shop):
    return make_full_customer()


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_holds_the_same(tmp_path, full, name):
    header, [row] = read_back(written(tmp_path, format=name))

    assert header == DEFAULT
    cells = dict(zip(header, row, strict=True))
    when = cells.pop("created_at"), cells.pop("last_order_at"), cells.pop("consent_at")
    assert all(len(moment) == len("2026-12-31 14:05:09") for moment in when)
    # A number of a workbook has no zeros at its end.
    assert cells.pop("orders_total") in ("12.20", "12.2")
    assert cells == {
        "number": full.number,
        "email": "ann@example.org",
        "first_name": "Ann",
        "last_name": "Rossi",
        "phone": "+39 011 5550100",
        "language": "",
        "company_name": "Rossi & Figli",
        "vat_number": "",
        "organisation_id": "",
        "line1": "Via Roma 1",
        "line2": "",
        "postcode": "10121",
        "city": "Torino",
        "state": "",
        "country": "IT",
        "tags": "press, vip",
        "groups": '"Trade, big"',
        "newsletter": "subscribed",
        "approval": "approved",
        "registered": "no",
        "orders_count": "1",
    }


def test_all_columns_can_be_had(tmp_path, full):
    header, [row] = read_back(written(tmp_path, format="csv", columns=list(COLUMNS)))
    cells = dict(zip(header, row, strict=True))

    assert header == list(COLUMNS)
    assert cells["register_id"] == str(full.pk)
    assert cells["name"] == "Ann Rossi"
    assert cells["memberships"] == "Club ann@example.org"
    assert cells["notes"] == cells["note"] == "Likes blue.\nCalls on Mondays."
    assert cells["default_billing"] == "yes"
    assert cells["default_shipping"] == "no"
    assert (cells["username"], cells["archived_at"], cells["sources"]) == ("", "", "staff, shop")


def test_the_address_of_an_account_is_that_of_its_book(tmp_path, shop, django_user_model):
    customer = make_full_customer()
    user = make_user("ann@example.org", username="ann")
    Customer.objects.filter(pk=customer.pk).update(user=user)
    from_shop = {"user": user, "line1": "Via Po 2", "line2": "Scala B", "line3": "Interno 4", "line4": "Asti"}
    book = chunks.get_model("address", "UserAddress").objects
    book.create(**from_shop, country_id="IT", first_name="A", last_name="R", postcode="14100")

    columns = ["line1", "line2", "city", "address_last_name", "registered", "username", "address_company"]
    _header, [row] = read_back(written(tmp_path, format="csv", columns=columns))

    assert row == ["Via Po 2", "Scala B, Interno 4", "Asti", "R", "yes", "ann", ""]


def test_no_column_is_a_password_or_a_key():
    forbidden = ("password", "token", "hash", "secret", "search_text", "email_key", "contact")
    assert [name for name in COLUMNS if any(word in name for word in forbidden)] == []


def test_nothing_of_an_account_is_written_but_its_name(tmp_path, full):
    user = make_user("ann@example.org", username="ann-account", password="canary-password")
    Customer.objects.filter(pk=full.pk).update(user=user)

    for name in ("csv", "json", "yaml"):
        content = written(tmp_path, format=name, columns=list(COLUMNS)).read_text("utf-8-sig")
        assert "ann-account" in content
        assert "canary-password" not in content
        assert user.password not in content


def test_the_header_maps_itself(tmp_path, full):
    for columns in (DEFAULT, list(COLUMNS)):
        known = recognise(columns)
        assert known.key == "own"
        assert str(known.title) == "Export of this shop"
        importable = {
            name: target for name, target in zip(columns, fields_of(columns), strict=True) if target
        }
        assert importable == {
            name: "id" if name == "register_id" else name for name in columns if not COLUMNS[name].readonly
        }
    assert COLUMNS["orders_total"].readonly
    assert not COLUMNS["email"].readonly


@pytest.mark.parametrize(
    "header",
    [
        ["id", "email", "company_name"],
        ["name", "email", "password"],
        ["email", "first_name"],
        ["email", "Total"],
    ],
)
def test_other_files_are_not_taken_for_ours(header):
    known = recognise(header)
    assert known is None or known.key != "own"
    assert "id" not in fields_of(header)


def with_names(names):
    for number, name in enumerate(names):
        customer = create_customer(email=f"c{number}@example.org")
        Customer.objects.filter(pk=customer.pk).update(company_name=name[:255], last_name=name[-255:])


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_is_changed_on_the_way_out_and_back(tmp_path, shop, name):
    texts = [*NASTY, "carriage\rreturn", "control\x01sign"]
    if name == "ods":  # it cannot hold these
        texts = NASTY
    with_names(texts)

    _header, rows = read_back(written(tmp_path, format=name, columns=["email", "company_name", "last_name"]))

    assert rows == [[f"c{number}@example.org", text, text] for number, text in enumerate(texts)]


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("with_bom", [True, False])
def test_text_comes_back_with_each_delimiter_and_mark(tmp_path, shop, delimiter, with_bom):
    with_names(NASTY)
    columns = ["email", "company_name", "number"]
    path = written(tmp_path, format="csv", delimiter=delimiter, with_bom=with_bom, columns=columns)

    _header, rows = read_back(path)

    assert [row[1] for row in rows] == NASTY
    assert path.read_bytes().startswith(b"\xef\xbb\xbf") == with_bom
    assert path.read_text("utf-8-sig").startswith(f"email{delimiter}company_name{delimiter}number")


@pytest.mark.skipif(not NAUGHTY.exists(), reason="the corpus of naughty strings is not there")
@pytest.mark.parametrize("name", FORMATS)
def test_a_thousand_naughty_strings_come_back(tmp_path, shop, name):
    corpus = [text.replace("\0", "") for text in json.loads(NAUGHTY.read_text())]
    texts = [text[:255] for text in (corpus * 3)[:1000]]
    customers = [create_customer(email=f"c{number}@example.org") for number in range(5)]
    resource = CustomerResource(["email", "company_name"])
    rows = [(f"c{number}@example.org", text) for number, text in enumerate(texts)]
    assert len(customers) == 5

    path = tmp_path / f"list.{name}"
    halves = [list(zip(*half, strict=True)) for half in (rows[:400], rows[400:])]
    pieces = FORMATS[name].write(resource.get_export_headers(), halves, shape(with_bom=True))
    path.write_bytes(b"".join(pieces))
    _header, found = read_back(path)

    expected = [[email, in_opendocument(text) if name == "ods" else text] for email, text in rows]
    assert found == expected


def in_opendocument(text):
    """What no XML can hold."""
    kept = "".join(
        sign if sign.isprintable() or sign in "\n\t" or ord(sign) > 31 else "\ufffd" for sign in text
    )
    return kept.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")


def test_a_cell_of_text_is_marked_wherever_a_program_might_calculate(tmp_path, shop):
    with_names(FORMULAS)
    content = written(tmp_path, format="csv", columns=["company_name"]).read_text("utf-8-sig")
    cells = [row[0] for row in csv.reader(io.StringIO(content))][1:]

    assert cells == [
        "'=1+1",
        "'+1-1000",
        "'-5",
        "'@SUM(A1)",
        "'\t'=1",
        '\'=HYPERLINK("http://evil.example")',
        "a;'=1+1;",
        "x\n'=2",
    ]


def test_a_column_is_marked_as_each_of_its_cells_would_be():
    texts = [*NASTY, "", "Ann", "5 - 3", "a@b.example", "+39 011 5550100", "\0=1"]
    for text in texts:
        assert unescaped(escaped(text)) == text
        assert all_escaped([text, "Ann"], f"{text}\0Ann") == [escaped(text), "Ann"]
        assert all_escaped(["Ann", text], f"Ann\0{text}") == ["Ann", escaped(text)]
    assert all_escaped(texts, "\0".join(texts)) == [escaped(text) for text in texts]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_lines_are_those_of_the_csv_module(delimiter):
    texts = [*NASTY, "", "a,b", "a;b", 'say "yes"', "+39 011 5550100", "+1 206-555-0184"]
    columns = [texts, [Decimal("-5.00")] * len(texts), ["", *range(len(texts) - 1)], ["plain"] * len(texts)]
    expected = io.StringIO(newline="")
    writer = csv.writer(expected, delimiter=delimiter)
    writer.writerow(["a", "b", "c", "d"])
    amount = "-5,00" if delimiter == ";" else "-5.00"
    writer.writerows(zip([escaped(text) for text in texts], [amount] * len(texts), *columns[2:], strict=True))

    pieces = text_file(["a", "b", "c", "d"], [columns], delimiter=delimiter, with_bom=False)

    assert b"".join(pieces).decode() == expected.getvalue()
    assert list(text_file(["a"], [[["", "x"]], [[]]], delimiter=delimiter, with_bom=False)) == [
        b"a\r\n",
        b'""\r\nx\r\n',
        b"",
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("read_with", [",", ";", "\t", "|"])
def test_no_cell_begins_like_a_formula_wherever_a_program_cuts_it(delimiter, read_with):
    texts = [
        f"a{between}{quotes}=1+1{between}b"
        for between in (*",;|\t\n", ", ", "\r\n")
        for quotes in ("", '"', '""', '"\'"')
    ]
    columns = [["x"] * len(texts), texts, ["y"] * len(texts)]
    pieces = text_file(["a", "b", "c"], [columns], delimiter=delimiter, with_bom=False)
    content = b"".join(pieces).decode()

    rows = csv.reader(io.StringIO(content, newline=""), delimiter=read_with)

    assert [cell for row in rows for cell in row if cell.lstrip().startswith("=")] == []
    own = list(csv.reader(io.StringIO(content, newline=""), delimiter=delimiter))
    assert [unescaped(row[1]) for row in own[1:]] == texts


@pytest.mark.parametrize("sign", ["\t", ";", "'", ";'", "\n "])
def test_marking_takes_no_longer_for_text_that_is_made_to_hurt(sign):
    text = (sign * 200_000) + "="
    assert unescaped(escaped(text)) == text


def test_cells_of_a_workbook_are_strings_in_the_format_text(tmp_path, shop):
    with_names(NASTY[: len(FORMULAS)])
    path = written(tmp_path, format="xlsx", columns=["company_name", "orders_count", "orders_total"])

    sheet = load_workbook(path).active

    for row, text in zip(sheet.iter_rows(min_row=2), FORMULAS, strict=True):
        assert (row[0].value, row[0].data_type, row[0].number_format) == (text, "s", "@")
        assert (row[1].value, row[1].data_type) == (0, "n")
        assert (row[2].value, row[2].number_format) == (0, "0.00")
    assert sheet.freeze_panes == "A2"


def test_dates_are_written_as_asked_by_the_clock_of_the_shop(tmp_path, full):
    Customer.objects.update(created_at="2026-07-01T22:30:05Z")
    for dates, expected in [
        (ExportShape.Dates.ISO, "2026-07-02 00:30:05"),
        (ExportShape.Dates.DAY_FIRST, "02/07/2026 00:30:05"),
        (ExportShape.Dates.MONTH_FIRST, "07/02/2026 00:30:05"),
    ]:
        _header, rows = read_back(
            written(tmp_path, format="csv", dates=dates, columns=["email", "created_at", "archived_at"])
        )
        assert rows == [["ann@example.org", expected, ""]]


@pytest.mark.parametrize(
    "zone",
    ["UTC", "Europe/Rome", "Asia/Kolkata", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Kiritimati"],
)
def test_the_clock_of_the_shop_counts_wherever_it_stands(shop, settings, zone):
    settings.TIME_ZONE = zone
    first = datetime(2026, 3, 28, 22, 29, 59, 999_999, tzinfo=UTC)
    moments = [first + timedelta(days=180 * half, minutes=30 * step) for half in (0, 1) for step in range(60)]
    moments += [datetime(1890, 5, 1, 23, 59, 1, tzinfo=UTC), datetime(2026, 4, 4, 15, 31, tzinfo=UTC)]
    first_pk = create_customer(email="c0@example.org").pk
    rows = [Customer(pk=first_pk, created_at=moments[0])]
    for number in range(1, len(moments)):
        rows.append(create_customer(email=f"c{number}@example.org"))
    for row, moment in zip(rows, moments, strict=True):
        row.created_at = moment
    Customer.objects.bulk_update(rows, ["created_at"])

    [[found, archived]] = CustomerResource(["created_at", "archived_at"]).chunks([row.pk for row in rows])

    assert found == [str(moment.astimezone(ZoneInfo(zone)))[:19] for moment in moments]
    assert set(archived) == {""}


@pytest.mark.parametrize("name", ["ods", "yaml"])
def test_formats_that_are_built_as_a_whole_have_a_limit(shop, name):
    limit = FORMATS[name]
    limit.check(10_000)
    with pytest.raises(ExportRefused) as caught:
        limit.check(10_001)
    assert "holds at most 10,000 customers, and these are 10,001. Choose CSV" in str(caught.value)
    FORMATS["csv"].check(2_000_000)
    with pytest.raises(ExportRefused):
        FORMATS["xlsx"].check(2_000_000)


def test_a_format_without_its_library_is_refused(shop, monkeypatch, full):
    gone = {name: found for name, found in FORMATS.items() if name != "ods"}
    monkeypatch.setattr("oscar_customers_ext.transfers.exports.formats.FORMATS", gone)
    with pytest.raises(ExportRefused, match="does not write this format"):
        exported(format="ods")


@pytest.mark.parametrize("name", FORMATS)
def test_nobody_is_a_file_with_a_header_or_an_empty_list(tmp_path, shop, name):
    content = written(tmp_path, format=name).read_bytes()

    if name in ("json", "yaml"):
        assert content == b"[]\n"
    else:
        assert read_back(tmp_path / exported(format=name).file_name) == (DEFAULT, [])


def test_json_is_one_list_over_all_chunks():
    pieces = json_file(["email"], [[["a@example.org"]], [[]], [["b@example.org", "ü"]]])
    assert json.loads(b"".join(pieces)) == [
        {"email": "a@example.org"},
        {"email": "b@example.org"},
        {"email": "ü"},
    ]


def count_queries(columns, **options):
    with CaptureQueriesContext(connection) as queries:
        list(CustomerResource(columns).chunks(list(Customer.objects.values_list("pk", flat=True))))
    return len(queries)


def test_a_chunk_costs_the_same_whatever_it_holds(shop):
    make_full_customer("first@example.org")
    for_one, for_one_in_full = count_queries(DEFAULT), count_queries(list(COLUMNS))
    for number in range(12):
        make_full_customer(f"c{number}@example.org")

    assert count_queries(DEFAULT) == for_one <= 8
    assert count_queries(list(COLUMNS)) == for_one_in_full <= 16


def test_rows_come_chunk_by_chunk_in_the_order_that_was_asked_for(shop, monkeypatch):
    monkeypatch.setattr("oscar_customers_ext.transfers.exports.resources.SIZE", 2)
    for number in range(5):
        create_customer(email=f"c{number}@example.org")
    export = exported(Customer.objects.order_by("-pk"), format="csv", columns=["email"], with_bom=False)
    assert export.number == 5

    with CaptureQueriesContext(connection) as queries:
        assert next(export.pieces) == b"email\r\n"
        assert len(queries) == 0
        assert next(export.pieces) == b"c4@example.org\r\nc3@example.org\r\n"
        assert len(queries) == 1
    Customer.objects.filter(email="c2@example.org").delete()
    assert b"".join(export.pieces) == b"c1@example.org\r\nc0@example.org\r\n"


@pytest.mark.parametrize("name", ["xlsx", "csv", "json"])
def test_files_of_these_formats_are_sent_while_they_are_written(shop, monkeypatch, name):
    monkeypatch.setattr("oscar_customers_ext.transfers.exports.resources.SIZE", 1)
    for number in range(3):
        create_customer(email=f"c{number}@example.org")

    pieces = iter(exported(format=name).pieces)
    with CaptureQueriesContext(connection) as queries:
        next(pieces)

    assert len(queries) <= 10
    assert len(list(pieces)) >= 3


def test_keys_that_lie_apart_are_fetched_alike(shop, monkeypatch):
    customers = [create_customer(email=f"c{number}@example.org") for number in range(12)]
    wanted = [customers[0].pk, customers[11].pk]
    assert chunks.near("pk", [customer.pk for customer in customers]).children[0][0] == "pk__gte"
    found = Customer.objects.order_by("pk").filter(chunks.near("pk", wanted))
    assert [customer.pk for customer in found] == wanted
    assert not Customer.objects.filter(chunks.near("pk", [])).exists()
    # One parameter, however many there are: to hand over each of them takes longer than to read the rows.
    assert len(found.query.sql_with_params()[1]) == 1

    [[emails]] = CustomerResource(["email"]).chunks(wanted)

    assert list(emails) == ["c0@example.org", "c11@example.org"]
