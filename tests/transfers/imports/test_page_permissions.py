"""What a file may do is what whoever imports it may do elsewhere."""

import pytest
from django.contrib.auth.models import Group
from django.contrib.sites.models import Site
from django.urls import reverse

from oscar_customers_ext.models import Customer, ImportJob, StaffSite
from tests.transfers.imports.conftest import checked, upload
from tests.transfers.imports.test_pages import PLAIN, RIGHTS, fields_in, page_of, send, work

pytestmark = pytest.mark.django_db


def test_passwords_need_the_permission_for_accounts(sign_in):
    client = sign_in(*RIGHTS)
    send(client, PLAIN)
    job = ImportJob.objects.get()

    assert job.mapping == ["name", "email", None]
    assert job.options["accounts"] == "none"
    work(client, job)
    client.post(page_of("import_run", job))
    work(client, job)
    assert Customer.objects.get().user is None


def test_fields_with_a_permission_of_their_own_are_not_offered(sign_in):
    client = sign_in(*RIGHTS)
    send(client, "email,tags,gruppi,note,newsletter,Tax Exempt\nann@example.org,a,b,c,yes,yes\n")
    job = ImportJob.objects.get()
    columns = page_of("import_columns", job)
    page = client.get(columns)

    assert "so they are left behind: gruppi, note, newsletter, Tax Exempt" in page.text
    given = fields_in(page)
    assert {"accounts", "send_links", "consent", "unknown_groups", "policy_groups"}.isdisjoint(given)
    by_hand = {"column_2": "groups", "accounts": "all", "consent": "subscribed", "unknown_groups": "create"}
    assert "Choose a field of the list." in client.post(columns, given | by_hand).text
    client.post(columns, given | {**by_hand, "column_2": ""})
    job.refresh_from_db()
    assert job.state == "checking"
    assert (job.options["accounts"], job.options["consent"]) == ("none", "leave")
    assert job.options["unknown_groups"] == "leave"


def test_who_may_less_than_who_chose_the_columns_does_not_run_them(sign_in):
    job = checked(upload(PLAIN))
    client = sign_in(*RIGHTS)

    page = client.post(page_of("import_run", job), follow=True)

    assert "This import fills fields that you may not change." in page.text
    job.refresh_from_db()
    assert job.state == "checked"
    assert not Customer.objects.exists()


def test_staff_limited_to_sites_import_nothing(sign_in):
    client = sign_in(*RIGHTS)
    StaffSite.objects.create(group=Group.objects.get(name__startswith="Staff"), site=Site.objects.get(pk=1))
    job = upload(PLAIN)

    for name in ("imports", "import_file"):
        assert client.get(page_of(name)).status_code == 302
    assert client.get(page_of("import_job", job)).status_code == 302
    assert page_of("import_file") not in client.get(reverse("oscar_customers:index")).text
    assert send(client, PLAIN).status_code == 302
    assert ImportJob.objects.count() == 1
