"""What a customer row guarantees by itself, through whatever door it is written."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from oscar_customers_ext.customers.actions import create_customer, link_order
from oscar_customers_ext.exceptions import CustomerExists, InvalidEmail, InvalidNumber
from oscar_customers_ext.models import Contact, Customer
from tests.factories import make_country, make_order

pytestmark = pytest.mark.django_db


def test_saving_a_row_held_for_a_while_keeps_the_counters(shop):
    held = create_customer(email="ann@example.org")
    link_order(make_order("ann@example.org"))

    held.phone = "1"
    held.save()

    stored = Customer.objects.get()
    assert (stored.phone, stored.orders_count) == ("1", 1)


def test_a_customer_without_contact_is_impossible(shop):
    for write in (
        Customer.objects.create,
        lambda **columns: Customer.objects.bulk_create([Customer(**columns)]),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write(first_name="Ann")
    assert not Customer.objects.exists()


def test_an_address_without_key_is_impossible(shop):
    contact = Contact.objects.create()
    with pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.bulk_create([Customer(email="ann@example.org", contact=contact)])
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.bulk_create([Contact(email="ann@example.org")])


def test_the_contact_follows_whoever_changes_the_address(shop):
    customer = create_customer(email="ann@example.org")
    contact_pk = customer.contact_id

    customer.email = "Ann@New.example"
    customer.save(update_fields=["email"])

    assert Contact.objects.get().pk == contact_pk
    assert Contact.objects.get().email_key == "ann@new.example"


def test_consent_of_another_address_is_never_taken_over(shop):
    customer = create_customer(email="ann@example.org")
    subscriber = Contact.objects.create(email="ann@new.example")

    customer.email = "ann@new.example"
    customer.save()

    customer.refresh_from_db()
    assert customer.contact == subscriber
    assert set(Contact.objects.values_list("email", flat=True)) == {"ann@example.org", "ann@new.example"}


def test_an_unusable_address_is_refused_by_saving(shop):
    customer = create_customer(email="ann@example.org")
    customer.email = "ann"
    with pytest.raises(InvalidEmail):
        customer.save()


def test_a_number_is_never_given_twice(shop):
    first = create_customer(email="ann@example.org")
    number, pk = first.number, first.pk
    first.delete()

    second = create_customer(email="bob@example.org")

    assert (second.pk != pk, second.number != number) == (True, True)
    assert second.number == f"C{second.pk:06d}"


def test_a_number_that_somebody_typed_earlier_gets_a_suffix(shop, settings):
    settings.OSCAR_CUSTOMERS_NUMBER_PATTERN = "K-{pk}"
    first = create_customer(email="ann@example.org")
    Customer.objects.filter(pk=first.pk).update(number=f"C{first.pk + 1:06d}")
    settings.OSCAR_CUSTOMERS_NUMBER_PATTERN = "C{pk:06d}"

    second = create_customer(email="bob@example.org")

    assert second.pk == first.pk + 1
    assert second.number == f"C{second.pk:06d}-2"
    assert second.number.lower() in second.search_text


def test_a_known_address_is_refused_with_the_customer_who_has_it(shop):
    ann = create_customer(email="Ann@Example.org")

    with pytest.raises(CustomerExists) as error:
        create_customer(email="ann@example.ORG")

    assert error.value.customer == ann
    assert Customer.objects.count() == Contact.objects.count() == 1


@pytest.mark.parametrize("number", ["C000042", "c1", "C99999999"])
def test_a_number_of_the_computed_form_cannot_be_chosen(shop, number):
    with pytest.raises(ValidationError, match="looks like one that the shop gives out itself") as error:
        create_customer(email="ann@example.org", number=number)

    assert isinstance(error.value.error_dict["number"][0], InvalidNumber)
    assert not Customer.objects.exists()
    assert not Contact.objects.exists()


def test_the_search_text_holds_every_form_of_what_is_asked_for(shop):
    customer = create_customer(
        email="Zoe@Example.org",
        first_name="Zoë",
        last_name="Weiß",
        company_name="Bücher & Co",
        phone="011 555-0100",
        country_id="IT",
        vat_number="IT 123",
        number="K-7",
    )
    for word in ("zoe", "weiss", "bucher", "0115550100", "390115550100", "k-7", str(customer.pk)):
        assert word in customer.search_text
    assert list(Customer.objects.search("ZOË 5550100")) == [customer]
    assert list(Customer.objects.search("+39 011 5550100")) == [customer]
    assert list(Customer.objects.search("zoe nobody")) == []
    assert list(Customer.objects.search("we zo co")) == [customer]
    assert list(Customer.objects.search("ei")) == []
    assert list(Customer.objects.search("")) == [customer]


@pytest.mark.parametrize(
    ("columns", "questions"),
    [
        ({"organisation_id": "556677-8899"}, ["556677-8899", "5566778899", "6677"]),
        ({"number": "2024-17"}, ["2024-17", "202417"]),
        ({"vat_number": "123.456.789"}, ["123.456.789", "123456789"]),
        (
            {"phone": "+46701234567"},
            [
                "0701234567",
                "070-123 45 67",
                "+46 70 123 45 67",
                "+46701234567",
                "(070) 123-4567",
                "070 123 45 67",
            ],
        ),
        ({"phone": "0701234567", "country_id": "SE"}, ["+46 70 123 45 67", "46701234567"]),
    ],
)
def test_numbers_are_found_however_they_are_written(shop, columns, questions):
    make_country("SE", "Sweden")
    customer = create_customer(email="", **columns)
    create_customer(email="bob@example.org", phone="+39 011 5550100")

    for question in questions:
        assert list(Customer.objects.search(question)) == [customer], question


def test_a_number_from_an_earlier_pattern_may_stay(shop, settings):
    customer = create_customer(email="ann@example.org")
    settings.OSCAR_CUSTOMERS_NUMBER_PATTERN = "C{pk:08d}"

    customer.full_clean()
    customer.number = "C00000099"
    with pytest.raises(ValidationError, match="looks like one"):
        customer.full_clean()
