"""Through Oscar's own pages: who pays tax, and where."""

from decimal import Decimal

import pytest
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.models import OrderTaxIdentity, TaxExemption
from tests.checkout import ADDRESS, buy, fill_basket, go_to_preview, place_order
from tests.factories import make_country, make_user
from tests.tax.shops import figures

pytestmark = pytest.mark.django_db(transaction=True)

GERMAN = {**ADDRESS, "country": "DE", "line4": "Berlin", "postcode": "10115", "phone_number": ""}
TAXED = {
    "total": (Decimal("14.02"), Decimal("17.10")),
    "shipping": (Decimal("4.02"), Decimal("4.90")),
    "Espresso cup unit": (Decimal("10.00"), Decimal("12.20")),
    "Espresso cup line": (Decimal("10.00"), Decimal("12.20")),
    "Espresso cup before discounts": (Decimal("10.00"), Decimal("12.20")),
    "Espresso cup price 0": (Decimal("10.00"), Decimal("12.20")),
}
UNTAXED = {name: (excl_tax, excl_tax) for name, (excl_tax, _incl_tax) in TAXED.items()}


@pytest.fixture
def order(db):
    return lambda: get_model("order", "Order").objects.get()


def test_product_page_basket_preview_and_order_of_an_exempt_customer_agree(exempt_ann, taxed, enter, order):
    client = enter(exempt_ann)

    page = client.get(taxed.get_absolute_url())
    assert "€10.00" in page.text
    assert "12.20" not in page.text
    go_to_preview(client, taxed)
    basket = client.get(reverse("basket:summary"))
    assert basket.context["order_total"].incl_tax == Decimal("14.02")
    preview = client.get(reverse("checkout:preview"))
    assert preview.context["order_total"].incl_tax == Decimal("14.02")
    assert "17.10" not in basket.text + preview.text
    place_order(client)

    assert figures(order()) == UNTAXED
    identity = OrderTaxIdentity.objects.get()
    assert (identity.order, identity.is_exempt) == (order(), True)
    assert (identity.exemption, identity.exemption_reason) == (TaxExemption.objects.get(), "Embassy")
    assert (identity.country_code, identity.vat_number, identity.company_name) == ("IT", "", "")


def test_a_guest_who_types_the_address_of_an_exempt_customer_pays_tax(shop, taxed, client, order):
    customer = create_customer(email="embassy@example.org")
    TaxExemption.objects.create(customer=customer, reason="Embassy")

    buy(client, taxed, email="embassy@example.org")

    assert order().customer_link.customer == customer
    assert figures(order()) == TAXED
    assert not OrderTaxIdentity.objects.exists()


def test_a_guest_who_gets_past_the_form_with_the_address_of_an_account_pays_tax(
    exempt_ann, taxed, client, order
):
    go_to_preview(client, taxed, email="guest@example.org")
    session = client.session
    session["checkout_data"]["guest"]["email"] = "ann@example.org"
    session.save()
    place_order(client)

    assert figures(order()) == TAXED
    assert not OrderTaxIdentity.objects.exists()


def test_a_user_who_is_not_attached_pays_tax(exempt_ann, taxed, client, order):
    namesake = make_user("ANN@example.org")
    client.force_login(namesake, backend="django.contrib.auth.backends.ModelBackend")

    buy(client, taxed)

    assert figures(order()) == TAXED
    assert not OrderTaxIdentity.objects.exists()


def test_a_user_who_was_renamed_since_signing_in_pays_tax(exempt_ann, taxed, enter):
    client = enter(exempt_ann)
    client.get(reverse("basket:summary"))
    user = exempt_ann.user
    user.username = "somebody-else"
    user.save()

    assert "€12.20" in client.get(taxed.get_absolute_url()).text


@pytest.mark.parametrize(("address", "expected"), [(GERMAN, UNTAXED), (ADDRESS, TAXED)])
def test_the_address_chosen_in_the_checkout_decides(ann, taxed, enter, order, address, expected):
    make_country("DE", "Germany")
    german = TaxExemption.objects.create(customer=ann, reason="Agency")
    german.countries.set(["DE"])
    client = enter(ann)
    fill_basket(client, taxed)
    assert client.get(reverse("basket:summary")).context["order_total"].incl_tax == Decimal("17.10")

    client.post(reverse("checkout:shipping-address"), address)
    method_page = client.get(reverse("checkout:shipping-method"))
    client.get(reverse("checkout:payment-method"))
    place_order(client)

    assert method_page.status_code == 302
    assert figures(order()) == expected
    assert OrderTaxIdentity.objects.filter(country_code="DE").exists() is (expected is UNTAXED)


def test_another_country_on_the_way_back_changes_the_next_page(ann, taxed, enter):
    make_country("DE", "Germany")
    german = TaxExemption.objects.create(customer=ann, reason="Agency")
    german.countries.set(["DE"])
    client = enter(ann)

    totals = []
    for address in (GERMAN, ADDRESS, GERMAN):
        go_to_preview(client, taxed, address=address)
        totals.append(client.get(reverse("checkout:preview")).context["order_total"].incl_tax)

    assert totals == [Decimal("14.02"), Decimal("29.30"), Decimal("34.02")]


def test_an_address_from_the_book_decides_too_and_a_foreign_one_does_not(ann, taxed, enter):
    make_country("DE", "Germany")
    german = TaxExemption.objects.create(customer=ann, reason="Agency")
    german.countries.set(["DE"])
    UserAddress = get_model("address", "UserAddress")
    fields = {"line1": "Unter den Linden 1", "line4": "Berlin", "postcode": "10115", "country_id": "DE"}
    own = UserAddress.objects.create(user=ann.user, **fields)
    foreign = UserAddress.objects.create(user=make_user("bob@example.org"), **fields)
    client = enter(ann)
    fill_basket(client, taxed)

    def price_with(address):
        session = client.session
        session["checkout_data"] = {"shipping": {"user_address_id": address.pk}}
        session.save()
        return client.get(reverse("basket:summary")).context["order_total"].incl_tax

    assert price_with(own) == Decimal("14.02")
    assert price_with(foreign) == Decimal("17.10")
    own.is_default_for_shipping = True
    own.save()
    assert price_with(foreign) == Decimal("14.02")


def test_an_exemption_that_staff_delete_while_the_buyer_pays_leaves_the_order(
    exempt_ann, taxed, enter, order, monkeypatch
):
    view = "oscar.apps.checkout.views.PaymentDetailsView.handle_payment"
    monkeypatch.setattr(view, lambda *args, **kwargs: TaxExemption.objects.all().delete())
    client = enter(exempt_ann)

    buy(client, taxed)

    assert figures(order()) == UNTAXED
    identity = OrderTaxIdentity.objects.select_related("exemption").get()
    assert (identity.is_exempt, identity.exemption, identity.exemption_reason) == (True, None, "Embassy")
