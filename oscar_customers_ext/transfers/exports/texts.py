"""CSV and TSV, one chunk of rows after the other."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from oscar_customers_ext.transfers.tables.escaping import all_escaped


def text_file(
    header: list[str], chunks: Iterable[list[Sequence[Any]]], *, delimiter: str, with_bom: bool
) -> Iterator[bytes]:
    if with_bom:
        yield codecs.BOM_UTF8
    yield _lines([header], delimiter)
    for columns in chunks:
        yield _lines(zip(*map(_marked, columns), strict=True), delimiter)


def _marked(column: Sequence[Any]) -> Iterable[Any]:
    """Numbers cannot be formulas."""
    return all_escaped(list(column)) if column and isinstance(column[0], str) else column


def _lines(rows: Iterable[Iterable[Any]], delimiter: str) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue().encode()
