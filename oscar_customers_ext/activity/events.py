"""The records of the timeline, in words."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.translation import gettext as _
from oscar.core.loading import get_model
from wagtail.models import ModelLogEntry

from oscar_customers_ext.audit import CREATE, EDIT, RESTORE
from oscar_customers_ext.baskets.carts import STATES
from oscar_customers_ext.contacts.models import ConsentState
from oscar_customers_ext.customers.changes import describe
from oscar_customers_ext.customers.models import Customer, CustomerSource

from .records import EXCERPT, records_of

PAGE = 20


@dataclass(frozen=True)
class Event:
    at: datetime
    text: str
    #: Who did it; empty when the shop or the customer did.
    actor: str = ""
    #: The order it is about, for a link.
    url: str = ""
    #: What somebody wrote, to be shown as it was.
    quote: str = ""
    #: Label, old and new value.
    changes: list[tuple[str, str, str]] = field(default_factory=list)


def timeline(
    customer: Customer,
    topics: Collection[str],
    *,
    until: datetime | None = None,
    skip: int = 0,
    orders: Any = None,
    sites: Collection[int] | None = None,
) -> list[Event]:
    """At most PAGE + 1 events of these topics up to that moment; the one too many says that there are more.

    ``skip`` leaves out so many of the first events: those of that very moment that were shown already. ``orders`` are
    those that may be seen, ``sites`` those whose carts may be; None means all of them.
    """
    records = list(records_of(customer, topics, until, orders, sites)[skip : skip + PAGE + 1])
    teller = Teller(customer, records)
    return [teller.tell(record) for record in records]


class Teller:
    """Reads what a page of records needs beyond itself, at once, and makes events of them."""

    def __init__(self, customer: Customer, records: Iterable[dict[str, Any]]) -> None:
        self.customer = customer
        kinds = {record["record_kind"] for record in records}
        logged = [record["record_ref"] for record in records if record["record_kind"] == "logged"]
        self.entries = ModelLogEntry.objects.select_related("user").in_bulk(logged) if logged else {}
        self.born = self._entry_of_birth() if "created" in kinds else None
        self.actors = self._names({record["record_actor"] for record in records} - {"", None})
        self.countries = self._countries()

    def _entry_of_birth(self) -> ModelLogEntry | None:
        entries = ModelLogEntry.objects.for_instance(self.customer).filter(action=CREATE)
        return entries.select_related("user").first()

    def _names(self, pks: set[str]) -> dict[str, str]:
        users = get_user_model()._default_manager.filter(pk__in=pks) if pks else []
        return {str(user.pk): user.get_full_name() or user.get_username() for user in users}

    def _countries(self) -> dict[str, str]:
        """Their names by code, as far as the entries of this page speak of countries."""
        codes = {
            code
            for entry in self.entries.values()
            for code in entry.data.get("changes", {}).get("country", ())
        }
        countries = get_model("address", "Country").objects.filter(pk__in=codes - {""}) if codes else []
        return {country.pk: str(country) for country in countries}

    def tell(self, record: dict[str, Any]) -> Event:
        return getattr(self, f"_{record['record_kind']}")(
            record["record_at"],
            record["record_ref"],
            record["record_one"] or "",
            record["record_two"] or "",
            record["record_three"] or "",
            self.actors.get(record["record_actor"], ""),
        )

    def _created(self, at: datetime, *_rest: Any) -> Event:
        source = self.customer.sources.first()
        text = _("Created: %(source)s") % {"source": source.label} if source else _("Created")
        return Event(at, text, actor=self._actor(self.born) if self.born else "")

    def _logged(self, at: datetime, ref: int, *_rest: Any) -> Event:
        entry = self.entries[ref]
        changes = entry.data.get("changes") or {}
        return Event(
            at, self._sentence(entry), actor=self._actor(entry), changes=describe(changes, self.countries)
        )

    def _actor(self, entry: ModelLogEntry) -> str:
        return entry.user_display_name if entry.user_id else ""

    def _sentence(self, entry: ModelLogEntry) -> str:
        if entry.action == EDIT:
            return _("Changed")
        if entry.action == RESTORE and entry.data.get("order"):
            return _("Restored by order %(number)s") % {"number": entry.data["order"]}
        return str(entry.message)

    def _source(self, at: datetime, _ref: int, source: str, *_rest: str) -> Event:
        return Event(at, _("Met through: %(source)s") % {"source": CustomerSource(source=source).label})

    def _placed(self, at: datetime, ref: int, number: str, *_rest: str) -> Event:
        return Event(at, _("Order %(number)s placed") % {"number": number}, url=_order_url(ref))

    def _placed_unproven(self, at: datetime, ref: int, number: str, *_rest: str) -> Event:
        text = _("Order %(number)s placed, without proof of the address") % {"number": number}
        return Event(at, text, url=_order_url(ref))

    def _linked(self, at: datetime, ref: int, number: str, *_rest: str) -> Event:
        return Event(
            at, _("Order %(number)s linked to the customer") % {"number": number}, url=_order_url(ref)
        )

    def _status(self, at: datetime, ref: int, number: str, old: str, new: str, _actor: str) -> Event:
        text = _("Order %(number)s: %(old)s → %(new)s") % {
            "number": number,
            "old": old or "–",
            "new": new or "–",
        }
        return Event(at, text, url=_order_url(ref))

    def _cart(self, at: datetime, _ref: int, status: str, *_rest: str) -> Event:
        return Event(at, _("Cart without an order: %(state)s") % {"state": STATES.get(status, status)})

    def _note(self, at: datetime, _ref: int, text: str, _two: str, _three: str, actor: str) -> Event:
        excerpt = f"{text[:EXCERPT]}…" if len(text) > EXCERPT else text
        return Event(at, _("Note"), actor=actor, quote=excerpt)

    def _membership_began(self, at: datetime, _ref: int, plan: str, *_rest: str) -> Event:
        return Event(at, _("Membership %(plan)s began") % {"plan": plan})

    def _membership_ended(self, at: datetime, _ref: int, plan: str, *_rest: str) -> Event:
        return Event(at, _("Membership %(plan)s ended") % {"plan": plan})

    def _consent(self, at: datetime, _ref: int, state: str, name: str, _source: str, actor: str) -> Event:
        text = _("%(list)s: %(state)s") % {"list": name, "state": ConsentState(state).label}
        return Event(at, text, actor=actor)

    def _proven(self, at: datetime, _ref: int, email: str, *_rest: str) -> Event:
        return Event(at, _("E-mail address proven: %(email)s") % {"email": email})

    def _signed_in(self, at: datetime, *_rest: Any) -> Event:
        return Event(at, _("Last signed in"))

    def _joined(self, at: datetime, *_rest: Any) -> Event:
        return Event(at, _("User account made"))


def _order_url(order_pk: int) -> str:
    return reverse("oscar_customers_orders:inspect", args=[order_pk])
