import math
import time
from dataclasses import dataclass
from zipfile import BadZipFile, ZipFile

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from .refusals import TableRefused

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Bounds:
    """How much of a file is looked at. What goes beyond is refused before it is parsed."""

    #: Bytes of the file.
    size: int = 50 * MEGABYTE
    #: Bytes of a compressed file once it is unpacked, and how many times that may be the file's own.
    unpacked: int = 300 * MEGABYTE
    ratio: int = 100
    #: What may be unpacked whatever the ratio: small workbooks compress well.
    unpacked_anyway: int = 5 * MEGABYTE
    entries: int = 1_000
    #: Bytes of files that are read as a whole: ODS and JSON, and YAML, which takes ten times as long.
    whole: int = 20 * MEGABYTE
    yaml: int = 5 * MEGABYTE
    rows: int = 250_000
    columns: int = 256
    #: Characters of one cell, as in Excel.
    cell: int = 32_767
    #: Texts that the cells of a workbook share: as many as fit into memory.
    shared_texts: int = 3_000_000
    #: Characters of one row of a text file, or of one object.
    row: int = 1_000_000
    #: Of the monotonic clock, until which somebody waits for the file to be read.
    until: float = math.inf

    def check_time(self) -> None:
        if time.monotonic() > self.until:
            raise TableRefused(
                _(
                    "Reading this file takes too long. Save the list as CSV, which is read far quicker, and import that."
                )
            )

    def check_size(self, size: int) -> None:
        if size > self.size:
            raise TableRefused(
                _("The file is bigger than %(limit)s MB. Split it into several files.")
                % {"limit": number_format(self.size // MEGABYTE)}
            )

    def check_whole(self, size: int, table_format: str = "") -> None:
        limit = self.yaml if table_format == "yaml" else self.whole
        if size > limit:
            raise TableRefused(
                _("A file of this format may have %(limit)s MB at most. Save it as CSV, and import that.")
                % {"limit": number_format(limit // MEGABYTE)}
            )

    def check_rows(self, number: int) -> None:
        if number > self.rows:
            raise TableRefused(
                _("The file has more than %(limit)s rows. Split it into several files.")
                % {"limit": number_format(self.rows, force_grouping=True)}
            )

    def check_columns(self, number: int) -> None:
        if number > self.columns:
            raise TableRefused(
                _("The file has more than %(limit)s columns. Leave out those that are not needed.")
                % {"limit": number_format(self.columns)}
            )

    def check_cell(self, text: str, row: int) -> None:
        if len(text) > self.cell:
            raise TableRefused(
                _(
                    "A cell in row %(row)s has more than %(limit)s characters. Often a quotation mark is missing before it."
                )
                % {"row": number_format(row), "limit": number_format(self.cell, force_grouping=True)}
            )

    def long_row(self, row: int) -> TableRefused:
        return TableRefused(
            _(
                "Row %(row)s is too long for a customer. Often a quotation mark or a line break is missing before it."
            )
            % {"row": number_format(row)}
        )

    def check_archive(self, archive: ZipFile, size: int) -> None:
        """Looks at the directory of the archive, before anything is unpacked."""
        entries = archive.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        allowed = max(min(self.unpacked, size * self.ratio), self.unpacked_anyway)
        if len(entries) > self.entries or unpacked > allowed:
            raise self.too_big()

    def too_big(self) -> TableRefused:
        return TableRefused(
            _("The workbook is far bigger unpacked than a list of customers can be. Save it as CSV.")
        )

    def check_sum(self, characters: int, size: int) -> None:
        """Of all cells: a few bytes can say that a long text stands in each of a million."""
        if characters > max(min(self.unpacked, size * self.ratio), self.unpacked_anyway):
            raise self.too_big()


def open_archive(path: str, bounds: Bounds, size: int) -> ZipFile:
    try:
        archive = ZipFile(path)
    except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise unreadable() from error
    bounds.check_archive(archive, size)
    return archive


def unreadable() -> TableRefused:
    return TableRefused(
        _("The file cannot be read: it is damaged or incomplete. Save it anew, and try again.")
    )
