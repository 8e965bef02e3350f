"""What an undo takes away beside columns: collected over the rows of a slice, and written with a few statements."""

from collections import defaultdict
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from oscar_customers_ext.contacts.filed import Filed, write_filed
from oscar_customers_ext.contacts.models import ConsentEntry, ConsentState, Contact
from oscar_customers_ext.customers.addresses.models import CustomerAddress
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.notes.models import CustomerNote
from oscar_customers_ext.customers.tags.models import TaggedCustomer
from oscar_customers_ext.tax.models import TaxExemption

from .consents import UNDONE
from .models import ExternalId, ImportRow
from .traces import Traces, account_of, is_made


class Removals:
    def __init__(self, traces: Traces, actor: Any) -> None:
        self.traces, self.actor = traces, actor
        self.going: dict[Any, set[int]] = defaultdict(set)
        #: By mailing list and contact: of one contact there is one line.
        self.filed: dict[Any, dict[int, Filed]] = defaultdict(dict)

    def take_back(self, row: ImportRow, customer: Customer) -> list[str]:
        """Marks what the row wrote for a customer who stays, as far as it is as it was written; names the rest."""
        left, made = [], row.made
        for model in (TaggedCustomer, Customer.groups.through, ExternalId):
            self.going[model] |= {one.pk for one in self.traces.of(model, customer) if is_made(one, made)}
        if not self._addresses(made.get("addresses", ()), customer):
            left.append(_("Addresses"))
        if not self._note(made.get("note"), customer):
            left.append(_("Note"))
        if not self._exemption(made.get("exemption"), customer):
            left.append(_("Tax exempt"))
        if not self.consent(made.get("consent"), customer):
            left.append(_("Newsletter"))
        return left

    def _addresses(self, made: Any, customer: Customer) -> bool:
        if not made:
            return True
        hashes = {one[2] for one in made}
        found = set()
        for model in (CustomerAddress, get_model("address", "UserAddress")):
            for address in self.traces.of(model, customer):
                if address.hash in hashes:
                    found.add(address.hash)
                    if not getattr(address, "num_orders_as_shipping_address", 0):
                        self.going[model].add(address.pk)
        return found == hashes

    def _note(self, pk: int | None, customer: Customer) -> bool:
        note = next((one for one in self.traces.of(CustomerNote, customer) if one.pk == pk), None)
        if note is None:
            return True
        if note.modified_at is not None or note.pinned or pk in self.traces.with_files:
            return False
        self.going[CustomerNote].add(pk)
        return True

    def _exemption(self, pk: int | None, customer: Customer) -> bool:
        row = next((one for one in self.traces.of(TaxExemption, customer) if one.pk == pk), None)
        if row is None:
            return True
        if row.document or row.valid_from or row.valid_until or pk in self.traces.with_countries:
            return False
        self.going[TaxExemption].add(pk)
        return True

    def consent(self, made: dict[str, Any] | None, customer: Customer) -> bool:
        """The ledger only grows: another line says what was so before, where nothing newer is there."""
        entry = self.traces.entries.get(made["entry"]) if made and made["counts"] else None
        if entry is None:
            return True
        if not self.traces.is_newest(entry, customer):
            return False
        former = made["former"] or ConsentState.UNSUBSCRIBED
        if former != entry.state:
            line = Filed(self.traces.contacts[entry.contact_id], former, max(timezone.now(), entry.at), True)
            self.filed[entry.mailing_list][entry.contact_id] = line
        return True

    def write(self) -> None:
        for mailing_list, lines in self.filed.items():
            write_filed(list(lines.values()), mailing_list=mailing_list, source=UNDONE, staff=self.actor)
        for model, pks in self.going.items():
            if pks:
                model._default_manager.filter(pk__in=pks).delete()
        self.filed.clear()
        self.going.clear()

    def forget_accounts(self, accounts: list[dict[str, str]]) -> None:
        get_user_model()._default_manager.filter(pk__in=[account["user"] for account in accounts]).delete()

    def delete(self, going: list[tuple[ImportRow, Customer]]) -> None:
        """New customers with all that hangs on them. Contacts of whom the ledger tells stay: its lines are kept."""
        if not going:
            return
        for row, customer in going:
            self.consent(row.made.get("consent"), customer)
        self.write()
        Customer.objects.filter(pk__in=[customer.pk for _row, customer in going]).delete()
        # After the customers: an account that goes first gives them its address book back.
        self.forget_accounts([account for row, _customer in going if (account := account_of(row))])
        contacts = [customer.contact_id for row, customer in going if row.made.get("contact")]
        told = ConsentEntry.objects.filter(contact__in=contacts).values("contact")
        Contact.objects.filter(pk__in=contacts).exclude(pk__in=told).delete()
