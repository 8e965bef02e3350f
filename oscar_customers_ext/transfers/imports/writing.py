"""Writes what was planned for the rows of a slice, with a few statements for all of them."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from oscar_customers_ext.audit import log_all, log_each
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.notes.models import CustomerNote
from oscar_customers_ext.customers.search_text import SOURCES
from oscar_customers_ext.customers.tags.manager import get_or_create_tags
from oscar_customers_ext.customers.tags.models import TaggedCustomer
from oscar_customers_ext.customers.tags.spelling import tag_key
from oscar_customers_ext.customers.vat_numbers import canonical
from oscar_customers_ext.groups.models import CustomerGroup
from oscar_customers_ext.tax.audit import ADD as ADD_EXEMPTION
from oscar_customers_ext.tax.models import TaxExemption
from oscar_customers_ext.tax.vat.tasks import check_later

from .addresses import AddressBooks
from .audit import IMPORT_CREATE, IMPORT_UPDATE
from .consents import Consents
from .inserts import insert_customers
from .models import ExternalId, ImportJob
from .plans import Plan
from .register import Register
from .rights import sites_of_new
from .statements import insert_rows, insert_with_keys, update_rows


class Writer:
    def __init__(self, job: ImportJob, register: Register, consents: Consents, books: AddressBooks) -> None:
        self.job, self.register, self.consents, self.books = job, register, consents, books
        self.actor = job.created_by

    def write(self, plans: list[Plan]) -> None:
        new = [plan for plan in plans if plan.is_new]
        changed = [plan for plan in plans if not plan.is_new and plan.changes and plan.meaning is not None]
        sites = sites_of_new(self.actor)
        there = set(self.register.contacts)
        insert_customers([plan.customer for plan in new], self.register.contacts, sites=sites)
        for plan in new:
            plan.made["customer"] = plan.customer.pk
            plan.made["contact"] = plan.customer.email_key not in there
        self._change_customers(changed)
        self._add_tags([plan for plan in plans if plan.tags])
        self._add_groups([plan for plan in plans if plan.groups])
        self._add_addresses([plan for plan in plans if plan.drafts])
        self._add_notes([plan for plan in plans if plan.note])
        self._add_exemptions([plan for plan in plans if plan.is_exempt])
        self._add_external_ids([plan for plan in plans if plan.external_id])
        self._add_consents([plan for plan in plans if plan.said])
        self._log(new, changed)
        self._ask_about_vat_numbers(new + changed)

    def _change_customers(self, plans: list[Plan]) -> None:
        """Each column that changes anywhere is written for all: the rows are locked, and hold what is stored."""
        for plan in plans:
            if plan.new_email:
                plan.made["former_contact"] = plan.customer.contact_id
                plan.customer.email = plan.new_email
                # The contact follows to the address.
                plan.customer.save(update_fields=["email"])
                plan.customer.refresh_from_db(fields=["contact"])
        columns = set().union(*(plan.columns for plan in plans))
        now = timezone.now()
        for plan in plans:
            plan.customer.modified_at = now
            if plan.columns.intersection(SOURCES):
                plan.customer.search_text = plan.customer.composed_search_text()
        if columns.intersection(SOURCES):
            columns.add("search_text")
        update_rows(Customer, [plan.customer for plan in plans], columns | {"modified_at"})

    def _add_tags(self, plans: list[Plan]) -> None:
        tags = {tag.key: tag for tag in get_or_create_tags({name: 1 for plan in plans for name in plan.tags})}
        rows = []
        for plan in plans:
            given = [tags[tag_key(name)] for name in plan.tags]
            rows += [TaggedCustomer(tag=tag, content_object=plan.customer) for tag in given]
            plan.made["tags"] = [tag.pk for tag in given]
        TaggedCustomer.objects.bulk_create(rows, ignore_conflicts=True)

    def _add_groups(self, plans: list[Plan]) -> None:
        through = Customer.groups.through
        rows = []
        for plan in plans:
            groups = [self._group(group) for group in plan.groups]
            rows += [through(customer=plan.customer, customergroup=group) for group in groups]
            plan.made["groups"] = [group.pk for group in groups]
        through.objects.bulk_create(rows, ignore_conflicts=True)

    def _group(self, group: Any) -> CustomerGroup:
        """A group of the shop, or one that is made of its name, once."""
        if not isinstance(group, str):
            return group
        known = self.register.groups.get(group.casefold())
        if known is None:
            slug = slugify(group)[:60].strip("-_")
            slug = slug if slug[:1].isalpha() else f"g-{slug}".rstrip("-")
            free = slug
            number = 1
            while CustomerGroup.objects.filter(slug=free).exists():
                number += 1
                free = f"{slug[:58]}-{number}"
            known, _is_new = CustomerGroup.objects.get_or_create(name=group, defaults={"slug": free})
            self.register.groups[group.casefold()] = known
        return known

    def _add_addresses(self, plans: list[Plan]) -> None:
        self.books.store([draft for plan in plans for draft in plan.drafts])
        for plan in plans:
            book = "user" if plan.customer.user_id else "own"
            plan.made["addresses"] = [[book, draft.address.pk, draft.address.hash] for draft in plan.drafts]

    def _add_notes(self, plans: list[Plan]) -> None:
        notes = [CustomerNote(customer=plan.customer, author=self.actor, text=plan.note) for plan in plans]
        CustomerNote.objects.bulk_create(notes)
        for plan, note in zip(plans, notes, strict=True):
            plan.made["note"] = note.pk

    def _add_exemptions(self, plans: list[Plan]) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            # The buyer reads it.
            reason = _("Imported")
        rows = [TaxExemption(customer=plan.customer, reason=reason, created_by=self.actor) for plan in plans]
        TaxExemption.objects.bulk_create(rows)
        log_all([plan.customer for plan in plans], ADD_EXEMPTION, actor=self.actor, data={"reason": reason})
        for plan, row in zip(plans, rows, strict=True):
            plan.made["exemption"] = row.pk

    def _add_external_ids(self, plans: list[Plan]) -> None:
        rows = [
            ExternalId(customer=plan.customer, source=plan.external_id[0], value=plan.external_id[1])
            for plan in plans
        ]
        insert_with_keys(ExternalId, rows)
        for plan, row in zip(plans, rows, strict=True):
            plan.made["external_id"] = row.pk

    def _add_consents(self, plans: list[Plan]) -> None:
        if not plans:
            return
        said = [
            (plan.customer.contact if plan.is_new or plan.new_email else plan.contact, plan.said)
            for plan in plans
        ]
        for plan, entry in zip(plans, self.consents.write(said, self.actor), strict=True):
            plan.made["consent"] = {"entry": entry.pk, "former": plan.said.former, "counts": plan.said.counts}

    def _log(self, new: Iterable[Plan], changed: Iterable[Plan]) -> None:
        def about(plan: Plan) -> dict[str, Any]:
            return {"import": self.job.pk, "file": self.job.file_name, "row": plan.record.number}

        log_each(
            ((plan.customer, about(plan)) for plan in new),
            IMPORT_CREATE,
            actor=self.actor,
            insert=insert_rows,
        )
        entries = ((plan.customer, {**about(plan), "changes": shown(plan)}) for plan in changed)
        log_each(entries, IMPORT_UPDATE, actor=self.actor, insert=insert_rows)

    def _ask_about_vat_numbers(self, plans: Iterable[Plan]) -> None:
        for plan in plans:
            if "vat_number" in plan.columns:
                check_later(canonical(plan.customer.vat_number, plan.customer.country_id))


def shown(plan: Plan) -> dict[str, list[str]]:
    """Of the changes, those of the customer's own columns, which the timeline can name."""
    own = plan.columns | ({"email"} if plan.new_email else set())
    return {name: pair for name, pair in plan.changes.items() if name in own}
