"""The files in a program of spreadsheets: nothing calculates there, and nothing is changed."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.models import Customer
from oscar_customers_ext.transfers.tables.escaping import escaped
from tests.transfers.exports.customers import written

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed"),
]

TEXTS = [
    "=1+1",
    "+1-1000",
    "-5+3",
    "@SUM(A1:A9)",
    '=HYPERLINK("http://evil.example/","x")',
    "=cmd|' /C calc'!A0",
    "\t=1+1",
    " =1+1",
    "a;=1+1;b",
    "x,=1+1,y",
    "007",
    "two  blanks",
    "plain",
]


def opened(path, folder, *, options=""):
    """What the program has in its cells, as it saves them: type, text and formula."""
    profile = folder / "profile"
    command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "fods"]
    command += ([f"--infilter={options}"] if options else []) + ["--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    content = Path(folder, f"{path.stem}.fods").read_text()
    table = content[content.index("<table:table ") :]
    rows = re.findall(r"<table:table-row.*?</table:table-row>", table, re.DOTALL)
    return [cells_of(row) for row in rows]


def cells_of(row):
    for attributes, content in re.findall(
        r"<table:table-cell([^>]*?)(?:/>|>(.*?)</table:table-cell>)", row, re.DOTALL
    ):
        kind = re.search(r'office:value-type="(\w+)"', attributes)
        paragraphs = re.findall(r"<text:p>(.*?)</text:p>", content or "", re.DOTALL)
        yield kind and kind[1], "table:formula" in attributes, "\n".join(map(plain, paragraphs))


def plain(text):
    text = re.sub(r'<text:s text:c="(\d+)"/>', lambda found: " " * int(found[1]), text)
    text = text.replace("<text:s/>", " ").replace("<text:tab/>", "\t")
    text = re.sub(r"<[^>]*>", "", text)
    for entity, sign in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")]:
        text = text.replace(entity, sign)
    return text


@pytest.fixture
def customers(shop):
    for number, text in enumerate(TEXTS):
        customer = create_customer(email=f"c{number}@example.org")
        Customer.objects.filter(pk=customer.pk).update(company_name=text)
    return Customer.objects.order_by("pk")


@pytest.mark.parametrize("name", ["xlsx", "ods"])
def test_cells_of_workbooks_are_strings_with_their_values(tmp_path, customers, name):
    path = written(tmp_path, customers, format=name, columns=["company_name", "email"])

    rows = [list(row) for row in opened(path, tmp_path)]

    # LibreOffice has no tabs in the cells of its own format; the file has them.
    texts = [text.replace("\t", "") for text in TEXTS] if name == "ods" else TEXTS
    assert [row[0] for row in rows] == [("string", False, text) for text in ["company_name", *texts]]
    assert [row[1][2] for row in rows[1:]] == [f"c{number}@example.org" for number in range(len(TEXTS))]


def test_amounts_of_a_file_with_semicolons_are_numbers_where_people_write_commas(tmp_path, customers):
    Customer.objects.update(orders_total="1234.50")
    path = written(tmp_path, customers, format="csv", delimiter=";", columns=["email", "orders_total"])

    # As below, in Italian.
    rows = [
        list(row)
        for row in opened(path, tmp_path, options="CSV:59,34,76,1,,1040,false,true,false,false,false,-1,true")
    ]

    assert {row[1][0] for row in rows[1:]} == {"float"}


# Separator, quotation mark, character set (UTF-8) and first line of the import; 44, 59 and 9 are , ; and tab.
@pytest.mark.parametrize(("delimiter", "code"), [(",", 44), (";", 59)])
@pytest.mark.parametrize("read_with", ["the same", "the other"])
def test_no_cell_of_a_text_file_calculates_whatever_delimiter_it_is_opened_with(
    tmp_path, customers, delimiter, code, read_with
):
    path = written(
        tmp_path, customers, format="csv", delimiter=delimiter, columns=["email", "company_name", "number"]
    )
    used = code if read_with == "the same" else {44: 59, 59: 44}[code]
    # The last options: no cell is quoted text, numbers are found, formulas are evaluated.
    options = f"CSV:{used},34,76,1,,1033,false,true,false,false,false,-1,true"

    rows = [list(row) for row in opened(path, tmp_path, options=options)]

    assert [cell for row in rows for cell in row if cell[1]] == []
    if read_with == "the same":
        texts = [row[1] for row in rows[1:]]
        expected = [escaped(text) for text in TEXTS]
        assert [text for _kind, _formula, text in texts] == [
            "7" if text == "007" else text for text in expected
        ]
