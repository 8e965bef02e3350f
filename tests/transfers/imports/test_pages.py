"""The pages of an import as an editor walks through them, and what they say to bad input."""

import csv
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from oscar_customers_ext.models import Customer, ImportJob
from oscar_customers_ext.transfers.imports import actions
from tests.transfers.imports.conftest import checked, imported, upload

pytestmark = pytest.mark.django_db

TABLES = Path(__file__).parents[2] / "data" / "tables"
PLAIN = "name,email,password\nAnn Rossi,ann@example.org,correct-horse\n"
OTHER = "Nome,Posta,Città\nAnn,ann@example.org,Torino\n"
RIGHTS = ("import_customer", "view_customer", "add_customer", "change_customer")


@pytest.fixture
def importer(sign_in):
    """May import, and whatever a file may say beyond that."""
    beside = ("manage_account_customer", "subscribe_customer", "assign_group_customer", "add_customernote")
    return sign_in(*RIGHTS, *beside, "add_customergroup", "add_taxexemption")


def page_of(name, job=None):
    return reverse(f"oscar_customers:{name}", args=[job.pk] if job else [])


def send(client, content, name="list.csv"):
    data = content if isinstance(content, bytes) else content.encode()
    return client.post(page_of("import_file"), {"file": SimpleUploadedFile(name, data)})


def fields_in(page):
    """What a browser would post of the page's last form, as it stands."""
    form = page.text.rpartition('<form method="post" novalidate>')[2]
    found = {}
    for select in re.findall(r"<select.*?</select>", form, re.DOTALL):
        name = re.search(r'name="([^"]+)"', select)[1]
        chosen = re.search(r'<option value="([^"]*)"\s+selected', select)
        found[name] = chosen[1] if chosen else ""
    for box in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', box), re.search(r'value="([^"]*)"', box)
        if not name or ('type="radio"' in box or 'type="checkbox"' in box) and " checked" not in box:
            continue
        if "checkbox" in box and value:
            found.setdefault(name[1], []).append(value[1])
        else:
            found[name[1]] = value[1] if value else ""
    return found


def work(client, job):
    """As the page's script does."""
    for _turn in range(50):
        answer = client.post(
            page_of("import_progress", job), headers={"X-Requested-With": "XMLHttpRequest"}
        ).json()
        if not answer["working"]:
            return client.get(page_of("import_job", job))
    raise AssertionError(answer)


def test_the_plain_file_is_checked_without_a_question(importer, mailoutbox):
    response = send(importer, PLAIN)
    job = ImportJob.objects.get()

    assert (response.status_code, response.url) == (302, page_of("import_job", job))
    assert job.state == "checking"
    page = work(importer, job)
    assert "Import 1 row" in page.text
    assert "ann@example.org" in page.text
    assert "correct-horse" not in page.text
    assert not Customer.objects.exists()

    response = importer.post(page_of("import_run", job))
    assert response.url == page_of("import_job", job)
    page = work(importer, job)
    assert "The import is done" in page.text
    assert "correct-horse" not in page.text
    ann = Customer.objects.get()
    assert reverse("oscar_customers:edit", args=[ann.pk]) in page.text
    assert (ann.first_name, ann.last_name, ann.user.check_password("correct-horse")) == ("Ann", "Rossi", True)
    assert mailoutbox == []


def test_another_file_shows_what_was_recognised_and_its_columns(importer):
    response = send(importer, OTHER.encode("cp1252"))
    job = ImportJob.objects.get()
    page = importer.get(response.url)

    assert response.url == page_of("import_columns", job)
    assert "Windows, Western Europe" in page.text
    assert "check that accented letters are right" in page.text
    assert "Città" in page.text
    assert "Torino" in page.text
    assert fields_in(page)["column_0"] == "first_name"
    assert fields_in(page)["column_1"] == ""
    assert "One column is left behind: Posta" in page.text


def test_the_columns_are_chosen_checked_and_remembered(importer):
    send(importer, OTHER)
    job = ImportJob.objects.get()
    columns = page_of("import_columns", job)
    given = fields_in(importer.get(columns)) | {"column_1": "email"}

    assert importer.post(columns, given).url == page_of("import_job", job)
    page = work(importer, job)
    assert "Import 1 row" in page.text
    importer.post(page_of("import_run", job))
    work(importer, job)
    assert Customer.objects.get().email == "ann@example.org"

    send(importer, OTHER)
    again = ImportJob.objects.first()
    assert fields_in(importer.get(page_of("import_columns", again)))["column_1"] == "email"


def test_two_columns_for_one_field_are_refused_and_the_choice_is_kept(importer):
    send(importer, OTHER)
    job = ImportJob.objects.get()
    columns = page_of("import_columns", job)
    given = fields_in(importer.get(columns)) | {"column_1": "email", "column_2": "email", "source": "my shop"}

    page = importer.post(columns, given)

    assert page.status_code == 200
    assert "“E-mail address” is chosen for the column Posta, too. Leave one of the two behind." in page.text
    assert fields_in(page)["column_2"] == "email"
    assert fields_in(page)["source"] == "my shop"
    job.refresh_from_db()
    assert (job.state, job.mapping[1]) == ("uploaded", None)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({}, "Choose the column that holds the e-mail address."),
        ({"column_1": "is_superuser"}, "Choose a field of the list."),
        ({"column_1": "email", "source": ""}, "This field is required."),
        ({"column_1": "email", "source": "~row"}, "A name does not begin with “~”."),
        ({"column_1": "email", "match": []}, "Tick at least one."),
        ({"column_1": "email", "existing": "delete"}, "Select a valid choice."),
        ({"column_1": "email", "unknown_countries": "create"}, "Select a valid choice."),
        ({"column_1": "email", "policy_phone": "burn"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_chosen_gets_a_sentence(importer, change, sentence):
    send(importer, OTHER)
    job = ImportJob.objects.get()
    columns = page_of("import_columns", job)

    page = importer.post(columns, fields_in(importer.get(columns)) | change)

    assert page.status_code == 200
    assert sentence in page.text
    job.refresh_from_db()
    assert job.state == "uploaded"


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "list.csv", "The file is empty."),
        (b"%PDF-1.7 x", "list.pdf", "This is no table."),
        (b"ann@example.org,Ann\n", "list.csv", "The first row must hold the names of the columns"),
        (b"email,Email\na@example.org,b\n", "list.csv", "is there twice"),
        (b'email,name\na@example.org,"Ann\n', "list.csv", "a quotation mark is not closed"),
    ],
)
def test_a_refused_file_gets_its_sentence_and_is_not_kept(importer, tmp_path, content, name, sentence):
    page = send(importer, content, name)

    assert page.status_code == 200
    assert sentence in page.text
    assert not ImportJob.objects.exists()
    assert [path for path in (tmp_path / "private").rglob("*") if path.is_file()] == []


def test_a_file_that_takes_too_long_is_refused_before_a_gateway_gives_up(importer, monkeypatch, tmp_path):
    monkeypatch.setattr("oscar_customers_ext.transfers.imports.views.READING", -1)

    page = send(importer, PLAIN)

    assert "Reading this file takes too long. Save the list as CSV" in page.text
    assert not ImportJob.objects.exists()
    assert [path for path in (tmp_path / "private").rglob("*") if path.is_file()] == []


def test_without_a_file_there_is_a_sentence(importer):
    assert "Choose a file first." in importer.post(page_of("import_file"), {}).text


@pytest.mark.parametrize("path", sorted((TABLES / "hostile").glob("*.*")), ids=lambda path: path.name)
def test_hostile_files_end_in_a_page(importer, path):
    if path.suffix not in (".csv", ".xlsx"):
        pytest.skip("no file of the kind")
    response = send(importer, path.read_bytes(), path.name)

    assert response.status_code in (200, 302)
    for job in ImportJob.objects.all():
        page = importer.get(page_of("import_columns", job), follow=True)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
    assert not Customer.objects.exists()


@pytest.mark.parametrize("path", sorted((TABLES / "formats").glob("*.csv")), ids=lambda path: path.stem)
def test_every_known_file_goes_through_as_it_is(importer, path):
    response = send(importer, path.read_bytes(), path.name)
    job = ImportJob.objects.get()
    if response.url == page_of("import_columns", job):
        page = importer.get(response.url)
        assert importer.post(response.url, fields_in(page)).status_code == 302
    page = work(importer, job)
    job.refresh_from_db()
    assert (job.state, job.forecast.get("failed", 0)) == ("checked", 0)

    importer.post(page_of("import_run", job))
    work(importer, job)
    job.refresh_from_db()
    assert (job.state, job.counts["rows"]) == ("done", job.rows_total)
    assert Customer.objects.count() == job.counts["created"]


def test_the_file_is_read_anew_in_another_encoding(importer):
    send(importer, "email;Città\nann@example.org;Forlì\n".encode("cp1250", "replace"))
    job = ImportJob.objects.get()
    columns = page_of("import_columns", job)

    response = importer.post(columns, {"read": "1", "encoding": "mac_roman", "delimiter": ";"})

    assert response.url == columns
    job.refresh_from_db()
    assert (job.encoding, job.delimiter) == ("mac_roman", ";")


def test_a_tab_can_be_chosen(importer):
    send(importer, "email;a\tb\nann@example.org;x\ty\n")
    job = ImportJob.objects.get()

    importer.post(page_of("import_columns", job), {"read": "1", "encoding": "utf-8", "delimiter": "tab"})

    job.refresh_from_db()
    assert job.header == ["email;a", "b"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"encoding": "utf-16", "delimiter": ","},
            "The file does not have this encoding. Choose another one.",
        ),
        ({"encoding": "rot13", "delimiter": ","}, "Select a valid choice."),
        ({"encoding": "utf-8", "delimiter": "x"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_read_so_stays_as_it_was(importer, given, sentence):
    send(importer, OTHER)
    job = ImportJob.objects.get()

    page = importer.post(page_of("import_columns", job), {"read": "1", **given})

    assert page.status_code == 200
    assert sentence in page.text
    assert ImportJob.objects.get().encoding == "utf-8"


def test_passwords_are_in_no_page(importer):
    send(importer, "email,password,API token\nann@example.org,correct-horse,sesame-1\nbob@example.org,x,y\n")
    job = ImportJob.objects.get()
    columns = page_of("import_columns", job)
    page = importer.get(columns)
    assert "••••••" in page.text
    for text in (
        page.text,
        importer.post(columns, fields_in(page), follow=True).text,
        work(importer, job).text,
    ):
        assert "correct-horse" not in text
        assert "sesame-1" not in text


def test_changed_rows_show_the_old_and_the_new_value(importer):
    imported(upload("email,name\nann@example.org,Ann Rossi\n"))
    job = checked(
        upload("email,name\nann@example.org,Anna Rossi\nbob@example.org,<script>alert(1)</script>\nx,y\n")
    )

    page = importer.get(page_of("import_job", job))

    assert "<bdi>Ann</bdi></del>" in page.text
    assert "<bdi>Anna</bdi></ins>" in page.text
    assert "<script>alert" not in page.text
    assert "Import 2 rows" in page.text
    failed = importer.get(page_of("import_job", job), {"outcome": "failed"})
    assert "Anna" not in failed.text
    assert "All rows (3)" in failed.text
    unknown = importer.get(page_of("import_job", job), {"outcome": "nonsense", "page": "x"})
    assert "Anna" in unknown.text


def test_a_file_that_changes_nothing_offers_no_import(importer):
    imported(upload(PLAIN))
    job = checked(upload(PLAIN))

    page = importer.get(page_of("import_job", job))

    assert "No row of this file would change anything" in page.text
    assert page_of("import_run", job) not in page.text


def test_two_tabs_confirm_one_run(importer):
    job = checked(upload(PLAIN))
    run = page_of("import_run", job)

    importer.post(run)
    page = importer.post(run, follow=True)

    assert "This import is at another step by now." in page.text
    work(importer, job)
    job.refresh_from_db()
    assert job.counts == {"created": 1, "rows": 1, "accounts": 1}


def test_a_look_changes_nothing(importer):
    waiting = upload(PLAIN)
    job = actions.check_import(upload(PLAIN))
    done = imported(upload("email\nbob@example.org\n"))
    for found in (waiting, job, done):
        for name in ("job", "columns", "progress", "run", "cancel", "forget", "undo", "failed"):
            importer.get(page_of(f"import_{name}", found), follow=True)
    assert [found.state for found in ImportJob.objects.order_by("pk")] == ["uploaded", "checking", "done"]
    assert importer.get(page_of("import_progress", job)).json() == {
        "working": True,
        "percent": 0,
        "sentence": "0 of 1 row",
    }


def test_without_javascript_the_button_goes_on(importer):
    job = actions.check_import(upload(PLAIN))
    assert "Go on" in importer.get(page_of("import_job", job)).text
    assert importer.post(page_of("import_progress", job)).url == page_of("import_job", job)
    assert "Import 1 row" in importer.get(page_of("import_job", job)).text


def test_a_check_is_cancelled_and_done_again(importer):
    job = actions.check_import(upload(PLAIN))
    importer.post(page_of("import_cancel", job))
    job.refresh_from_db()
    assert (job.state, bool(job.file)) == ("uploaded", True)


@pytest.mark.django_db(transaction=True)
def test_an_import_is_given_up_and_its_file_deleted(importer, tmp_path):
    job = upload(PLAIN)
    page = importer.post(page_of("import_forget", job), follow=True)

    assert "The file is deleted. Nothing of it was imported." in page.text
    assert "This import was given up before it began" in page.text
    assert [path for path in (tmp_path / "private").rglob("*") if path.is_file()] == []
    assert not Customer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_run_is_cancelled(importer):
    job = actions.confirm_import(checked(upload(PLAIN)))
    page = importer.post(page_of("import_cancel", job), follow=True)
    assert "The import was cancelled" in page.text or "Nothing was imported" in page.text
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_a_file_that_is_gone_is_said(importer):
    job = checked(upload(PLAIN))
    job.rows_file.storage.delete(job.rows_file.name)

    assert "no longer there" in importer.get(page_of("import_columns", job)).text
    assert "no longer there" in importer.post(page_of("import_run", job), follow=True).text
    job.refresh_from_db()
    assert job.state == "checked"


def test_a_file_that_goes_while_it_is_worked_on_is_said(importer):
    job = actions.check_import(upload(PLAIN))
    job.rows_file.storage.delete(job.rows_file.name)

    answer = importer.post(page_of("import_progress", job), headers={"X-Requested-With": "XMLHttpRequest"})

    assert answer.json()["working"] is False
    assert "no longer there" in importer.get(page_of("import_job", job), follow=True).text
    assert not Customer.objects.exists()


def test_the_list_says_who_imported_what(importer):
    send(importer, PLAIN, "canary.csv")
    imported(upload(PLAIN, "from_cron.csv"))

    page = importer.get(page_of("imports"))

    assert "canary.csv" in page.text
    assert "Command line" in page.text
    assert "Nothing was imported yet" not in page.text


def test_the_empty_list_says_what_to_do(importer):
    assert "Nothing was imported yet" in importer.get(page_of("imports")).text


def test_the_list_of_customers_leads_there(importer, sign_in):
    assert page_of("import_file") in importer.get(reverse("oscar_customers:index")).text
    viewer = sign_in("view_customer", email="viewer@example.org")
    assert page_of("import_file") not in viewer.get(reverse("oscar_customers:index")).text


def test_the_failed_rows_are_a_file_that_can_be_mended(importer):
    job = imported(
        upload(
            "E-mail;Nome;password;import status\n"
            "ann@example.org;Ann;correct-horse;x\n"
            "nobody;=HYPERLINK(1);battery-staple;y\n"
            "ann@example.org;Bob;correct-horse;z\n"
        )
    )
    assert job.counts == {"created": 1, "failed": 2, "rows": 3, "accounts": 1}
    assert "Download 2 failed rows" in importer.get(page_of("import_job", job)).text

    response = importer.get(page_of("import_failed", job))
    text = response.getvalue().decode("utf-8-sig")

    lines = list(csv.reader(text.splitlines(), delimiter=";"))
    assert lines[0] == ["E-mail", "Nome", "import status", "import status 2", "import message"]
    assert lines[1][:4] == ["nobody", "'=HYPERLINK(1)", "y", "failed"]
    assert lines[1][4].startswith("E-mail: ")
    assert "Row 1 has the same e-mail address already" in lines[2][4]
    assert len(lines) == 3
    assert "correct-horse" not in text
    assert "battery-staple" not in text
    assert response["Content-Disposition"] == f'attachment; filename="failed-rows-{job.pk}.csv"'

    mended = checked(upload(text.replace("nobody", "bob@example.org"), "mended.csv"))
    assert mended.forecast["created"] == 1


def test_an_import_is_undone_and_what_stays_is_listed(importer):
    imported(upload("email,name\nann@example.org,Ann Rossi\n"))
    job = imported(
        upload("email,name,phone\nann@example.org,Anna Rossi,+39011\nbob@example.org,Bob Verdi,\n")
    )
    Customer.objects.filter(email="ann@example.org").update(phone="+39999")
    undo = page_of("import_undo", job)
    assert "1 customer that it created is deleted" in importer.get(undo).text

    assert importer.post(undo).url == page_of("import_job", job)
    page = work(importer, job)

    assert "The import was undone" in page.text
    assert "1 row was not taken back, or not wholly" in page.text
    left = importer.get(page_of("import_job", job), {"outcome": "left"})
    assert "Phone" in left.text
    ann = Customer.objects.get()
    assert (ann.first_name, ann.phone) == ("Ann", "+39999")
    assert "another step" in importer.post(undo, follow=True).text
