"""What a group sees of the shop, and how staff make it so, in a real browser."""

import pytest

from tests.browser.conftest import PASSWORD

pytestmark = pytest.mark.slow

WHOLESALE = "For cafés and shops"


def sign_in(page, who):
    page.goto("/shop/accounts/login/")
    page.fill("#id_login-username", f"{who}@example.com")
    page.fill("#id_login-password", PASSWORD)
    page.click("button[name=login_submit]")
    page.wait_for_url("**/accounts/**")


def border_of_header(page):
    return page.evaluate("getComputedStyle(document.querySelector('.header')).borderTopWidth")


def test_a_member_sees_the_groups_part_and_its_style_and_a_visitor_neither(open_page, complaints):
    member, visitor = open_page(), open_page()
    sign_in(member, "buyer")
    for page in (member, visitor):
        page.goto("/")

    assert "customer-group-trade" in member.get_attribute("body", "class").split()
    assert visitor.get_attribute("body", "class").split() == ["home", "customer-guest"]
    assert WHOLESALE in member.content()
    assert WHOLESALE not in visitor.content()
    assert (border_of_header(member), border_of_header(visitor)) == ("6px", "0px")
    member.goto("/shop/accounts/profile/")
    assert border_of_header(member) == "6px"
    assert complaints == []


def test_staff_are_told_what_is_refused_and_members_load_what_is_saved(open_admin, open_page, complaints):
    page = open_admin()
    page.goto("/admin/customer-groups/")
    page.click("a:text-is('Press')")
    page.click("a[href='#tab-styles']")
    page.click("a:text-is('Change style sheet')")
    page.fill("#id_styles", "@import 'x';\n.header { border-top: 9px solid }")
    page.click("button:text-is('Check')")
    assert "Line 1: “@import” is not allowed." in page.text_content("main")
    assert page.input_value("#id_styles").startswith("@import")

    page.fill("#id_styles", ".header { border-top: 9px solid }")
    page.click("button:text-is('Save')")

    page.wait_for_selector("text=Style sheet of Press saved.")
    visitor = open_page()
    visitor.goto("/")
    assert border_of_header(visitor) == "0px"
    assert complaints == []


def test_an_editor_chooses_for_whom_a_part_of_the_page_is(open_admin):
    page = open_admin("admin")
    page.goto("/admin/pages/")
    edit = page.locator("a[href^='/admin/pages/'][href$='/edit/']").first.get_attribute("href")
    page.goto(edit)
    trade = page.get_by_label("Trade", exact=True)
    assert trade.is_checked()

    page.goto(page.url.replace("/edit/", "/view_draft/"))

    assert "Shown only to: Trade" in page.text_content("body")
    assert "Shown to everybody else" in page.text_content("body")
