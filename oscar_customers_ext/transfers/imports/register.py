"""What is known already of the people in a slice: read with a handful of queries, whatever they are."""

from collections import defaultdict
from collections.abc import Iterable
from hashlib import sha256
from operator import itemgetter
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower

from oscar_customers_ext.contacts.consents import locked
from oscar_customers_ext.contacts.identity import other_spellings
from oscar_customers_ext.contacts.models import Contact
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.ownership import usable_address
from oscar_customers_ext.customers.staff import groups_of_staff, permissions_of_staff
from oscar_customers_ext.customers.tags.models import CustomerTag, TaggedCustomer
from oscar_customers_ext.customers.tags.spelling import tag_key
from oscar_customers_ext.groups.models import CustomerGroup

from . import rights
from .meanings import Meaning
from .models import ExternalId, ImportJob, ImportRow
from .options import Accounts, Match, Options

#: The source of a row that says nothing by which its customer could be found: the row itself.
ROW_SOURCE = "~row"


def digest(kind: str, text: Any) -> str:
    return sha256(f"{kind}:{text}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def digests(meaning: Meaning) -> tuple[str, str]:
    """Of the address, and of whatever else says who it is; empty where the row has none."""
    by_email = digest("email", meaning.key) if meaning.key else ""
    for kind in ("id", "external_id", "fingerprint"):
        if value := getattr(meaning, kind):
            return by_email, digest(kind, value)
    number = meaning.columns.get("number")
    return by_email, digest("number", number) if number else ""


class Register:
    def __init__(
        self, job: ImportJob, options: Options, meanings: list[Meaning], *, is_forecast: bool
    ) -> None:
        self.job, self.options, self.is_forecast = job, options, is_forecast
        self.meanings = meanings
        self.keys = {meaning.key for meaning in meanings if meaning.key}
        self._read_external_ids()
        self._read_customers()
        self._read_earlier_rows()
        self._read_staff()
        self.reachable = rights.reachable(list(self.by_pk), job.created_by)

    def _read_external_ids(self) -> None:
        wanted = Q()
        values = {meaning.external_id for meaning in self.meanings if meaning.external_id}
        prints = {meaning.fingerprint for meaning in self.meanings if meaning.fingerprint}
        if values:
            wanted |= Q(source=self.options.source, value__in=values)
        if prints:
            wanted |= Q(source=ROW_SOURCE, value__in=prints)
        rows = ExternalId.objects.filter(wanted) if wanted else ()
        self.by_external = {(row.source, row.value): row.customer_id for row in rows}

    def _read_customers(self) -> None:
        numbers = {number for meaning in self.meanings if (number := meaning.columns.get("number"))}
        pks = {meaning.id for meaning in self.meanings if meaning.id and Match.ID in self.options.match}
        wanted = Q(email_key__in=self.keys)
        if pks or self.by_external:
            wanted |= Q(pk__in={*pks, *self.by_external.values()})
        if numbers:
            wanted |= Q(number__in=numbers)
        customers = Customer.objects.filter(wanted).order_by("pk")
        # Those of a run are locked in the order of their keys, so that nobody changes them meanwhile.
        found = list(customers if self.is_forecast else customers.locked())
        self.by_pk = {customer.pk: customer for customer in found}
        self.by_key = {customer.email_key: customer for customer in found if customer.email_key}
        self.by_number = {customer.number: customer for customer in found if customer.number}
        new = self.keys - self.by_key.keys()
        self.contacts = {contact.email_key: contact for contact in Contact.objects.filter(email_key__in=new)}
        self.own_contacts: dict[int, Contact] = {}
        if any(meaning.newsletter for meaning in self.meanings):
            pks = {customer.contact_id for customer in found} | {one.pk for one in self.contacts.values()}
            rows = Contact.objects.filter(pk__in=pks) if self.is_forecast else locked(pks)
            self.own_contacts = {contact.pk: contact for contact in rows}

    def _read_earlier_rows(self) -> None:
        """Rows of this very pass through the file that are these people already."""
        rows = ImportRow.objects.of(self.job, is_forecast=self.is_forecast)
        emails, ids = set(), set()
        for meaning in self.meanings:
            by_email, by_id = digests(meaning)
            emails.add(by_email)
            ids.add(by_id)
        self.earlier: dict[str, int] = {}
        self.earlier_customers: dict[int, int] = {}
        if not self.job.rows_done:
            return
        for column, found in (("email_digest", emails), ("id_digest", ids)):
            if found := found - {""}:
                pairs = rows.filter(**{f"{column}__in": found}).order_by().values_list(column, "number")
                self.earlier.update(pairs)
        if self.by_pk:
            # Unsorted, so that no database walks through all rows in their order instead.
            pairs = rows.filter(customer__in=self.by_pk).order_by().values_list("customer", "number")
            self.earlier_customers.update(sorted(pairs, key=itemgetter(1), reverse=True))

    def _read_staff(self) -> None:
        """Accounts that work behind the shop are few, so all of them are read."""
        model = get_user_model()
        names = {field.name for field in model._meta.get_fields()}
        staff = Q()
        for name in ("is_staff", "is_superuser"):
            if name in names:
                staff |= Q(**{name: True})
        if "groups" in names:
            memberships = model.groups.through.objects.filter(
                **{model.groups.field.m2m_field_name(): OuterRef("pk")}, group__in=groups_of_staff()
            )
            staff |= Q(Exists(memberships))
        if "user_permissions" in names:
            grants = model.user_permissions.through.objects.filter(
                **{model.user_permissions.field.m2m_field_name(): OuterRef("pk")},
                permission__in=permissions_of_staff(),
            )
            staff |= Q(Exists(grants))
        field = model.get_email_field_name()
        rows = list(model._default_manager.filter(staff).values_list("pk", field)) if staff else []
        self.staff = {pk for pk, _email in rows}
        self.staff_keys = {usable_address(email)[1] for _pk, email in rows} - {None}

    def read_accounts(self) -> None:
        """Users with the addresses and the names of rows that shall get an account."""
        wanted = [
            meaning for meaning in self.meanings if meaning.password or self.options.accounts == Accounts.ALL
        ]
        model = get_user_model()
        field = model.get_email_field_name()
        spelled = {
            spelling
            for m in wanted
            if m.key
            for spelling in (m.key, m.email.lower(), *other_spellings(m.key))
        }
        self.user_keys: set[str | None] = set()
        self.user_names: set[str] = set()
        if spelled:
            users = model._default_manager.annotate(lower_email=Lower(field)).filter(lower_email__in=spelled)
            self.user_keys = {usable_address(email)[1] for email in users.values_list(field, flat=True)}
        names = {m.username.lower() for m in wanted if m.username}
        if names and field != model.USERNAME_FIELD:
            users = model._default_manager.annotate(lower_name=Lower("username")).filter(lower_name__in=names)
            self.user_names = {name.lower() for name in users.values_list("username", flat=True)}

    def read_tags(self) -> None:
        wanted = {tag_key(name) for meaning in self.meanings for name in meaning.tags}
        self.tags = {tag.key: tag for tag in CustomerTag.objects.filter(key__in=wanted)} if wanted else {}
        self.tags_of = _by_customer(
            TaggedCustomer.objects.filter(content_object__in=self.by_pk).select_related("tag"),
            "content_object_id",
            "tag",
            wanted and self.by_pk,
        )

    def read_groups(self) -> None:
        rows = Customer.groups.through.objects.filter(customer__in=self.by_pk).select_related("customergroup")
        self.groups: dict[str, Any] = {}
        if wanted := any(meaning.groups for meaning in self.meanings):
            groups = list(CustomerGroup.objects.all())
            self.groups = {group.slug.casefold(): group for group in groups}
            self.groups |= {group.name.casefold(): group for group in groups}
        self.groups_of = _by_customer(rows, "customer_id", "customergroup", wanted and self.by_pk)


def _by_customer(rows: Iterable[Any], key: str, value: str, wanted: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows if wanted else ():
        found[getattr(row, key)].append(getattr(row, value))
    return found
