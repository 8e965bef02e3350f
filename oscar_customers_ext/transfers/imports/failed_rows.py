"""The failed rows of an import as a file like the one that came: without passwords, and with what is wrong in each."""

import csv
import io
from collections.abc import Iterator

from oscar_customers_ext.transfers.tables.escaping import escaped

from .models import ImportJob, ImportRow
from .records import SECRET

#: Names of the two columns more. In English whatever the language is, so that a file can be made of several.
STATUS, MESSAGE = "import status", "import message"
CHUNK = 500


def file_name(job: ImportJob) -> str:
    return f"failed-rows-{job.pk}.csv"


def failed_rows(job: ImportJob) -> Iterator[bytes]:
    """In UTF-8 with a byte-order mark, which Excel needs. No cell of it can be a formula."""
    kept = [
        place
        for place, (column, target) in enumerate(zip(job.header, job.mapping, strict=True))
        if target != "password" and not SECRET.search(column)
    ]
    columns = [job.header[place] for place in kept]
    yield b"\xef\xbb\xbf"
    yield _line([*columns, _unlike(columns, STATUS), _unlike(columns, MESSAGE)], job)
    rows = ImportRow.objects.filter(job=job, is_forecast=False, outcome=ImportRow.Outcome.FAILED)
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
