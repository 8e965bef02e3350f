"""What the pages of an import tell somebody who reads little: what comes next, and what was left undone."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.models import ImportJob
from oscar_customers_ext.transfers.imports import actions
from oscar_customers_ext.transfers.imports.descriptions import figures
from tests.transfers.imports.conftest import checked, imported, upload
from tests.transfers.imports.test_pages import RIGHTS, fields_in, page_of, send

pytestmark = pytest.mark.django_db

MIXED = """\
email,first name,created at,country,shoe size
ann@example.org,Ann,2024-02-01,,41
bob@example.org,Bob,31/31/2024,,42
no address,Zoe,,,43
"""


@pytest.fixture
def importer(sign_in):
    return sign_in(*RIGHTS, "manage_account_customer")


def words(page):
    """What is read, without marks and breaks."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2]).split())


def test_more_columns_than_name_email_and_password_are_a_question(importer):
    response = send(importer, "name,email,password,phone\nAnn,ann@example.org,correct-horse,0115550100\n")
    job = ImportJob.objects.get()

    assert response.url == page_of("import_columns", job)
    assert fields_in(importer.get(response.url))["column_3"] == "phone"


def test_the_check_says_what_would_be_left_out(importer):
    job = checked(upload(MIXED))

    page = words(importer.get(page_of("import_job", job)))

    assert "1 row fails and is left out. Afterwards you can download it with the reason" in page
    assert "1 row has a value that is left out." in page
    assert "One column is left behind: shoe size" in page


def test_the_report_says_what_was_left_undone(importer):
    job = imported(upload(MIXED))

    page = words(importer.get(page_of("import_job", job)))

    assert "1 row failed and was left out. Download it, mend it, and import that file. Show" in page
    assert "1 row has a value that is left out. Show" in page
    assert "Every row of the file is in the register" not in page


def test_the_report_of_a_file_without_a_flaw_says_so(importer):
    job = imported(upload("email,first name\nann@example.org,Ann\n"))

    page = words(importer.get(page_of("import_job", job)))

    assert "Every row of the file is in the register." in page
    assert "left out" not in page


def test_a_failed_row_shows_what_stands_in_the_file_but_no_password(importer):
    job = checked(upload("email,first name,password\nno address,Zoe  Blu,correct-horse\n"))

    page = importer.get(page_of("import_job", job))

    assert "no address · Zoe Blu" in page.text
    assert "correct-horse" not in page.text


def test_a_date_without_a_time_has_none_in_the_page(importer):
    job = checked(upload(MIXED))

    page = words(importer.get(page_of("import_job", job)))

    assert "Customer since 02/01/2024 " in page
    assert "midnight" not in page


@pytest.mark.parametrize("content", ["email,first name\n", "name,email,password\n"])
def test_a_file_without_rows_says_that_it_has_none(importer, content):
    job = checked(upload(content))

    page = words(importer.get(page_of("import_job", job)))

    assert "The file has names of columns, but no rows below them" in page
    assert 'action="' + page_of("import_run", job) not in page


def test_numbers_are_grouped_wherever_they_stand(importer):
    create_customer(email="ann@example.org")
    job = checked(upload(MIXED))
    ImportJob.objects.update(forecast={"created": 6000, "rows": 6000}, rows_total=6000)
    assert "Import 6,000 rows" in words(importer.get(page_of("import_job", job)))

    ImportJob.objects.update(state="done", counts={"created": 6000, "rows": 6000})
    assert "6000" not in words(importer.get(page_of("imports")))
    assert "6,000 customers that it created" in words(importer.get(page_of("import_undo", job)))


@pytest.mark.parametrize("goes_on", [True, False])
def test_whoever_waits_is_told_whether_the_page_must_stay_open(importer, settings, goes_on):
    backend = "dummy.DummyBackend" if goes_on else "immediate.ImmediateBackend"
    settings.TASKS = {"default": {"BACKEND": f"django_tasks.backends.{backend}"}}
    job = actions.check_import(upload(MIXED))

    page = words(importer.get(page_of("import_job", job)))

    assert ("You can leave this page: the work goes on by itself." in page) is goes_on
    assert ("Leave this page open" in page) is not goes_on


def test_a_file_that_was_given_up_leads_on(importer):
    job = actions.forget_import(upload(MIXED))

    page = importer.get(page_of("import_job", job))

    assert "Nothing was imported" in page.text
    assert f'href="{page_of("import_file")}"' in page.text


def test_the_upload_names_each_shop_once(importer):
    page = words(importer.get(page_of("import_file")))

    shops = "Shopify, Magento, PrestaShop, WooCommerce, BigCommerce, Mailchimp, Klaviyo, HubSpot, Spree"
    assert f"Files that {shops} or this shop exported are recognised by their columns." in page
    assert "up to 50 MB" in page


def test_italian_counts_agree_with_their_number():
    with translation.override("it"):
        labels = [str(label) for _name, label, _number in figures({"created": 1, "updated": 2, "rows": 3})]

    assert labels[:2] == ["Nuovo", "Modificati"]


def test_a_second_tab_is_not_told_to_upload_the_file_of_an_import_that_is_done(importer):
    job = imported(upload("email,first name\nann@example.org,Ann\n"))

    page = importer.post(page_of("import_run", job), follow=True).text

    assert "This import is at another step by now. Look at it again." in page
    assert "The import is done" in page
    assert "upload the file again" not in page


def test_an_account_that_would_be_made_has_a_name_in_the_check(importer):
    job = checked(upload("name,email,password\nAnn Berg,ann@example.org,correct-horse-9\n"))

    page = words(importer.get(page_of("import_job", job)))

    assert "User account Yes" in page
    assert "correct-horse-9" not in page


@pytest.mark.parametrize(("name", "icon"), [("import_file", "upload"), ("export", "download")])
def test_pages_have_an_icon_of_their_own(sign_in, name, icon):
    page = sign_in(*RIGHTS, "export_customer").get(reverse(f"oscar_customers:{name}"))

    assert page.context["header_icon"] == icon
