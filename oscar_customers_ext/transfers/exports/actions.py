"""Exporting customers: what is about to be written is logged first, and then written while it is sent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from oscar_customers_ext.audit import log_all

from .audit import EXPORT
from .formats import ExportRefused, FileFormat, offered_formats
from .models import ExportSettings, ExportShape
from .resources import CustomerResource, keys_of


@dataclass(frozen=True)
class Export:
    """A file in the making: ``pieces`` can be gone through once."""

    file_format: FileFormat
    number: int
    pieces: Iterator[bytes]

    @property
    def file_name(self) -> str:
        return f"customers-{timezone.localtime():%Y-%m-%d-%H%M}.{self.file_format.name}"


@transaction.atomic
def export_customers(
    customers: Any, *, shape: ExportShape, actor: Any, scope: str, filters: Sequence[str] = ()
) -> Export:
    """The customers of a queryset, in its order, of whom ``actor`` may export each; the columns are ours to check.

    ``scope`` and the names of ``filters`` are for the log. Raises ExportRefused.
    """
    file_format = offered_formats().get(shape.format)
    if file_format is None:
        raise ExportRefused(ExportRefused.NOT_OFFERED)
    pks = keys_of(customers)
    file_format.check(len(pks))
    resource = CustomerResource(shape.columns, dates=shape.dates, user=actor)
    header = resource.get_export_headers()
    data = {
        "number": len(pks),
        "format": file_format.name,
        "scope": scope,
        "filters": list(filters),
        "columns": header,
    }
    log_all([ExportSettings.load()], EXPORT, actor=actor, data=data)
    return Export(file_format, len(pks), file_format.write(header, resource.chunks(pks), shape))
