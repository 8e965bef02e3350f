"""Workbooks, one row at a time. A few bytes can claim a million rows: what the sheet claims is looked at first."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string

from .bounds import Bounds, open_archive, unreadable
from .refusals import TableRefused

BLOCK = 1 << 20
#: What lies between two blocks: no tag that matters is longer.
OVERLAP = 256
CELL = re.compile(rb'<(?:\w+:)?(?:c|row)\b[^>]*?\br="([A-Z]*)([0-9]+)"')
#: How workbooks write what XML cannot hold, like a carriage return; half a pair of surrogates is none of it.
ESCAPE = re.compile("_x((?![Dd][89A-Fa-f])[0-9A-Fa-f]{4})_")
ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
BROKEN = (
    BadZipFile,
    ZlibError,
    EOFError,
    OSError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
)


def is_workbook(archive: ZipFile) -> bool:
    return "xl/workbook.xml" in archive.namelist()


def check_sheets(archive: ZipFile, bounds: Bounds) -> None:
    """Refuses what only an attack or a mistake contains: entities, cells far outside, rows beyond number.

    The biggest bomb is refused after one pass over its bytes, with one block of them in memory.
    """
    for entry in archive.infolist():
        if not entry.filename.lower().endswith((".xml", ".rels")):
            continue
        is_sheet = entry.filename.startswith("xl/worksheets/")
        for block in _blocks(archive, entry.filename):
            if ENTITIES.search(block):
                raise unreadable()
            if is_sheet:
                _check_references(block, bounds)


def _blocks(archive: ZipFile, name: str) -> Iterator[bytes]:
    try:
        with archive.open(name) as file:
            rest = b""
            while block := file.read(BLOCK):
                yield rest + block
                rest = block[-OVERLAP:]
    except (*BROKEN, RuntimeError, NotImplementedError) as error:
        raise unreadable() from error


def _check_references(block: bytes, bounds: Bounds) -> None:
    columns, last_row = set(), 0
    for column, row in CELL.findall(block):
        columns.add(column)
        last_row = max(last_row, int(row[:9]))
    bounds.check_rows(last_row - 1)
    for column in columns - {b""}:
        bounds.check_columns(
            column_index_from_string(column.decode()) if len(column) <= 3 else bounds.columns + 1
        )


def workbook_rows(path: str, bounds: Bounds, size: int) -> Iterator[list[str]]:
    """The first visible sheet, each cell as the text that it stands for; of a formula the value saved with it."""
    with open_archive(path, bounds, size) as archive:
        check_sheets(archive, bounds)
    try:
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except Exception as error:
        # Whatever a damaged workbook makes the library raise: nothing of ours runs in there.
        raise unreadable() from error
    try:
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not sheets:
            raise TableRefused(_("The workbook has no visible sheet."))
        # The size that the file claims for itself is not believed.
        sheets[0].reset_dimensions()
        for row in sheets[0].iter_rows(values_only=True):
            cells = [_unescaped(value) if isinstance(value, str) else as_text(value) for value in row]
            while cells and not cells[-1]:
                cells.pop()
            bounds.check_columns(len(cells))
            yield cells
    except TableRefused:
        raise
    except Exception as error:
        raise unreadable() from error
    finally:
        book.close()


def _unescaped(text: str) -> str:
    return ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def as_text(value: Any) -> str:
    """As a person would have typed it: whole numbers without a point, dates as ISO 8601 has them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else str(Decimal(repr(value)))
    if isinstance(value, datetime):
        has_time = any((value.hour, value.minute, value.second, value.microsecond))
        return value.isoformat(sep=" ", timespec="seconds") if has_time else value.date().isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)
