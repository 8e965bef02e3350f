"""The uploaded file and its rows, in private storage. Both may hold passwords, and are deleted when the import ends."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files import File

from oscar_customers_ext.transfers.tables.reading import Row, Table

from .models import ImportJob

BLOCK = 1 << 20


@dataclass(frozen=True)
class Line:
    """A row of the rows file, and where it ends there."""

    row: Row
    end: int


@contextmanager
def temporary_copy(file: Any, name: str) -> Iterator[str]:
    """The path of a copy that only this process reads, and that goes with the block. ``file`` is read from its start."""
    with tempfile.NamedTemporaryFile(prefix="import-", suffix=Path(name).suffix.lower()[:10]) as copy:
        file.seek(0)
        while block := file.read(BLOCK):
            copy.write(block)
        copy.flush()
        yield copy.name


@contextmanager
def stored_copy(job: ImportJob) -> Iterator[str]:
    """The same for the file that the job keeps, whatever the storage is."""
    with job.file.open("rb") as file, temporary_copy(file, job.file_name) as path:
        yield path


def keep_rows(job: ImportJob, table: Table) -> None:
    """Writes the rows file of the job, which is not saved here. Raises TableRefused where a row cannot be read."""
    with tempfile.TemporaryFile(prefix="import-") as rows:
        number = 0
        for row in table.rows():
            number = row.number
            line = json.dumps([row.number, row.cells, row.problem], ensure_ascii=False, separators=(",", ":"))
            # A lone half of a character, as JSON files may hold one, is no text that can be stored.
            rows.write(line.encode("utf-8", "surrogatepass") + b"\n")
        rows.seek(0)
        forget_rows(job)
        job.rows_file.save("rows.jsonl", File(rows), save=False)
    job.rows_total = number


def lines_of(job: ImportJob, position: int = 0) -> Iterator[Line]:
    with job.rows_file.storage.open(job.rows_file.name, "rb") as file:
        file.seek(position)
        # Not "for text in file": Django's files begin anew then.
        while text := file.readline():
            position += len(text)
            number, cells, problem = json.loads(text.decode("utf-8", "surrogatepass"))
            yield Line(Row(number, cells, problem), position)


def forget_rows(job: ImportJob) -> None:
    if job.rows_file:
        job.rows_file.delete(save=False)


def forget_files(job: ImportJob) -> None:
    """Deletes both; the job is not saved here."""
    forget_rows(job)
    if job.file:
        job.file.delete(save=False)
