"""The failed or skipped rows of an import as a file like the one that came: without passwords, and with the reasons."""

import csv
import io
from collections.abc import Iterator

from oscar_customers_ext.transfers.tables.escaping import escaped

from .models import ImportJob, ImportRow
from .records import SECRET

#: Names of the two columns more. In English whatever the language is, so that a file can be made of several.
STATUS, MESSAGE = "import status", "import message"
CHUNK = 500
Outcome = ImportRow.Outcome
#: Rows that can be had as a file: those of which nothing was taken.
OUTCOMES = (Outcome.FAILED, Outcome.SKIPPED)


def file_name(job: ImportJob, outcome: str = Outcome.FAILED) -> str:
    return f"{outcome}-rows-{job.pk}.csv"


def kept_columns(header: list[str], mapping: list[str | None]) -> list[int]:
    """Places of the columns that go into the file: no passwords, and not the two that such a file has already."""
    places = [
        place
        for place, (column, target) in enumerate(zip(header, mapping, strict=True))
        if target != "password" and not SECRET.search(column)
    ]
    is_again = header[-2:] == [STATUS, MESSAGE] and mapping[-2:] == [None, None]
    return places[:-2] if is_again else places


def header_of(columns: list[str]) -> list[str]:
    return [*columns, _unlike(columns, STATUS), _unlike(columns, MESSAGE)]


def failed_rows(job: ImportJob, outcome: str = Outcome.FAILED) -> Iterator[bytes]:
    """In UTF-8 with a byte-order mark, which Excel needs. No cell of it can be a formula."""
    kept = kept_columns(job.header, job.mapping)
    yield b"\xef\xbb\xbf"
    yield _line(header_of([job.header[place] for place in kept]), job)
    rows = ImportRow.objects.of(job, is_forecast=False).filter(outcome=outcome)
    for row in rows.order_by("number").iterator(CHUNK):
        cells = [row.cells[place] for place in kept] if row.cells else [""] * len(kept)
        message = f"{row.column}: {row.message}" if row.column else row.message
        yield _line([*cells, row.outcome, message], job)


def _unlike(columns: list[str], name: str) -> str:
    """A name that the file does not have yet: it may be one of failed rows already."""
    taken = {column.casefold() for column in columns}
    number, found = 1, name
    while found.casefold() in taken:
        number += 1
        found = f"{name} {number}"
    return found


def _line(cells: list[str], job: ImportJob) -> bytes:
    line = io.StringIO()
    csv.writer(line, delimiter=job.delimiter or ",").writerow(map(escaped, cells))
    return line.getvalue().encode("utf-8", "replace")
