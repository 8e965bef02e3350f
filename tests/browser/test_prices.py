"""What a buyer pays is one figure: in the cart, before and after the last click, in the admin and in the mail."""

import re
import subprocess
import sys
from decimal import Decimal

import pytest

from .conftest import PASSWORD, ROOT

pytestmark = pytest.mark.slow

CODE = "OTTAVIA-OWN-COUPON"
PREPARE = f"""
from datetime import timedelta
from decimal import Decimal
from django.contrib.auth import get_user_model
from django.utils import timezone
from oscar_customers_ext.coupons.actions import create_coupon
from oscar_customers_ext.coupons.terms import Terms
from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.groups.actions import add_to_group
from oscar_customers_ext.models import CustomerGroup
from oscar_customers_ext.tax.actions import add_exemption

def customer(name):
    email = f"{{name}}@example.net"
    user = get_user_model().objects.create_user(email, email, "{PASSWORD}")
    return create_customer(email=email, first_name=name.title(), last_name="Prezzi", user=user)

add_to_group([customer("member").pk], CustomerGroup.objects.get(slug="trade"), actor=None)
add_exemption(customer("exempt"), reason="Embassy", actor=None)
now = timezone.now()
terms = Terms(
    starts_at=now, ends_at=now + timedelta(days=1), kind="percentage", value=Decimal(20), scope="everything"
)
create_coupon(customer("ottavia"), terms, code="{CODE}", actor=None)
customer("other")
customer("stranger")
"""
ADDRESS = {
    "first_name": "Pia",
    "last_name": "Prezzi",
    "line1": "Via Roma 1",
    "line4": "Torino",
    "postcode": "10121",
    "phone_number": "+39 011 5550123",
}


@pytest.fixture(scope="module")
def buyers(sandbox, sandbox_environment):
    command = [sys.executable, "sandbox/manage.py", "shell", "-c", PREPARE]
    prepared = subprocess.run(command, cwd=ROOT, env=sandbox_environment, capture_output=True, text=True)
    assert prepared.returncode == 0, prepared.stderr


def amount(text):
    [found] = re.findall(r"€([0-9,]+\.[0-9]{2})", text)
    return Decimal(found.replace(",", ""))


def order_total(page):
    return amount(page.locator("tr", has_text="Order total").last.inner_text())


def sign_in(page, name):
    page.goto("/shop/accounts/login/")
    page.fill("#id_login-username", f"{name}@example.net")
    page.fill("#id_login-password", PASSWORD)
    page.locator("button[name=login_submit]").click()
    page.wait_for_url(lambda url: "/login/" not in url)


def add_salad_bowl(page):
    """Shown price of the product, and what the cart says."""
    page.goto("/shop/catalogue/")
    page.get_by_role("link", name="Salad bowl “Conca”").last.click()
    shown = amount(page.locator(".product_main .price_color").inner_text())
    page.locator("form#add_to_basket_form button[type=submit]").click()
    page.goto("/shop/basket/")
    return shown


def go_to_preview(page, guest=""):
    page.goto("/shop/checkout/")
    if guest:
        page.fill("input[name=username]", guest)
        page.check("input[name=options][value=anonymous]")
        page.locator("form:has(input[name=username]) button[type=submit]").click()
    for name, value in ADDRESS.items():
        page.fill(f"input[name={name}]", value)
    page.select_option("select[name=country]", "IT")
    page.locator("form:has(input[name=line1]) button[type=submit]").click()
    page.locator("form:has(input[name=method_code]) button[type=submit]").first.click()
    page.wait_for_url("**/payment-details/")
    page.click("#view_preview")
    page.wait_for_url("**/preview/")


def place(page):
    """The number of the order."""
    page.click("#place-order")
    page.wait_for_url("**/thank-you/")
    return re.search(r"\b1\d{5,}\b", page.locator("body").inner_text())[0]


def mailed_total(number):
    for path in sorted((ROOT / "sandbox" / "mail").glob("*.log"), reverse=True):
        text = path.read_text()
        if number in text:
            return amount(re.search(r"(?i:Order total):?\s*(\S+)", text)[1])
    return None


def admin_total(page, number):
    page.goto(f"/admin/customer-orders/?q={number}")
    page.get_by_role("link", name=number).first.click()
    return amount(page.locator("tr", has_text="Total").last.inner_text())


#: Buyer, coupon -> price on the product page, total of the order. Delivery costs 4.90, with tax 22 % in it.
STORIES = [
    ("guest", "", "39.00", "43.90"),
    ("other", "", "39.00", "43.90"),
    ("member", "", "39.00", "40.00"),
    ("exempt", "", "31.97", "35.99"),
    ("ottavia", CODE, "39.00", "36.10"),
]


@pytest.mark.parametrize(("buyer", "code", "price", "total"), STORIES, ids=[story[0] for story in STORIES])
def test_the_figures_agree_to_the_cent(buyers, open_page, open_admin, complaints, buyer, code, price, total):
    page = open_page()
    guest = "" if buyer != "guest" else "somebody@example.net"
    if not guest:
        sign_in(page, buyer)

    assert add_salad_bowl(page) == Decimal(price)
    if code:
        enter_coupon(page, code)
    assert order_total(page) == Decimal(total)
    go_to_preview(page, guest)
    assert order_total(page) == Decimal(total)
    number = place(page)
    assert order_total(page) == Decimal(total)

    assert mailed_total(number) == Decimal(total)
    assert admin_total(open_admin(), number) == Decimal(total)
    assert complaints == []


def enter_coupon(page, code):
    page.locator("#voucher_form_link a").click()
    page.fill("#id_code", code)
    page.locator("form:has(#id_code) button[type=submit]").click()
    page.wait_for_load_state()


def test_the_coupon_of_somebody_else_is_refused_in_a_sentence(buyers, open_page, complaints):
    page = open_page()
    sign_in(page, "stranger")
    add_salad_bowl(page)

    enter_coupon(page, CODE)

    page.get_by_text("another customer").wait_for()
    assert order_total(page) == Decimal("43.90")
    assert complaints == []


def test_why_the_price_is_what_it_is_stands_on_the_card(buyers, open_admin, complaints):
    page = open_admin()
    page.goto("/admin/customers/?q=exempt")
    page.get_by_role("link", name="Exempt Prezzi", exact=True).click()
    page.get_by_role("tab", name="Benefits").click()
    rules = page.locator("#tab-benefits .customers-rules")
    rules.wait_for()

    assert "Embassy" in rules.inner_text()
    assert "May place orders." in rules.inner_text()
    assert complaints == []
