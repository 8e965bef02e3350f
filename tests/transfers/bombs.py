"""Workbooks of a few bytes that would fill a machine. What they cost is measured by the benchmarks."""

import zipfile
from pathlib import Path

HOSTILE = Path(__file__).parents[1] / "data" / "tables" / "hostile"


def workbook_of(path, sheet, **others):
    with (
        zipfile.ZipFile(HOSTILE / "plain.xlsx") as good,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for name in good.namelist():
            bad.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else good.read(name))
        for name, content in others.items():
            bad.writestr(name, content)


NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
CELL = '<c r="{}" t="inlineStr"><is><t>x</t></is></c>'


def far_cells(path):
    rows = [
        f'<row r="1">{CELL.format("A1")}{CELL.format("XFD1")}</row>',
        f'<row r="1048576">{CELL.format("A1048576")}</row>',
    ]
    workbook_of(path, f"<worksheet {NAMESPACE}><sheetData>{''.join(rows)}</sheetData></worksheet>")


def million_rows(path):
    rows = "".join(f'<row r="{n}">{CELL.format(f"A{n}")}</row>' for n in range(1, 1_000_001))
    workbook_of(path, f"<worksheet {NAMESPACE}><sheetData>{rows}</sheetData></worksheet>")


def laughing(path):
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    workbook_of(
        path,
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{entities}]><worksheet {NAMESPACE}><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&l9;</t></is></c></row></sheetData></worksheet>',
    )


def external(path):
    workbook_of(
        path,
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet {NAMESPACE}><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row></sheetData></worksheet>',
    )


def packed(path):
    path.write_bytes((HOSTILE / "bomb_entry_300MB.xlsx").read_bytes())


def rows_of(path, rows, **others):
    workbook_of(path, f"<worksheet {NAMESPACE}><sheetData>{rows}</sheetData></worksheet>", **others)


def unfinished_tags(path):
    rows_of(path, "<c " * 100_000)


def far_cells_in_other_quotes(path):
    rows_of(
        path,
        "".join(f'<row r="{n}">{CELL.format(f"A{n}")}</row>' for n in (1, 999_999_999)).replace('"', "'"),
    )


def hidden_far_row(path):
    sheet = f'<worksheet {NAMESPACE}><sheetData><row r="999999999">{CELL.format("A999999999")}</row></sheetData></worksheet>'
    workbook_of(path, f'<?xml version="1.0" encoding="UTF-16"?>{sheet}'.encode("utf-16"))


def cells_without_names(path):
    rows_of(path, f"<row>{'<c/>' * 1_200_000}</row>")


def rows_without_names(path):
    rows_of(path, "<row/>" * 800_000)


def million_styles(path):
    styles = f"<styleSheet {NAMESPACE}><cellXfs>{'<xf/>' * 900_000}</cellXfs></styleSheet>"
    rows_of(path, f'<row r="1">{CELL.format("A1")}</row>', **{"xl/styles.xml": styles})


def shared(path, texts, rows):
    """With a part for the texts that cells share, which the good workbook lacks."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    with (
        zipfile.ZipFile(HOSTILE / "plain.xlsx") as good,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for name in good.namelist():
            content = good.read(name).decode()
            if name == "[Content_Types].xml":
                more = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
                content = content.replace("</Types>", more)
            if name == "xl/worksheets/sheet1.xml":
                content = f"<worksheet {NAMESPACE}><sheetData>{rows}</sheetData></worksheet>"
            bad.writestr(name, content)
        bad.writestr("xl/sharedStrings.xml", f"<sst {NAMESPACE}>{texts}</sst>")


def million_texts(path):
    shared(path, "<si/>" * 900_000, f'<row r="1">{CELL.format("A1")}</row>')


def one_text_everywhere(path):
    """Some kilobytes that become gigabytes on the disk."""
    row = "<row>" + '<c t="s"><v>0</v></c>' * 200 + "</row>"
    shared(path, f"<si><t>{'y' * 32_000}</t></si>", f'<row r="1">{CELL.format("A1")}</row>{row * 700}')


def opendocument(path, rows):
    names = {"office": "office", "table": "table", "text": "text"}
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    header = "<table:table-row><table:table-cell><text:p>email</text:p></table:table-cell></table:table-row>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet><table:table>{header}{rows}"
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )


def equal_rows(path):
    cell = f'<table:table-cell table:number-columns-repeated="250"><text:p>{"y" * 3000}</text:p></table:table-cell>'
    opendocument(path, f'<table:table-row table:number-rows-repeated="249000">{cell}</table:table-row>')


def blanks_by_number(path):
    blanks = '<text:s text:c="99999"/>' * 100_000
    opendocument(
        path,
        f"<table:table-row><table:table-cell><text:p>{blanks}</text:p></table:table-cell></table:table-row>",
    )


def deep_text(path):
    text = f"{'<text:a>' * 20_000}x{'</text:a>' * 20_000}"
    opendocument(
        path,
        f"<table:table-row><table:table-cell><text:p>{text}</text:p></table:table-cell></table:table-row>",
    )


def one_line(path):
    path.write_bytes(b"email\n" + b"," * 50_000_000)


def one_row(path):
    path.write_bytes(b"email,a\n" + b'"\n",' * 10_000_000)


def empty_lists(path):
    path.write_bytes(b"[" + b"[]," * 6_000_000 + b"[]]")


def empty_objects(path):
    path.write_bytes(b"[" + b"{}," * 6_000_000 + b"{}]")


def long_object(path):
    path.write_bytes(b'[{"email":[' + b"1.5," * 4_500_000 + b"1]}]")


def slow_number(path):
    path.write_bytes(b"- email: 1" + b":59" * 200_000)


def slow_list(path):
    path.write_bytes(b"- {email: a@example.org, name: Ann}\n" * 200_000)


BOMBS = [far_cells, million_rows, laughing, external, packed]
BOMBS += [unfinished_tags, far_cells_in_other_quotes, hidden_far_row, cells_without_names, rows_without_names]
BOMBS += [million_styles, million_texts, one_text_everywhere]
OTHER_BOMBS = {
    "list.ods": [equal_rows, blanks_by_number, deep_text],
    "list.csv": [one_line, one_row],
    "list.json": [empty_lists, empty_objects, long_object],
    "list.yaml": [slow_number, slow_list],
}
ALL_BOMBS = {
    **dict.fromkeys(BOMBS, "list.xlsx"),
    **{bomb: name for name in OTHER_BOMBS for bomb in OTHER_BOMBS[name]},
}
