"""Taking one import back: what nobody changed since goes back to what it was, and the rest is left and named."""

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
from .resources import CustomerResource
from .traces import Traces
from .writing import update_rows

#: Rows of one slice.
SLICE = 200
COLUMNS = (*CustomerResource.Meta.fields, "country")
Undone = ImportRow.Undone


def pending_rows(job: ImportJob) -> Any:
    """Rows that wrote something which is not taken back yet, the last one first."""
    rows = job.rows.filter(is_forecast=False, undone="").exclude(changes={}, made={})
    return rows.exclude(outcome__in=[ImportRow.Outcome.FAILED, ImportRow.Outcome.SKIPPED]).order_by("-number")


class UndoSlice:
    def __init__(self, job: ImportJob) -> None:
        self.job = job
        self.actor = job.created_by

    def work(self) -> bool:
        """Whether there was anything to do."""
        rows = list(pending_rows(self.job)[:SLICE])
        if not rows:
            self.job.rows_done = self.job.rows_total
            return False
        pks = {row.customer_id for row in rows} - {None}
        self.customers = {one.pk: one for one in Customer.objects.locked().filter(pk__in=pks).order_by("pk")}
        self.traces = Traces(self.job, self.customers)
        self.left: dict[int, list[str]] = {row.pk: [] for row in rows}
        self.traces.read()
        self._delete([row for row in rows if "customer" in row.made])
        changed = [row for row in rows if "customer" not in row.made and row.customer_id in self.customers]
        if self._forget_accounts(changed):
            # Their address books came back to the customers.
            self.traces.read()
        self._put_back(changed)
        self._keep(rows)
        return True

    def _forget_accounts(self, rows: list[ImportRow]) -> bool:
        """Whether any account is gone."""
        any_gone = False
        for row in rows:
            account = row.made.get("account")
            if not isinstance(account, dict):
                continue
            customer = self.customers[row.customer_id]
            if self.traces.is_used(customer, account):
                self.left[row.pk].append(_("user account"))
            else:
                self.traces.forget_account(account)
                customer.refresh_from_db(fields=["user"])
                any_gone = True
        return any_gone

    def _put_back(self, rows: list[ImportRow]) -> None:
        logged, touched, columns = [], [], set()
        for row in rows:
            customer = self.customers[row.customer_id]
            done = self._put_columns_back(row, customer)
            self.left[row.pk] += self.traces.remove(row, customer)
            own = set(done) - {"email"}
            columns |= own
            touched.append(customer)
            changes = {name: list(reversed(row.changes[name])) for name in done}
            logged.append((customer, {"file": self.job.file_name, "import": self.job.pk, "changes": changes}))
        if columns.intersection(SOURCES):
            columns.add("search_text")
        now = timezone.now()
        for customer in touched:
            customer.modified_at = now
            customer.search_text = customer.composed_search_text()
        update_rows(list(dict.fromkeys(touched)), columns | {"modified_at"})
        log_each(logged, UNDO_UPDATE, actor=self.actor)

    def _put_columns_back(self, row: ImportRow, customer: Customer) -> list[str]:
        done = []
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
        going = []
        for row in rows:
            customer = self.customers.get(row.customer_id)
            if customer is None:
                continue
            reasons = self._why_stays(row, customer)
            if reasons:
                self.left[row.pk] = reasons
            else:
                going.append((row, customer))
        log_each(
            ((customer, {"file": self.job.file_name, "import": self.job.pk}) for _row, customer in going),
            DELETE,
            actor=self.actor,
        )
        self.traces.delete(going)

    def _why_stays(self, row: ImportRow, customer: Customer) -> list[str]:
        changed = []
        for name in (*COLUMNS, "email"):
            imported = row.changes.get(name, ["", ""])[1]
            given_anyway = name in ("number", "created_at") and name not in row.changes
            current = text_of(getattr(customer, "country_id" if name == "country" else name))
            if not given_anyway and current != imported:
                changed.append(label_of(name))
        return changed + self.traces.reasons_to_stay(row, customer)

    def _keep(self, rows: list[ImportRow]) -> None:
        counts = self.job.undo_counts
        for row in rows:
            left = list(dict.fromkeys(map(str, self.left[row.pk])))
            is_new = "customer" in row.made
            row.undone = Undone.WHOLLY if not left else Undone.LEFT if is_new else Undone.PARTLY
            row.undo_message = (
                _("Left, because it was changed since: %(what)s") % {"what": ", ".join(left)} if left else ""
            )
            counts[row.undone] = counts.get(row.undone, 0) + 1
        counts["rows"] = counts.get("rows", 0) + len(rows)
        ImportRow.objects.bulk_update(rows, ["undone", "undo_message"])
        self.job.rows_done = min(self.job.rows_total, self.job.rows_done + len(rows))


def value_of(name: str, text: str) -> Any:
    if name == "created_at":
        return parse_datetime(text) or timezone.now()
    if name in ("country", "number"):
        return text or None
    return text
