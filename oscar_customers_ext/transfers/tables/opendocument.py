"""OpenDocument spreadsheets, one row at a time.

Written by hand, because tablib leaves out cells that stand for several equal ones, as LibreOffice writes two empty
cells, and so moves the cells after them into the wrong columns; and it holds the whole document in memory.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from .bounds import Bounds, unreadable
from .parts import CheckedArchive

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
BROKEN = (
    ParseError,
    DefusedXmlException,
    BadZipFile,
    ZlibError,
    EOFError,
    OSError,
    KeyError,
    ValueError,
    RecursionError,
)

#: Where the value of a cell is kept, by its type; texts are in paragraphs.
VALUES = {
    "float": "value",
    "currency": "value",
    "percentage": "value",
    "boolean": "boolean-value",
    "time": "time-value",
}


def is_opendocument(archive: ZipFile) -> bool:
    return "mimetype" in archive.namelist() and archive.read("mimetype")[:100].startswith(MIMETYPE)


def opendocument_rows(path: str, bounds: Bounds, size: int) -> Iterator[list[str]]:
    """The first sheet, each cell as the text that it stands for."""
    with CheckedArchive(path, bounds, size) as archive:
        try:
            bounds.check_whole(archive.getinfo("content.xml").file_size // 10)
            archive.check("content.xml", has_rows=True)
            with archive.open("content.xml") as content:
                yield from _rows(content, bounds)
        except BROKEN as error:
            raise unreadable() from error


def _rows(content: Any, bounds: Bounds) -> Iterator[list[str]]:
    number = 0
    empty_rows = 0
    for event, element in iterparse(content, events=("start", "end"), forbid_dtd=True):
        if event == "end" and element.tag == f"{TABLE}table":
            return
        if event == "start" or element.tag != f"{TABLE}table-row":
            continue
        bounds.check_time()
        cells = _cells(element, bounds, number)
        repeated = _repeated(element, "number-rows-repeated")
        element.clear()
        if not cells:
            # A sheet ends with a million empty rows in one.
            empty_rows += repeated
            continue
        number += empty_rows + repeated
        bounds.check_rows(number - 1)
        yield from ([] for _empty in range(empty_rows))
        empty_rows = 0
        yield from (cells for _equal in range(repeated))


def _cells(row: Any, bounds: Bounds, number: int) -> list[str]:
    cells: list[str] = []
    waiting = 0
    for cell in row:
        if cell.tag not in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            continue
        text = _text(cell, bounds, number)
        repeated = _repeated(cell, "number-columns-repeated")
        if not text:
            waiting += repeated
            continue
        bounds.check_columns(len(cells) + waiting + repeated)
        cells += [""] * waiting + [text] * repeated
        waiting = 0
    return cells


def _repeated(element: Any, name: str) -> int:
    return max(int(element.get(f"{TABLE}{name}", "1")[:9]), 1)


def _text(cell: Any, bounds: Bounds, row: int) -> str:
    kind = cell.get(f"{OFFICE}value-type")
    if kind == "date":
        return cell.get(f"{OFFICE}date-value", "").replace("T", " ").removesuffix(" 00:00:00")
    if kind in VALUES:
        value = cell.get(f"{OFFICE}{VALUES[kind]}", "")
        return value.removesuffix(".0") if kind == "float" else {"true": "1", "false": "0"}.get(value, value)
    parts: list[str] = []
    length = 0
    for paragraph in cell.iter(f"{TEXT}p"):
        for part in chain(["\n"] if parts else [], _written(paragraph)):
            # A tag of a few bytes can say that there are a million blanks.
            length += len(part) + 1
            if length > bounds.cell * 2:
                raise bounds.long_row(row)
            parts.append(part)
    return "".join(parts)


def _written(element: Any) -> Iterator[str]:
    """With the blanks, tabs and line breaks that OpenDocument writes as elements."""
    yield element.text or ""
    for child in element:
        if child.tag == f"{TEXT}s":
            yield " " * min(int(child.get(f"{TEXT}c", "1")[:6]), 100_000)
        elif child.tag == f"{TEXT}tab":
            yield "\t"
        elif child.tag == f"{TEXT}line-break":
            yield "\n"
        elif not child.tag.startswith(OFFICE):  # a comment is no part of the text
            yield from _written(child)
        yield child.tail or ""
