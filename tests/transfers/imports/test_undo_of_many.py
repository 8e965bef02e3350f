"""Taking back an import of many rows: in slices, with as many statements for one row as for all of a slice."""

import csv
import io
import os
import signal
import time
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oscar_customers_ext.models import ConsentEntry, Contact, Customer, CustomerNote, ImportJob
from oscar_customers_ext.transfers.imports import actions
from oscar_customers_ext.transfers.imports.slices import advance
from tests.transfers.imports.conftest import finished, imported, upload
from tests.transfers.imports.test_workers import rows as rows_of
from tests.transfers.imports.test_workers import start_worker, worker_environment

MAGENTO = Path(__file__).parents[2] / "data" / "tables" / "formats"
HEADER = "email,first_name,last_name,phone,tags,note,newsletter,externalid,tax_exempt,address,city,postcode,country\n"


def lines(number):
    line = "p{0}@{1}.example.org,Ann,Rossi,011555{0:04},vip,Likes tea,yes,X{0},yes,Via Roma {0},Torino,10121,IT\n"
    return HEADER + "".join(line.format(n, f"of{number}") for n in range(number))


def queries_of_undo(job):
    job = actions.undo_import(job)
    counts = []
    while job.is_working:
        with CaptureQueriesContext(connection) as captured:
            job = advance(job, seconds=0)
        counts.append(len(captured))
    return counts


@pytest.mark.django_db
@pytest.mark.parametrize("is_new", [True, False])
def test_a_slice_takes_as_many_queries_whatever_is_in_it(shop, is_new):
    found = []
    for number in (2, 20):
        if not is_new:
            people = (f"p{n}@of{number}.example.org\n" for n in range(number))
            imported(upload("email\n" + "".join(people)))
        job = imported(upload(lines(number), accounts="none"))
        assert job.counts == {"created" if is_new else "updated": number, "rows": number}
        found.append(queries_of_undo(job))
        job.refresh_from_db()
        assert job.undo_counts == {"wholly": number, "rows": number}
        Customer.objects.all().delete()
    assert found[0] == found[1]
    assert max(found[0]) <= 75


@pytest.mark.django_db
def test_new_accounts_go_without_queries_for_each_customer(shop, django_user_model):
    found = []
    for number in (2, 20):
        content = "email,password\n" + "".join(f"p{n}@example.org,correct-horse\n" for n in range(number))
        job = imported(upload(content))
        assert job.counts["accounts"] == number
        found.append(sum(queries_of_undo(job)))
        assert not django_user_model.objects.exists()
        assert not Customer.objects.exists()
    # What the shop does for each account that is deleted is not ours to gather.
    assert (found[1] - found[0]) / 18 <= 5


@pytest.mark.django_db
def test_a_customer_of_several_rows_goes_with_all_addresses(shop):
    lines = [
        [
            "email",
            "_website",
            "firstname",
            "lastname",
            "_address_street",
            "_address_city",
            "_address_postcode",
        ]
        + ["_address_country_id"],
        ["ann@example.org", "base", "Ann", "Rossi", "Via Roma 1", "Torino", "10121", "IT"],
        ["", "", "", "", "Via Po 2", "Torino", "10121", "IT"],
        ["", "", "", "", "Via Po 3", "Torino", "10121", "IT"],
        ["bob@example.org", "base", "Bob", "Verdi", "Via Roma 1", "Torino", "10121", "IT"],
    ]
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    job = imported(upload(text.getvalue()))
    assert job.shop == "magento-addresses"
    assert Customer.objects.get(email="ann@example.org").addresses.count() == 3
    bob = Customer.objects.get(email="bob@example.org")
    bob.phone = "1"
    bob.save()

    job = finished(actions.undo_import(job))

    assert list(Customer.objects.values_list("email", flat=True)) == ["bob@example.org"]
    assert job.undo_counts == {"wholly": 3, "left": 1, "rows": 4}


@pytest.mark.django_db
def test_a_slice_never_ends_within_the_rows_of_one_customer(shop, monkeypatch):
    monkeypatch.setattr("oscar_customers_ext.transfers.imports.undoing.SLICE", 2)
    address = ",,,,Via Po {},Torino,10121,IT\n"
    header = "email,_website,firstname,lastname,_address_street,_address_city,_address_postcode,_address_country_id\n"
    content = header + "ann@example.org,base,Ann,Rossi,Via Roma 1,Torino,10121,IT\n"
    job = imported(upload(content + "".join(address.format(n) for n in range(4))))
    assert job.counts == {"created": 1, "updated": 4, "rows": 5}
    Customer.objects.update(phone="1")

    job = finished(actions.undo_import(job))

    assert job.undo_counts == {"left": 5, "rows": 5}
    assert Customer.objects.get().addresses.count() == 5


@pytest.mark.django_db
def test_the_progress_of_an_undo_is_true(shop, monkeypatch):
    monkeypatch.setattr("oscar_customers_ext.transfers.imports.undoing.SLICE", 3)
    imported(upload("email\np0@example.org\np1@example.org\n"))
    job = actions.undo_import(imported(upload("email\n" + "".join(f"p{n}@example.org\n" for n in range(10)))))

    seen = [(job.rows_done, job.percent)]
    while job.is_working:
        job = advance(job, seconds=0)
        seen.append((job.rows_done, job.percent))

    # Two rows had changed nothing.
    assert seen == [(2, 20), (5, 50), (8, 80), (10, 100), (10, 100)]
    assert Customer.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_a_killed_undo_goes_on_to_the_same_end(shop, settings):
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("another process cannot see a database in memory")
    job = actions.undo_import(imported(upload(rows_of(4000))))
    worker = start_worker(worker_environment(settings))
    while job.rows_done < 1500:
        assert worker.poll() is None
        time.sleep(0.01)
        job.refresh_from_db()
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    job.refresh_from_db()
    assert Customer.objects.count() == 4000 - job.rows_done
    assert 0 < job.rows_done < 4000

    ImportJob.objects.update(leased_until=None)
    job = finished(job)

    assert (job.state, job.undo_counts) == ("undone", {"wholly": 4000, "rows": 4000})
    assert not job.rows.filter(is_forecast=False).exclude(undone="wholly").exists()
    assert Customer.objects.count() == Contact.objects.count() == CustomerNote.objects.count() == 0
    assert not ConsentEntry.objects.exists()
