"""Some customers on their way into a file, with what hangs on them: as many queries for one as for thousands."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F, Lookup, Q
from django.utils import timezone
from django.utils.functional import cached_property
from oscar.core.loading import get_model

from oscar_customers_ext.contacts.models import Subscription
from oscar_customers_ext.customers.addresses.models import AddressCompany, CustomerAddress
from oscar_customers_ext.customers.models import Customer, CustomerSource
from oscar_customers_ext.customers.notes.models import CustomerNote
from oscar_customers_ext.customers.tags.models import TaggedCustomer
from oscar_customers_ext.memberships.models import Membership
from oscar_customers_ext.tax.models import TaxExemption
from oscar_customers_ext.transfers.cells import write_names
from oscar_customers_ext.transfers.imports.models import ExternalId
from oscar_customers_ext.transfers.imports.register import ROW_SOURCE

from .moments import fetched

#: How many customers are fetched at once.
SIZE = 4_000
#: Keys that lie so close together are fetched as a range: the database need not be told each of them.
SPREAD = 3
MOMENTS = {"created_at", "modified_at", "archived_at", "last_order_at", "changed_at"}
ADDRESS = (
    "pk",
    "first_name",
    "last_name",
    "line1",
    "line2",
    "line3",
    "line4",
    "state",
    "postcode",
    "country",
    "phone_number",
    "is_default_for_billing",
    "is_default_for_shipping",
)


class OneOf(Lookup):
    """A column is one of these whole numbers. They are one parameter: thousands of them take longer than the rows."""

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        places = ", ".join(["%s"] * len(self.rhs)) or "NULL"
        return self._compared(compiler, connection, f"IN ({places})", self.rhs)

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        return self._compared(compiler, connection, "= ANY(%s)", [list(self.rhs)])

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        found = "IN (SELECT value FROM json_each(%s))"
        return self._compared(compiler, connection, found, [json.dumps(self.rhs)])

    def _compared(self, compiler: Any, connection: Any, condition: str, keys: Sequence[Any]) -> Any:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} {condition}", [*params, *keys]


def near(name: str, keys: Sequence[Any]) -> Q:
    """Rows with these keys; where keys are close, with some others between them, too."""
    if not set(map(type, keys)) <= {int}:
        return Q(**{f"{name}__in": keys})
    if keys:
        first, last = min(keys), max(keys)
        if last - first < SPREAD * len(keys):
            return Q(**{f"{name}__gte": first, f"{name}__lte": last})
    return Q(OneOf(F(name), tuple(keys)))


def _fetched(name: str) -> Any:
    return fetched(name) if name in MOMENTS else name


class Chunk:
    """``chunk[name]`` are the values of one attribute for all customers, in their order.

    Relations are dictionaries by the primary key, for those who have something there.
    """

    def __init__(
        self, pks: Sequence[int], attributes: Iterable[str], annotations: Mapping[str, Any] | None = None
    ) -> None:
        names = ["pk", *sorted(set(attributes) - {"pk"})]
        found = Customer.objects.filter(near("pk", pks)).order_by().annotate(**annotations or {})
        by_pk = {row[0]: row for row in found.values_list(*map(_fetched, names))}
        # Whoever was deleted since the export began is left out.
        rows = [by_pk[pk] for pk in pks if pk in by_pk]
        self._values = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {}
        self.pks: tuple[int, ...] = self["pk"]

    def __getitem__(self, name: str) -> tuple[Any, ...]:
        return self._values.get(name, ())

    def __len__(self) -> int:
        return len(self.pks)

    def looked_up(self, found: Mapping[Any, Any], default: Any = "") -> list[Any]:
        get = found.get
        return [get(pk, default) for pk in self.pks]

    def _names(self, rows: Any, key: str, name: str) -> dict[int, str]:
        names = defaultdict(list)
        for pk, value in rows.filter(near(key, self.pks)).values_list(key, name):
            names[pk].append(value)
        return {pk: write_names(found) for pk, found in names.items()}

    @cached_property
    def tags(self) -> dict[int, str]:
        return self._names(TaggedCustomer.objects.order_by("tag__key"), "content_object_id", "tag__name")

    @cached_property
    def groups(self) -> dict[int, str]:
        """Those into which staff put the customer: they can be imported again, those by membership cannot."""
        through = Customer.groups.through.objects.order_by("customergroup__name")
        return self._names(through, "customer_id", "customergroup__name")

    @cached_property
    def memberships(self) -> dict[int, str]:
        active = Membership.objects.active(timezone.now()).order_by("plan__name")
        return self._names(active, "customer_id", "plan__name")

    @cached_property
    def sites(self) -> dict[int, str]:
        return self._names(Customer.sites.through.objects.order_by("site__name"), "customer_id", "site__name")

    @cached_property
    def sources(self) -> dict[int, str]:
        return self._names(CustomerSource.objects.order_by("first_seen", "pk"), "customer_id", "source")

    @cached_property
    def external_ids(self) -> dict[int, str]:
        names = defaultdict(list)
        given = ExternalId.objects.exclude(source=ROW_SOURCE)
        rows = given.filter(near("customer_id", self.pks)).order_by("source", "value")
        for pk, source, value in rows.values_list("customer_id", "source", "value"):
            names[pk].append(f"{source}: {value}")
        return {pk: write_names(found) for pk, found in names.items()}

    @cached_property
    def newsletter(self) -> dict[int, tuple[str, Any]]:
        """Contact -> what was said last, and when."""
        said = Subscription.objects.to_default_list().filter(near("contact_id", self["contact_id"]))
        rows = said.values_list("contact_id", "state", _fetched("changed_at"))
        return {row[0]: row[1:] for row in rows}

    @cached_property
    def exempt(self) -> set[int]:
        """Those whose exemption holds today, everywhere and for good: a file can say no more of it than that."""
        unlimited = TaxExemption.objects.on(timezone.localdate()).filter(valid_until=None, countries=None)
        return set(unlimited.filter(near("customer_id", self.pks)).values_list("customer_id", flat=True))

    @cached_property
    def notes(self) -> dict[int, list[str]]:
        """The pinned one first, then the newest."""
        notes = defaultdict(list)
        rows = CustomerNote.objects.filter(near("customer_id", self.pks))
        for pk, text in rows.values_list("customer_id", "text"):
            if text:
                notes[pk].append(text)
        return notes

    @cached_property
    def user_names(self) -> dict[int, str]:
        user = Customer._meta.get_field("user").related_model
        users = user._default_manager.filter(near("pk", self._user_pks)).order_by()
        names = dict(users.values_list("pk", user.USERNAME_FIELD))
        return {pk: names.get(key, "") for pk, key in zip(self.pks, self["user_id"], strict=True)}

    @property
    def _user_pks(self) -> list[Any]:
        return [key for key in self["user_id"] if key is not None]

    @cached_property
    def addresses(self) -> dict[int, dict[str, Any]]:
        """One of each customer: the default for billing, else the default for shipping, else the oldest."""
        by_user = _first(get_model("address", "UserAddress"), "user_id", self._user_pks)
        guests = [pk for pk, key in zip(self.pks, self["user_id"], strict=True) if key is None]
        by_guest = _first(CustomerAddress, "customer_id", guests)
        if not (by_user or by_guest):
            return {}
        rows = zip(self.pks, self["user_id"], strict=True)
        found = {pk: by_guest.get(pk) if key is None else by_user.get(key) for pk, key in rows}
        return {pk: address for pk, address in found.items() if address}

    @cached_property
    def companies(self) -> dict[int, tuple[str, str]]:
        """Company and VAT number of these addresses: two tables, as there are two kinds of addresses."""
        chosen = {pk: address["pk"] for pk, address in self.addresses.items()}
        of_users = AddressCompany.objects.filter(near("address_id", list(chosen.values())))
        by_user = _pairs(of_users, "address_id")
        by_guest = _pairs(CustomerAddress.objects.filter(near("pk", list(chosen.values()))), "pk")
        users = dict(zip(self.pks, self["user_id"], strict=True))
        nothing = ("", "")
        return {
            pk: (by_guest if users[pk] is None else by_user).get(key, nothing) for pk, key in chosen.items()
        }


def _first(model: Any, key: str, owners: list[Any]) -> dict[Any, dict[str, Any]]:
    if not owners:
        return {}
    found: dict[Any, dict[str, Any]] = {}
    rows = model._default_manager.filter(near(key, owners))
    rows = rows.order_by("-is_default_for_billing", "-is_default_for_shipping", "pk")
    for owner, *values in rows.values_list(key, *ADDRESS):
        if owner not in found:
            found[owner] = dict(zip(ADDRESS, values, strict=True))
    return found


def _pairs(rows: Any, key: str) -> dict[Any, tuple[str, str]]:
    return {row[0]: row[1:] for row in rows.values_list(key, "company_name", "vat_number")}
