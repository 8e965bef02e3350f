"""The life of a customer's card, as an editor and then the customer live it."""

import subprocess
import sys

import pytest

from .conftest import ROOT

pytestmark = pytest.mark.slow

PASSWORD = "quite-a-long-one-77"

END_MEMBERSHIPS = """
from django.utils import timezone
from oscar_customers_ext.models import Membership
now = timezone.now()
Membership.objects.filter(customer__email_key="nora.neri@example.org").update(ends_at=now)
"""


@pytest.fixture
def end_memberships(sandbox_environment):
    """Their time comes: nobody waits a year for it here."""

    def _end():
        command = [sys.executable, "sandbox/manage.py", "shell", "-c", END_MEMBERSHIPS]
        subprocess.run(command, cwd=ROOT, env=sandbox_environment, check=True, capture_output=True)

    return _end


def open_tab(page, name):
    page.get_by_role("tab", name=name).click()


def test_an_editor_fills_the_card_and_the_customer_lives_by_it(
    open_admin, open_page, end_memberships, complaints, tmp_path
):
    page = open_admin()
    create_customer_with_account(page)
    add_address(page)
    put_into_group(page)
    grant_membership(page)
    add_note_with_file(page, tmp_path)
    assert complaints == []

    shop = open_page()
    sign_in(shop)
    sees_own_addresses_and_no_notes(shop)
    shop.goto("/members/")
    shop.get_by_text("Welcome, and thank you for keeping the kiln warm.").wait_for()
    assert complaints == []

    end_memberships()

    shop.goto("/members/")
    shop.get_by_text("Club").first.wait_for()
    assert shop.get_by_text("Welcome, and thank you").count() == 0
    # The page says what is missing, with the status for it, and nobody is sent to the admin.
    assert "/admin" not in shop.url
    assert [address.split("/", 3)[3] for address in complaints if address.startswith("http")] == ["members/"]


def create_customer_with_account(page):
    page.goto("/admin/customers/new/")
    page.fill("#id_first_name", "Nora")
    page.fill("#id_last_name", "Neri")
    page.fill("#id_email", "nora.neri@example.org")
    page.locator(".tagit-new input").fill("Kiln friend")
    page.keyboard.press("Enter")
    page.locator("#id_create_account").check()
    page.fill("#id_account_username", "nora")
    page.fill("#id_account_password", PASSWORD)
    page.fill("#id_account_password_again", PASSWORD)
    page.get_by_role("button", name="Create").click()
    page.wait_for_url("**/edit/**")
    page.get_by_text("Customer Nora Neri created.").wait_for()
    page.locator(".tagit-label", has_text="Kiln friend").wait_for()


def add_address(page):
    open_tab(page, "Addresses")
    page.get_by_role("link", name="Add address").click()
    page.fill("#id_line1", "Via Po 3")
    page.fill("#id_line4", "Torino")
    page.fill("#id_postcode", "10123")
    page.select_option("#id_country", label="Italy")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Via Po 3").first.wait_for()


def put_into_group(page):
    open_tab(page, "Benefits")
    page.get_by_role("link", name="Change groups").click()
    page.get_by_label("Neighbours").check()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/edit/**")
    page.locator("#tab-benefits").get_by_text("Neighbours").first.wait_for()


def grant_membership(page):
    page.get_by_role("link", name="Grant membership").click()
    page.select_option("#id_plan", label="Club")
    page.locator("main form button[type=submit], .customers-page form button[type=submit]").first.click()
    page.wait_for_url("**/edit/**")
    page.locator("#tab-benefits").get_by_text("Active").first.wait_for()


def add_note_with_file(page, folder):
    price_list = folder / "price list.txt"
    price_list.write_text("Bowls: 12 euros")
    open_tab(page, "Notes")
    page.get_by_role("link", name="Add a note").click()
    page.fill("textarea[name=text]", "Rings before she comes.")
    page.set_input_files("input[type=file]", price_list)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/edit/**")
    notes = page.locator("#tab-notes")
    notes.get_by_text("Rings before she comes.").wait_for()
    with page.expect_download() as download:
        notes.get_by_role("link", name="price list.txt").click()
    assert download.value.suggested_filename == "price list.txt"


def sign_in(page):
    page.goto("/shop/accounts/login/")
    page.fill("#id_login-username", "nora")
    page.fill("#id_login-password", PASSWORD)
    page.locator("button[name=login_submit]").click()
    page.wait_for_url(lambda url: "/login/" not in url)


def sees_own_addresses_and_no_notes(page):
    page.goto("/shop/accounts/addresses/")
    page.get_by_text("Via Po 3").first.wait_for()
    for path in ("", "profile/", "orders/"):
        page.goto(f"/shop/accounts/{path}")
        assert page.get_by_text("Rings before she comes").count() == 0
    page.goto("/shop/customer/memberships/")
    page.get_by_text("Club").first.wait_for()
