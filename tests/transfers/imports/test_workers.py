"""Workers that die, workers that meet, and passwords that nobody may find afterwards."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, connections
from django.utils import timezone

from oscar_customers_ext.models import Contact, Customer, CustomerSource, ImportJob, ImportRow
from oscar_customers_ext.transfers.imports import actions, leases, slices
from oscar_customers_ext.transfers.imports.slices import advance
from tests.transfers.imports.conftest import checked, finished, imported, upload

ROOT = Path(__file__).parents[3]
CANARY = "canary-Pa55w0rd-xyzzy"
WORKER = """
import django
django.setup()
from oscar_customers_ext.models import ImportJob
from oscar_customers_ext.transfers.imports.slices import advance
job = ImportJob.objects.get()
print("ready", flush=True)
while job.is_working:
    job = advance(job, seconds=0)
"""


def rows(number):
    lines = (f"p{n}@example.org,Ann,Rossi {n},vip\n" for n in range(number))
    return "email,first_name,last_name,tags\n" + "".join(lines)


@pytest.mark.django_db
def test_a_lease_keeps_a_second_worker_out_until_it_has_run_out(shop):
    job = actions.confirm_import(upload(rows(3)))
    assert leases.take(job.pk)

    assert advance(job).rows_done == 0

    ImportJob.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert advance(job).state == "done"


@pytest.mark.django_db
def test_no_password_is_anywhere(shop, settings, caplog, tmp_path):
    caplog.set_level("DEBUG")
    content = (
        f"name,email,password,notes\nAnn,ann@example.org,{CANARY},x\nBob,nobody,{CANARY},x\n"
        f"Cut,{CANARY}\nToo,long@example.org,{CANARY},x,y\nAnn,ann@example.org,{CANARY},x\n"
    )
    checked(upload(content))
    job = imported(upload(content))
    actions.forget_import(upload(content))
    for other in ImportJob.objects.filter(state="checked"):
        actions.forget_import(other)
    for other in ImportJob.objects.all():
        actions.forget_files_of(other.pk)

    assert job.counts["failed"] == 4
    assert Customer.objects.get().user.check_password(CANARY)
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608
                assert CANARY not in str(cursor.fetchall()), model
    assert CANARY not in caplog.text
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path for path in files if CANARY.encode() in path.read_bytes()] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
@pytest.mark.slow
def test_two_workers_on_one_job_write_each_row_once(shop):
    job = actions.confirm_import(upload(rows(3000)))

    def work():
        try:
            deadline = time.monotonic() + 120
            current = job
            while current.is_working and time.monotonic() < deadline:
                current = advance(current, seconds=0)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _one in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    job.refresh_from_db()
    assert job.counts == {"created": 3000, "rows": 3000}
    assert ImportRow.objects.filter(job=job, is_forecast=False).count() == 3000
    assert Customer.objects.count() == Contact.objects.count() == CustomerSource.objects.count() == 3000


def worker_environment(settings):
    name = connection.settings_dict["NAME"]
    return {
        **os.environ,
        "DATABASE_URL": os.environ.get("DATABASE_URL", "").rpartition("/")[0] + f"/{name}",
        "DJANGO_SETTINGS_MODULE": "tests.transfers.imports.killed_settings",
        "PRIVATE_ROOT": settings.OSCAR_CUSTOMERS_PRIVATE_ROOT,
    }


def start_worker(environment):
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout.readline() == "ready\n"
    return worker


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
@pytest.mark.parametrize("share", [10, 50, 90])
def test_a_killed_run_goes_on_to_the_same_end(shop, share, tmp_path, settings):
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and "memory" in str(name):
        pytest.skip("another process cannot see a database in memory")
    content = rows(5000)
    job = actions.confirm_import(upload(content))
    worker = start_worker(worker_environment(settings))
    while job.rows_done < 50 * share:
        assert worker.poll() is None
        time.sleep(0.02)
        job.refresh_from_db()
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    job.refresh_from_db()
    assert 0 < job.rows_done <= 5000
    assert ImportRow.objects.filter(job=job).count() == job.rows_done == Customer.objects.count()

    ImportJob.objects.update(leased_until=None)
    job = finished(job)

    assert job.counts == {"created": 5000, "rows": 5000}
    assert sorted(job.rows.values_list("number", flat=True)) == list(range(1, 5001))
    assert Customer.objects.count() == Contact.objects.count() == CustomerSource.objects.count() == 5000
    assert imported(upload(content)).counts == {"unchanged": 5000, "rows": 5000}


@pytest.mark.django_db(transaction=True)
def test_on_sqlite_others_get_a_turn_to_write(shop, monkeypatch):
    """Slices follow each other at once, and an order that asks every tenth of a second would find the lock taken."""
    pauses = []
    monkeypatch.setattr(slices, "TURN", 0)
    monkeypatch.setattr("time.sleep", lambda seconds: pauses.append((seconds, connection.in_atomic_block)))

    job = imported(upload(rows(1100)))

    assert job.counts == {"created": 1100, "rows": 1100}
    expected = [(0.11, False)] * 3 if connection.vendor == "sqlite" else []
    assert [pause for pause in pauses if pause[0] == 0.11] == expected
