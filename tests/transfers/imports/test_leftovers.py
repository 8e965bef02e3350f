"""What is left when somebody goes away: a worker, whoever uploaded a file, or the account of who imports."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from oscar_customers_ext.models import Customer, CustomerGroup, ImportJob
from oscar_customers_ext.transfers.imports import actions
from oscar_customers_ext.transfers.imports.access import limited_mapping, limited_options
from tests.transfers.imports.conftest import finished, imported, upload

pytestmark = pytest.mark.django_db

PLAIN = "name,email,password\nAnn Rossi,ann@example.org,Canary-horse-1\n"


@pytest.fixture
def importer(shop, django_user_model):
    """May import, and nothing of what a file may bring beside the customers themselves."""
    user = django_user_model.objects.create_user("importer", "importer@example.com", "x")
    names = ["access_admin", "import_customer", "change_customer", "view_customer"]
    user.user_permissions.add(*Permission.objects.filter(codename__in=names))
    return django_user_model.objects.get(pk=user.pk)


def files(settings):
    return [path for path in Path(settings.OSCAR_CUSTOMERS_PRIVATE_ROOT).rglob("*") if path.is_file()]


def killed_before_the_files_went(content, settings):
    """As the job and the disk are when a worker dies between the commit and the deletion."""
    job = upload(content)
    kept = {path: path.read_bytes() for path in files(settings)}
    names = (job.file.name, job.rows_file.name)
    job = imported(job)
    for path, data in kept.items():
        path.write_bytes(data)
    ImportJob.objects.filter(pk=job.pk).update(file=names[0], rows_file=names[1])
    assert len(files(settings)) == 2
    return job


def test_files_that_a_killed_worker_left_go_with_the_next_upload(shop, settings):
    killed_before_the_files_went(PLAIN, settings)

    upload("email\nbob@example.org\n")

    assert len(files(settings)) == 2
    assert not any(b"Canary" in path.read_bytes() for path in files(settings))


def test_or_when_the_page_asks_how_far_the_import_is(shop, settings, sign_in):
    job = killed_before_the_files_went(PLAIN, settings)

    sign_in("import_customer", "view_customer").post(
        reverse("oscar_customers:import_progress", args=[job.pk])
    )

    assert files(settings) == []


def test_or_at_night(shop, settings):
    killed_before_the_files_went(PLAIN, settings)

    call_command("forget_import_files")

    assert files(settings) == []


def test_the_night_says_when_a_file_cannot_be_deleted(shop, settings, monkeypatch, caplog):
    def refuse(self, name):
        raise PermissionError(name)

    killed_before_the_files_went(PLAIN, settings)
    monkeypatch.setattr(type(ImportJob._meta.get_field("file").storage), "delete", refuse)

    with pytest.raises(CommandError, match="cannot be deleted"):
        call_command("forget_import_files")

    assert caplog.messages == ["Files of former imports cannot be deleted: PermissionError"]
    assert len(files(settings)) == 2


def test_an_upload_that_nobody_went_on_with_is_given_up(shop, settings):
    old, new = upload(PLAIN), upload("email\neve@example.org\n")
    ImportJob.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=8))

    upload("email\nbob@example.org\n")

    assert ImportJob.objects.get(pk=old.pk).state == "cancelled"
    assert ImportJob.objects.get(pk=new.pk).state == "uploaded"
    assert not any(b"Canary" in path.read_bytes() for path in files(settings))


def test_a_file_of_no_import_goes_when_it_is_a_day_old(shop, settings):
    upload("email\nbob@example.org\n")
    folder = files(settings)[0].parent
    for name, age in (("old.csv", 2), ("new.csv", 0)):
        (folder / name).write_text("x")
        moment = (timezone.now() - timedelta(days=age)).timestamp()
        os.utime(folder / name, (moment, moment))

    upload("email\nbob@example.org\n")

    names = {path.name for path in files(settings)}
    assert "new.csv" in names
    assert "old.csv" not in names
    assert len(names) == 5


def test_an_import_ends_with_the_account_of_who_confirmed_it(importer):
    """Nobody as actor is the command line, which may do everything."""
    CustomerGroup.objects.create(name="VIP", slug="vip")
    job = upload("email,customer group,tax exempt\nann@example.org,VIP,yes\n", actor=importer)
    job = actions.confirm_import(job, actor=importer)
    importer.delete()

    job = finished(job)

    assert job.state == "cancelled"
    assert not job.file
    assert Customer.objects.count() == 0


def test_what_somebody_may_not_import_is_not_forgotten_for_those_who_may(importer):
    job = upload(PLAIN, actor=importer)
    job = actions.change_mapping(job, mapping=limited_mapping(job.mapping, importer))
    job = actions.change_options(job, options=limited_options(job.options, importer))
    job = imported(job, actor=importer)
    assert job.mapping == ["name", "email", None]

    job = imported(upload(PLAIN.replace("ann@", "bob@")))

    assert job.mapping == ["name", "email", "password"]
    assert Customer.objects.get(email="bob@example.org").user.check_password("Canary-horse-1")
    assert Customer.objects.get(email="ann@example.org").user is None


def test_nobody_takes_back_what_they_could_not_have_made(importer, client):
    job = imported(upload(PLAIN))
    plain = imported(upload("email\nbob@example.org\n"))
    client.force_login(importer)

    response = client.post(reverse("oscar_customers:import_undo", args=[job.pk]), follow=True)
    client.post(reverse("oscar_customers:import_undo", args=[plain.pk]))

    assert "This import wrote what you may not change." in response.content.decode()
    job.refresh_from_db()
    plain.refresh_from_db()
    assert (job.state, plain.state) == ("done", "undoing")
    assert Customer.objects.get(email="ann@example.org").user is not None
