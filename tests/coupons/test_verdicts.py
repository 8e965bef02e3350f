"""What "Why this price" says of coupons."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_customers_ext.coupons.actions import create_coupon, end_coupon
from oscar_customers_ext.coupons.verdicts import verdicts
from oscar_customers_ext.pricing.buyers import Buyer
from tests.checkout import fill_basket, go_to_preview
from tests.factories import make_terms

from .conftest import ANN, DAY, signed_in, type_code

pytestmark = pytest.mark.django_db

Basket = get_model("basket", "Basket")
GIVES = ", 10% off all products"


def said(customer, basket=None):
    buyer = Buyer(customer, basket)
    if basket:
        buyer.price_basket()
    found = verdicts(customer, basket, as_guest=not buyer.user.is_authenticated)
    return [(verdict.about, verdict.reason, verdict.applies) for verdict in found]


def test_without_a_cart_the_coupons_that_can_be_used_are_told(ann, bob):
    now = timezone.now()
    create_coupon(bob, make_terms(), code="BOB")
    create_coupon(ann, make_terms(ends_at=now - DAY / 2), code="EXPIRED")
    end_coupon(create_coupon(ann, make_terms(), code="ENDED"))
    create_coupon(ann, make_terms(starts_at=now + DAY), code="LATER")
    create_coupon(ann, make_terms(), code="NOW")

    assert said(ann) == [(f"NOW{GIVES}", "own", True), (f"LATER{GIVES}", "not-yet", False)]


def test_with_a_cart_each_says_why_it_takes_something_off_or_not(ann, shop):
    for code, terms in (("USED", {}), ("DEAR", {"minimum": Decimal(1000)}), ("IDLE", {})):
        create_coupon(ann, make_terms(**terms), code=code)
    client = signed_in(ann)
    fill_basket(client, shop)
    type_code(client, "USED")
    basket = Basket.objects.get(owner=ann.user)
    basket.vouchers.add(ann.voucher_links.get(voucher__code="DEAR").voucher)

    assert sorted(said(ann, basket)) == [
        (f"DEAR{GIVES}", "no-discount", False),
        (f"IDLE{GIVES}", "not-entered", False),
        (f"USED{GIVES}", "own", True),
    ]


def test_an_amount_in_a_cart_of_another_currency(ann, shop, settings):
    for code, terms in (("MONEY", {"minimum": Decimal(1)}), ("PERCENT", {})):
        create_coupon(ann, make_terms(**terms), code=code)
    client = signed_in(ann)
    fill_basket(client, shop)
    basket = Basket.objects.get(owner=ann.user)
    basket.vouchers.add(*(link.voucher for link in ann.voucher_links.all()))
    settings.OSCAR_DEFAULT_CURRENCY = "JPY"

    assert sorted(said(ann, basket)) == [
        ("MONEY, 10% off all products", "other-currency", False),
        ("PERCENT, 10% off all products", "own", True),
    ]


def test_the_coupon_of_another_customer_is_not_named(ann, bob, shop, coupon, sign_in):
    client = signed_in(bob)
    fill_basket(client, shop)
    basket = Basket.objects.get(owner=bob.user)
    basket.vouchers.add(coupon.voucher)

    assert said(bob, basket) == [(f"…{coupon.voucher.code[-4:]}", "other-customer", False)]
    staff = sign_in("view_customer", "view_customervoucher", "view_basket")
    page = staff.get(reverse("oscar_customers:prices_of_cart", args=[bob.pk, basket.pk])).text
    assert "it belongs to another customer" in page
    assert "Rossi" not in page
    assert coupon.voucher.code not in page


def test_a_guests_cart_is_priced_with_the_guests_address(guest_ann, shop):
    coupon = create_coupon(guest_ann, make_terms())
    type(coupon).objects.update(mailed_to_key=ANN)
    client = Client()
    go_to_preview(client, shop, email=ANN)
    type_code(client, coupon.voucher.code)
    basket = Basket.objects.get(lines__isnull=False)

    assert said(guest_ann, basket) == [(f"{coupon.voucher.code}{GIVES}", "guest-mailed", True)]


def test_who_may_not_see_coupons_is_told_nothing_of_them(ann, coupon, sign_in):
    page = reverse("oscar_customers:prices", args=[ann.pk])

    assert coupon.voucher.code in sign_in("view_customer", "view_customervoucher").get(page).text
    assert coupon.voucher.code not in sign_in("view_customer", email="other@example.org").get(page).text


def test_they_cost_the_same_for_one_and_for_many(ann):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            number = len(verdicts(ann))
        return len(captured), number

    create_coupon(ann, make_terms())
    assert queries() == (2, 1)
    for _number in range(25):
        create_coupon(ann, make_terms())
    assert queries() == (2, 20)
