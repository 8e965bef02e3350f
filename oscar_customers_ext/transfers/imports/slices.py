"""Working on a job slice by slice. Each slice is one transaction, together with how far the job is.

So whatever kills a worker, at any moment, leaves the job as it was after its last slice, and the next one goes on.
"""

import logging
import time
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.utils import timezone, translation

from oscar_customers_ext.audit import log_all

from . import leases
from .accounts import AccountSlice
from .audit import FINISH
from .leftovers import forget_leftover
from .models import ImportJob
from .rowslices import RowSlice, Shop
from .undoing import UndoSlice

logger = logging.getLogger("oscar_customers_ext")

#: Seconds after which others get a turn, and how long it is.
TURN, PAUSE = 1.5, 0.11
State, Phase = ImportJob.State, ImportJob.Phase


def advance(job: ImportJob, *, seconds: float = 2.0) -> ImportJob:
    """Works on the job for about so long, one slice at least, unless somebody else does; returns it as it is then."""
    token = leases.take(job.pk)
    if token:
        try:
            with _language_of(job):
                _work(job.pk, token, time.monotonic() + seconds)
        finally:
            leases.leave(job.pk, token)
    return ImportJob.objects.get(pk=job.pk)


def _work(pk: int, token: str, deadline: float) -> None:
    shop: Shop | None = None
    since = time.monotonic()
    while True:
        with transaction.atomic():
            if not leases.hold(pk, token):
                return
            job = ImportJob.objects.select_related("created_by", "undone_by").get(pk=pk)
            if job.is_of_staff and job.created_by is None and job.state != State.UNDOING:
                job.state, job.finished_at = State.CANCELLED, timezone.now()
                has_more = False
            else:
                shop = shop or Shop(job)
                has_more = _work_slice(job, shop)
            job.save()
        if not has_more:
            # After the commit: were it rolled back, the rows would be needed again.
            forget_leftover(job)
            return
        is_over = time.monotonic() >= deadline
        if is_over or time.monotonic() - since > TURN:
            let_others_write()
            since = time.monotonic()
        if is_over:
            return


def let_others_write() -> None:
    """SQLite has one writer, and asks every tenth of a second whether it is free: an order would ask in vain."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(PAUSE)


def _work_slice(job: ImportJob, shop: Shop) -> bool:
    """Whether there is more to do after this slice."""
    if job.state == State.UNDOING:
        if UndoSlice(job).work():
            return True
        job.state, job.finished_at = State.UNDONE, timezone.now()
        return False
    if job.phase == Phase.ACCOUNTS:
        return AccountSlice(job, shop.options).work() or _finish(job)
    is_forecast = job.state == State.CHECKING
    if RowSlice(job, shop, is_forecast=is_forecast).work():
        return True
    if is_forecast:
        job.state, job.finished_at = State.CHECKED, timezone.now()
        return False
    if job.accounts_total:
        job.phase, job.position = Phase.ACCOUNTS, 0
        return True
    return _finish(job)


def _finish(job: ImportJob) -> bool:
    job.accounts_done = job.accounts_total
    job.state, job.finished_at = State.DONE, timezone.now()
    data = {"file": job.file_name, **job.counts}
    log_all([job], FINISH, actor=job.created_by, data=data)
    return False


@contextmanager
def _language_of(job: ImportJob) -> Any:
    """Messages are for whoever began the import, whoever works on it."""
    if job.language:
        with translation.override(job.language):
            yield
    else:
        yield
