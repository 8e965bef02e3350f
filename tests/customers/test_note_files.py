"""Files of notes: what is let in, where it is kept, and how it is handed out."""

import io
import os
import stat
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.customers.notes.actions import add_note, delete_note, remove_file
from oscar_customers_ext.customers.notes.files import PrivateStorage, private_root
from oscar_customers_ext.customers.notes.uploads import clean_name
from oscar_customers_ext.lifecycle.actions import delete_customers
from oscar_customers_ext.models import CustomerNote, NoteFile
from tests.factories import make_user

pytestmark = pytest.mark.django_db

ALL = [f"{action}_customernote" for action in ("view", "add", "change", "delete")]
PDF = b"%PDF-1.7\nhello"


@pytest.fixture(autouse=True)
def root(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.OSCAR_CUSTOMERS_PRIVATE_ROOT = str(tmp_path / "private")
    return tmp_path / "private"


@pytest.fixture
def clerk(sign_in):
    return sign_in("view_customer", "change_customer", *ALL)


@pytest.fixture
def customer(shop):
    return create_customer(email="ann@example.org", first_name="Ann")


def url(name, *args):
    return reverse(f"oscar_customers:{name}", args=args)


def upload(name="order.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def on_disk(root):
    return sorted(path for path in root.rglob("*") if path.is_file())


def archive(*names):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as zipped:
        for name in names:
            zipped.writestr(name, "x")
    return content.getvalue()


def test_several_files_are_uploaded_with_a_note_and_later(clerk, customer, root):
    clerk.post(
        url("add_note", customer.pk),
        {"text": "see", "files": [upload("a.pdf"), upload("b.txt", b"hello")]},
    )
    note = CustomerNote.objects.get()
    clerk.post(
        url("edit_note", customer.pk, note.pk),
        {"text": "see", "files": [upload("c.csv", b"1;2")], "version": note.version},
    )

    assert [(file.name, file.size) for file in note.files.all()] == [
        ("a.pdf", 14),
        ("b.txt", 5),
        ("c.csv", 3),
    ]
    assert len(on_disk(root)) == 3
    page = clerk.get(url("notes", customer.pk)).text
    for file in note.files.all():
        assert url("note_file", customer.pk, file.pk) in page
        assert file.file.name not in page
    assert "14\xa0bytes" in page
    note.refresh_from_db()
    assert note.modified_at is not None


def test_a_note_may_be_files_only(clerk, customer):
    clerk.post(url("add_note", customer.pk), {"text": "", "files": [upload()]})

    assert CustomerNote.objects.get().files.count() == 1


def test_files_are_private_under_names_that_nobody_can_guess(customer, root, settings):
    add_note(customer, text="", files=[upload("contract.pdf")], actor=None)

    [path] = on_disk(root)
    assert "contract" not in str(path)
    assert len(path.stem) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert not os.path.exists(settings.MEDIA_ROOT)
    with pytest.raises(ValueError, match="no URL"):
        NoteFile.objects.get().file.url  # noqa: B018


def test_the_private_directory_stands_beside_the_public_one_by_default(settings, tmp_path):
    del settings.OSCAR_CUSTOMERS_PRIVATE_ROOT

    assert private_root() == tmp_path / "customer_files"
    assert PrivateStorage().location == str(tmp_path / "customer_files")


def test_a_file_is_served_as_a_download_and_nothing_else(clerk, customer):
    add_note(customer, text="", files=[upload("Überweisung “März”.pdf")], actor=None)
    file = NoteFile.objects.get()

    response = clerk.get(url("note_file", customer.pk, file.pk))

    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''%C3%9Cberweisung%20%E2%80%9CM%C3%A4rz%E2%80%9D.pdf"
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Content-Length"] == "14"
    for method in (clerk.post, clerk.put, clerk.delete):
        assert method(url("note_file", customer.pk, file.pk)).status_code == 405


def test_only_those_who_may_see_notes_fetch_a_file(sign_in, customer):
    add_note(customer, text="", files=[upload("canary.pdf")], actor=None)
    path = url("note_file", customer.pk, NoteFile.objects.get().pk)
    buyer = Client()
    buyer.force_login(make_user("buyer@example.org"), backend="django.contrib.auth.backends.ModelBackend")
    clerk = sign_in("view_customer", "change_customer", "add_customernote", "change_customernote")

    for client in (Client(), buyer, clerk):
        response = client.get(path)
        assert response.status_code in (302, 403)
        assert "canary" not in response.text
    assert sign_in("view_customernote", email="b@example.org").get(path).status_code == 302


def test_a_file_is_reached_through_its_own_customer_only(clerk, customer):
    other = create_customer(email="bob@example.org")
    add_note(other, text="", files=[upload()], actor=None)
    file = NoteFile.objects.get()

    for name in ("note_file", "remove_note_file"):
        assert clerk.get(url(name, customer.pk, file.pk)).status_code == 404
        assert clerk.post(url(name, customer.pk, file.pk)).status_code in (404, 405)
    assert NoteFile.objects.count() == 1


def test_a_file_that_is_gone_from_the_disk_gets_a_sentence(clerk, customer, root):
    add_note(customer, text="", files=[upload("<b>.pdf")], actor=None)
    on_disk(root)[0].unlink()

    response = clerk.get(url("note_file", customer.pk, NoteFile.objects.get().pk), follow=True)

    assert response.redirect_chain == [(url("edit", customer.pk) + "#tab-notes", 302)]
    assert "The file “&lt;b&gt;.pdf” is no longer on the server." in response.text


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("page.html", b"<html>", "“page.html” is of a type that cannot be attached."),
        ("drawing.svg", b"<svg>", "“drawing.svg” is of a type that cannot be attached."),
        ("code.js", b"alert(1)", "“code.js” is of a type that cannot be attached."),
        ("setup.exe", b"MZ", "“setup.exe” is of a type that cannot be attached."),
        ("order.pdf.exe", PDF, "“order.pdf.exe” is of a type that cannot be attached."),
        ("order", PDF, "“order” is of a type that cannot be attached."),
        (".pdf", PDF, "“pdf” is of a type that cannot be attached."),
        ("fake.pdf", b"MZ\x90\0", "What is in “fake.pdf” is not a file of the type pdf"),
        ("both.pdf", b"<script>1</script>%PDF-1.7", "What is in “both.pdf” is not a file of the type pdf"),
        ("fake.png", b"GIF89a", "What is in “fake.png” is not a file of the type png"),
        ("fake.webp", b"RIFF\0\0\0\0WAVE", "What is in “fake.webp” is not a file of the type webp"),
        ("fake.docx", b"PK\x03\x04nonsense", "What is in “fake.docx” is not a file of the type docx"),
        ("fake.xlsx", archive("evil.exe"), "What is in “fake.xlsx” is not a file of the type xlsx"),
        ("fake.txt", b"MZ\0\0", "What is in “fake.txt” is not a file of the type txt"),
        ("fake.csv", b" \n<!DOCTYPE html>", "What is in “fake.csv” is not a file of the type csv"),
        ("fake.eml", "\ufeff<SVG onload=1>".encode(), "What is in “fake.eml” is not a file of the type eml"),
        ("wide.txt", "<script>".encode("utf-16"), "What is in “wide.txt” is not a file of the type txt"),
        ("empty.txt", b"", "“empty.txt” is empty."),
    ],
)
def test_a_forbidden_file_gets_a_sentence_and_the_text_stays(clerk, customer, root, name, content, sentence):
    files = [upload("good.pdf"), upload(name, content)]

    response = clerk.post(url("add_note", customer.pk), {"text": "Typed at length", "files": files})

    assert response.status_code == 200
    assert sentence in response.text
    assert "Nothing is saved yet. Please choose the files again." in response.text
    assert "Typed at length" in response.text
    assert (CustomerNote.objects.count(), on_disk(root)) == (0, [])
    assert ModelLogEntry.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("A.PDF", PDF),
        ("a.png", b"\x89PNG\r\n\x1a\nrest"),
        ("a.jpeg", b"\xff\xd8\xff\xe0rest"),
        ("a.gif", b"GIF89arest"),
        ("a.webp", b"RIFF\x10\0\0\0WEBPVP8 "),
        ("a.txt", "MZ – città".encode()),
        ("a.txt", "città".encode("utf-16")),
        ("a.csv", "a;b\r\n1;è".encode("cp1252")),
        ("a.eml", b"From: ann@example.org\r\n\r\n<html>"),
        ("a.docx", archive("[Content_Types].xml", "word/document.xml")),
        ("a.xlsx", archive("xl/workbook.xml")),
        ("a.odt", archive("mimetype", "content.xml")),
        ("a.ods", archive("mimetype", "content.xml")),
    ],
)
def test_what_it_says_it_is_may_be_attached(customer, name, content):
    add_note(customer, text="", files=[upload(name, content)], actor=None)

    file = NoteFile.objects.get()
    assert (file.name, file.size) == (name, len(content))
    assert file.file.read() == content


def test_a_file_that_is_too_big_gets_a_sentence_with_the_limit(clerk, customer, settings, root):
    settings.OSCAR_CUSTOMERS_NOTE_FILE_SIZE = 2048
    big = upload("big.pdf", PDF.ljust(2049))

    response = clerk.post(url("add_note", customer.pk), {"text": "kept", "files": [big]})

    assert "“big.pdf” is too big: it has 2.0\xa0KB, and 2.0\xa0KB are allowed." in response.text
    assert on_disk(root) == []
    clerk.post(url("add_note", customer.pk), {"files": [upload("fits.pdf", PDF.ljust(2048))]})
    assert NoteFile.objects.get().size == 2048


def test_a_note_holds_so_many_files_and_no_more(clerk, customer, settings):
    settings.OSCAR_CUSTOMERS_NOTE_FILES_AT_MOST = 2
    note = add_note(customer, text="x", files=[upload()], actor=None)

    response = clerk.post(
        url("edit_note", customer.pk, note.pk),
        {"text": "changed", "files": [upload(), upload()], "version": note.version},
    )

    assert "A note holds 2 files at the most." in response.text
    note.refresh_from_db()
    assert (note.text, note.files.count()) == ("x", 1)


def test_the_site_decides_which_types_are_allowed(clerk, customer, settings):
    settings.OSCAR_CUSTOMERS_NOTE_FILE_TYPES = [".HEIC", "zip"]

    for name, content in (("a.heic", b"anything"), ("b.zip", archive("a"))):
        add_note(customer, text="", files=[upload(name, content)], actor=None)
    for name, content in (("c.pdf", PDF), ("d.heic", b"\x7fELF"), ("e.zip", b"Rar!")):
        with pytest.raises(ValidationError):
            add_note(customer, text="", files=[upload(name, content)], actor=None)

    assert [file.name for file in NoteFile.objects.all()] == ["a.heic", "b.zip"]
    page = clerk.get(url("add_note", customer.pk)).text
    assert 'accept=".heic,.zip"' in page
    assert "Up to 10 files of at most 10.0\xa0MB each: heic, zip." in page


@pytest.mark.parametrize(
    ("hostile", "cleaned"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\boot.txt", "boot.txt"),
        ("a\r\nSet-Cookie: x=1.txt", "a Set-Cookie: x=1.txt"),
        ("cod\u202efdp.txt", "codfdp.txt"),
        ("zero\x00wide\u200b\ufeff.txt", "zerowide.txt"),
        ('say "hi"; x=.txt', 'say "hi"; x=.txt'),
        ("...hidden.txt", "hidden.txt"),
        ("  spaced   out .txt", "spaced out .txt"),
        ("/", "file"),
        ("", "file"),
        ("x" * 5000 + ".txt", "x" * 146 + ".txt"),
        ("x." + "y" * 5000, "x." + "y" * 148),
        ("e\u0301.txt", "é.txt"),
        ("\ud800.txt", "txt"),
    ],
)
def test_a_hostile_name_is_made_harmless(hostile, cleaned):
    assert clean_name(hostile) == cleaned


@pytest.mark.parametrize(
    "name", ["../../x.txt", "q\"uo'te;.txt", "a\nb.txt", "cod\u202efdp.txt", "x" * 5000 + ".txt"]
)
def test_a_hostile_name_is_stored_shown_and_served(clerk, customer, root, name):
    # Past the form, which has Django's own parser in front of it.
    add_note(customer, text="x", files=[upload(name, b"hello")], actor=None)

    file = NoteFile.objects.get()
    response = clerk.get(url("note_file", customer.pk, file.pk))
    assert b"".join(response.streaming_content) == b"hello"
    assert "\n" not in response["Content-Disposition"]
    assert response["Content-Disposition"].startswith("attachment; filename")
    assert on_disk(root)[0].is_relative_to(root)
    assert clerk.get(url("notes", customer.pk)).status_code == 200


def test_a_name_that_was_spoilt_in_the_database_breaks_no_header(clerk, customer):
    add_note(customer, text="", files=[upload()], actor=None)
    NoteFile.objects.update(name="a\r\nX-Evil: 1.pdf")

    response = clerk.get(url("note_file", customer.pk, NoteFile.objects.get().pk))

    assert response["Content-Disposition"] == 'attachment; filename="a X-Evil: 1.pdf"'


def test_a_file_leaves_the_disk_after_the_commit(clerk, customer, root, django_capture_on_commit_callbacks):
    note = add_note(customer, text="x", files=[upload("a.pdf"), upload("b.pdf")], actor=None)
    first = note.files.first()

    assert "a.pdf" in clerk.get(url("remove_note_file", customer.pk, first.pk)).text
    with django_capture_on_commit_callbacks(execute=True):
        response = clerk.post(url("remove_note_file", customer.pk, first.pk))
        assert len(on_disk(root)) == 2

    assert response.url == url("edit_note", customer.pk, note.pk)
    assert len(on_disk(root)) == 1
    assert ModelLogEntry.objects.latest("pk").action == "oscar_customers_ext.remove_note_file"
    with django_capture_on_commit_callbacks(execute=True):
        delete_note(note, actor=None)
    assert on_disk(root) == []


def test_files_go_with_their_customer(customer, root, django_capture_on_commit_callbacks):
    add_note(customer, text="x", files=[upload(), upload()], actor=None)

    with django_capture_on_commit_callbacks(execute=True):
        delete_customers([customer.pk], actor=None)

    assert (NoteFile.objects.count(), on_disk(root)) == (0, [])


def test_a_deletion_that_is_rolled_back_keeps_the_file(customer, root, django_capture_on_commit_callbacks):
    note = add_note(customer, text="x", files=[upload()], actor=None)

    def remove_and_fail():
        with transaction.atomic():
            remove_file(note.files.get(), actor=None)
            raise RuntimeError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):
        remove_and_fail()

    assert (note.files.count(), len(on_disk(root))) == (1, 1)


def test_a_file_that_cannot_be_deleted_is_logged_and_disturbs_nobody(
    customer, root, django_capture_on_commit_callbacks, caplog
):
    note = add_note(customer, text="x", files=[upload()], actor=None)
    [path] = on_disk(root)
    path.unlink()
    path.mkdir()
    (path / "in the way").touch()

    with django_capture_on_commit_callbacks(execute=True):
        delete_note(note, actor=None)

    assert "is still there, and what it belonged to is gone" in caplog.text


def test_a_disk_that_takes_no_file_gets_a_sentence_and_stores_nothing(clerk, customer, root, caplog):
    root.write_text("a file where the directory should be")

    response = clerk.post(url("add_note", customer.pk), {"text": "Typed", "files": [upload()]})

    assert "The files could not be stored. Try again later." in response.text
    assert "Typed" in response.text
    assert (CustomerNote.objects.count(), ModelLogEntry.objects.count()) == (0, 0)
    assert "could not be stored" in caplog.text


def test_the_last_file_of_a_note_without_text_stays(clerk, customer):
    note = add_note(customer, text="", files=[upload(), upload()], actor=None)
    remove_file(note.files.first(), actor=None)

    page = clerk.post(url("remove_note_file", customer.pk, note.files.get().pk), follow=True).text

    assert "This file is all that the note holds." in page
    assert "File removed." not in page
    assert CustomerNote.objects.get().files.count() == 1


def test_the_tab_costs_the_same_with_one_and_with_many_files(
    clerk, customer, django_assert_num_queries, django_assert_max_num_queries
):
    note = add_note(customer, text="x", files=[upload()], actor=None)
    clerk.get(url("notes", customer.pk))
    with django_assert_max_num_queries(15) as one:
        clerk.get(url("notes", customer.pk))
    NoteFile.objects.bulk_create(NoteFile(note=note, file="x", name=f"{n}.pdf", size=1) for n in range(1000))
    with django_assert_num_queries(len(one)):
        clerk.get(url("notes", customer.pk))
