"""What happened to a customer, newest first, read from where it is recorded: the log, the orders, Oscar's own history."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from oscar.core.loading import get_model
from wagtail.models import ModelLogEntry

from oscar_customers_ext.audit import CREATE, EDIT, RESTORE
from oscar_customers_ext.customers.changes import describe
from oscar_customers_ext.customers.models import Customer, CustomerOrder

PAGE = 20

#: An order that was linked later than this after it was placed gets an event of its own for that.
AT_ONCE = timedelta(minutes=5)


@dataclass(frozen=True)
class Event:
    at: datetime
    text: str
    #: Who did it; empty when the shop or the customer did.
    actor: str = ""
    #: The order it is about, for a link.
    url: str = ""
    #: Label, old and new value.
    changes: list[tuple[str, str, str]] = field(default_factory=list)


def timeline(
    customer: Customer, *, until: datetime | None = None, skip: int = 0, with_orders: bool = True
) -> list[Event]:
    """At most PAGE + 1 events up to that moment; the one too many says that there are more.

    ``skip`` leaves out so many of the first events: those of that very moment that were shown already.
    """
    most = PAGE + 1 + skip
    sources = [_created(customer, until), _logged(customer, until, most)]
    if with_orders:
        sources += [read(customer, until, most) for read in (_placed, _linked, _status_changes)]
    events = sorted(chain.from_iterable(sources), key=lambda event: event.at, reverse=True)
    return events[skip : PAGE + 1 + skip]


def _page(queryset: Any, name: str, until: datetime | None, most: int) -> Any:
    if until is not None:
        queryset = queryset.filter(**{f"{name}__lte": until})
    return queryset.order_by(f"-{name}", "-pk")[:most]


def _created(customer: Customer, until: datetime | None) -> Iterator[Event]:
    if until is None or customer.created_at <= until:
        entry = (
            ModelLogEntry.objects.for_instance(customer).filter(action=CREATE).select_related("user").first()
        )
        source = customer.sources.first()
        text = _("Created: %(source)s") % {"source": source.label} if source else _("Created")
        yield Event(customer.created_at, text, actor=_actor(entry) if entry else "")


def _logged(customer: Customer, until: datetime | None, most: int) -> Iterator[Event]:
    entries = ModelLogEntry.objects.for_instance(customer).exclude(action=CREATE).select_related("user")
    for entry in _page(entries, "timestamp", until, most):
        changes = describe(entry.data.get("changes", {})) if entry.action == EDIT else []
        yield Event(entry.timestamp, _text(entry), actor=_actor(entry), changes=changes)


def _actor(entry: ModelLogEntry) -> str:
    return entry.user_display_name if entry.user_id else ""


def _text(entry: ModelLogEntry) -> str:
    if entry.action == EDIT:
        return _("Changed")
    if entry.action == RESTORE and entry.data.get("order"):
        return _("Restored by order %(number)s") % {"number": entry.data["order"]}
    return str(entry.message)


def _placed(customer: Customer, until: datetime | None, most: int) -> Iterator[Event]:
    for link in _page(_links(customer), "order__date_placed", until, most):
        text = (
            _("Order %(number)s placed")
            if link.proven
            else _("Order %(number)s placed, without proof of the address")
        )
        yield Event(link.order.date_placed, text % {"number": link.order.number}, url=_url(link.order))


def _linked(customer: Customer, until: datetime | None, most: int) -> Iterator[Event]:
    for link in _page(_links(customer), "linked_at", until, most):
        if link.linked_at - link.order.date_placed > AT_ONCE:
            text = _("Order %(number)s linked to the customer") % {"number": link.order.number}
            yield Event(link.linked_at, text, url=_url(link.order))


def _links(customer: Customer) -> Any:
    return CustomerOrder.objects.filter(customer=customer).select_related("order")


def _status_changes(customer: Customer, until: datetime | None, most: int) -> Iterator[Event]:
    changes = get_model("order", "OrderStatusChange").objects.filter(order__customer_link__customer=customer)
    for change in _page(changes.select_related("order"), "date_created", until, most):
        text = _("Order %(number)s: %(old)s → %(new)s") % {
            "number": change.order.number,
            "old": change.old_status or "–",
            "new": change.new_status or "–",
        }
        yield Event(change.date_created, text, url=_url(change.order))


def _url(order: Any) -> str:
    return reverse("oscar_customers_orders:inspect", args=[order.pk])
