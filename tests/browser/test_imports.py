"""A file of another shop on its way in and out again, as an editor sees it."""

import pytest

from tests.browser.conftest import ROOT

pytestmark = pytest.mark.slow

SHOPIFY = ROOT / "tests" / "data" / "tables" / "formats" / "shopify_export_2024.csv"


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_a_file_of_another_shop_is_imported_and_undone(open_admin, complaints, width, dark):
    page = open_admin(width=width, dark=dark)

    def fits():
        return page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0

    page.goto("/admin/customers/imports/new/")
    assert fits()
    page.set_input_files("#id_file", SHOPIFY)
    page.get_by_text("What was recognised").wait_for()
    assert page.get_by_text("Shopify", exact=True).is_visible()
    assert fits()
    page.get_by_role("button", name="Check the file").click()
    page.get_by_text("This is what would happen").wait_for()
    assert page.get_by_text("ada@example.test").first.is_visible()
    assert fits()
    page.get_by_role("button", name="Import 2 rows").click()
    page.get_by_text("The import is done").wait_for()
    assert page.get_by_role("link", name="Teo Rossi").is_visible()
    assert fits()
    page.get_by_role("link", name="Undo this import").click()
    page.get_by_role("button", name="Undo the import").click()
    page.get_by_text("The import was undone").wait_for()
    page.get_by_text("Everything that it had written was taken back.").wait_for()
    page.goto("/admin/customers/?q=ada@example.test")
    page.get_by_text("No customer matches.").wait_for()
    assert complaints == []


def test_the_menu_beside_the_button_leads_to_the_import(open_admin, complaints):
    page = open_admin()
    page.goto("/admin/customers/")
    page.get_by_role("button", name="Actions").first.click()
    page.get_by_role("link", name="Import").click()
    page.wait_for_url("**/imports/new/")
    page.get_by_label("Choose a file, or drop it here").wait_for()
    assert complaints == []


DROP = """(count) => {
    const dropped = new DataTransfer();
    for (let number = 0; number < count; number += 1) {
        dropped.items.add(new File(['Nome,Posta\\nIlda,ilda.drop@example.org\\n'], `drop${number}.csv`));
    }
    const drop = new DragEvent('drop', { dataTransfer: dropped, bubbles: true, cancelable: true });
    document.querySelector('h1').dispatchEvent(drop);
    return drop.defaultPrevented;
}"""


def test_a_file_may_be_dropped_beside_the_field_but_only_one(open_admin, complaints):
    page = open_admin()
    page.goto("/admin/customers/imports/new/")

    assert page.evaluate(DROP, 2)
    page.get_by_text("One file at a time, please.").wait_for()
    assert page.url.endswith("/imports/new/")

    page.evaluate(DROP, 1)
    page.wait_for_url("**/columns/")
    page.get_by_text("drop0.csv").first.wait_for()
    page.set_viewport_size({"width": 390, "height": 900})
    page.get_by_text("Read the file otherwise").click()
    assert page.locator("#id_encoding").bounding_box()["width"] < 350
    assert complaints == []
