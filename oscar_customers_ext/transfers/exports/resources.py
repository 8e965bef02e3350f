"""Names the columns of an export, and gives its rows."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from import_export.resources import Resource

from oscar_customers_ext.customers.counters import FIELDS as FIGURES
from oscar_customers_ext.customers.staff_sites.figures import recomputed_counter

from .chunks import SIZE, Chunk
from .columns import DEFAULT, Column, columns_for
from .models import ExportShape
from .moments import written
from .texts import Plain

CENT = Decimal("0.01")


class CustomerResource(Resource):
    """The columns that were chosen, as far as this member of staff may have them; None may have all.

    Cells are texts, and numbers for figures. They come in chunks, each with the same number of queries:
    whatever the number of customers, no more than one chunk of them is in memory.
    """

    def __init__(self, columns: Sequence[str] = (), *, dates: str = "", user: Any = None) -> None:
        super().__init__()
        allowed = columns_for(user)
        names = [name for name in dict.fromkeys(columns) if name in allowed]
        names = names or [name for name in DEFAULT if name in allowed]
        self.fields = {name: allowed[name] for name in names}
        self.dates = dates or ExportShape.Dates.ISO
        self.user = user

    def get_export_headers(self, selected_fields: Any = None) -> list[str]:
        return [column.column_name for column in self.get_fields()]

    def get_fields(self) -> list[Column]:
        return list(self.fields.values())

    def _annotations(self) -> dict[str, Any]:
        """The figures of who may not see all orders, under names of their own."""
        if self.user is None:
            return {}
        wanted = [name for name in FIGURES if name in self.fields]
        recomputed = {f"visible_{name}": recomputed_counter(self.user, name) for name in wanted}
        return {name: figure for name, figure in recomputed.items() if figure is not None}

    def chunks(self, pks: Sequence[int]) -> Iterator[list[Sequence[Any]]]:
        """Each a list of columns: rows are made where they are written, so that not all of them exist at once."""
        annotations = self._annotations()
        columns = self.get_fields()
        needed = {name for column in columns for name in column.needs} | annotations.keys()
        for start in range(0, len(pks), SIZE):
            chunk = Chunk(pks[start : start + SIZE], needed, annotations)
            yield [self._values(column, chunk, annotations) for column in columns]

    def _values(self, column: Column, chunk: Chunk, annotations: Iterable[str]) -> Sequence[Any]:
        visible = f"visible_{column.name}"
        values = column.read(chunk) if visible not in annotations else [*map(_as_stored, chunk[visible])]
        if column.is_moment:
            return self._dated(values)
        return ["" if value is None else value for value in values] if None in values else values

    def _dated(self, moments: Iterable[Any]) -> Plain:
        texts = written(moments)
        if self.dates == ExportShape.Dates.ISO:
            return Plain(texts)
        day, month = slice(8, 10), slice(5, 7)
        first, second = (day, month) if self.dates == ExportShape.Dates.DAY_FIRST else (month, day)
        return Plain(text and f"{text[first]}/{text[second]}/{text[:4]}{text[10:]}" for text in texts)


def _as_stored(figure: Any) -> Any:
    """A sum has as many digits as the database likes."""
    return figure.quantize(CENT) if isinstance(figure, Decimal) else figure


def keys_of(customers: Any) -> array:
    """The primary keys of a queryset, in its order: eight bytes for each customer."""
    keys = customers.prefetch_related(None).select_related(None).values_list("pk", flat=True)
    return array("q", keys.iterator(chunk_size=10_000))
