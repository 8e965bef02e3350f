"""A file of whatever kind as a header and rows of texts. Pure: no database, no settings."""

import codecs
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from zipfile import BadZipFile, is_zipfile

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .bounds import Bounds, open_archive, unreadable
from .escaping import unescaped
from .opendocument import is_opendocument, opendocument_rows
from .refusals import TableRefused
from .spreadsheets import is_workbook, workbook_rows
from .structured import json_rows, yaml_rows
from .text import (
    FALLBACK,
    LAST_FALLBACK,
    find_delimiter,
    find_encoding,
    named_delimiter,
    read_sample,
    text_rows,
)

TEXT_FORMATS = ("csv", "tsv")
#: Ending of the name -> format. Whatever else is a text file is tried as CSV.
ENDINGS = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".xlsx": "xlsx",
    ".ods": "ods",
    ".json": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
}
#: How the Excel of before 2007 begins, and a workbook that has a password.
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
#: How well-known files begin that are no tables: PDF, pictures, archives.
FOREIGN = (
    b"%PDF",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
)
#: Of a file in no known encoding so much is looked at: a text has no NUL byte there, a photo has.
BEGINNING = 4096


@dataclass(frozen=True)
class Row:
    """``number`` counts from 1 below the header, blank rows left out; as many ``cells`` as the header has."""

    number: int
    cells: list[str]
    #: Why this row cannot be taken, in a sentence; empty for a good one.
    problem: str = ""


@dataclass(frozen=True)
class Table:
    path: str
    table_format: str
    encoding: str
    delimiter: str
    header: list[str]
    bounds: Bounds
    #: What was assumed and may be wrong, in sentences.
    notices: list[str] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """May be asked for again and again. Raises TableRefused where the file turns out to be damaged or too big."""
        number = characters = 0
        size = os.path.getsize(self.path)
        lines = _lines(self.path, self.table_format, self.encoding, self.delimiter, self.bounds)
        _header_of(lines)
        width = len(self.header)
        for cells in lines:
            if not any(map(str.strip, cells)):
                continue
            number += 1
            self.bounds.check_rows(number)
            self.bounds.check_time()
            self.bounds.check_cell(max(cells, key=len), number)
            characters += sum(map(len, cells))
            self.bounds.check_sum(characters, size)
            yield self._row(number, cells, width)

    def _row(self, number: int, cells: list[str], width: int) -> Row:
        beyond = [cell for cell in cells[width:] if cell.strip()]
        problem = _("This row has more cells than there are columns.") if beyond else ""
        kept = cells[:width] + [""] * (width - len(cells))
        if self.table_format in TEXT_FORMATS:
            kept = [unescaped(cell) for cell in kept]
        return Row(number, kept, problem)


def open_table(
    path: str, name: str, *, encoding: str = "", delimiter: str = "", bounds: Bounds | None = None
) -> Table:
    """Finds out what the file is, and reads its header.

    ``name`` is the file's own name, whose ending must fit the content. ``encoding`` and ``delimiter`` overrule what
    is found in a text file. Raises TableRefused with one sentence.
    """
    bounds = bounds or Bounds()
    size = os.path.getsize(path)
    if size == 0:
        raise TableRefused(_("The file is empty."))
    bounds.check_size(size)
    table_format = _format_of(path, name, bounds, size)
    notices: list[str] = []
    if table_format in ("xlsx", "ods"):
        encoding = delimiter = ""
    else:
        encoding = encoding or _found_encoding(path, notices)
    if table_format in TEXT_FORMATS:
        delimiter = delimiter or _found_delimiter(path, table_format, encoding)
    lines = _lines(path, table_format, encoding, delimiter, bounds)
    header = _header_of(lines)
    _check_header(header)
    return Table(path, table_format, encoding, delimiter, header, bounds, notices)


def _format_of(path: str, name: str, bounds: Bounds, size: int) -> str:
    by_name = ENDINGS.get(os.path.splitext(name)[1].lower(), "")
    by_content = _format_of_content(path, bounds, size)
    if by_content in ("xlsx", "ods") or by_name in ("xlsx", "ods"):
        if by_content != by_name:
            raise TableRefused(
                _(
                    "The content of the file does not fit its name. Save it anew, and give it the right ending."
                )
            )
        return by_name
    return by_name or "csv"


def _format_of_content(path: str, bounds: Bounds, size: int) -> str:
    with open(path, "rb") as file:
        beginning = file.read(BEGINNING)
    if beginning.startswith(OLD_EXCEL):
        raise TableRefused(
            _(
                "This is an Excel file of the old kind (XLS), or one with a password. Save it as XLSX without a password, and import that file."
            )
        )
    if beginning.startswith(FOREIGN):
        raise _no_table()
    # Many programs write such files and call them XLS.
    if beginning.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<"):
        raise TableRefused(
            _(
                "This is a web page, which only Excel shows as a table. Open it there, save it as XLSX, and import that file."
            )
        )
    if not beginning.startswith(b"PK"):
        return "text"
    if not is_zipfile(path):
        raise unreadable()
    with open_archive(path, bounds, size) as archive:
        try:
            if is_workbook(archive):
                return "xlsx"
            if is_opendocument(archive):
                return "ods"
        except (BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError) as error:
            raise unreadable() from error
    raise _no_table()


def _no_table() -> TableRefused:
    return TableRefused(
        _("This is no table. Save the list as CSV, XLSX, ODS, JSON or YAML, and import that file.")
    )


def _found_encoding(path: str, notices: list[str]) -> str:
    encoding = find_encoding(path)
    if encoding not in (FALLBACK, LAST_FALLBACK):
        return encoding
    with open(path, "rb") as file:
        if b"\x00" in file.read(BEGINNING):
            raise _no_table()
    if encoding == FALLBACK:
        notices.append(
            _(
                "The file is not in UTF-8. It is read as Windows (cp1252): check that accented letters are right."
            )
        )
    else:
        notices.append(
            _(
                "The file is neither in UTF-8 nor as Windows writes it. It is read as from an old Macintosh: check that accented letters are right."
            )
        )
    return encoding


def _found_delimiter(path: str, table_format: str, encoding: str) -> str:
    if table_format == "tsv":
        return "\t"
    sample = read_sample(path, encoding)
    first = sample.partition("\n")[0]
    return named_delimiter(first) or find_delimiter(sample)


def _lines(
    path: str, table_format: str, encoding: str, delimiter: str, bounds: Bounds
) -> Iterator[list[str]]:
    size = os.path.getsize(path)
    if table_format in TEXT_FORMATS:
        return text_rows(path, encoding, delimiter, bounds)
    if table_format == "xlsx":
        return workbook_rows(path, bounds, size)
    if table_format == "ods":
        return opendocument_rows(path, bounds, size)
    bounds.check_whole(size, table_format)
    try:
        with open(path, encoding=encoding) as file:
            text = file.read()
    except (UnicodeError, LookupError) as error:
        raise unreadable() from error
    return json_rows(text, bounds) if table_format == "json" else yaml_rows(text, bounds)


def _header_of(lines: Iterator[list[str]]) -> list[str]:
    for cells in lines:
        if any(cell.strip() for cell in cells):
            header = [" ".join(cell.split()) for cell in cells]
            while not header[-1]:
                header.pop()
            return header
    raise TableRefused(_("The file is empty."))


def _check_header(header: list[str]) -> None:
    if any("@" in cell for cell in header):
        raise TableRefused(
            _("The first row must hold the names of the columns; this one holds an e-mail address.")
        )
    if any(sign == "\x00" or "\ud800" <= sign <= "\udfff" for cell in header for sign in cell):
        raise unreadable()
    seen: set[str] = set()
    twice = []
    for name in header:
        key = name.casefold()
        if key and key in seen and name not in twice:
            twice.append(name)
        seen.add(key)
    if twice:
        raise TableRefused(
            ngettext(
                "The column %(names)s is there twice. Rename or delete one of the two.",
                "These columns are there twice: %(names)s. Rename or delete one of each.",
                len(twice),
            )
            % {"names": ", ".join(twice)}
        )
