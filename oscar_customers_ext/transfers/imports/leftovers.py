"""Files that nobody deletes any more: a worker was killed before it could, or nobody came back to an upload.

They may hold passwords, so they go with the next upload, when somebody looks after that import, or every night.
"""

import logging
from datetime import timedelta
from pathlib import PurePath

from django.db.models import Q
from django.utils import timezone

from oscar_customers_ext.audit import log_all

from . import audit
from .files import forget_files
from .models import FOLDER, ImportJob

logger = logging.getLogger("oscar_customers_ext")

State = ImportJob.State
#: Whoever has not gone on with an upload until then does not want it.
GIVEN_UP = timedelta(days=7)
#: A file that no import knows may be one that is being uploaded.
UNKNOWN = timedelta(days=1)
OVER = (*ImportJob.ENDED, State.UNDOING, State.UNDONE)


def forget_leftovers() -> bool:
    """Whether all could be deleted. Never stands in the way of what somebody does meanwhile."""
    _give_up_old_uploads()
    try:
        for job in ImportJob.objects.filter(state__in=OVER).exclude(file="", rows_file=""):
            forget_leftover(job)
        _forget_unknown_files()
    except OSError as error:
        logger.warning("Files of former imports cannot be deleted: %s", type(error).__name__)
        return False
    return True


def forget_leftover(job: ImportJob) -> None:
    """The files of an import that is over."""
    if job.state in OVER and (job.file or job.rows_file):
        forget_files(job)
        job.save(update_fields=["file", "rows_file"])


def _give_up_old_uploads() -> None:
    until = timezone.now() - GIVEN_UP
    old = ImportJob.objects.filter(Q(started_at=None) | Q(started_at__lt=until), created_at__lt=until)
    for job in old.filter(state__in=ImportJob.OPEN):
        # Asked for again: somebody may be confirming it.
        changed = old.filter(pk=job.pk, state__in=ImportJob.OPEN).update(
            state=State.CANCELLED, finished_at=timezone.now()
        )
        if changed:
            log_all([job], audit.FORGET, actor=None, data={"file": job.file_name})


def _forget_unknown_files() -> None:
    storage = ImportJob._meta.get_field("file").storage
    try:
        _folders, names = storage.listdir(FOLDER)
    except (FileNotFoundError, NotImplementedError):
        return
    found = {str(PurePath(FOLDER, name)) for name in names}
    for column in ("file", "rows_file"):
        found -= set(ImportJob.objects.filter(**{f"{column}__in": found}).values_list(column, flat=True))
    for name in found:
        if storage.get_modified_time(name) < timezone.now() - UNKNOWN:
            storage.delete(name)
