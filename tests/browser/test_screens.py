"""The customer screens as an editor uses them: tabs, saving, keyboard, phone, dark, Italian."""

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture
def customer_page(open_admin):
    """The edit screen of a customer with several orders."""

    def _customer_page(**options):
        page = open_admin(**options)
        page.goto("/admin/customers/?q=giulia+ferrari")
        page.locator("td.title a").first.click()
        page.wait_for_url("**/edit/**")
        return page

    return _customer_page


def test_saving_leads_back_to_the_tab_that_was_open(customer_page, complaints):
    page = customer_page()
    page.get_by_role("tab", name="Activity").click()
    page.locator(".customers-timeline li").first.wait_for()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("updated.").wait_for()

    assert page.url.endswith("#tab-activity")
    assert page.get_by_role("tab", name="Activity").get_attribute("aria-selected") == "true"
    assert complaints == []


def test_the_keyboard_alone_finds_opens_and_changes_a_customer(open_admin):
    page = open_admin()
    page.goto("/admin/customers/")
    page.locator("#id_q").focus()
    page.keyboard.type("giulia")
    page.wait_for_url("**q=giulia*")
    link = page.get_by_role("link", name="Giulia Ferrari", exact=True)
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit/**")
    page.get_by_role("tab", name="Orders").focus()
    page.keyboard.press("Enter")
    page.locator("#tab-orders table").first.wait_for()
    page.get_by_role("tab", name="Details").focus()
    page.keyboard.press("Enter")
    page.locator("#id_company_name").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("Ferrari & Figlie")
    page.keyboard.press("Control+s")
    page.get_by_text("updated.").wait_for()
    assert page.locator("#id_company_name").input_value() == "Ferrari & Figlie"


def test_selected_customers_are_archived_and_restored(open_admin, complaints):
    page = open_admin()
    page.goto("/admin/customers/?q=haruka")
    page.locator("tbody input[type=checkbox]").check()
    page.get_by_role("link", name="Archive").or_(page.get_by_role("button", name="Archive")).last.click()
    page.get_by_text("One customer is selected").wait_for()
    page.get_by_role("button", name="Archive").click()
    page.get_by_text("1 customer archived.").wait_for()
    page.goto("/admin/customers/?q=haruka")
    page.get_by_text("No customer matches.").wait_for()
    page.goto("/admin/customers/?q=haruka&archived=yes")
    page.locator("td.title a").first.click()
    page.get_by_role("button", name="Actions").click()
    page.get_by_role("link", name="Restore").click()
    page.get_by_role("button", name="Restore").click()
    page.get_by_text("restored.").wait_for()
    assert complaints == []


@pytest.mark.parametrize(
    ("width", "dark", "language"), [(390, False, "en-GB"), (390, True, "it-IT"), (1280, True, "it-IT")]
)
def test_nothing_is_wider_than_the_screen(open_admin, complaints, width, dark, language):
    page = open_admin(width=width, dark=dark, language=language)
    for path in ("/admin/customers/", "/admin/customers/new/", "/admin/customer-orders/"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, path
    if language == "it-IT":
        assert "Ordini" in page.locator("body").inner_text()
    assert complaints == []


def test_a_viewer_reads_and_finds_no_way_to_change(open_admin, complaints):
    page = open_admin("viewer")
    page.goto("/admin/customers/?q=giulia")
    page.locator("td.title a").first.click()
    page.locator("#tab-orders").wait_for()
    page.locator(".customers-lazy table").wait_for()
    assert "/inspect/" in page.url
    assert page.locator("main form, main input, main select").count() == 0
    assert complaints == []
