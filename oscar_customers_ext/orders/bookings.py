"""Booked services: order lines with an option that is a date, or a date and a time."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from oscar_customers_ext.compat import policy_for
from oscar_customers_ext.conf import conf
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.pages import PagedSectionView
from oscar_customers_ext.customers.staff_sites.policies import shows_all
from oscar_customers_ext.policies import READ

Order = get_model("order", "Order")
Line = get_model("order", "Line")
LineAttribute = get_model("order", "LineAttribute")

#: Types of options that make a booking. Oscar itself has the first one, a shop may have added the other.
TYPES = ("date", "datetime")

#: Groups in the order in which they are shown: what cannot be read may still be to come.
UPCOMING, UNREADABLE, PAST = _("Upcoming"), _("With a date that cannot be read"), _("Past")


@dataclass(frozen=True)
class Moment:
    """One date of a booking, in the shop's own time zone, which need not be that of the reader."""

    name: str
    #: A date, a datetime without time zone (so that no template converts it), or the text that could not be read.
    value: date | datetime | str

    @property
    def is_datetime(self) -> bool:
        return isinstance(self.value, datetime)

    @property
    def is_date(self) -> bool:
        return isinstance(self.value, date)

    @property
    def begins(self) -> datetime | None:
        if isinstance(self.value, datetime):
            return self.value
        return datetime.combine(self.value, time.min) if isinstance(self.value, date) else None

    @property
    def ends(self) -> datetime | None:
        """A day lasts until midnight."""
        if isinstance(self.value, datetime):
            return self.value
        return datetime.combine(self.value, time.max) if isinstance(self.value, date) else None


@dataclass(frozen=True)
class Booking:
    """An order line with its dates: one, or several like arrival and departure."""

    line_pk: int
    moments: list[Moment]

    def group_at(self, now: datetime) -> Any:
        ends = [moment.ends for moment in self.moments if moment.ends]
        if not ends:
            return UNREADABLE
        return UPCOMING if max(ends) >= now else PAST

    @property
    def begins(self) -> datetime:
        """Of a booking that has a date."""
        return min(moment.begins for moment in self.moments if moment.begins)


def bookings_of(
    customer: Customer, *, orders: Any = None, now: datetime | None = None
) -> list[tuple[Any, Booking]]:
    """Group and booking: upcoming ones, the soonest first; unreadable ones; past ones, the latest first.

    ``orders`` are those that may be seen; None means all of them.
    Reads the dates of all of them in one question and no more of them than that: the page reads its lines itself.
    """
    now = in_shop(now or timezone.now())
    groups: dict[Any, list[Booking]] = {UPCOMING: [], UNREADABLE: [], PAST: []}
    for line_pk, moments in _moments_of(customer, orders).items():
        booking = Booking(line_pk, moments)
        groups[booking.group_at(now)].append(booking)
    groups[UPCOMING].sort(key=lambda booking: (booking.begins, booking.line_pk))
    groups[UNREADABLE].sort(key=lambda booking: booking.line_pk, reverse=True)
    groups[PAST].sort(key=lambda booking: (booking.begins, booking.line_pk), reverse=True)
    return [(group, booking) for group, bookings in groups.items() for booking in bookings]


def _moments_of(customer: Customer, orders: Any) -> dict[int, list[Moment]]:
    # An option that was deleted leaves its code behind, not its type: then the value has to speak for itself.
    attributes = LineAttribute.objects.filter(
        Q(option__type__in=TYPES) | Q(option__isnull=True), line__order__customer_link__customer=customer
    )
    if orders is not None:
        attributes = attributes.filter(line__order__in=orders)
    columns = ("line", "option", "option__name", "type", "value")
    found = defaultdict(list)
    for line_pk, option, name, code, value in attributes.order_by("pk").values_list(*columns):
        if value in (None, "", []):
            continue
        moment = Moment(name or code, read_moment(value))
        if option is not None or moment.begins:
            found[line_pk].append(moment)
    return found


def read_moment(value: Any) -> date | datetime | str:
    """What Oscar stored in JSON: ISO 8601 text. Anything else is given back as text."""
    if not isinstance(value, str):
        return str(value)
    text = value.strip()
    try:
        moment = parse_date(text) or parse_datetime(text)
        if isinstance(moment, datetime) and timezone.is_aware(moment):
            return in_shop(moment)
        return moment or text
    except (ValueError, OverflowError):
        # Well formed but no date, like the 30th of February.
        return text


def in_shop(moment: datetime) -> datetime:
    """The shop's wall clock at this moment; Wagtail turns the current time zone to the one that the reader chose."""
    return moment.astimezone(timezone.get_default_timezone()).replace(tzinfo=None)


class BookingsSection(PagedSectionView):
    template_name = "oscar_customers_ext/admin/orders/bookings.html"
    permission = "order.view_order"

    def get_rows(self):
        policy, user = policy_for(Order), self.request.user
        orders = None if shows_all(policy, user) else policy.instances_user_has_any_permission_for(user, READ)
        return bookings_of(self.customer, orders=orders)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        rows = list(context["page"])
        pks = [booking.line_pk for _group, booking in rows]
        lines = Line.objects.select_related("order").in_bulk(pks)
        # A line that was deleted at this moment is left out.
        bookings = [
            self.get_row(group, booking.moments, lines[booking.line_pk])
            for group, booking in rows
            if booking.line_pk in lines
        ]
        return {**context, "bookings": bookings}

    def get_row(self, group, moments, line):
        statuses = [line.order.status, line.status]
        cancelled = next((status for status in statuses if status in conf.UNCOUNTED_ORDER_STATUSES), None)
        return {
            "group": group,
            "moments": moments,
            "line": line,
            "order": line.order,
            "url": reverse("oscar_customers_orders:inspect", args=[line.order_id]),
            "cancelled": bool(cancelled),
            "status": cancelled or line.order.status or line.status,
        }
