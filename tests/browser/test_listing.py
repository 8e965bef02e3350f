"""The list as an editor makes it: columns, saved views, a limit to a site; and the people of an event."""

from itertools import count

import pytest

pytestmark = pytest.mark.slow

_numbers = count(1)


def headings(page):
    return [text.strip() for text in page.locator("#listing-results th").all_inner_texts() if text.strip()]


def test_columns_are_chosen_and_given_back_by_keyboard(open_admin, complaints):
    page = open_admin("viewer")
    page.goto("/admin/customers/")
    before = headings(page)
    page.get_by_role("link", name="Columns").click()
    page.get_by_label("Kind", exact=True).focus()
    page.keyboard.press("Space")
    page.get_by_label("Phone", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    page.get_by_text("Columns saved.").wait_for()

    # Both have the first place now, and the one that had it stays in front.
    assert headings(page)[:3] == ["Name", "E-mail", "Phone"]
    assert "Kind" not in headings(page)
    page.get_by_role("link", name="Columns").click()
    page.get_by_role("button", name="Back to the default").click()
    page.get_by_text("default columns again").wait_for()
    assert headings(page) == before
    assert complaints == []


def test_a_view_is_saved_applied_narrowed_and_deleted(open_admin, complaints):
    page = open_admin("editor")
    page.goto("/admin/customers/")
    page.locator("#id_q").fill("giulia")
    page.wait_for_url("**q=giulia*")
    page.locator(".customers-views a", has_text="Save this view").click()
    name = f"Giulias {next(_numbers)}"
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("saved.").wait_for()

    page.get_by_role("link", name="All customers").click()
    page.get_by_role("link", name=name, exact=True).click()
    assert page.locator(".customers-views a[aria-current]").inner_text() == name
    assert page.locator("#id_q").input_value() == "giulia"
    page.locator("#id_q").fill("giulia ferrari")
    page.wait_for_url("**ferrari*")
    page.locator(".customers-views a[aria-current]", has_text=name).wait_for()
    assert "ferrari" in page.get_by_role("link", name="Save this view").get_attribute("href")
    page.get_by_role("link", name="Manage views").click()
    page.get_by_role("link", name=f"Delete {name}").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_text("deleted.").wait_for()
    assert complaints == []


def test_who_is_limited_to_the_market_finds_its_customers_only(open_admin, complaints):
    page = open_admin("market")
    page.goto("/admin/customers/")

    page.get_by_role("link", name="Rosa Marchetti", exact=True).wait_for()
    assert page.get_by_role("link", name="Giulia Ferrari", exact=True).count() == 1
    assert page.get_by_text("Luca Galli").count() == 0
    assert complaints == []


def sign_up(page, first_name, email):
    page.goto("/open-evening/")
    page.fill("#id_first_name", first_name)
    page.fill("#id_last_name", "Bianchi")
    page.fill("#id_email", email)
    page.get_by_role("button", name="Sign up").click()
    return page.locator(".alert-success").inner_text().strip()


def test_who_signs_up_for_an_event_appears_beside_its_page(open_page, open_admin):
    visitor = open_page()
    unknown = sign_up(visitor, "Nuova", f"nuova{next(_numbers)}@example.org")
    known = sign_up(visitor, "Nuova", "giulia.ferrari@example.com")
    assert unknown == known

    page = open_admin("admin")
    page.goto("/admin/customers/?q=nuova")
    page.get_by_role("link", name="Nuova Bianchi", exact=True).first.click()
    page.get_by_role("tab", name="Activity").click()
    page.locator(".customers-timeline li").first.wait_for()
    assert "event:open-evening" in page.locator(".customers-timeline").inner_text()
    page.goto("/admin/")
    page.goto("/admin/pages/search/?q=open+evening")
    page.get_by_role("link", name="Open evening in the workshop").first.click()
    page.get_by_role("tab", name="Customers").click()
    page.locator("#tab-customers table").wait_for()
    people = page.locator("#tab-customers table").inner_text()
    assert "Nuova Bianchi" in people
    assert "giulia.ferrari@example.com" in people
    page.get_by_role("link", name="Show them in the list of customers").click()
    page.locator("#listing-results td.title").first.wait_for()
    assert "source=event%3Aopen-evening" in page.url
