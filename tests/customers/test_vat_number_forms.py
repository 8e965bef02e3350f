"""Where a VAT number is typed: on the card, in an address by staff, and in the shop's address book."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.customers.addresses.actions import (
    hand_over_addresses,
    save_address,
    take_back_addresses,
)
from oscar_customers_ext.customers.addresses.books import address_book, new_address
from oscar_customers_ext.customers.addresses.companies import Company, company_of
from oscar_customers_ext.models import AddressCompany, Customer
from tests.customers.test_screen import FORM, url
from tests.factories import make_country, make_user
from tests.flows.test_address_book import SHOP_FORM

pytestmark = pytest.mark.django_db

UserAddress = get_model("address", "UserAddress")

NUMBER = "IT00743110157"
CHECKSUM = ["The check digits of this VAT number are wrong. Is a digit mistyped?"]
FOREIGN = [
    "This is a VAT number of another country (DE); one of the chosen country looks like IT00743110157. Correct the "
    "number, or the country."
]
ADDRESS = {
    "first_name": "Ann",
    "last_name": "Rossi",
    "line1": "Via Roma 1",
    "line4": "Torino",
    "postcode": "10121",
    "country": "IT",
}


def errors(response):
    return response.context["form"].errors


def sign_in(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_new_customers_number_is_stored_compact_and_found(editor):
    editor.post(url("add"), FORM | {"country": "IT", "vat_number": "007.431.101-57"})

    assert Customer.objects.get().vat_number == NUMBER
    for question in (NUMBER, "00743110157", "it 00743110157", "it007.431.101-57"):
        found = editor.get(url("index_results"), {"q": question}).context["object_list"]
        assert len(found) == 1, question


@pytest.mark.parametrize(
    ("number", "sentence"),
    [("IT00743110158", CHECKSUM), ("DE136695976", FOREIGN), ("de 136695977", CHECKSUM)],
)
@pytest.mark.parametrize("page", ["add", "edit"])
def test_what_is_no_number_of_the_country_is_refused_and_nothing_is_lost(editor, page, number, sentence):
    if page == "edit":
        customer = create_customer(email="ann@example.org", first_name="Ann", last_name="Rossi")
        page = url("edit", customer.pk)
    else:
        page = url("add")

    posted = FORM | {"country": "IT", "vat_number": number, "company_name": "Typed at length"}
    response = editor.post(page, posted)

    assert errors(response) == {"vat_number": sentence}
    assert "Typed at length" in response.text
    assert number in response.text
    assert not Customer.objects.exclude(vat_number="").exists()


def test_a_number_from_before_stays_until_it_or_the_country_is_changed(editor):
    customer = create_customer(
        email="ann@example.org", first_name="Ann", last_name="Rossi", vat_number="IT123"
    )
    page = url("edit", customer.pk)

    editor.post(page, FORM | {"vat_number": "IT123", "phone": "011 5550100"})
    customer.refresh_from_db()
    assert (customer.vat_number, customer.phone) == ("IT123", "011 5550100")
    assert "vat_number" in errors(editor.post(page, FORM | {"vat_number": "IT123", "country": "IT"}))
    editor.post(page, FORM | {"vat_number": "", "country": "IT"})
    customer.refresh_from_db()
    assert (customer.vat_number, customer.country_id) == ("", "IT")


def test_a_number_of_a_country_without_a_check_is_stored_as_typed(editor):
    make_country("US", "United States")

    editor.post(url("add"), FORM | {"country": "US", "vat_number": " 12-345  6 "})

    assert Customer.objects.get().vat_number == "12-345 6"


# Addresses, by staff


@pytest.fixture(params=["guest", "account"])
def customer(request, editor):
    found = create_customer(email="ann@example.org")
    if request.param == "account":
        Customer.objects.filter(pk=found.pk).update(user=make_user("ann@example.org"))
        found.refresh_from_db()
    return found


def test_staff_give_an_address_its_number_and_take_it_away(editor, customer):
    add = url("add_address", customer.pk)
    editor.post(add, ADDRESS | {"company_name": "Rossi", "vat_number": "00743110157"})

    [address] = address_book(customer)
    assert company_of(address) == Company("Rossi", NUMBER)
    assert f"VAT number: {NUMBER}" in editor.get(url("addresses", customer.pk)).text
    book = "account" if customer.user_id else "guest"
    page = url("edit_address", customer.pk, book, address.pk)
    assert f'value="{NUMBER}"' in editor.get(page).text

    editor.post(page, ADDRESS | {"company_name": "", "vat_number": NUMBER})
    assert company_of(address_book(customer).get()) == Company("", NUMBER)
    editor.post(page, ADDRESS | {"company_name": "", "vat_number": ""})
    assert company_of(address_book(customer).get()) == Company()
    assert not AddressCompany.objects.exists()


@pytest.mark.parametrize(("number", "sentence"), [("IT00743110158", CHECKSUM), ("DE136695976", FOREIGN)])
def test_staff_are_told_what_is_wrong_with_an_addresss_number(editor, customer, number, sentence):
    response = editor.post(url("add_address", customer.pk), ADDRESS | {"vat_number": number})

    assert errors(response) == {"vat_number": sentence}
    assert not address_book(customer).exists()


def test_the_action_checks_a_number_too(customer):
    address = new_address(customer, **{**ADDRESS, "country": make_country()})

    for number, sentence in (("IT00743110158", CHECKSUM), ("x" * 33, None)):
        with pytest.raises(ValidationError) as refused:
            save_address(customer, address, vat_number=number)
        assert sentence is None or refused.value.message_dict == {"vat_number": sentence}
    address.country = make_country("US", "United States")
    address.postcode = "10121"
    with pytest.raises(ValidationError) as refused:
        save_address(customer, address, vat_number="x" * 33)
    assert refused.value.message_dict == {"vat_number": ["A VAT number has at most 32 characters."]}
    assert not address_book(customer).exists()


def test_a_number_moves_with_the_address_book(shop):
    user = make_user("ann@example.org")
    customer = create_customer(email="ann@example.org")
    address = new_address(customer, **{**ADDRESS, "country": make_country()})
    save_address(customer, address, vat_number="00743110157")

    hand_over_addresses(customer, user, keep_defaults=True)
    assert company_of(UserAddress.objects.get()) == Company("", NUMBER)

    Customer.objects.filter(pk=customer.pk).update(user=user)
    take_back_addresses(user)
    Customer.objects.filter(pk=customer.pk).update(user=None)
    customer.refresh_from_db()
    assert company_of(address_book(customer).get()) == Company("", NUMBER)


# In the shop's address book


@pytest.fixture
def buyer(shop):
    user = make_user("ann@example.org")
    create_customer(email="ann@example.org", user=user)
    return sign_in(user)


def test_a_buyer_gives_an_address_its_number(buyer):
    buyer.post(reverse("customer:address-create"), SHOP_FORM | {"vat_number": "007 431 101 57"})

    address = UserAddress.objects.get()
    assert company_of(address) == Company("Rossi S.r.l.", NUMBER)
    assert f"VAT number: {NUMBER}<br/>" in buyer.get(reverse("customer:address-list")).text


@pytest.mark.parametrize(("number", "sentence"), [("IT00743110158", CHECKSUM), ("DE136695976", FOREIGN)])
def test_a_buyer_is_told_what_is_wrong_with_a_number(buyer, number, sentence):
    response = buyer.post(reverse("customer:address-create"), SHOP_FORM | {"vat_number": number})

    assert errors(response) == {"vat_number": sentence}
    assert f'value="{number}"' in response.text
    assert not UserAddress.objects.exists()


def test_a_page_of_the_site_without_the_field_keeps_the_number(buyer):
    buyer.post(reverse("customer:address-create"), SHOP_FORM | {"vat_number": NUMBER})
    address = UserAddress.objects.get()
    without = {name: value for name, value in SHOP_FORM.items() if name != "company_name"}

    page = reverse("customer:address-detail", args=[address.pk])
    buyer.post(page, without | {"line1": "Via Po 2"})
    assert company_of(UserAddress.objects.get()) == Company("Rossi S.r.l.", NUMBER)
    buyer.post(page, without | {"company_name": ""})
    assert company_of(UserAddress.objects.get()) == Company("", NUMBER)
