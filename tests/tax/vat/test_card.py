"""What staff see of VAT numbers on the card, and the button that asks the registry."""

import pytest
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model
from wagtail.models import ModelLogEntry

from oscar_customers_ext.activity.events import timeline
from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.customers.addresses.actions import save_address
from oscar_customers_ext.customers.addresses.books import new_address
from oscar_customers_ext.models import AddressCompany, Customer, OrderTaxIdentity, VatCheck
from oscar_customers_ext.tax.vat.actions import record_answer
from oscar_customers_ext.tax.vat.audit import CHECK_VAT_NUMBERS
from oscar_customers_ext.tax.vat.registries import Answer
from tests.factories import make_order, make_user
from tests.tax.vat.test_checks import ADDRESS, age

from . import fake_registry as fake

pytestmark = pytest.mark.django_db

NUMBER, GERMAN = "IT00743110157", "DE136695976"
HOSTILE = "<script>alert(1)</script>"


def url(name, customer):
    return reverse(f"oscar_customers:{name}", args=[customer.pk])


@pytest.fixture
def customer(shop):
    return create_customer(email="ann@example.org", first_name="Ann", country_id="IT", vat_number=NUMBER)


def test_the_details_show_the_registry_only_where_there_is_a_number(editor, customer):
    page = editor.get(url("edit", customer)).text
    assert url("vat_numbers", customer) in page
    Customer.objects.update(vat_number="")
    assert url("vat_numbers", customer) not in editor.get(url("edit", customer)).text


@pytest.mark.parametrize(
    ("answer", "label"),
    [
        (Answer("valid"), "Valid"),
        (Answer("invalid"), "Invalid"),
        (Answer("unavailable"), "Registry not available"),
        (None, "Not checked yet"),
    ],
)
def test_the_verdict_stands_beside_its_number(viewer, customer, answer, label):
    if answer:
        record_answer(NUMBER, answer)
    shown = viewer.get(url("vat_numbers", customer)).text

    assert NUMBER in shown
    assert label in shown


def test_a_verdict_that_counts_no_more_says_so(viewer, customer):
    record_answer(NUMBER, Answer("valid"))
    assert "too long ago" not in viewer.get(url("vat_numbers", customer)).text
    age(NUMBER, days=31)
    assert "too long ago to count" in viewer.get(url("vat_numbers", customer)).text


def test_a_new_number_shows_nothing_of_the_old_ones_verdict(editor, customer):
    record_answer(NUMBER, Answer("valid", "ROSSI SRL", "WAPI1"))
    customer.vat_number = "IT01114601006"
    customer.save()

    shown = editor.get(url("vat_numbers", customer)).text
    assert "Not checked yet" in shown
    assert "ROSSI SRL" not in shown
    assert "WAPI1" not in shown


def test_what_the_registry_wrote_is_escaped(editor, customer, registry):
    registry.answers[NUMBER] = {"valid": True, "name": HOSTILE, "requestIdentifier": HOSTILE}
    response = editor.post(url("check_vat_numbers", customer), follow=True)

    shown = editor.get(url("vat_numbers", customer)).text
    assert shown.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2
    assert HOSTILE not in shown
    assert HOSTILE not in response.text


def test_staff_ask_now_and_the_log_says_so(editor, customer, registry):
    registry.answers[NUMBER] = fake.VALID
    page = editor.get(url("check_vat_numbers", customer)).text
    assert NUMBER in page
    assert registry.questions == []

    response = editor.post(url("check_vat_numbers", customer))

    assert response.url == f"{url('edit', customer)}#tab-details"
    assert VatCheck.objects.get().state == "valid"
    entry = ModelLogEntry.objects.get(action=CHECK_VAT_NUMBERS)
    assert (entry.user.email, entry.data) == ("staff@example.org", {"numbers": {NUMBER: "valid"}})
    assert timeline(customer, {"changes"})[0].text == f"VAT numbers checked: {NUMBER}: Valid"


def test_whoever_may_only_look_cannot_ask(viewer, customer, registry):
    assert url("check_vat_numbers", customer) not in viewer.get(url("vat_numbers", customer)).text
    assert viewer.post(url("check_vat_numbers", customer)).status_code == 302
    assert registry.questions == []


def test_numbers_that_no_registry_knows_are_not_asked_about(editor, customer, registry):
    Customer.objects.update(vat_number="GB980780684")
    assert "Not checked by a registry" in editor.get(url("vat_numbers", customer)).text
    assert url("check_vat_numbers", customer) not in editor.get(url("vat_numbers", customer)).text

    page = editor.get(url("check_vat_numbers", customer)).text
    assert "There is no number that a registry could be asked about." in page
    editor.post(url("check_vat_numbers", customer))
    assert registry.questions == []
    assert not ModelLogEntry.objects.filter(action=CHECK_VAT_NUMBERS).exists()


@pytest.mark.parametrize("answer", [fake.slow, fake.garbage])
def test_a_registry_that_is_down_is_not_asked_about_the_rest(editor, customer, registry, settings, answer):
    settings.OSCAR_CUSTOMERS_VAT_REGISTRY_TIMEOUT = 1
    save_address(customer, new_address(customer, **ADDRESS, country_id="IT"), vat_number="IT01114601006")
    registry.answers[NUMBER] = answer

    page = editor.post(url("check_vat_numbers", customer), follow=True).text

    assert f"{NUMBER}: Registry not available" in page
    assert registry.asked == [NUMBER]
    assert VatCheck.objects.get().state == "unavailable"


@pytest.mark.parametrize("has_account", [False, True])
def test_numbers_of_addresses_are_listed_once_each(editor, customer, has_account):
    if has_account:
        Customer.objects.update(user=make_user("ann@example.org"))
        customer.refresh_from_db()
    for line, number in (("Via Po 1", NUMBER), ("Via Po 2", "IT01114601006"), ("Via Po 3", "IT01114601006")):
        columns = ADDRESS | {"line1": line}
        save_address(customer, new_address(customer, **columns, country_id="IT"), vat_number=number)

    shown = editor.get(url("vat_numbers", customer)).text
    assert shown.count("VAT number of an address") == 1
    assert (shown.count(NUMBER), shown.count("IT01114601006")) == (1, 1)


def test_the_section_costs_the_same_with_many_addresses(editor, customer, django_assert_max_num_queries):
    Customer.objects.update(user=make_user("ann@example.org"))
    address_model = get_model("address", "UserAddress")
    user = Customer.objects.get().user
    counts = []
    for number in (1, 200):
        rows = [
            address_model(user=user, line1=f"Via {number}-{place}", country_id="IT", hash=f"{number}-{place}")
            for place in range(number)
        ]
        address_model.objects.bulk_create(rows)
        AddressCompany.objects.bulk_create(
            AddressCompany(address=address, vat_number=GERMAN)
            for address in address_model.objects.filter(hash__startswith=f"{number}-")
        )
        with django_assert_max_num_queries(15) as captured:
            editor.get(url("vat_numbers", customer))
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_the_tax_section_lists_the_numbers(sign_in, customer):
    record_answer(NUMBER, Answer("valid", HOSTILE))
    staff = sign_in("view_customer", "view_taxexemption")
    shown = staff.get(url("tax", customer)).text
    assert NUMBER in shown
    assert "&lt;script&gt;" in shown
    assert HOSTILE not in shown
    assert url("check_vat_numbers", customer) not in shown
    Customer.objects.update(vat_number="")
    assert "VAT numbers" not in staff.get(url("tax", customer)).text


def test_the_orders_page_shows_its_copy(viewer, shop):
    order = make_order("ann@example.org")
    OrderTaxIdentity.objects.create(
        order=order,
        company_name=HOSTILE,
        vat_number=NUMBER,
        vat_state="valid",
        vat_checked_at=timezone.now(),
        consultation_number="WAPI1",
    )
    shown = viewer.get(reverse("oscar_customers_orders:inspect", args=[order.pk])).text

    for text in (NUMBER, "Valid", "WAPI1", "&lt;script&gt;alert(1)"):
        assert text in shown
    assert HOSTILE not in shown
