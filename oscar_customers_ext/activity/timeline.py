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


def timeline(customer: Customer, *, before: datetime | None = None, with_orders: bool = True) -> list[Event]:
    """At most PAGE + 1 events that happened before that moment; the one too many says that there are more."""
    sources = [_created(customer, before), _logged(customer, before)]
    if with_orders:
        sources += [_placed(customer, before), _linked(customer, before), _status_changes(customer, before)]
    return sorted(chain.from_iterable(sources), key=lambda event: event.at, reverse=True)[: PAGE + 1]


def _page(queryset: Any, name: str, before: datetime | None) -> Any:
    if before is not None:
        queryset = queryset.filter(**{f"{name}__lt": before})
    return queryset.order_by(f"-{name}", "-pk")[: PAGE + 1]


def _created(customer: Customer, before: datetime | None) -> Iterator[Event]:
    if before is None or customer.created_at < before:
        entry = (
            ModelLogEntry.objects.for_instance(customer).filter(action=CREATE).select_related("user").first()
        )
        source = customer.sources.first()
        text = _("Created: %(source)s") % {"source": source.label} if source else _("Created")
        yield Event(customer.created_at, text, actor=_actor(entry) if entry else "")


def _logged(customer: Customer, before: datetime | None) -> Iterator[Event]:
    entries = ModelLogEntry.objects.for_instance(customer).exclude(action=CREATE).select_related("user")
    for entry in _page(entries, "timestamp", before):
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


def _placed(customer: Customer, before: datetime | None) -> Iterator[Event]:
    for link in _page(_links(customer), "order__date_placed", before):
        text = (
            _("Order %(number)s placed")
            if link.proven
            else _("Order %(number)s placed, without proof of the address")
        )
        yield Event(link.order.date_placed, text % {"number": link.order.number}, url=_url(link.order))


def _linked(customer: Customer, before: datetime | None) -> Iterator[Event]:
    for link in _page(_links(customer), "linked_at", before):
        if link.linked_at - link.order.date_placed > AT_ONCE:
            text = _("Order %(number)s linked to the customer") % {"number": link.order.number}
            yield Event(link.linked_at, text, url=_url(link.order))


def _links(customer: Customer) -> Any:
    return CustomerOrder.objects.filter(customer=customer).select_related("order")


def _status_changes(customer: Customer, before: datetime | None) -> Iterator[Event]:
    changes = get_model("order", "OrderStatusChange").objects.filter(order__customer_link__customer=customer)
    for change in _page(changes.select_related("order"), "date_created", before):
        text = _("Order %(number)s: %(old)s → %(new)s") % {
            "number": change.order.number,
            "old": change.old_status or "–",
            "new": change.new_status or "–",
        }
        yield Event(change.date_created, text, url=_url(change.order))


def _url(order: Any) -> str:
    return reverse("oscar_customers_orders:inspect", args=[order.pk])
