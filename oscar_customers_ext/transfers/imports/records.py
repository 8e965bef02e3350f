"""Rows of the file by the fields of their columns."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from oscar_customers_ext.transfers.cells import storable
from oscar_customers_ext.transfers.fields import ALL
from oscar_customers_ext.transfers.shops.files import BY_KEY

from .files import lines_of
from .models import ImportJob

#: Rows of one slice at the most.
SLICE = 500
#: Rows with further addresses of the customer above them.
FURTHER = 50
#: Columns that may hold a secret whatever they are mapped to.
SECRET = re.compile(r"pass|pwd|parola|kennwort|secret|hash|salt|token", re.IGNORECASE)
#: An apostrophe that only keeps a spreadsheet from changing a number.
GUARDED = re.compile(r"'[+(]?\d")


@dataclass
class Record:
    number: int
    #: Field -> what the cell says, blank cells left out. May hold a password: never stored as it is.
    values: dict[str, str]
    cells: list[str]
    problem: str
    end: int
    #: Magento's rows below: further addresses of this customer.
    further: list["Record"] = field(default_factory=list)
    #: It is such a row itself.
    continues: bool = False


class RecordReader:
    def __init__(self, job: ImportJob) -> None:
        self.job = job
        known = BY_KEY.get(job.shop)
        self.rows_continue = bool(known and known.rows_continue)
        self.apostrophes = bool(known and known.apostrophes)
        self.street_lines = bool(known and known.street_lines)
        self.targets = list(enumerate(job.mapping))
        self.has_password = "password" in job.mapping
        self.secret = [
            target == "password" or (target is None and bool(SECRET.search(column)))
            for column, target in zip(job.header, job.mapping, strict=True)
        ]

    def read(self, position: int, limit: int = SLICE) -> list[Record]:
        """The rows from there on, each with the rows that continue it; none at the end of the file."""
        records: list[Record] = []
        for count, line in enumerate(lines_of(self.job, position)):
            record = self._record(line)
            if record.continues and records and len(records[-1].further) < FURTHER:
                records[-1].further.append(record)
            elif count >= limit:
                break
            else:
                records.append(record)
        return records

    def iterate(self) -> Iterator[Record]:
        """All rows, one by one, those that continue another by themselves."""
        return map(self._record, lines_of(self.job))

    def _record(self, line: Any) -> Record:
        cells = line.row.cells
        values = {}
        for place, target in self.targets:
            if target is not None and (cell := cells[place]):
                if self.apostrophes and GUARDED.match(cell):
                    cell = cell[1:]
                if target == "password" or cell.strip():
                    values[target] = cell
        if self.street_lines and "\n" in values.get("line1", ""):
            first, _break, rest = values["line1"].strip().partition("\n")
            values["line1"], values["line2"] = first, " ".join([rest, values.get("line2", "")]).strip()
        record = Record(line.row.number, values, cells, line.row.problem, line.end)
        record.continues = (
            self.rows_continue
            and not record.problem
            and "email" not in values
            and any(ALL[target.partition("@")[0]].of_address for target in values)
        )
        return record

    def shown_cells(self, record: Record) -> list[str]:
        """The row for people, without what may be a password.

        Nothing of a row that lacks its password in a file that has them: its cells may have slipped to the left.
        """
        if (
            self.has_password
            and "password" not in record.values
            and "@" not in record.values.get("email", "")
        ):
            return []
        return [
            "" if secret else storable(cell) for cell, secret in zip(record.cells, self.secret, strict=True)
        ]
