"""Workbooks, one row at a time. A few bytes can claim a million rows: what the sheet claims is looked at first."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

from django.utils.translation import gettext as _
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.xml.constants import SHARED_STRINGS

from .bounds import Bounds, unreadable
from .parts import CheckedArchive
from .refusals import TableRefused
from .worksheets import check_claims, shared_texts, sheet_rows

#: How workbooks write what XML cannot hold, like a carriage return; half a pair of surrogates is none of it.
ESCAPE = re.compile("_x((?![Dd][89A-Fa-f])[0-9A-Fa-f]{4})_")


def is_workbook(archive: ZipFile) -> bool:
    return "xl/workbook.xml" in archive.namelist()


def workbook_rows(path: str, bounds: Bounds, size: int) -> Iterator[list[str]]:
    """The first visible sheet, each cell as the text that it stands for; of a formula the value saved with it."""
    archive = CheckedArchive(path, bounds, size)
    try:
        book = _Book(archive)
    except TableRefused:
        archive.close()
        raise
    except Exception as error:
        archive.close()
        # Whatever a damaged workbook makes the library raise: nothing of ours runs in there.
        raise unreadable() from error
    try:
        yield from book.rows(bounds)
    except TableRefused:
        raise
    except Exception as error:
        raise unreadable() from error
    finally:
        book.archive.close()


class _Book(ExcelReader):
    """What openpyxl knows about a workbook, without its cells."""

    archive: Any

    def __init__(self, archive: CheckedArchive) -> None:
        super().__init__(archive.filename, read_only=True, data_only=True, keep_links=False)
        self.archive.close()
        self.archive = archive
        self.read_manifest()
        self.read_workbook()
        apply_stylesheet(self.archive, self.wb)
        self.dates = set(map(str, self.wb._date_formats))
        self.durations = set(map(str, self.wb._timedelta_formats))

    def rows(self, bounds: Bounds) -> Iterator[list[str]]:
        path = self._path_of_sheet()
        with self.archive.open(path) as file:
            check_claims(file, bounds)
        shared = self.package.find(SHARED_STRINGS)
        if shared is not None:
            with self.archive.open(shared.PartName[1:]) as file:
                self.shared_strings = shared_texts(file, bounds, _unescaped)
        with self.archive.open(path) as file:
            yield from sheet_rows(file, bounds, self._text_of)

    def _path_of_sheet(self) -> str:
        for sheet, relation in self.parser.find_sheets():
            is_sheet = relation.target in self.valid_files and "chartsheet" not in relation.Type
            if is_sheet and sheet.state == "visible":
                return relation.target
        raise TableRefused(_("The workbook has no visible sheet."))

    def _text_of(self, kind: str, style: str, text: str) -> str:
        if kind == "s":
            return self.shared_strings[int(text)]
        if kind in ("inlineStr", "str"):
            return _unescaped(text)
        if kind == "n":
            return self._number(style, text)
        if kind == "b":
            return as_text(bool(int(text)))
        return as_text(from_ISO8601(text)) if kind == "d" else text

    def _number(self, style: str, text: str) -> str:
        value = float(text) if {".", "e", "E"}.intersection(text) else int(text)
        if style not in self.dates:
            return as_text(value)
        try:
            return as_text(from_excel(value, self.wb.epoch, timedelta=style in self.durations))
        except (OverflowError, ValueError):
            return "#VALUE!"


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
