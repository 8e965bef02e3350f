"""Some hundred rows of the file: read, decided, written, and what became of each."""

import logging
import time
from collections.abc import Sequence
from dataclasses import replace

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from oscar_customers_ext.transfers.cells import storable

from .addresses import AddressBooks
from .consents import Consents
from .countries import Countries
from .meanings import Interpreter, Meaning, RowFails
from .models import ImportJob, ImportRow
from .options import Accounts, Options, Unknown
from .planning import Planner
from .plans import Plan
from .records import Record, RecordReader
from .register import Register
from .rights import fields_left_out, may_make_accounts, may_make_groups
from .statements import insert_rows
from .writing import Writer

logger = logging.getLogger("oscar_customers_ext")

Outcome = ImportRow.Outcome
#: A slice that takes longer ends with the row that it is at.
SECONDS = 2.0
#: What a slice has in common costs too much for fewer rows than these.
FEWEST = 50


class Shop:
    """What the slices of a job have in common."""

    def __init__(self, job: ImportJob) -> None:
        actor = job.created_by
        self.options = options_of(job)
        self.countries = Countries()
        self.reader = RecordReader(job)
        self.interpreter = Interpreter(self.options, self.countries, left_out=fields_left_out(actor))


def options_of(job: ImportJob) -> Options:
    """The options, as far as whoever imports may do what they say."""
    options, actor = Options.of(job.options), job.created_by
    if not may_make_accounts(actor):
        options = replace(options, accounts=Accounts.NONE)
    if options.unknown_groups == Unknown.CREATE and not may_make_groups(actor):
        options = replace(options, unknown_groups=Unknown.LEAVE)
    return options


class RowSlice:
    def __init__(self, job: ImportJob, shop: Shop, *, is_forecast: bool) -> None:
        self.job, self.shop, self.is_forecast = job, shop, is_forecast

    def work(self) -> bool:
        """Whether there was anything to do."""
        records = self.shop.reader.read(self.job.position)
        if not records:
            return False
        try:
            with transaction.atomic():
                plans = self._work_on(records)
        except DatabaseError as error:
            # Somebody in the shop was quicker with one of the rows, or the database cannot hold what one says.
            logger.warning("Rows of import %s are tried one by one: %s", self.job.pk, type(error).__name__)
            plans = self._work_on_each(records)
        self._keep(plans)
        return True

    def _work_on_each(self, records: list[Record]) -> list[Plan]:
        plans: list[Plan] = []
        deadline = time.monotonic() + SECONDS
        for record in records:
            try:
                with transaction.atomic():
                    made = self._work_on([record], after=plans)
            except DatabaseError:
                sentence = _(
                    "The database refused this row. Somebody may have changed the customer at this moment."
                )
                made = [Plan(one, Outcome.FAILED, message=sentence) for one in (record, *record.further)]
            plans += made
            if time.monotonic() > deadline:
                break
        return plans

    def _work_on(self, records: list[Record], after: Sequence[Plan] = ()) -> list[Plan]:
        understood = [self._understand(record) for record in records]
        meanings = [one for one in understood if isinstance(one, Meaning)]
        options = self.shop.options
        register = Register(self.job, options, meanings, is_forecast=self.is_forecast)
        register.read_accounts()
        register.read_tags()
        register.read_groups()
        contacts = register.own_contacts
        consents = Consents(contacts, self.job.created_at, is_forecast=self.is_forecast)
        books = AddressBooks(list(register.by_pk.values()), meanings, self.shop.countries)
        planner = Planner(register, options, consents, books)
        planner.remember(after)
        plans: list[Plan] = []
        deadline = time.monotonic() + SECONDS
        for record, one in zip(records, understood, strict=True):
            plans += self._plan(planner, record, one)
            if len(plans) >= FEWEST and time.monotonic() > deadline:
                break
        if not self.is_forecast:
            Writer(self.job, register, consents, books).write(plans)
        return plans

    def _understand(self, record: Record) -> Meaning | RowFails:
        if record.continues:
            return RowFails(_("There is no customer in the rows above to whom this further address belongs."))
        try:
            return self.shop.interpreter.read(record)
        except RowFails as failure:
            return failure

    def _plan(self, planner: Planner, record: Record, one: Meaning | RowFails) -> list[Plan]:
        try:
            if isinstance(one, RowFails):
                raise one
            return planner.plan(one)
        except RowFails as found:
            failure = found
        plan = Plan(record, Outcome.FAILED, message=failure.sentence, column=failure.column)
        sentence = _("The row of the customer above was not imported, so this address was not, either.")
        return [plan, *(Plan(further, Outcome.FAILED, message=sentence) for further in record.further)]

    def _keep(self, plans: list[Plan]) -> None:
        """One row each, and the sums."""
        insert_rows(ImportRow, map(self._row, plans))
        counts = self.job.forecast if self.is_forecast else self.job.counts
        for plan in plans:
            counts[plan.outcome] = counts.get(plan.outcome, 0) + 1
            if is_noted(plan):
                counts["notices"] = counts.get("notices", 0) + 1
            if plan.wants_account and self.is_forecast:
                counts["accounts"] = counts.get("accounts", 0) + 1
                if plan.meaning is not None and not plan.meaning.password:
                    counts["open_accounts"] = counts.get("open_accounts", 0) + 1
        counts["rows"] = counts.get("rows", 0) + len(plans)
        self.job.rows_done += len(plans)
        self.job.position = max(plan.record.end for plan in plans)

    def _row(self, plan: Plan) -> ImportRow:
        return ImportRow(
            job=self.job,
            is_forecast=self.is_forecast,
            number=plan.record.number,
            outcome=plan.outcome,
            customer_id=plan.customer.pk if plan.customer is not None else None,
            message=storable(plan.message),
            column=self._column(plan.column),
            is_noted=is_noted(plan),
            changes=plan.changes,
            made=plan.made,
            cells=self.shop.reader.shown_cells(plan.record) if plan.message else [],
            email_digest=plan.email_digest,
            id_digest=plan.id_digest,
        )

    def _column(self, target: str) -> str:
        """The column of the file that has this field."""
        if target in self.job.mapping:
            return self.job.header[self.job.mapping.index(target)][:255]
        return ""


def is_noted(plan: Plan) -> bool:
    """Whether the row was taken, but not with all that it says."""
    return bool(plan.message) and plan.outcome not in (Outcome.FAILED, Outcome.SKIPPED)
