"""What hangs on a customer beside the own columns: tags, groups, notes, addresses, consent, an account."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from oscar_customers_ext.accounts.user_names import name_field
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.notes.models import CustomerNote
from oscar_customers_ext.customers.tags.spelling import tag_key
from oscar_customers_ext.tax.models import TaxExemption
from oscar_customers_ext.transfers.cells import storable

from .accounts import draft_user, without
from .addresses import AddressBooks
from .consents import Consents
from .meanings import Meaning, RowFails
from .models import ImportRow
from .options import Accounts, Options, Policy, Unknown
from .plans import Plan
from .register import ROW_SOURCE, Register

Outcome = ImportRow.Outcome


class Belongings:
    """Of the customers of one slice."""

    def __init__(self, register: Register, options: Options, consents: Consents, books: AddressBooks) -> None:
        self.register, self.options, self.consents, self.books = register, options, consents, books
        meanings, pks = register.meanings, list(register.by_pk)
        self.notes: set[tuple[int, str]] = set()
        self.exempt: set[int] = set()
        if pks and any(meaning.note for meaning in meanings):
            notes = CustomerNote.objects.filter(customer__in=pks)
            self.notes = set(notes.values_list("customer", "text"))
        if pks and any(meaning.is_exempt for meaning in meanings):
            exemptions = TaxExemption.objects.filter(customer__in=pks)
            self.exempt = set(exemptions.values_list("customer", flat=True))
        self.names_taken = set(register.user_names)

    def plan(self, plan: Plan, meaning: Meaning) -> None:
        options, customer = self.options, plan.customer
        if meaning.tags and options.policy("tags") != Policy.NEVER:
            self._plan_tags(plan, meaning)
        if meaning.groups and options.policy("groups") != Policy.NEVER:
            self._plan_groups(plan, meaning)
        if (
            meaning.note
            and options.policy("note") != Policy.NEVER
            and (customer.pk, meaning.note) not in self.notes
        ):
            plan.note = meaning.note
            plan.changes["note"] = ["", meaning.note]
        if (
            meaning.is_exempt
            and options.policy("tax_exempt") != Policy.NEVER
            and customer.pk not in self.exempt
        ):
            plan.is_exempt = True
            plan.changes["tax_exempt"] = ["", _("Yes")]
        self._plan_external_id(plan, meaning)
        self._plan_consent(plan, meaning)

    def _plan_tags(self, plan: Plan, meaning: Meaning) -> None:
        had = self.register.tags_of.get(plan.customer.pk, []) if plan.customer.pk else []
        keys = {tag.key for tag in had}
        if had and self.options.policy("tags") == Policy.FILL:
            return
        for name in meaning.tags:
            if tag_key(name) in keys:
                continue
            if tag_key(name) not in self.register.tags and self.options.unknown_tags != Unknown.CREATE:
                sentence = _("There is no tag “%(name)s”.") % {"name": name[:50]}
                if self.options.unknown_tags == Unknown.FAIL:
                    raise RowFails(sentence, "tags")
                meaning.notices.append(("tags", sentence))
                continue
            keys.add(tag_key(name))
            plan.tags.append(name)
        if plan.tags:
            names = [tag.name for tag in had]
            plan.changes["tags"] = [", ".join(names), ", ".join([*names, *plan.tags])]

    def _plan_groups(self, plan: Plan, meaning: Meaning) -> None:
        had = self.register.groups_of.get(plan.customer.pk, []) if plan.customer.pk else []
        if had and self.options.policy("groups") == Policy.FILL:
            return
        added: list[str] = []
        for name in meaning.groups:
            group = self.register.groups.get(name.casefold())
            if group in had or name in plan.groups or (group is not None and group in plan.groups):
                continue
            if group is None and (self.options.unknown_groups != Unknown.CREATE or len(name) > 100):
                sentence = _("There is no customer group “%(name)s”.") % {"name": name[:50]}
                if self.options.unknown_groups == Unknown.FAIL:
                    raise RowFails(sentence, "groups")
                meaning.notices.append(("groups", sentence))
                continue
            plan.groups.append(group or name)
            added.append(str(group or name))
        if added:
            names = [group.name for group in had]
            plan.changes["groups"] = [", ".join(names), ", ".join([*names, *added])]

    def _plan_external_id(self, plan: Plan, meaning: Meaning) -> None:
        source, value = self.options.source, meaning.external_id
        if meaning.fingerprint:
            source, value = ROW_SOURCE, meaning.fingerprint
        if not value:
            return
        holder = self.register.by_external.get((source, value))
        if holder is None:
            plan.external_id = (source, value)
            if source != ROW_SOURCE:
                plan.changes["external_id"] = ["", value]
        elif holder != plan.customer.pk:
            meaning.notices.append(
                ("external_id", _("Another customer has this number of the other system."))
            )

    def _plan_consent(self, plan: Plan, meaning: Meaning) -> None:
        customer = plan.customer
        contacts = self.register.contacts
        former = None
        if plan.is_new or plan.new_email:
            # The contact of the address that the customer is about to have, which may have objected before.
            plan.contact = contacts.get(meaning.key)
            former = self.register.own_contacts.get(customer.contact_id) if plan.new_email else None
        else:
            plan.contact = self.register.own_contacts.get(customer.contact_id)
        said = self.consents.judge(meaning, plan.contact, former=former)
        if isinstance(said, str):
            meaning.notices.append(("newsletter", said))
        elif said is not None:
            plan.said = said
            words = {"subscribed": _("Yes"), "unsubscribed": _("No"), "objected": _("No, objected")}
            plan.changes["newsletter"] = [words.get(said.former, ""), words[said.state]]

    def plan_account(self, plan: Plan, meaning: Meaning) -> None:
        wanted = self.options.accounts == Accounts.ALL or (
            self.options.accounts == Accounts.WITH_PASSWORD and meaning.password
        )
        if not wanted or plan.customer.user_id is not None:
            return
        sentence = self._why_no_account(plan.customer, meaning)
        if sentence:
            meaning.notices.append(("password", _("No user account: %(reason)s") % {"reason": sentence}))
        else:
            plan.wants_account = True
            plan.made["account"] = True
            plan.changes["account"] = ["", _("Yes")]

    def _why_no_account(self, customer: Customer, meaning: Meaning) -> str:
        key = meaning.key or customer.email_key
        if key is None and not (meaning.username and meaning.password and name_field() is not None):
            return _("the row has no e-mail address.")
        if key in self.register.user_keys:
            return _("there is one with this e-mail address already. Attach it to the customer by hand.")
        name = meaning.username.lower()
        if name and name_field() is not None:
            if name in self.names_taken:
                return _("the user name is taken.")
            self.names_taken.add(name)
        if meaning.password:
            if storable(meaning.password) != meaning.password:
                return _("the password is not allowed.")
            try:
                validate_password(meaning.password, draft_user(customer, meaning.username))
            except ValidationError as error:
                return without(meaning.password, " ".join(error.messages))
        return ""

    def plan_addresses(self, plan: Plan, meaning: Meaning) -> list[Plan]:
        further = {
            one.number: Plan(one, Outcome.UNCHANGED, customer=plan.customer) for one in meaning.record.further
        }
        if meaning.places and self.options.policy("addresses") != Policy.NEVER:
            for place, draft in self.books.drafts(meaning, plan.customer):
                row = further.get(place.record.number, plan)
                if row is not plan:
                    row.outcome = Outcome.UPDATED
                row.drafts.append(draft)
                row.changes.setdefault("addresses", ["", ""])
                row.changes["addresses"][1] += ("\n" if row.changes["addresses"][1] else "") + str(draft)
        return list(further.values())
