"""What an import wrote beside the columns of its customers, and what others wrote there since.

Read for all customers of a slice at once, so that the number of queries does not hang on how many they are.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from oscar_customers_ext.accounts.fingerprints import is_fingerprint
from oscar_customers_ext.contacts.consents import locked
from oscar_customers_ext.contacts.models import ConsentEntry, Subscription
from oscar_customers_ext.customers.addresses.models import CustomerAddress
from oscar_customers_ext.customers.models import Customer, CustomerSource, VerifiedEmail
from oscar_customers_ext.customers.notes.models import CustomerNote, NoteFile
from oscar_customers_ext.customers.protected_users import is_protected
from oscar_customers_ext.customers.tags.models import TaggedCustomer
from oscar_customers_ext.tax.models import TaxExemption

from .accounts import SALT
from .inserts import SOURCE
from .models import ExternalId, ImportRow

#: What an import may have written; of everything else it is enough that it is there.
OWN = (CustomerSource, TaggedCustomer, CustomerAddress, CustomerNote, TaxExemption, ExternalId)


class Traces:
    def __init__(self, customers: dict[int, Customer], rows: list[ImportRow]) -> None:
        self.customers = customers
        self.rows = rows
        #: Of the customers whom the import made: they go only where nobody else did anything with them.
        self.new = {row.customer_id for row in rows if "customer" in row.made}.intersection(customers)

    def read(self) -> None:
        self.own: dict[Any, dict[int, list[Any]]] = {}
        self.foreign: list[tuple[str, set[int]]] = []
        for relation in Customer._meta.related_objects:
            self._read_relation(relation.related_model, relation.field.name)
        groups = Customer.groups.through
        self.own[groups] = _by_owner(groups.objects.filter(customer__in=self.customers), "customer_id")
        self._read_addresses_of_accounts()
        self._read_details()
        self._read_consents()
        self._read_accounts()

    def _read_relation(self, model: Any, field: str) -> None:
        rows = model._default_manager.order_by()
        if model in OWN:
            self.own[model] = _by_owner(rows.filter(**{f"{field}__in": self.customers}), f"{field}_id")
        elif model is not ImportRow and self.new:
            owners = (
                rows.filter(**{f"{field}__in": self.new}).values_list(f"{field}_id", flat=True).distinct()
            )
            self.foreign.append((str(model._meta.verbose_name_plural), set(owners)))

    def _read_addresses_of_accounts(self) -> None:
        model = get_model("address", "UserAddress")
        owners = {one.user_id: one.pk for one in self.customers.values() if one.user_id}
        found: dict[int, list[Any]] = defaultdict(list)
        for row in model._default_manager.filter(user__in=owners) if owners else ():
            found[owners[row.user_id]].append(row)
        self.own[model] = found

    def _read_details(self) -> None:
        notes, exemptions = self._made("note"), self._made("exemption")
        countries = TaxExemption.countries.through.objects
        self.with_files = _those(NoteFile.objects, "note", notes)
        self.with_countries = _those(countries, "taxexemption", exemptions)

    def _read_consents(self) -> None:
        contacts = [customer.contact_id for customer in self.customers.values()]
        self.contacts = {contact.pk: contact for contact in locked(contacts)}
        self.subscriptions: dict[int, dict[int, Subscription]] = defaultdict(dict)
        for row in Subscription.objects.filter(contact__in=contacts):
            self.subscriptions[row.contact_id][row.mailing_list_id] = row
        made = [row.made["consent"]["entry"] for row in self.rows if row.made.get("consent")]
        entries = ConsentEntry.objects.filter(pk__in=made).select_related("mailing_list") if made else ()
        self.entries = {entry.pk: entry for entry in entries}

    def _read_accounts(self) -> None:
        pks = [account["user"] for row in self.rows if (account := account_of(row))]
        self.users: dict[str, Any] = {}
        #: Accounts that somebody did something with.
        self.busy: set[Any] = set()
        if not pks:
            return
        model = get_user_model()
        self.users = {str(user.pk): user for user in model._default_manager.filter(pk__in=pks)}
        for rows, field in (
            (VerifiedEmail.objects, "user"),
            (get_model("order", "Order")._default_manager, "user"),
            (get_model("basket", "Basket")._default_manager, "owner"),
        ):
            self.busy |= _those(rows, field, pks)
        self.busy |= {user.pk for user in self._with_rights(model, pks) if is_protected(user)}

    def _with_rights(self, model: Any, pks: list[str]) -> list[Any]:
        """Only who has any right can be one of staff."""
        found: set[Any] = set()
        for flag in ("is_staff", "is_superuser"):
            found |= {user.pk for user in self.users.values() if getattr(user, flag, False)}
        names = {field.name for field in model._meta.get_fields()}
        for name in {"groups", "user_permissions"} & names:
            field = model._meta.get_field(name)
            found |= _those(field.remote_field.through.objects, field.m2m_field_name(), pks)
        return [user for user in self.users.values() if user.pk in found]

    def _made(self, kind: str) -> list[int]:
        return [row.made[kind] for row in self.rows if row.made.get(kind)]

    def of(self, model: Any, customer: Customer) -> list[Any]:
        return self.own.get(model, {}).get(customer.pk, [])

    # What became of it

    def is_used(self, customer: Customer, account: dict[str, str]) -> bool:
        """Whether somebody did anything with the account that the import made."""
        user = self.users.get(account["user"])
        if user is None:
            return customer.user_id is not None
        return (
            customer.user_id != user.pk
            or not is_fingerprint(account["password"], SALT, user.password)
            or getattr(user, "last_login", None) is not None
            or not user.is_active
            or user.pk in self.busy
        )

    def is_newest(self, entry: ConsentEntry, customer: Customer) -> bool:
        """Whether nothing was said since this line of the ledger."""
        now = self.subscriptions[entry.contact_id].get(entry.mailing_list_id)
        return (
            now is not None
            and now.state == entry.state
            and now.changed_at == entry.at
            and entry.contact_id == customer.contact_id
        )

    def reasons_to_stay(self, made: dict[str, Any], customer: Customer) -> list[str]:
        """Why a new customer cannot go; ``made`` is all that the import wrote for this one."""
        reasons = []
        account = made.get("account")
        used = self.is_used(customer, account) if isinstance(account, dict) else customer.user_id is not None
        if used:
            reasons.append(_("user account"))
        if customer.archived_at or customer.approval_decided_at:
            reasons.append(_("approval or archive"))
        reasons += [name for name, owners in self.foreign if customer.pk in owners]
        for model, rows in self.own.items():
            if not all(is_made(one, made) for one in rows.get(customer.pk, ())):
                reasons.append(str(model._meta.verbose_name_plural))
        consent = made.get("consent")
        current = self.subscriptions[customer.contact_id]
        if made.get("contact") and len(current) > bool(consent and consent["counts"]):
            reasons.append(_("Newsletter"))
        return reasons


def account_of(row: ImportRow) -> dict[str, str] | None:
    account = row.made.get("account")
    return account if isinstance(account, dict) else None


def is_made(one: Any, made: dict[str, Any]) -> bool:
    """Whether this is what the import wrote, as it wrote it."""
    if isinstance(one, CustomerSource):
        return one.source == SOURCE
    if isinstance(one, TaggedCustomer):
        return one.tag_id in made.get("tags", ())
    if isinstance(one, Customer.groups.through):
        return one.customergroup_id in made.get("groups", ())
    if isinstance(one, CustomerNote):
        return one.pk == made.get("note") and one.modified_at is None and not one.pinned
    if isinstance(one, TaxExemption):
        return one.pk == made.get("exemption")
    if isinstance(one, ExternalId):
        return one.pk == made.get("external_id")
    return one.hash in {address[2] for address in made.get("addresses", ())}


def _by_owner(rows: Iterable[Any], attribute: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, attribute)].append(row)
    return found


def _those(manager: Any, field: str, pks: list[Any]) -> set[Any]:
    """Which of these have a row there."""
    if not pks:
        return set()
    rows = manager.filter(**{f"{field}__in": pks}).order_by()
    return set(rows.values_list(f"{field}_id", flat=True).distinct())
