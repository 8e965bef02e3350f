"""The formats that this shop can write, each with how many customers it can hold."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_customers_ext.exceptions import CustomersError

from . import opendocument, structured
from .models import ExportShape
from .texts import text_file
from .workbooks import ROWS_AT_MOST, workbook_file

Name = ExportShape.Format
#: What is built as a whole before it is sent takes its time and its memory.
WHOLE_AT_MOST = 10_000

Chunks = Iterable[list[Sequence[Any]]]


class ExportRefused(CustomersError):
    """This cannot be exported in this way. The message says what to do instead."""

    NOT_OFFERED = gettext_lazy("This shop does not write this format. Choose another one.")


@dataclass(frozen=True)
class FileFormat:
    name: str
    content_type: str
    write: Callable[[list[str], Chunks, ExportShape], Iterator[bytes]]
    #: Whether what it needs is installed.
    is_offered: bool = True
    rows_at_most: int | None = None

    @property
    def label(self) -> str:
        return str(Name(self.name).label)

    def check(self, number: int) -> None:
        """Raises ExportRefused where the format cannot hold so many customers."""
        if self.rows_at_most is not None and number > self.rows_at_most:
            raise ExportRefused(
                _(
                    "%(format)s holds at most %(limit)s customers, and these are %(number)s. Choose CSV, or narrow the list with a filter."
                )
                % {
                    "format": self.label,
                    "limit": number_format(self.rows_at_most, force_grouping=True),
                    "number": number_format(number, force_grouping=True),
                }
            )


def _csv(header: list[str], chunks: Chunks, shape: ExportShape) -> Iterator[bytes]:
    return text_file(header, chunks, delimiter=shape.delimiter, with_bom=shape.with_bom)


def _tsv(header: list[str], chunks: Chunks, shape: ExportShape) -> Iterator[bytes]:
    return text_file(header, chunks, delimiter="\t", with_bom=shape.with_bom)


FORMATS = {
    file_format.name: file_format
    for file_format in (
        FileFormat(
            Name.XLSX,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            lambda header, chunks, shape: workbook_file(header, chunks),
            rows_at_most=ROWS_AT_MOST,
        ),
        FileFormat(Name.CSV, "text/csv; charset=utf-8", _csv),
        FileFormat(Name.TSV, "text/tab-separated-values; charset=utf-8", _tsv),
        FileFormat(
            Name.ODS,
            "application/vnd.oasis.opendocument.spreadsheet",
            lambda header, chunks, shape: opendocument.opendocument_file(header, chunks),
            is_offered=opendocument.opendocument is not None,
            rows_at_most=WHOLE_AT_MOST,
        ),
        FileFormat(
            Name.JSON,
            "application/json",
            lambda header, chunks, shape: structured.json_file(header, chunks),
        ),
        FileFormat(
            Name.YAML,
            "application/yaml",
            lambda header, chunks, shape: structured.yaml_file(header, chunks),
            is_offered=structured.yaml is not None,
            rows_at_most=WHOLE_AT_MOST,
        ),
    )
}


def offered_formats() -> dict[str, FileFormat]:
    return {name: found for name, found in FORMATS.items() if found.is_offered}


def format_choices() -> list[tuple[str, str]]:
    return [(name, found.label) for name, found in offered_formats().items()]
