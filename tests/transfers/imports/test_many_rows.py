"""Pages of an import of many rows: each costs what it costs for one row, however far down it is."""

import csv

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from oscar_customers_ext.models import Customer, ImportJob, ImportMapping, ImportRow
from oscar_customers_ext.transfers.imports import actions
from oscar_customers_ext.transfers.imports.reports import LEFT, NOTICES, PER_PAGE
from oscar_customers_ext.transfers.imports.slices import advance
from oscar_customers_ext.transfers.imports.writing import Writer
from tests.factories import make_user
from tests.transfers.imports.conftest import checked, finished, imported, upload
from tests.transfers.imports.test_pages import importer, page_of, send, work

__all__ = ["importer"]
pytestmark = pytest.mark.django_db

HEADER = "email,name,country,number\n"


def lines(number, *, first=0):
    """Of each four one that is new, one that has a message, one that fails, and one that is new."""
    kinds = ("p{}@example.org,Ann Rossi,IT,\n", "p{}@example.org,Ann Rossi,Nowhere,\n", "nobody {},Ann,IT,\n")
    return HEADER + "".join(kinds[n % 4 % 3].format(n) for n in range(first, first + number))


def queries(client, url, **asked):
    with CaptureQueriesContext(connection) as captured:
        page = client.get(url, asked)
        if page.streaming:
            page.getvalue()
    assert page.status_code == 200, url
    return len(captured)


def costs(client, job, *, deep=0):
    """Queries of each page of this job, by name."""
    url = page_of("import_job", job)
    found = {
        name: queries(client, page_of(f"import_{name}", job))
        for name in ("job", "columns", "progress", "run", "cancel", "forget", "undo", "failed")
        if client.get(page_of(f"import_{name}", job)).status_code == 200
    }
    if "job" in found:
        for outcome in ("created", "updated", "failed", "skipped", NOTICES, LEFT):
            found[outcome] = queries(client, url, outcome=outcome)
        found["deep"] = queries(client, url, after=deep)
        found["last"] = queries(client, url, before=999_999_999)
    found["list"] = queries(client, page_of("imports"))
    return found


@pytest.mark.parametrize("step", ["uploaded", "checking", "checked", "running", "done", "undoing", "undone"])
def test_the_number_of_queries_does_not_hang_on_the_rows(importer, step):
    found = []
    for number, first in ((4, 0), (240, 1000)):
        job = upload(lines(number, first=first))
        if step == "checking":
            job = actions.check_import(job)
        elif step == "checked":
            job = checked(job)
        elif step == "running":
            job = actions.confirm_import(checked(job))
        elif step in ("done", "undoing", "undone"):
            job = imported(checked(job))
            Customer.objects.update(phone="1")
        if step in ("undoing", "undone"):
            job = actions.undo_import(job)
        if step == "undone":
            job = finished(job)
            assert job.undo_counts["left"] == number * 3 / 4
        assert job.state == step
        costs(importer, job)
        found.append(costs(importer, job, deep=number - 2))
    assert found[0] == found[1]
    assert max(found[0].values()) <= 15


def numbers(page):
    return [shown["row"].number for shown in page.context["rows"]]


def test_the_rows_are_leafed_through_both_ways(importer):
    job = imported(upload("email\n" + "".join(f"p{n}@example.org\n" for n in range(PER_PAGE * 2 + 7))))
    url = page_of("import_job", job)

    first = importer.get(url)
    assert numbers(first) == list(range(1, PER_PAGE + 1))
    assert f"Rows 1 to {PER_PAGE}" in first.text
    assert ">Next<" in first.text
    assert ">Previous<" not in first.text
    second = importer.get(url, {"after": PER_PAGE})
    assert numbers(second) == list(range(PER_PAGE + 1, PER_PAGE * 2 + 1))
    assert f"before={PER_PAGE + 1}#rows" in second.text
    assert f"after={PER_PAGE * 2}#rows" in second.text
    last = importer.get(url, {"before": 999_999_999})
    assert numbers(last) == list(range(PER_PAGE + 8, PER_PAGE * 2 + 8))
    assert ">Next<" not in last.text
    assert numbers(importer.get(url, {"before": PER_PAGE + 8})) == list(range(8, PER_PAGE + 8))
    for nonsense in ({"after": "x"}, {"after": "-1"}, {"after": "9" * 30}, {"after": "٣"}, {"after": "5000"}):
        assert numbers(importer.get(url, nonsense))[0] == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a small table as a whole")
@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({}, "(job_id=? AND is_forecast=? AND number>?)"),
        ({"is_noted": True}, "USING INDEX import_row_noted (job_id=? AND is_forecast=? AND number>?)"),
        ({"is_left": True}, "USING INDEX import_row_left (job_id=? AND is_forecast=? AND number>?)"),
        ({"outcome": "failed"}, "import_row_outcome (job_id=? AND is_forecast=? AND outcome=? AND number>?)"),
    ],
    ids=str,
)
def test_each_filter_has_an_index(asked, index):
    rows = ImportRow.objects.of(ImportJob(pk=1), is_forecast=False).filter(number__gt=5, **asked)

    plan = rows.order_by("number")[:50].explain()

    assert index in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a small table as a whole")
@pytest.mark.parametrize(
    ("asked", "index"),
    [
        (
            {"email_digest__in": ["a", "b"]},
            "import_row_email (job_id=? AND is_forecast=? AND email_digest=?)",
        ),
        ({"id_digest__in": ["a", "b"]}, "import_row_id (job_id=? AND is_forecast=? AND id_digest=?)"),
        ({"customer__in": [1, 2]}, "import_row_customer (customer_id=? AND job_id=? AND is_forecast=?)"),
        ({"number__in": [1, 2]}, "(job_id=? AND is_forecast=? AND number=?)"),
    ],
    ids=str,
)
def test_earlier_rows_are_found_without_reading_all(asked, index):
    rows = ImportRow.objects.of(ImportJob(pk=1), is_forecast=False).filter(**asked)

    assert index in rows.order_by().explain()


def test_a_message_is_counted_once(importer):
    content = "email,nome,country,password\nann@example.org,Ann,Nowhere,correct-horse\n"
    job = advance(actions.confirm_import(upload(content)), seconds=0)
    assert job.counts == {"created": 1, "notices": 1, "rows": 1}
    # Somebody registers with the address before the account is made.
    make_user("ann@example.org")
    job = finished(job)

    assert "No user account" in job.rows.get().message
    assert job.counts == {"created": 1, "notices": 1, "rows": 1}
    page = importer.get(page_of("import_job", job), {"outcome": NOTICES})
    assert numbers(page) == [1]
    assert "With a message (1)" in page.text


def test_skipped_rows_say_why_and_are_a_file_too(importer):
    imported(upload("email,name\nann@example.org,Ann\n"))
    content = (
        "email,name,password\nann@example.org,Anna,correct-horse\nbob@example.org,Bob,battery\nnobody,x,\n"
    )
    job = imported(upload(content, new="skip", existing="skip"))
    assert job.counts == {"skipped": 2, "failed": 1, "rows": 3}

    page = importer.get(page_of("import_job", job), {"outcome": "skipped"})
    assert "This customer is there already, and this import changes nobody." in page.text
    assert "This customer is not there yet, and this import creates nobody." in page.text
    assert "Download 2 skipped rows" in page.text
    assert "Download the failed row" in page.text
    assert "With a message" not in page.text

    failed = importer.get(page_of("import_failed", job)).getvalue().decode("utf-8-sig")
    assert [line[2] for line in csv.reader(failed.splitlines())] == ["import status", "failed"]
    response = importer.get(page_of("import_failed", job), {"outcome": "skipped"})
    assert response["Content-Disposition"] == f'attachment; filename="skipped-rows-{job.pk}.csv"'
    skipped = response.getvalue().decode("utf-8-sig")
    assert [line[:3] for line in csv.reader(skipped.splitlines())][1:] == [
        ["ann@example.org", "Anna", "skipped"],
        ["bob@example.org", "Bob", "skipped"],
    ]
    assert "correct-horse" not in skipped
    assert importer.get(page_of("import_failed", job), {"outcome": "created"}).status_code == 404


def test_mended_failed_rows_need_no_mapping(importer):
    content = "Chi;Posta;Parola\nAnn;nobody;correct-horse\nBob;bob@example.org;x\nCarl;none;y\n"
    job = upload(content, source="erp", existing="skip")
    job = actions.change_mapping(job, mapping=["name", "email", "password"])
    job = imported(checked(job))
    assert job.counts["failed"] == 2
    text = importer.get(page_of("import_failed", job)).getvalue().decode("utf-8-sig")
    assert "Parola" not in text

    response = send(importer, text.replace("nobody", "ann@example.org"), "mended.csv")
    again = job.__class__.objects.first()
    assert (again.mapping, again.options["source"]) == (["name", "email", None, None], "erp")
    importer.get(response.url)
    again = imported(checked(again))
    assert again.counts == {"created": 1, "failed": 1, "rows": 2}

    # What fails again has the same columns, and is remembered, too.
    text = importer.get(page_of("import_failed", again)).getvalue().decode("utf-8-sig")
    assert text.splitlines()[0] == "Chi;Posta;import status;import message"
    assert ImportMapping.objects.count() == 2


def test_who_undoes_an_import_is_not_who_imported(importer, admin_user):
    job = imported(upload("email\nann@example.org\n", actor=admin_user), actor=admin_user)
    importer.post(page_of("import_undo", job))
    work(importer, job)

    job.refresh_from_db()
    assert job.created_by == admin_user
    assert job.undone_by == importer.user if hasattr(importer, "user") else job.undone_by != admin_user
    assert job.undone_by is not None


def test_an_undo_by_nobody_is_not_the_importers(admin_user):
    from wagtail.models import ModelLogEntry

    job = imported(upload("email\nann@example.org\n", actor=admin_user), actor=admin_user)
    finished(actions.undo_import(job))

    [entry] = ModelLogEntry.objects.filter(action="wagtail.delete")
    assert entry.user is None
    job.refresh_from_db()
    assert (job.created_by, job.undone_by) == (admin_user, None)


def test_a_slice_that_is_tried_row_by_row_ends_in_time(importer, monkeypatch):
    write = Writer.write

    def refuse_one(self, plans):
        if any(plan.record.number == 2 for plan in plans):
            raise IntegrityError
        return write(self, plans)

    monkeypatch.setattr(Writer, "write", refuse_one)
    monkeypatch.setattr("oscar_customers_ext.transfers.imports.rowslices.SECONDS", -1)
    job = actions.confirm_import(upload("email\n" + "".join(f"p{n}@example.org\n" for n in range(1, 5))))

    assert advance(job, seconds=0).rows_done == 1
    job = finished(job)

    assert job.counts == {"created": 3, "failed": 1, "rows": 4}
    assert "The database refused this row." in job.rows.get(outcome="failed").message
    assert sorted(Customer.objects.values_list("email", flat=True)) == [
        "p1@example.org",
        "p3@example.org",
        "p4@example.org",
    ]
