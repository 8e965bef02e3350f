"""How often visitors of the shop may have the registry asked."""

import pytest
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.customers.vat_numbers import parse_vat_number
from oscar_customers_ext.models import AddressCompany
from oscar_customers_ext.tax.vat.actions import record_answer
from oscar_customers_ext.tax.vat.registries import Answer
from tests.checkout import ADDRESS, fill_basket, go_to_preview, place_order

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = reverse("oscar_customers_shop:checkout_company")
ACCOUNT = reverse("oscar_customers_shop:company")


def italian(serial):
    """A number with right check digits."""
    digits = f"{serial:07d}001"
    total = sum(int(one) for one in digits[::2])
    total += sum(sum(divmod(2 * int(one), 10)) for one in digits[1::2])
    return parse_vat_number(f"IT{digits}{-total % 10}")


NUMBERS = [italian(serial) for serial in range(1, 9)]


def asked(worker):
    return [result.args[0] for result in worker.results]


def test_a_guest_has_nobody_asked_before_the_order(shop, client, worker):
    go_to_preview(client, shop, email="guest@example.org")
    for number in NUMBERS:
        client.post(PAGE, {"company_name": "Guest", "vat_number": number})
    address = ADDRESS | {"company_name": "Guest", "vat_number": NUMBERS[0]}
    assert client.post(reverse("checkout:shipping-address"), address).status_code == 302
    assert asked(worker) == []

    place_order(client)
    assert asked(worker) == [NUMBERS[0]]


def test_an_order_with_a_number_that_is_known_has_nobody_asked(shop, client, worker):
    record_answer(NUMBERS[0], Answer("valid"))
    go_to_preview(client, shop, email="guest@example.org")
    client.post(PAGE, {"company_name": "Guest", "vat_number": NUMBERS[0]})
    place_order(client)

    assert get_model("order", "Order").objects.count() == 1
    assert asked(worker) == []


def test_a_signed_in_buyer_has_five_numbers_asked_about_each_once(shop, ann, enter, worker):
    buyer = enter(ann)
    go_to_preview(buyer, shop)
    for number in (NUMBERS[0], NUMBERS[1], NUMBERS[0]):
        buyer.post(PAGE, {"company_name": "Ann", "vat_number": number, "keep": "on"})
    assert asked(worker) == NUMBERS[:2]

    for number in NUMBERS[2:]:
        assert buyer.post(PAGE, {"company_name": "Ann", "vat_number": number}).status_code == 302
    for number in NUMBERS:
        assert buyer.post(ACCOUNT, {"company_name": "Ann", "vat_number": number}).status_code == 302
    fill_basket(buyer, shop)
    address = ADDRESS | {"company_name": "Ann", "vat_number": NUMBERS[6]}
    assert buyer.post(reverse("checkout:shipping-address"), address).status_code == 302
    book = ADDRESS | {"company_name": "Ann", "vat_number": NUMBERS[7]}
    assert buyer.post(reverse("customer:address-create"), book).status_code == 302
    assert AddressCompany.objects.get().vat_number == NUMBERS[7]
    assert asked(worker) == NUMBERS[:5]

    place_order(buyer)
    assert asked(worker) == [*NUMBERS[:5], NUMBERS[6]]


def test_staff_have_as_many_asked_about_as_they_store(shop, editor, worker):
    for index, number in enumerate(NUMBERS):
        page = reverse("oscar_customers:add")
        data = {"email": f"{index}@example.org", "vat_number": number}
        assert editor.post(page, data).status_code == 302

    assert asked(worker) == NUMBERS


def test_outside_a_request_nothing_is_limited(shop, worker):
    for index, number in enumerate(NUMBERS):
        create_customer(email=f"{index}@example.org", vat_number=number)

    assert asked(worker) == NUMBERS
