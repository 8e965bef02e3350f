"""What becomes of each row of a slice: the same decision in the dry run and in the run."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from oscar_customers_ext.conf import conf
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.transfers.shops.own import OWN

from .addresses import AddressBooks
from .belongings import Belongings
from .consents import Consents
from .meanings import Meaning, RowFails, check_new_address
from .models import ImportRow
from .options import Existing, Match, New, Options, Policy
from .plans import Plan
from .register import ROW_SOURCE, Register, digests

Outcome = ImportRow.Outcome
NAMES = ("first_name", "last_name")


class Planner:
    def __init__(self, register: Register, options: Options, consents: Consents, books: AddressBooks) -> None:
        self.register, self.options = register, options
        self.belongings = Belongings(register, options, consents, books)
        self.claimed = dict(register.earlier)
        self.claimed_customers = dict(register.earlier_customers)
        self.numbers = {number: customer.pk for number, customer in register.by_number.items()}

    def plan(self, meaning: Meaning) -> list[Plan]:
        """The row's own plan, and one for each row that continues it. Raises RowFails."""
        customer, way = self._find(meaning)
        try:
            return self._plan(meaning, customer, way)
        except RowFails:
            if customer is not None:
                # Another row of the file may be this customer's, and finds what is stored.
                customer.refresh_from_db()
            raise

    def _plan(self, meaning: Meaning, customer: Customer | None, way: str) -> list[Plan]:
        record = meaning.record
        self._check_twice(meaning, customer)
        self._check_person(meaning, customer, way)
        by_email, by_id = digests(meaning)
        plan = Plan(record, Outcome.UNCHANGED, meaning, customer, email_digest=by_email, id_digest=by_id)
        if (self.options.new == New.SKIP) if customer is None else (self.options.existing == Existing.SKIP):
            plan.outcome, plan.message = Outcome.SKIPPED, _why_skipped(customer)
            further = [
                Plan(one, Outcome.SKIPPED, customer=customer, message=plan.message) for one in record.further
            ]
            self._claim(plan)
            return [plan, *further]
        if customer is None:
            self._plan_new(plan, meaning)
        self._plan_columns(plan, meaning)
        self.belongings.plan(plan, meaning)
        self.belongings.plan_account(plan, meaning)
        further = self.belongings.plan_addresses(plan, meaning)
        if not plan.is_new:
            plan.outcome = Outcome.UPDATED if plan.changes else Outcome.UNCHANGED
        plan.message = " ".join(dict.fromkeys(sentence for _name, sentence in meaning.notices))
        plan.column = meaning.notices[0][0] if meaning.notices else ""
        self._claim(plan)
        return [plan, *further]

    def _find(self, meaning: Meaning) -> tuple[Customer | None, str]:
        register = self.register
        if meaning.fingerprint:
            pk = register.by_external.get((ROW_SOURCE, meaning.fingerprint))
            return register.by_pk.get(pk), Match.EXTERNAL_ID
        for way in self.options.match:
            found = None
            if way == Match.ID and meaning.id:
                found = register.by_pk.get(meaning.id)
            elif way == Match.EXTERNAL_ID and meaning.external_id:
                pk = register.by_external.get((self.options.source, meaning.external_id))
                found = register.by_pk.get(pk)
            elif way == Match.EMAIL and meaning.key:
                found = register.by_key.get(meaning.key)
            elif way == Match.NUMBER and (number := meaning.columns.get("number")):
                found = register.by_number.get(number)
            if found is not None:
                return found, way
        return None, ""

    def _check_twice(self, meaning: Meaning, customer: Customer | None) -> None:
        by_email, by_id = digests(meaning)
        row = self.claimed.get(by_email) if by_email else None
        if row is not None:
            raise RowFails(
                _("Row %(row)s has the same e-mail address already; the first one counts.") % {"row": row},
                "email",
            )
        row = self.claimed.get(by_id) if by_id else None
        if row is None and customer is not None:
            row = self.claimed_customers.get(customer.pk)
        if row is not None:
            raise RowFails(
                _("Row %(row)s is the same customer already; the first one counts.") % {"row": row}
            )

    def _check_person(self, meaning: Meaning, customer: Customer | None, way: str) -> None:
        register = self.register
        protected = _("This is somebody who works behind the shop; no file changes that.")
        if meaning.key in register.staff_keys:
            raise RowFails(protected, "email")
        namesake = register.by_key.get(meaning.key) if meaning.key else None
        if customer is None:
            if namesake is not None:
                raise RowFails(_("There is a customer with this e-mail address already."), "email")
            return
        if customer.user_id in register.staff or customer.email_key in register.staff_keys:
            raise RowFails(protected)
        if customer.pk not in register.reachable:
            raise RowFails(_("This customer belongs to another site."))
        if namesake is not None and namesake.pk != customer.pk:
            raise RowFails(_("The e-mail address belongs to another customer than this row."), "email")
        if way == Match.NUMBER and meaning.key and customer.email_key not in (None, meaning.key):
            raise RowFails(
                _("This customer number belongs to somebody with another e-mail address."), "number"
            )

    def remember(self, plans: Iterable[Plan]) -> None:
        """Rows of this slice that were written one by one before."""
        for plan in plans:
            self._claim(plan)

    def _claim(self, plan: Plan) -> None:
        number = plan.record.number
        for one in (plan.email_digest, plan.id_digest):
            if one:
                self.claimed[one] = number
        if plan.customer is not None and plan.customer.pk:
            self.claimed_customers[plan.customer.pk] = number

    def _plan_new(self, plan: Plan, meaning: Meaning) -> None:
        if meaning.email:
            check_new_address(meaning.email)
            plan.changes["email"] = ["", meaning.email]
        plan.customer = Customer(email=meaning.email, email_key=meaning.key)
        plan.is_new, plan.outcome = True, Outcome.CREATED

    def _plan_columns(self, plan: Plan, meaning: Meaning) -> None:
        customer = plan.customer
        values = dict(meaning.columns)
        # In a file of our own these two are the address's wherever the row has one, and say nothing of the customer.
        is_own = self.register.job.shop == OWN.key
        if meaning.country is not None and (plan.is_new or not (is_own and meaning.places)):
            values["country_id"] = meaning.country.pk
        wants_phone = not customer.phone and self.options.policy("phone") != Policy.NEVER
        if meaning.phone_of_address and wants_phone and not is_own:
            values["phone"] = meaning.phone_of_address
        self._check_number(plan, meaning, values)
        if not plan.is_new:
            self._plan_email(plan, meaning)
            if self.options.policy("name") == Policy.FILL and customer.full_name:
                values.pop("first_name", None)
                values.pop("last_name", None)
        for name, value in values.items():
            old = getattr(customer, name)
            if value == old or not (plan.is_new or self._may_change(name, old)):
                continue
            setattr(customer, name, value)
            if name == "country_id" and meaning.country is not None:
                customer.country = meaning.country
            plan.columns.add("country" if name == "country_id" else name)
            before = "" if plan.is_new else text_of(old)
            plan.changes["country" if name == "country_id" else name] = [before, text_of(value)]

    def _may_change(self, name: str, old: Any) -> bool:
        policy = self.options.policy("name" if name in NAMES else "country" if name == "country_id" else name)
        if policy == Policy.FILL:
            return not old
        return policy == Policy.OVERWRITE

    def _check_number(self, plan: Plan, meaning: Meaning, values: dict[str, Any]) -> None:
        number = values.get("number")
        if not number:
            return
        holder = self.numbers.setdefault(number, plan.customer.pk or 0)
        if holder != (plan.customer.pk or 0) or (plan.is_new and self.claimed.get(f"number {number}")):
            meaning.notices.append(("number", _("The number %(number)s is taken.") % {"number": number}))
            del values["number"]
        elif plan.is_new:
            self.claimed[f"number {number}"] = plan.record.number

    def _plan_email(self, plan: Plan, meaning: Meaning) -> None:
        customer = plan.customer
        if not meaning.key or meaning.key == customer.email_key:
            return
        if not self._may_change("email", customer.email):
            if customer.email:
                meaning.notices.append(("email", _("The customer keeps the e-mail address that is here.")))
            return
        sentence = ""
        if customer.user_id is not None:
            sentence = _("This customer has a user account, so the e-mail address is not changed by a file.")
        elif customer.email and not conf.STAFF_MAY_CHANGE_EMAIL:
            sentence = _("In this shop e-mail addresses are not changed by staff.")
        if sentence:
            meaning.notices.append(("email", sentence))
            return
        check_new_address(meaning.email)
        plan.new_email = meaning.email
        plan.changes["email"] = [customer.email, meaning.email]


def _why_skipped(customer: Customer | None) -> str:
    if customer is None:
        return _("This customer is not there yet, and this import creates nobody.")
    return _("This customer is there already, and this import changes nobody.")


def text_of(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else str(value)
