"""CSV and TSV, one chunk of rows after the other.

Cell for cell what the csv module writes, but column by column: most columns hold nothing that has to be marked or
quoted, and to look once at all their cells is several times faster than to look at each.
"""

import codecs
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from oscar_customers_ext.transfers.tables.escaping import JOINT, all_escaped, escaped


class Plain(list[str]):
    """Texts of our own making, without anything to be marked or quoted."""


def text_file(
    header: list[str], chunks: Iterable[list[Sequence[Any]]], *, delimiter: str, with_bom: bool
) -> Iterator[bytes]:
    if with_bom:
        yield codecs.BOM_UTF8
    yield _lines([[name] for name in header], delimiter)
    for columns in chunks:
        yield _lines(columns, delimiter)


def _lines(columns: Sequence[Sequence[Any]], delimiter: str) -> bytes:
    cells = [_cells(column, delimiter) for column in columns]
    if len(cells) == 1:
        # A line with nothing on it would be no row.
        cells = [[text or '""' for text in cells[0]]]
    lines = [delimiter.join(row) for row in zip(*cells, strict=True)]
    return "\r\n".join([*lines, ""]).encode()


def _cells(column: Sequence[Any], delimiter: str) -> Sequence[str]:
    if isinstance(column, Plain):
        return column
    try:
        joined = JOINT.join(column)
    except TypeError:
        # Numbers cannot be formulas.
        return [escaped(value) if isinstance(value, str) else _number(value, delimiter) for value in column]
    texts = all_escaped(column, joined)
    return [_quoted(text, delimiter) for text in texts] if _needs_quotes(joined, delimiter) else texts


def _number(value: Any, delimiter: str) -> str:
    """Who needs semicolons has decimal commas, and a program that takes an amount with a point for a text or a date."""
    return str(value).replace(".", ",") if delimiter == ";" else str(value)


def _quoted(text: str, delimiter: str) -> str:
    if not _needs_quotes(text, delimiter):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _needs_quotes(text: str, delimiter: str) -> bool:
    return delimiter in text or '"' in text or "\n" in text or "\r" in text
