"""What an import wrote beside the columns of its customers, and what others wrote there since."""

from collections import defaultdict
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from oscar_customers_ext.accounts.fingerprints import is_fingerprint
from oscar_customers_ext.contacts.consents import locked
from oscar_customers_ext.contacts.filed import Filed, write_filed
from oscar_customers_ext.contacts.models import ConsentEntry, ConsentState, Contact, Subscription
from oscar_customers_ext.customers.addresses.models import CustomerAddress
from oscar_customers_ext.customers.models import Customer, CustomerSource, VerifiedEmail
from oscar_customers_ext.customers.notes.models import CustomerNote
from oscar_customers_ext.customers.protected_users import is_protected
from oscar_customers_ext.customers.tags.models import TaggedCustomer
from oscar_customers_ext.tax.models import TaxExemption

from .accounts import SALT
from .inserts import SOURCE
from .models import ExternalId, ImportJob, ImportRow

UNDONE = "import_undone"


class Traces:
    def __init__(self, job: ImportJob, customers: dict[int, Customer]) -> None:
        self.job, self.customers = job, customers

    def read(self) -> None:
        """With one query for each kind of row that can hang on a customer."""
        self.own: dict[str, dict[int, list[Any]]] = {}
        for relation in Customer._meta.related_objects:
            if relation.related_model is not ImportRow:
                self.own[relation.related_model.__name__] = self._rows(
                    relation.related_model, relation.field.name
                )
        self.own["groups"] = self._rows(Customer.groups.through, "customer")
        self.own["UserAddress"] = self._addresses_of_accounts()
        contacts = [customer.contact_id for customer in self.customers.values()]
        self.contacts = {contact.pk: contact for contact in locked(contacts)}
        entries = Subscription.objects.filter(contact__in=contacts).select_related("mailing_list")
        self.subscriptions = {(row.contact_id, row.mailing_list_id): row for row in entries}

    def _rows(self, model: Any, field: str) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        for row in model._default_manager.filter(**{f"{field}__in": self.customers}):
            found[getattr(row, f"{field}_id")].append(row)
        return found

    def _addresses_of_accounts(self) -> dict[int, list[Any]]:
        owners = {one.user_id: one.pk for one in self.customers.values() if one.user_id}
        found: dict[int, list[Any]] = defaultdict(list)
        if owners:
            for row in get_model("address", "UserAddress")._default_manager.filter(user__in=owners):
                found[owners[row.user_id]].append(row)
        return found

    def _of(self, kind: Any, customer: Customer) -> list[Any]:
        return self.own.get(kind if isinstance(kind, str) else kind.__name__, {}).get(customer.pk, [])

    # Accounts

    def is_used(self, customer: Customer, account: dict[str, str]) -> bool:
        """Whether somebody did anything with the account that the import made."""
        user = get_user_model()._default_manager.filter(pk=account["user"]).first()
        if user is None:
            return customer.user_id is not None
        return (
            customer.user_id != user.pk
            or not is_fingerprint(account["password"], SALT, user.password)
            or getattr(user, "last_login", None) is not None
            or not user.is_active
            or is_protected(user)
            or VerifiedEmail.objects.filter(user=user.pk).exists()
            or get_model("order", "Order")._default_manager.filter(user=user.pk).exists()
            or get_model("basket", "Basket")._default_manager.filter(owner=user.pk).exists()
        )

    def forget_account(self, account: dict[str, str]) -> None:
        for user in get_user_model()._default_manager.filter(pk=account["user"]):
            user.delete()

    # Rows of a customer who stays

    def remove(self, row: ImportRow, customer: Customer) -> list[str]:
        """Deletes what the row wrote, as far as it is as it was written; names the rest."""
        left = []
        made = row.made
        tags = [one.pk for one in self._of(TaggedCustomer, customer) if one.tag_id in made.get("tags", ())]
        TaggedCustomer.objects.filter(pk__in=tags).delete()
        groups = [
            one.pk for one in self._of("groups", customer) if one.customergroup_id in made.get("groups", ())
        ]
        Customer.groups.through.objects.filter(pk__in=groups).delete()
        ExternalId.objects.filter(pk=made.get("external_id")).delete()
        left += self._remove_addresses(made.get("addresses", ()), customer)
        if not self._remove_note(made.get("note"), row, customer):
            left.append(_("Note"))
        if not self._remove_exemption(made.get("exemption"), customer):
            left.append(_("Tax exempt"))
        if not self._take_consent_back(made.get("consent"), customer):
            left.append(_("Newsletter"))
        return left

    def _remove_addresses(self, made: Any, customer: Customer) -> list[str]:
        if not made:
            return []
        hashes = {one[2] for one in made}
        rows = [*self._of(CustomerAddress, customer), *self._of("UserAddress", customer)]
        found = [one for one in rows if one.hash in hashes]
        for address in found:
            if not getattr(address, "num_orders_as_shipping_address", 0):
                address.delete()
        return [_("Addresses")] if len(found) < len(hashes) else []

    def _remove_note(self, pk: int | None, row: ImportRow, customer: Customer) -> bool:
        note = next((one for one in self._of(CustomerNote, customer) if one.pk == pk), None)
        if note is None:
            return True
        if note.modified_at is not None or note.pinned or note.files.exists():
            return False
        note.delete()
        return True

    def _remove_exemption(self, pk: int | None, customer: Customer) -> bool:
        row = next((one for one in self._of(TaxExemption, customer) if one.pk == pk), None)
        if row is None:
            return True
        if row.document or row.valid_from or row.valid_until or row.countries.exists():
            return False
        row.delete()
        return True

    def _take_consent_back(self, made: dict[str, Any] | None, customer: Customer) -> bool:
        """The ledger only grows: another line says what was so before, where nothing newer is there."""
        if not made or not made["counts"]:
            return True
        entry = ConsentEntry.objects.filter(pk=made["entry"]).select_related("mailing_list").first()
        if entry is None:
            return True
        now = self.subscriptions.get((entry.contact_id, entry.mailing_list_id))
        if (
            now is None
            or now.state != entry.state
            or now.changed_at != entry.at
            or entry.contact_id != customer.contact_id
        ):
            return False
        former = made["former"] or ConsentState.UNSUBSCRIBED
        if former != now.state:
            filed = Filed(self.contacts[entry.contact_id], former, max(timezone.now(), now.changed_at), True)
            write_filed([filed], mailing_list=entry.mailing_list, source=UNDONE, staff=self.job.created_by)
        return True

    # New customers

    def reasons_to_stay(self, row: ImportRow, customer: Customer) -> list[str]:
        made, reasons = row.made, []
        account = made.get("account")
        used = self.is_used(customer, account) if isinstance(account, dict) else customer.user_id is not None
        if used:
            reasons.append(_("user account"))
        if customer.archived_at or customer.approval_decided_at:
            reasons.append(_("approval or archive"))
        for kind, rows in self.own.items():
            foreign = [one for one in rows.get(customer.pk, ()) if not self._is_made(kind, one, made)]
            if foreign:
                reasons.append(str(foreign[0]._meta.verbose_name_plural))
        consent = made.get("consent")
        current = [
            row for (contact, _list), row in self.subscriptions.items() if contact == customer.contact_id
        ]
        if made.get("contact") and len(current) > bool(consent and consent["counts"]):
            reasons.append(_("Newsletter"))
        return reasons

    def _is_made(self, kind: str, one: Any, made: dict[str, Any]) -> bool:
        if isinstance(one, CustomerSource):
            return one.source == SOURCE
        if isinstance(one, TaggedCustomer):
            return one.tag_id in made.get("tags", ())
        if kind == "groups":
            return one.customergroup_id in made.get("groups", ())
        if kind in ("CustomerAddress", "UserAddress"):
            return one.hash in {address[2] for address in made.get("addresses", ())}
        if isinstance(one, CustomerNote):
            return one.pk == made.get("note") and one.modified_at is None and not one.pinned
        if isinstance(one, TaxExemption):
            return one.pk == made.get("exemption")
        return isinstance(one, ExternalId) and one.pk == made.get("external_id")

    def delete(self, going: list[tuple[ImportRow, Customer]]) -> None:
        """Contacts of whom the ledger tells stay: its lines are never deleted."""
        for row, customer in going:
            self._take_consent_back(row.made.get("consent"), customer)
            if isinstance(account := row.made.get("account"), dict):
                self.forget_account(account)
        Customer.objects.filter(pk__in=[customer.pk for _row, customer in going]).delete()
        contacts = [customer.contact_id for row, customer in going if row.made.get("contact")]
        told = ConsentEntry.objects.filter(contact__in=contacts).values("contact")
        Contact.objects.filter(pk__in=contacts).exclude(pk__in=told).delete()
