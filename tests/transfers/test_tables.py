"""Reading files of every kind: what is right, what is damaged, and what was made to hurt."""

import json
import os
import subprocess
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from oscar_customers_ext.transfers.tables.bounds import Bounds
from oscar_customers_ext.transfers.tables.escaping import escaped, unescaped
from oscar_customers_ext.transfers.tables.reading import open_table
from oscar_customers_ext.transfers.tables.refusals import TableRefused
from oscar_customers_ext.transfers.tables.text import find_delimiter
from tests.transfers.bombs import ALL_BOMBS

DATA = Path(__file__).parents[1] / "data" / "tables"
HOSTILE, FORMATS = DATA / "hostile", DATA / "formats"
EXPECTED = json.loads((HOSTILE / "expected.json").read_text())
KNOWN = json.loads((FORMATS / "formats.json").read_text())


def write(tmp_path, content, name="list.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return open_table(str(path), name)


def cells(table):
    return [row.cells for row in table.rows()]


def refusal(tmp_path, content, name="list.csv", **bounds):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(TableRefused) as caught:
        list(open_table(str(path), name, bounds=Bounds(**bounds)).rows())
    return str(caught.value)


@pytest.mark.parametrize("name", [name for name in EXPECTED if EXPECTED[name].get("error")])
def test_a_file_that_cannot_be_right_is_refused_with_a_sentence(name):
    with pytest.raises(TableRefused) as caught:
        list(open_table(str(HOSTILE / name), name).rows())

    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("name", "rows"),
    [("bom_utf8.csv", 3), ("utf16le_bom.csv", 3), ("utf16be_bom.csv", 3), ("semicolon_excel_de.csv", 3)],
)
def test_encodings_and_delimiters_are_found(name, rows):
    table = open_table(str(HOSTILE / name), name)

    assert table.header == ["name", "email", "password"]
    assert [row[0] for row in cells(table)] == ["Anna Müller", "Björn Ågren", "Łukasz Żak"]
    assert len(cells(table)) == rows
    assert table.notices == []


@pytest.mark.parametrize("key", KNOWN)
def test_the_files_of_known_shops_are_read(key):
    [path] = FORMATS.glob(f"{key}.csv")
    table = open_table(str(path), path.name)

    assert table.header[: len(KNOWN[key]["header"])] == KNOWN[key]["header"]
    assert table.delimiter == KNOWN[key]["delimiter"]
    assert all(row.problem == "" for row in table.rows())


def test_a_file_of_windows_is_read_with_a_notice(tmp_path):
    table = write(tmp_path, "name;email\nZoë Müller;zoe@example.org\n", encoding="cp1252")

    assert (table.encoding, table.delimiter) == ("cp1252", ";")
    assert cells(table) == [["Zoë Müller", "zoe@example.org"]]
    assert "cp1252" in table.notices[0]


def test_letters_that_windows_does_not_have_are_read_as_from_a_macintosh_with_a_notice(tmp_path):
    table = write(tmp_path, "name;email\nNoè Però;noe@example.org\n", encoding="mac_roman")

    assert table.encoding == "mac_roman"
    assert cells(table) == [["Noè Però", "noe@example.org"]]
    assert "Macintosh" in table.notices[0]


def test_an_encoding_that_does_not_fit_is_told(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes("name,email\nZoë,zoe@example.org\n".encode("cp1252"))

    with pytest.raises(TableRefused, match="does not have this encoding"):
        open_table(str(path), "list.csv", encoding="utf-8")


def test_the_line_that_names_the_delimiter_is_no_row(tmp_path):
    table = write(tmp_path, "sep=;\r\nname;email\r\nA, B;a@example.org\r\n")

    assert table.header == ["name", "email"]
    assert cells(table) == [["A, B", "a@example.org"]]


def test_commas_within_the_names_of_columns_do_not_mislead():
    assert find_delimiter("Titles (Mr = 1, Ms = 2, else 0);Email\n1;a@example.org\n") == ";"
    assert find_delimiter("email\na@example.org\n") == ","


def test_rows_are_numbered_without_blank_ones_and_told_when_too_long(tmp_path):
    table = write(tmp_path, "name,email\n\nAnn,ann@example.org\n,\nBob,bob@example.org,more\nEve\n")

    assert [(row.number, row.cells, bool(row.problem)) for row in table.rows()] == [
        (1, ["Ann", "ann@example.org"], False),
        (2, ["Bob", "bob@example.org"], True),
        (3, ["Eve", ""], False),
    ]
    assert len(list(table.rows())) == 3


def test_workbooks_are_read_as_a_person_would_type_them(tmp_path):
    book = Workbook()
    hidden = book.active
    hidden.sheet_state = "hidden"
    sheet = book.create_sheet("Customers")
    sheet.append(["name", "zip", "born", "seen", "active", "sum"])
    seen = datetime.fromisoformat("2024-05-01T12:30")
    sheet.append(["Ann", 10121.0, date(1980, 5, 1), seen, True, 1.5])
    sheet.append([])
    sheet.append(["=1+1", "00123", None, None, False, -2])
    path = tmp_path / "list.xlsx"
    book.save(path)

    table = open_table(str(path), "list.xlsx")

    assert cells(table) == [
        ["Ann", "10121", "1980-05-01", "2024-05-01 12:30:00", "1", "1.5"],
        ["", "00123", "", "", "0", "-2"],
    ]


def opendocument(path, rows):
    content = f"""<?xml version="1.0"?><office:document-content
        xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
        xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
        xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
        <table:table>{rows}</table:table></office:spreadsheet></office:body></office:document-content>"""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return open_table(str(path), path.name)


def test_cells_of_an_opendocument_that_stand_for_several_stay_in_their_columns(tmp_path):
    table = opendocument(
        tmp_path / "list.ods",
        """<table:table-row><table:table-cell><text:p>name</text:p></table:table-cell>
        <table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell><text:p>b</text:p></table:table-cell>
        <table:table-cell><text:p>email</text:p></table:table-cell></table:table-row>
        <table:table-row><table:table-cell><text:p>Ann<text:s text:c="2"/>Rossi</text:p></table:table-cell>
        <table:table-cell table:number-columns-repeated="2"/>
        <table:table-cell><text:p>ann@example.org</text:p></table:table-cell>
        <table:table-cell table:number-columns-repeated="16380"/></table:table-row>
        <table:table-row table:number-rows-repeated="1048574"><table:table-cell/></table:table-row>""",
    )

    assert table.header == ["name", "a", "b", "email"]
    assert cells(table) == [["Ann  Rossi", "", "", "ann@example.org"]]


def test_an_opendocument_that_repeats_without_end_is_refused(tmp_path):
    row = '<table:table-row table:number-rows-repeated="1000000000"><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>'
    with pytest.raises(TableRefused, match="rows"):
        opendocument(tmp_path / "rows.ods", row)
    cell = '<table:table-row><table:table-cell table:number-columns-repeated="900000"><text:p>x</text:p></table:table-cell></table:table-row>'
    with pytest.raises(TableRefused, match="columns"):
        opendocument(tmp_path / "columns.ods", cell)


def test_json_and_yaml_are_lists_of_objects(tmp_path):
    rows = [{"name": "Ann", "tags": ["vip", "press"], "zip": 10121}, {"name": "Bob", "more": None}]
    expected = [["Ann", "vip, press", "10121", ""], ["Bob", "", "", ""]]

    table = write(tmp_path, json.dumps(rows), "list.json")
    assert (table.header, cells(table)) == (["name", "tags", "zip", "more"], expected)
    table = write(
        tmp_path, "- {name: Ann, tags: [vip, press], zip: 10121}\n- {name: Bob, more: null}\n", "list.yaml"
    )
    assert (table.header, cells(table)) == (["name", "tags", "zip", "more"], expected)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.json", "{"),
        ("list.json", "[" * 100_000),
        ("list.json", '{"name": "Ann"}'),
        ("list.json", "[1]"),
        ("list.yaml", "a: &a [x]\nb: [*a, *a]\n"),
        ("list.yaml", "- " * 3000),
        ("list.yaml", "- !!python/object/apply:os.system ['true']"),
        ("list.xlsx", "PK\x03\x04 no archive"),
        ("list.ods", "PK\x03\x04 no archive"),
        ("list.csv", "%PDF-1.7"),
        ("list.csv", "\n\n"),
        ("list.csv", "email,x\na@example.org," + "y" * 40_000),
        ("list.csv", ",".join(f"c{number}" for number in range(16_384)) + "\n"),
    ],
    ids=lambda value: value[:24],
)
def test_what_no_list_of_customers_contains_is_refused(tmp_path, name, content):
    assert refusal(tmp_path, content, name).endswith(".")


NO_TABLE = "This is no table."


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("photo.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF", NO_TABLE),
        ("photo.heic", b"\x00\x00\x00\x18ftypheic\x90\x8d" * 50, NO_TABLE),
        ("photo.webp", b"RIFF\x24\x00\x00\x00WEBPVP8 \xe9\x9d", NO_TABLE),
        ("list.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is an Excel file of the old kind (XLS)"),
        ("list.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "or one with a password"),
        ("list.xls", b"\xef\xbb\xbf\r\n<html><table><tr><td>email", "This is a web page"),
        ("list.csv", b"<!DOCTYPE html><html>", "This is a web page"),
    ],
)
def test_what_editors_take_for_a_list_is_named(tmp_path, name, content, sentence):
    assert sentence in refusal(tmp_path, content, name)


@pytest.mark.parametrize("name", ["letter.docx", "list.numbers", "list.zip", "list.csv"])
def test_an_archive_of_something_else_is_not_called_damaged(tmp_path, name):
    path = tmp_path / name
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")

    with pytest.raises(TableRefused, match=NO_TABLE):
        open_table(str(path), name)


def test_bounds_are_told_in_words(tmp_path):
    content = "email\n" + "a@example.org\n" * 12

    assert (
        refusal(tmp_path, content, rows=10) == "The file has more than 10 rows. Split it into several files."
    )
    assert "bigger than" in refusal(tmp_path, content, size=20)


def test_an_archive_that_is_no_table_is_refused(tmp_path):
    path = tmp_path / "list.csv"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "email")

    with pytest.raises(TableRefused):
        open_table(str(path), "list.csv")


PROGRAM = """
import resource, sys
import django
django.setup()
from oscar_customers_ext.transfers.tables.reading import open_table
from oscar_customers_ext.transfers.tables.refusals import TableRefused

resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
usage = lambda: resource.getrusage(resource.RUSAGE_SELF)
first = usage()
for path in sys.argv[1:]:
    before = usage()
    try:
        said = sum(1 for row in open_table(path, path).rows())
    except TableRefused as refused:
        said = refused.sentence
    spent, grown = usage().ru_utime - before.ru_utime, (usage().ru_maxrss - first.ru_maxrss) // 1024
    print(path, spent, grown, said, sep="|", flush=True)
"""


@pytest.mark.slow
def test_bombs_are_refused_at_once_and_fill_nothing(tmp_path):
    paths = []
    for bomb, name in ALL_BOMBS.items():
        paths.append(tmp_path / f"{bomb.__name__}-{name}")
        bomb(paths[-1])
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-c", PROGRAM, *map(str, paths)]

    answer = subprocess.run(command, env=environment, capture_output=True, text=True)

    lines = [line.split("|") for line in answer.stdout.splitlines()]
    assert [line[0] for line in lines] == [str(path) for path in paths], answer.stderr[-500:]
    for path, seconds, megabytes, sentence in lines:
        # Refused in a sentence, or without a row that could be imported.
        assert sentence == "0" or sentence.endswith("."), path
        assert float(seconds) < 4, path
        assert int(megabytes) < 200, path


def test_a_long_list_of_e_mail_links_is_no_bomb(tmp_path):
    book = Workbook()
    book.active.append(["email"])
    for number in range(2, 302):
        cell = book.active.cell(row=number, column=1, value=f"a{number}@example.org")
        cell.hyperlink = f"mailto:a{number}@example.org"
    book.save(tmp_path / "list.xlsx")

    table = open_table(str(tmp_path / "list.xlsx"), "list.xlsx")

    assert len(cells(table)) == 300


def test_what_looks_like_a_number_in_yaml_stays_what_was_written(tmp_path):
    content = "- {name: Null, last_name: 'Null', phone: 0115550100, number: 0x1f, clock: 12:30, more: ~}\n"

    assert cells(write(tmp_path, content, "list.yaml")) == [["", "Null", "0115550100", "0x1f", "12:30", ""]]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.json", '[{"email": "a@example.org"}] x'),
        ("list.json", '[{"email": "a@example.org"} {"email": "b@example.org"}]'),
        ("list.json", '[{"email": "a@example.org", "\\ud800": "x"}]'),
        ("list.json", '[{"email": 1' + "0" * 5000 + "}]"),
        ("list.yaml", "- email: a@example.org\n---\n- email: b@example.org\n"),
        ("list.yaml", "- ? [a, b]\n  : c\n"),
        ("list.yaml", "- email: !!binary aGVsbG8=\n"),
        ("list.csv", "sep=\x00\nemail\x00name\n"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_breaks_nothing(tmp_path, name, content):
    assert refusal(tmp_path, content, name).endswith(".")


FORMULAS = ["=1+1", "+1-1000", "-5", "@SUM(A1)", "\t=1", "\uff1d1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_is_marked_as_text(text):
    # Behind a tab, too: a program may take it for the end of a cell.
    assert escaped(text) == f"'{text}".replace("\t=", "\t'=")


@pytest.mark.parametrize("text", ["+39 011 5550100", "+390115550100", "Ann", "", "5 - 3", "O'Hara"])
def test_what_is_no_formula_is_written_as_it_is(text):
    assert escaped(text) == text


@pytest.mark.parametrize(
    "text", [*FORMULAS, "'quoted'", "''", "'=1", "'", "Ann", "+39 011 5550100", "", " =1", "\r\n=1"]
)
def test_reading_gives_back_what_was_written(text):
    assert unescaped(escaped(text)) == text
