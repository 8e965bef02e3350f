"""Taking one import back: what nobody changed since goes back to what it was, and the rest is left and named."""

from collections import defaultdict
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from oscar_customers_ext.audit import DELETE, log_each
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.search_text import SOURCES
from oscar_customers_ext.transfers.fields import label_of

from .audit import UNDO_UPDATE
from .models import ImportJob, ImportRow
from .planning import text_of
from .records import FURTHER
from .removals import Removals
from .resources import CustomerResource
from .statements import insert_rows, update_rows
from .traces import Traces, account_of

#: Rows of one slice.
SLICE = 500
COLUMNS = (*CustomerResource.Meta.fields, "country")
Undone = ImportRow.Undone


def pending_rows(job: ImportJob) -> Any:
    """Rows that wrote something which is not taken back yet, the last one first."""
    rows = job.rows.of(job, is_forecast=False).filter(undone="").exclude(changes={}, made={})
    return rows.exclude(outcome__in=[ImportRow.Outcome.FAILED, ImportRow.Outcome.SKIPPED]).order_by("-number")


class UndoSlice:
    def __init__(self, job: ImportJob) -> None:
        self.job = job
        self.actor = job.undone_by

    def work(self) -> bool:
        """Whether there was anything to do."""
        rows = self._rows()
        if not rows:
            self.job.rows_done = self.job.rows_total
            return False
        pks = {row.customer_id for row in rows} - {None}
        self.customers = {one.pk: one for one in Customer.objects.locked().filter(pk__in=pks).order_by("pk")}
        self.traces = Traces(self.customers, rows)
        self.removals = Removals(self.traces, self.actor)
        self.left: dict[int, list[str]] = {row.pk: [] for row in rows}
        self.traces.read()
        there = [row for row in rows if row.customer_id in self.customers]
        self._delete([row for row in there if row.customer_id in self.traces.new])
        changed = [row for row in there if row.customer_id not in self.traces.new]
        if self._forget_accounts(changed):
            # Their address books came back to the customers.
            self.traces.read()
        self._put_back(changed)
        self._keep(rows)
        return True

    def _rows(self) -> list[ImportRow]:
        """The next ones before the job's position, which is the row that the last slice came to; 0 at the beginning.

        Never a part of the rows of one new customer: they go together.
        """
        pending = pending_rows(self.job)
        if self.job.position:
            pending = pending.filter(number__lt=self.job.position)
        rows = list(pending[:SLICE])
        if rows and rows[-1].customer_id is not None:
            same = pending.filter(number__lt=rows[-1].number, customer=rows[-1].customer_id)
            rows += same[: FURTHER + 1]
        return rows

    def _forget_accounts(self, rows: list[ImportRow]) -> bool:
        """Whether any account is gone."""
        going = []
        for row in rows:
            customer = self.customers[row.customer_id]
            if (account := account_of(row)) is None:
                continue
            if self.traces.is_used(customer, account):
                self.left[row.pk].append(_("user account"))
            else:
                going.append(account)
                customer.user = None
        if going:
            self.removals.forget_accounts(going)
        return bool(going)

    def _put_back(self, rows: list[ImportRow]) -> None:
        logged, touched, columns = [], [], set()
        for row in rows:
            customer = self.customers[row.customer_id]
            done = self._put_columns_back(row, customer)
            self.left[row.pk] += self.removals.take_back(row, customer)
            columns |= set(done) - {"email"}
            touched.append(customer)
            changes = {name: list(reversed(row.changes[name])) for name in done}
            logged.append((customer, {"file": self.job.file_name, "import": self.job.pk, "changes": changes}))
        self.removals.write()
        now = timezone.now()
        for customer in touched:
            customer.modified_at = now
        if columns.intersection(SOURCES):
            columns.add("search_text")
            for customer in touched:
                customer.search_text = customer.composed_search_text()
        update_rows(Customer, dict.fromkeys(touched), columns | {"modified_at"})
        log_each(logged, UNDO_UPDATE, actor=self.actor, insert=insert_rows)

    def _put_columns_back(self, row: ImportRow, customer: Customer) -> list[str]:
        done: list[str] = []
        for name, (old, new) in row.changes.items():
            if name not in COLUMNS and name != "email":
                continue
            attribute = "country_id" if name == "country" else name
            if text_of(getattr(customer, attribute)) != new:
                self.left[row.pk].append(label_of(name))
            elif name == "email":
                self._put_email_back(row, customer, old, done)
            elif name == "number" and old == "":
                # Somebody may have written it down: an invoice, say.
                self.left[row.pk].append(label_of(name))
            else:
                setattr(customer, attribute, value_of(name, old))
                done.append(name)
        return done

    def _put_email_back(self, row: ImportRow, customer: Customer, old: str, done: list[str]) -> None:
        namesake = Customer.objects.for_email(old).exclude(pk=customer.pk).exists()
        if customer.user_id is not None or namesake:
            self.left[row.pk].append(label_of("email"))
            return
        customer.email = old
        customer.save(update_fields=["email"])
        done.append("email")

    def _delete(self, rows: list[ImportRow]) -> None:
        """New customers go, unless anybody has done anything with them."""
        rows_of: dict[Any, list[ImportRow]] = defaultdict(list)
        for row in rows:
            rows_of[row.customer_id].append(row)
        going = []
        for pk, own in rows_of.items():
            customer = self.customers[pk]
            head = next(row for row in own if "customer" in row.made)
            reasons = self._why_stays(head, own, customer)
            if not reasons:
                going.append((head, customer))
            for row in own:
                self.left[row.pk] = reasons
        log_each(
            ((customer, {"file": self.job.file_name, "import": self.job.pk}) for _row, customer in going),
            DELETE,
            actor=self.actor,
            insert=insert_rows,
        )
        self.removals.delete(going)

    def _why_stays(self, head: ImportRow, rows: list[ImportRow], customer: Customer) -> list[str]:
        changed = []
        for name in (*COLUMNS, "email"):
            imported = head.changes.get(name, ["", ""])[1]
            given_anyway = name in ("number", "created_at") and name not in head.changes
            current = text_of(getattr(customer, "country_id" if name == "country" else name))
            if not given_anyway and current != imported:
                changed.append(label_of(name))
        addresses = [address for row in rows for address in row.made.get("addresses", ())]
        return changed + self.traces.reasons_to_stay({**head.made, "addresses": addresses}, customer)

    def _keep(self, rows: list[ImportRow]) -> None:
        """What became of the rows, those of one fate with one statement."""
        counts = self.job.undo_counts
        fates: dict[tuple[str, str], list[int]] = defaultdict(list)
        for row in rows:
            left = list(dict.fromkeys(map(str, self.left[row.pk])))
            is_new = row.customer_id in self.traces.new
            undone = Undone.WHOLLY if not left else Undone.LEFT if is_new else Undone.PARTLY
            message = (
                _("Left, because it was changed since: %(what)s") % {"what": ", ".join(left)} if left else ""
            )
            fates[undone, message].append(row.pk)
            counts[undone] = counts.get(undone, 0) + 1
        for (fate, message), pks in fates.items():
            ImportRow.objects.filter(pk__in=pks).update(
                undone=fate, undo_message=message, is_left=bool(message)
            )
        counts["rows"] = counts.get("rows", 0) + len(rows)
        self.job.rows_done = min(self.job.rows_total, self.job.rows_done + len(rows))
        self.job.position = rows[-1].number


def value_of(name: str, text: str) -> Any:
    if name == "created_at":
        return parse_datetime(text) or timezone.now()
    if name in ("country", "number"):
        return text or None
    return text
