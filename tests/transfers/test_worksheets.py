"""Worksheets that we take apart ourselves: the same texts as openpyxl finds, and nothing that fills the machine."""

import time
import zipfile
from datetime import date, datetime, timedelta
from datetime import time as clock

import pytest
from openpyxl import Workbook, load_workbook

from oscar_customers_ext.transfers.tables.bounds import Bounds
from oscar_customers_ext.transfers.tables.reading import open_table
from oscar_customers_ext.transfers.tables.refusals import TableRefused
from oscar_customers_ext.transfers.tables.spreadsheets import as_text
from tests.transfers.bombs import HOSTILE, NAMESPACE, workbook_of

SHEET = f"<worksheet {NAMESPACE}><sheetData>{{}}</sheetData></worksheet>"
SHARED = f"""<?xml version="1.0" encoding="UTF-8"?><sst {NAMESPACE}><si><t>email</t></si>
    <si><r><rPr><b/></rPr><t xml:space="preserve">Ann </t></r><r><t>Rossi</t></r></si>
    <si><t>&lt;b&gt; &amp; “ü”</t></si><si><t>東京</t><rPh sb="0" eb="2"><t>とうきょう</t></rPh></si>
    <si><t>_x005F_x000D_ a_x000D_b</t></si><si/></sst>"""
TYPE_OF_SHARED = (
    '<Override PartName="/xl/sharedStrings.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)


def rows_of(path, **bounds):
    return [row.cells for row in open_table(str(path), path.name, bounds=Bounds(**bounds)).rows()]


def with_shared(path, sheet, shared=SHARED):
    """A workbook as Excel writes it, whose texts stand in a part of their own."""
    with (
        zipfile.ZipFile(HOSTILE / "plain.xlsx") as good,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in good.namelist():
            content = good.read(name).decode()
            if name == "[Content_Types].xml":
                content = content.replace("</Types>", TYPE_OF_SHARED)
            if name not in ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"):
                made.writestr(name, content)
        made.writestr("xl/worksheets/sheet1.xml", sheet)
        made.writestr("xl/sharedStrings.xml", shared)


def test_every_kind_of_value_is_read_as_openpyxl_reads_it(tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append([f"c{number}" for number in range(12)])
    moment = datetime.fromisoformat("2024-02-29T23:59:58")
    sheet.append([0, -1, 1.5, 1e20, 1e-7, 12345678901234567890, True, False, None, "x", "", " y "])
    sheet.append([moment, date(1901, 1, 1), clock(12, 30), timedelta(hours=30), "2024-01-01", "00123"])
    sheet.append([])
    sheet.append(["=1+1", "line\nbreak", "tab\there", "a_x000D_b", "_x0041_", "'quoted"])
    sheet["D3"].number_format = "[h]:mm"
    sheet["B7"], sheet["C7"] = 44000, 44000.5
    sheet["B7"].number_format, sheet["C7"].number_format = "dd/mm/yyyy", "yyyy-mm-dd hh:mm"
    path = tmp_path / "list.xlsx"
    book.save(path)
    known = load_workbook(path, read_only=True, data_only=True).active
    expected = [[as_text(value) for value in row] for row in known.iter_rows(values_only=True, min_row=2)]

    found = rows_of(path)

    width = len(found[0])
    expected = [(row + [""] * width)[:width] for row in expected if any(text.strip() for text in row)]
    # Openpyxl writes these marks as they are, and does not take them back where they stand in a cell.
    expected = [[text.replace("_x000D_", "\r").replace("_x0041_", "A") for text in row] for row in expected]
    assert found == expected
    assert found[1][:4] == ["2024-02-29 23:59:58", "1901-01-01", "12:30:00", "1 day, 6:00:00"]
    assert found[-1][1:3] == ["2020-06-18", "2020-06-18 12:00:00"]


def test_shared_texts_are_read_whole_and_without_their_pronunciation(tmp_path):
    cells = "".join(f'<c r="{letter}2" t="s"><v>{number}</v></c>' for number, letter in enumerate("ABCDEF"))
    header = "".join(f'<c t="str"><v>c{number}</v></c>' for number in range(6))
    with_shared(tmp_path / "list.xlsx", SHEET.format(f'<row r="1">{header}</row><row r="2">{cells}</row>'))

    assert rows_of(tmp_path / "list.xlsx") == [
        ["email", "Ann Rossi", "<b> & “ü”", "東京", "_x000D_ a\rb", ""],
    ]


def test_cells_without_a_place_and_with_odd_ones_stand_where_they_belong(tmp_path):
    workbook_of(
        tmp_path / "list.xlsx",
        SHEET.format(
            '<row><c t="str"><v>a</v></c><c t="str"><v>b</v></c><c t="str"><v>c</v></c></row>'
            '<row><c r="C2"><v>3</v></c><c r="A2" t="e"><v>#N/A</v></c></row>'
            '<row><c t="d"><v>2024-05-06T07:08:09</v></c><c t="b"><v>1</v></c>'
            '<c t="inlineStr"><v>9</v><is><t>x</t></is></c></row>'
        ),
    )

    assert rows_of(tmp_path / "list.xlsx") == [["#N/A", "", "3"], ["2024-05-06 07:08:09", "1", "x"]]


HEADER = '<row><c t="str"><v>email</v></c></row>'
WIDE = '<!DOCTYPE x [<!ENTITY e "ha">]>' + SHEET.format('<row><c t="str"><v>&e;</v></c></row>')


@pytest.mark.parametrize(
    ("sheet", "shared"),
    [
        (SHEET.format(HEADER + '<row><c t="s"><v>99</v></c></row>'), SHARED),
        (SHEET.format(HEADER + "<row><c><v>many</v></c></row>"), SHARED),
        (SHEET.format(HEADER + "<row><c><v>1</v></row>"), SHARED),
        (SHEET.format(HEADER + f'<row><c t="str"><v>{"y" * 3_000_000}</v></c></row>'), SHARED),
        (SHEET.format(HEADER + f'<row x="{"y" * 3_000_000}"/>'), SHARED),
        ("\ufeff" + WIDE, SHARED),
        (SHEET.format(HEADER), WIDE),
        (SHEET.format(HEADER), f"<sst {NAMESPACE}>{'<si/>' * 700_000}</sst>"),
    ],
    ids=["no text", "no number", "cut", "cell", "tag", "wide signs", "entities", "texts"],
)
def test_what_no_program_writes_is_refused(tmp_path, sheet, shared):
    path = tmp_path / "list.xlsx"
    # No byte of the mark for entities stands alone in these.
    with_shared(path, sheet.encode("utf-16-le") if sheet.startswith("\ufeff") else sheet, shared)

    with pytest.raises(TableRefused, match="cannot be read"):
        rows_of(path, shared_texts=500_000)


@pytest.mark.parametrize("name", ["list.xlsx", "list.ods", "list.yaml", "list.csv"])
def test_nobody_waits_longer_than_the_bounds_say(tmp_path, name):
    path = tmp_path / name
    if name.endswith("xlsx"):
        workbook_of(path, SHEET.format(HEADER + '<row><c t="str"><v>x</v></c></row>'))
    elif name.endswith("ods"):
        from tests.transfers.test_tables import opendocument

        row = "<table:table-row><table:table-cell><text:p>email</text:p></table:table-cell></table:table-row>"
        opendocument(path, row * 2)
    else:
        path.write_text("- {email: x}\n" if name.endswith("yaml") else "email\nx\n")

    assert len(rows_of(path, until=time.monotonic() + 60)) == 1
    with pytest.raises(TableRefused, match="takes too long"):
        rows_of(path, until=time.monotonic() - 1)


def test_yaml_has_a_bound_of_its_own(tmp_path):
    path = tmp_path / "list.yaml"
    path.write_text("- {email: x}\n" * 500_000)

    with pytest.raises(TableRefused, match="5 MB at most"):
        rows_of(path)
