"""Somebody buys in the shop, and an editor finds that person: the main story, in a real browser."""

import pytest

pytestmark = pytest.mark.slow

ADDRESS = {
    "first_name": "Zoë",
    "last_name": "Fürst",
    "line1": "Hauptstraße 1",
    "line4": "Wien",
    "postcode": "1010",
    "phone_number": "+43 1 5550123",
}


def buy_as_guest(page, email):
    page.goto("/shop/catalogue/")
    page.locator("article.product_pod h3 a, .product_pod a[title]").first.click()
    page.locator("form#add_to_basket_form button[type=submit]").click()
    page.goto("/shop/checkout/")
    page.fill("input[name=username]", email)
    page.check("input[name=options][value=anonymous]")
    page.locator("form:has(input[name=username]) button[type=submit]").click()
    for name, value in ADDRESS.items():
        page.fill(f"input[name={name}]", value)
    page.select_option("select[name=country]", "AT")
    page.locator("form:has(input[name=line1]) button[type=submit]").click()
    page.locator("form:has(input[name=method_code]) button[type=submit]").first.click()
    page.wait_for_url("**/payment-details/")


def place_order(page):
    page.click("#view_preview")
    page.click("#place-order")
    page.wait_for_url("**/thank-you/")


def test_a_guest_who_buys_is_found_by_the_editor_with_order_and_contact(open_page, open_admin, complaints):
    shop = open_page()
    buy_as_guest(shop, "Zoe.Fuerst@Example.com")
    place_order(shop)

    admin = open_admin()
    admin.goto("/admin/customers/")
    admin.fill("#id_q", "furst zoe")
    admin.wait_for_url("**q=furst*")
    admin.get_by_role("link", name="Zoë Fürst", exact=True).click()
    admin.get_by_role("button", name="Customer card").click()
    card = admin.locator("[data-side-panel=customer]")
    card.get_by_text("Marketing contact").wait_for()
    assert "Zoe.Fuerst@example.com" in card.inner_text()

    admin.get_by_role("tab", name="Orders").click()
    row = admin.locator("#tab-orders table tbody tr")
    row.wait_for()
    assert row.count() == 1
    row.get_by_role("link").first.click()
    admin.get_by_role("link", name="Zoë Fürst", exact=True).wait_for()
    assert "Hauptstraße 1" in admin.locator("main").inner_text()
    assert complaints == []
