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


BOMBS = [far_cells, million_rows, laughing, external, packed]
