"""The columns that the list of customers can show, each with what it needs to be read at once for a whole page."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.admin.utils import label_for_field
from django.db.models import Prefetch, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn

from oscar_customers_ext.customers.columns import MoneyColumn, NamesColumn, OrderCountColumn
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.staff_sites.figures import recomputed_counter

#: Hidden on a phone, where the name with the e-mail below it and few others have room.
WIDE = "customers-wide"


@dataclass(frozen=True)
class ListColumn:
    """A column of the list. Give it a ``sort_key`` only where the database has an index for that order."""

    column: BaseColumn
    #: Read together with the customers, so that the list asks as often for one row as for twenty.
    select_related: Sequence[str] = ()
    prefetch_related: Sequence[str | Prefetch] = ()
    annotations: Mapping[str, Any] = field(default_factory=dict)
    #: Like "oscar_customers_ext.view_membership": who lacks it can neither choose nor see the column.
    permission: str | None = None

    @property
    def key(self) -> str:
        """How the choice of an editor names it."""
        return self.column.name

    @property
    def label(self) -> str:
        return self.column.label

    def is_for(self, user: Any) -> bool:
        return self.permission is None or user.has_perm(self.permission)

    def seen_by(self, user: Any) -> "ListColumn":
        """The column as this member of staff sees it."""
        return self

    def prepare(self, customers: QuerySet) -> QuerySet:
        if self.select_related:
            customers = customers.select_related(*self.select_related)
        if self.prefetch_related:
            customers = customers.prefetch_related(*self.prefetch_related)
        return customers.annotate(**self.annotations) if self.annotations else customers


class FigureColumn(ListColumn):
    """A counter of orders. Where it is recomputed, nobody can sort by it: that would read all customers."""

    def seen_by(self, user):
        name = f"visible_{self.key}"
        recomputed = recomputed_counter(user, self.key)
        if recomputed is None:
            return self
        column = copy(self.column)
        column.header = BaseColumn.Header(column)
        column.accessor, column.sort_key = name, None
        return replace(self, column=column, annotations={name: recomputed})


def as_list_column(entry: Any, known: Mapping[str, ListColumn]) -> ListColumn:
    """An entry of ``list_display``: the key of a known column, a Column, a ListColumn, or the name of an attribute."""
    if isinstance(entry, ListColumn):
        return entry
    if isinstance(entry, BaseColumn):
        return ListColumn(entry)
    if entry in known:
        return known[entry]
    return ListColumn(Column(entry, label=capfirst(label_for_field(entry, Customer)), classname=WIDE))


def by_key(columns: Iterable[ListColumn]) -> dict[str, ListColumn]:
    return {column.key: column for column in columns}


def sources_of(customer: Customer) -> list[str]:
    return [source.label for source in customer.sources.all()]


def sites_of(customer: Customer) -> list[str]:
    return [site.name for site in customer.sites.all()]


#: What a customer is by itself; the features have their own columns. Only what has an index can be sorted by.
CUSTOMER_COLUMNS = [
    ListColumn(Column("name", label=_("Name"), sort_key="last_name")),
    ListColumn(Column("number", label=_("Number"), sort_key="number", classname=f"{WIDE} customers-number")),
    ListColumn(Column("first_name", label=_("First name"), classname=WIDE)),
    ListColumn(Column("last_name", label=_("Last name"), sort_key="last_name", classname=WIDE)),
    ListColumn(Column("email", label=_("E-mail"), sort_key="email_key", classname=f"{WIDE} customers-email")),
    ListColumn(Column("kind", label=_("Kind"), classname=WIDE)),
    ListColumn(Column("phone", label=_("Phone"), classname=f"{WIDE} customers-number")),
    ListColumn(Column("company_name", label=_("Company"), classname=WIDE)),
    ListColumn(Column("organisation_id", label=_("Organisation number"), classname=WIDE)),
    ListColumn(Column("vat_number", label=_("VAT number"), classname=WIDE)),
    ListColumn(Column("country", label=_("Country"), classname=WIDE), select_related=["country"]),
    ListColumn(Column("language", label=_("Language"), accessor="language_name", classname=WIDE)),
    ListColumn(Column("approval", label=_("Approval"), accessor="approval_state.label", classname=WIDE)),
    FigureColumn(OrderCountColumn("orders_count", label=_("Orders"), sort_key="orders_count")),
    FigureColumn(MoneyColumn("orders_total", label=_("Total"), classname=WIDE)),
    FigureColumn(DateColumn("last_order_at", label=_("Last order"), classname=WIDE)),
    ListColumn(DateColumn("created_at", label=_("Created"), sort_key="created_at", classname=WIDE)),
    ListColumn(DateColumn("modified_at", label=_("Modified"), classname=WIDE)),
    ListColumn(
        NamesColumn("sources", label=_("Met through"), accessor=sources_of, classname=WIDE),
        prefetch_related=["sources"],
    ),
    ListColumn(
        NamesColumn("sites", label=_("Sites"), accessor=sites_of, classname=WIDE), prefetch_related=["sites"]
    ),
    ListColumn(DateColumn("archived_at", label=_("Archived"), classname=WIDE)),
]
