"""Working on imports in the background, where the site has a backend for that."""

from django.db import transaction
from django_tasks import task

from .models import ImportJob
from .slices import advance

#: Seconds that a worker stays with a job before it looks at it anew.
SPELL = 20


@task()
def work_on_import(pk: int) -> None:
    """Until the job is done, cancelled, or somebody else works on it. May be started again at any time."""
    while True:
        job = ImportJob.objects.filter(pk=pk).first()
        if job is None or not job.is_working:
            return
        before = (job.state, job.phase, job.rows_done, job.accounts_done)
        job = advance(job, seconds=SPELL)
        if before == (job.state, job.phase, job.rows_done, job.accounts_done):
            return


def work_later(job: ImportJob) -> None:
    """Where tasks run at once, in the request itself, nothing is begun: the page that shows the progress does it."""
    if not runs_at_once():
        pk = job.pk
        # A lambda, never a partial: a failing partial raises on Django 5.2 in spite of robust=True.
        transaction.on_commit(lambda: work_on_import.enqueue(pk), robust=True)


def runs_at_once() -> bool:
    """Wagtail's tasks and Django's own have a backend of this name each."""
    return any(base.__name__ == "ImmediateBackend" for base in type(work_on_import.get_backend()).__mro__)
