"""The life of an import. Each action is one transaction, is logged on the job, and refuses with ImportRefused.

    start_import -> change_reading, change_mapping, change_options -> check_import (dry run) -> confirm_import
        -> cancel_import (while it runs) -> undo_import; forget_import where nothing comes of it

The rows are worked on by ``slices.advance``: by a task where the site has a backend for those, else by whoever looks
at the progress. ``actor`` is the member of staff who acts, None for the command line.
"""

import math
import time
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from oscar_customers_ext.audit import log_all
from oscar_customers_ext.customers.notes.uploads import clean_name
from oscar_customers_ext.exceptions import CustomersError
from oscar_customers_ext.transfers.fields import is_target
from oscar_customers_ext.transfers.shops.files import fields_of, recognise
from oscar_customers_ext.transfers.tables.bounds import Bounds
from oscar_customers_ext.transfers.tables.reading import open_table

from . import audit
from .accounts import count_accounts
from .files import forget_files, keep_rows, stored_copy, temporary_copy
from .leftovers import forget_leftovers
from .mappings import remember_mapping, remembered_mapping
from .models import ImportJob
from .options import clean_options, default_options
from .rowslices import options_of
from .tasks import work_later
from .undoing import pending_rows

State = ImportJob.State
#: A row needs one of these to be somebody.
IDENTITIES = {"email", "external_id", "id", "number"}


class ImportRefused(CustomersError, ValidationError):
    """What is asked for cannot be done to this import, or no longer."""


def start_import(file: Any, *, name: str, actor: Any = None, seconds: float = math.inf) -> ImportJob:
    """Keeps the file, finds out what it is, and maps its columns; nothing is imported yet.

    ``file`` is a binary file, like an uploaded one. Raises TableRefused with a sentence, and then keeps nothing: also
    where reading it takes longer than ``seconds``.
    """
    forget_leftovers()
    name = clean_name(name)
    bounds = Bounds(until=time.monotonic() + seconds)
    with temporary_copy(file, name) as path:
        table = open_table(path, name, bounds=bounds)
        job = ImportJob(
            created_by=actor,
            is_of_staff=actor is not None,
            file_name=name,
            language=get_language() or "",
        )
        try:
            keep_rows(job, table)
            file.seek(0)
            job.file.save(name, File(file), save=False)
            _keep_reading(job, table)
            with transaction.atomic():
                job.save()
                log_all([job], audit.UPLOAD, actor=actor, data={"file": name})
        except BaseException:
            forget_files(job)
            raise
    return job


def _keep_reading(job: ImportJob, table: Any) -> None:
    """What was found out about the file; a header row that was imported before is mapped as it was then."""
    known = recognise(table.header)
    job.table_format, job.encoding, job.delimiter = table.table_format, table.encoding, table.delimiter
    job.header, job.notices = table.header, list(map(str, table.notices))
    job.shop = known.key if known else ""
    remembered = remembered_mapping(table.header)
    job.mapping = remembered.mapping if remembered else fields_of(table.header)
    options = default_options(table.header)
    if remembered:
        options = clean_options(remembered.options, stored=options.as_json())
    job.options = options.as_json()


@transaction.atomic
def change_reading(
    job: ImportJob, *, encoding: str | None = None, delimiter: str | None = None, actor: Any = None
) -> ImportJob:
    """Reads a text file in another encoding or with another delimiter; the mapping is made anew.

    Raises TableRefused where the file cannot be read so; then everything stays.
    """
    job = _locked(job, *ImportJob.OPEN)
    before = job.rows_file.name or ""
    with stored_copy(job) as path:
        table = open_table(
            path,
            job.file_name,
            encoding=job.encoding if encoding is None else encoding,
            delimiter=job.delimiter if delimiter is None else delimiter,
        )
        storage, job.rows_file = job.rows_file.storage, None
        keep_rows(job, table)
    _keep_reading(job, table)
    job.notices = []
    job.save()
    _open_again(job)
    transaction.on_commit(lambda: storage.delete(before), robust=True)
    return job


@transaction.atomic
def change_mapping(job: ImportJob, *, mapping: Sequence[str | None], actor: Any = None) -> ImportJob:
    """The field of each column, in their order; None leaves a column behind. Raises ValidationError."""
    job = _locked(job, *ImportJob.OPEN)
    job.mapping = clean_mapping(mapping, job.header)
    job.save(update_fields=["mapping"])
    return _open_again(job)


def clean_mapping(mapping: Sequence[str | None], header: Sequence[str]) -> list[str | None]:
    cleaned = [target or None for target in mapping]
    chosen = [target for target in cleaned if target is not None]
    if len(cleaned) != len(header) or not all(map(is_target, chosen)):
        raise ValidationError(_("Choose a field of the list for each column, or leave the column behind."))
    if len(set(chosen)) < len(chosen):
        raise ValidationError(_("Two columns cannot be the same field. Leave one of them behind."))
    if IDENTITIES.isdisjoint(chosen):
        raise ValidationError(_("Choose the column that holds the e-mail address."))
    return cleaned


@transaction.atomic
def change_options(job: ImportJob, *, options: Mapping[str, Any], actor: Any = None) -> ImportJob:
    """Those that are named, by the names of ``options.Options``. Raises ValidationError with a sentence per option."""
    job = _locked(job, *ImportJob.OPEN)
    job.options = clean_options(options, stored=job.options).as_json()
    job.save(update_fields=["options"])
    return _open_again(job)


@transaction.atomic
def check_import(job: ImportJob, *, actor: Any = None) -> ImportJob:
    """Begins the dry run, which says of each row what would become of it and changes nothing."""
    job = _locked(job, *ImportJob.OPEN)
    clean_mapping(job.mapping, job.header)
    job.rows.of(job, is_forecast=True).delete()
    job.forecast = {}
    _begin(job, State.CHECKING)
    log_all([job], audit.CHECK, actor=actor)
    return job


@transaction.atomic
def confirm_import(job: ImportJob, *, actor: Any = None) -> ImportJob:
    """Begins the run. Raises ImportRefused where somebody has begun it already: there is one run for each job."""
    job = _locked(job, *ImportJob.OPEN)
    clean_mapping(job.mapping, job.header)
    remember_mapping(job, actor=actor)
    if actor is not None:
        # Who confirms is who imports: the file may do what this member of staff may.
        job.created_by, job.is_of_staff = actor, True
    job.counts = {}
    _begin(job, State.RUNNING, accounts=count_accounts(job, options_of(job)))
    log_all([job], audit.RUN, actor=actor, data={"file": job.file_name})
    return job


@transaction.atomic
def cancel_import(job: ImportJob, *, actor: Any = None) -> ImportJob:
    """Ends a dry run or a run after the slice that is being worked on. What was imported stays, and can be undone."""
    job = _locked(job, State.CHECKING, State.RUNNING)
    if job.state == State.CHECKING:
        return _open_again(job)
    job.state, job.finished_at = State.CANCELLED, timezone.now()
    job.lease, job.leased_until = "", None
    job.save()
    log_all([job], audit.CANCEL, actor=actor)
    _forget_after_commit(job)
    return job


@transaction.atomic
def undo_import(job: ImportJob, *, actor: Any = None) -> ImportJob:
    """Begins to take back what the run wrote, as far as nobody changed it since."""
    job = _locked(job, *ImportJob.ENDED)
    if not job.is_undoable:
        raise ImportRefused(_("This import wrote nothing that could be taken back."))
    job.undo_counts, job.undone_by = {}, actor
    _begin(job, State.UNDOING)
    job.rows_done = max(0, job.rows_total - pending_rows(job).count())
    job.save(update_fields=["rows_done"])
    log_all([job], audit.UNDO, actor=actor)
    return job


@transaction.atomic
def forget_import(job: ImportJob, *, actor: Any = None) -> ImportJob:
    """Gives up a job that was not run, and deletes its file."""
    job = _locked(job, *ImportJob.OPEN)
    job.state, job.finished_at = State.CANCELLED, timezone.now()
    job.save(update_fields=["state", "finished_at"])
    log_all([job], audit.FORGET, actor=actor, data={"file": job.file_name})
    _forget_after_commit(job)
    return job


def _locked(job: ImportJob, *states: str) -> ImportJob:
    """The job as it is stored, with its row locked. Raises ImportRefused unless it is in one of these states."""
    # A write comes first: SQLite locks for nothing else.
    ImportJob.objects.filter(pk=job.pk).update(file_name=job.file_name)
    found = ImportJob.objects.select_for_update(of=("self",)).filter(pk=job.pk).first()
    if found is None or found.state not in states:
        raise ImportRefused(_("This import is at another step by now. Look at it again."))
    return found


def _begin(job: ImportJob, state: str, *, accounts: int = 0) -> None:
    job.state, job.phase, job.position = state, ImportJob.Phase.ROWS, 0
    job.rows_done = job.accounts_done = 0
    job.accounts_total = accounts
    job.started_at, job.finished_at = timezone.now(), None
    job.lease, job.leased_until = "", None
    job.save()
    work_later(job)


def _open_again(job: ImportJob) -> ImportJob:
    """What a dry run said is no longer true."""
    job.rows.of(job, is_forecast=True).delete()
    job.state, job.forecast, job.rows_done, job.position = State.UPLOADED, {}, 0, 0
    job.lease, job.leased_until = "", None
    job.save()
    return job


def _forget_after_commit(job: ImportJob) -> None:
    pk = job.pk
    transaction.on_commit(lambda: forget_files_of(pk), robust=True)


def forget_files_of(pk: int) -> None:
    job = ImportJob.objects.get(pk=pk)
    forget_files(job)
    job.save(update_fields=["file", "rows_file"])
