"""The same on a site that adds taxes, shipping costs and classes of its own: see tests/forked_site."""

import pytest
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_customers_ext.coupons.actions import create_coupon
from tests.checkout import go_to_preview, place_order
from tests.factories import make_terms

from .conftest import ANN, signed_in, total, type_code

pytestmark = pytest.mark.django_db(transaction=True)

Basket = get_model("basket", "Basket")
Order = get_model("order", "Order")


def test_the_customer_pays_less(ann, shop, coupon):
    client = signed_in(ann)
    go_to_preview(client, shop)
    before = total(client)

    type_code(client, coupon.voucher.code)

    assert total(client) < before
    assert place_order(client).url == reverse("checkout:thank-you")
    assert Order.objects.get().total_discount_incl_tax > 0
    assert coupon.voucher.applications.count() == 1


def test_another_customer_pays_the_same_and_orders_nothing_with_it(ann, bob, shop, coupon):
    client = signed_in(bob)
    go_to_preview(client, shop)
    before = total(client)
    assert "belongs to another customer" in type_code(client, coupon.voucher.code)[0]
    Basket.objects.get(owner=bob.user).vouchers.add(coupon.voucher)

    assert total(client) == before
    assert place_order(client).url == reverse("basket:summary")
    assert not Order.objects.exists()
    assert not coupon.voucher.applications.exists()


@pytest.mark.parametrize(("email", "is_theirs"), [(ANN, True), ("eve@example.org", False)])
def test_a_guest_pays_less_with_the_mailed_code_and_its_address(guest_ann, shop, email, is_theirs):
    coupon = create_coupon(guest_ann, make_terms(), mail=True)
    client = Client()
    go_to_preview(client, shop, email=email)
    before = total(client)

    type_code(client, coupon.voucher.code)

    assert (total(client) < before) is is_theirs
    assert place_order(client).url == reverse("checkout:thank-you")
    assert (Order.objects.get().total_discount_incl_tax > 0) is is_theirs
