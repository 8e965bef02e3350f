"""User accounts of imported customers. Hashing a password is slow by design, so they are made after the rows."""

import time
from functools import cache
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from oscar_customers_ext.accounts.actions import create_account, send_password_link
from oscar_customers_ext.accounts.fingerprints import fingerprint
from oscar_customers_ext.accounts.user_names import name_field
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.transfers import cells
from oscar_customers_ext.transfers.cells import storable

from .models import ImportJob, ImportRow
from .options import Accounts, Options
from .records import Record, RecordReader

#: After so many seconds the rest of the accounts is left to the next slice.
SECONDS = 2.0
#: Of the fingerprint that tells the undo whether a password was changed since.
SALT = "oscar_customers_ext.import"


@cache
def seconds_per_password() -> float:
    """Measured once in each process, on a password that is nobody's."""
    started = time.perf_counter()
    make_password("measured")
    return time.perf_counter() - started


def draft_user(customer: Customer, username: str) -> Any:
    """For validators that compare the password with the name and the address; never stored."""
    model = get_user_model()
    user = model()
    setattr(user, model.get_email_field_name(), customer.email)
    for name, value in (
        ("first_name", customer.first_name),
        ("last_name", customer.last_name),
        ("username", username),
    ):
        if name != "username" or name_field() is not None:
            setattr(user, name, value)
    return user


def without(password: str | None, sentence: str) -> str:
    """A validator of the site's own may quote the password."""
    return _("the password is not allowed.") if password and password in sentence else sentence


def count_accounts(job: ImportJob, options: Options) -> int:
    """Rows of the file that may get an account."""
    if options.accounts == Accounts.NONE:
        return 0
    if options.accounts == Accounts.ALL:
        return job.rows_total
    reader = RecordReader(job)
    if not reader.has_password:
        return 0
    return sum("password" in record.values for record in reader.iterate())


class AccountSlice:
    """Some rows that may get an account, from the job's position on."""

    def __init__(self, job: ImportJob, options: Options) -> None:
        self.job, self.options = job, options

    def work(self) -> bool:
        """Whether there are more."""
        records = [
            one for head in RecordReader(self.job).read(self.job.position) for one in (head, *head.further)
        ]
        if not records:
            return False
        rows = self._rows(records)
        deadline = time.monotonic() + SECONDS
        for record in records:
            row = rows.get(record.number)
            if row is not None:
                self._make(row, record)
            if self.options.accounts == Accounts.ALL or "password" in record.values:
                self.job.accounts_done += 1
            self.job.position = record.end
            if time.monotonic() > deadline:
                break
        return True

    def _rows(self, records: list[Record]) -> dict[int, ImportRow]:
        """Those whose plan was to get one."""
        numbers = [record.number for record in records]
        rows = ImportRow.objects.of(self.job, is_forecast=False).filter(number__in=numbers)
        return {
            row.number: row
            for row in rows.select_related("customer")
            if row.made.get("account") is True and row.customer is not None
        }

    def _make(self, row: ImportRow, record: Record) -> None:
        password = record.values.get("password", "") or None
        try:
            with transaction.atomic():
                user = create_account(
                    row.customer,
                    username=_user_name(record),
                    password=password,
                    actor=self.job.created_by,
                )
                if self.options.send_links:
                    send_password_link(row.customer, actor=self.job.created_by)
        except ValidationError as error:
            self._leave_without(row, without(password, " ".join(error.messages)))
        except DatabaseError:
            self._leave_without(row, _("the database refused it."))
        else:
            row.made["account"] = {"user": str(user.pk), "password": fingerprint(SALT, user.password)}
            self._count("accounts", 1)
        row.save(update_fields=["outcome", "made", "message", "column", "is_noted", "changes"])

    def _leave_without(self, row: ImportRow, sentence: str) -> None:
        row.message = (
            f"{row.message} {_('No user account: %(reason)s') % {'reason': storable(sentence)}}".strip()
        )
        row.column = row.column or "password"
        row.made.pop("account")
        row.changes.pop("account", None)
        if not row.is_noted:
            row.is_noted = True
            self._count("notices", 1)
        if row.outcome == ImportRow.Outcome.UPDATED and not row.changes:
            # The account was all that there was to change.
            row.outcome = ImportRow.Outcome.UNCHANGED
            self._count(ImportRow.Outcome.UPDATED, -1)
            self._count(ImportRow.Outcome.UNCHANGED, 1)

    def _count(self, name: str, more: int) -> None:
        counts = self.job.counts
        counts[name] = counts.get(name, 0) + more
        if not counts[name]:
            del counts[name]


def _user_name(record: Record) -> str:
    """What cannot be stored was named when the row was read."""
    try:
        return cells.read_line(record.values.get("username", ""))
    except ValidationError:
        return ""
