import io

import pytest

from oscar_customers_ext.transfers.imports import actions
from oscar_customers_ext.transfers.imports.slices import advance


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.OSCAR_CUSTOMERS_PRIVATE_ROOT = str(tmp_path / "private")


def finished(job):
    while job.is_working:
        job = advance(job)
    return job


def upload(content, name="list.csv", *, actor=None, **options):
    data = content if isinstance(content, bytes) else content.encode()
    job = actions.start_import(io.BytesIO(data), name=name, actor=actor)
    return actions.change_options(job, options=options, actor=actor) if options else job


def checked(job, *, actor=None):
    return finished(actions.check_import(job, actor=actor))


def imported(job, *, actor=None):
    return finished(actions.confirm_import(job, actor=actor))
