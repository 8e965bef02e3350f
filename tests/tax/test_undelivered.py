"""Orders of which nothing is sent: no address that a buyer typed frees anybody from tax."""

import pytest
from django.test import Client
from django.urls import reverse
from oscar.apps.basket.middleware import BasketMiddleware
from oscar.core.loading import get_model

from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.models import Customer, OrderTaxIdentity, TaxExemption
from oscar_customers_ext.tax.decisions import country_of
from oscar_customers_ext.tax.vat.actions import record_answer
from oscar_customers_ext.tax.vat.registries import Answer
from tests.checkout import ADDRESS, buy, fill_basket, place_order
from tests.factories import make_country, make_product, make_user
from tests.tax.shops import Shop

pytestmark = pytest.mark.django_db

Order = get_model("order", "Order")
UserAddress = get_model("address", "UserAddress")
GERMAN = ADDRESS | {"country": "DE", "line4": "Berlin", "postcode": "10115", "phone_number": ""}
NUMBER = "DE136695976"


@pytest.fixture
def course(taxed):
    return make_digital("Course")


@pytest.fixture(params=["exemption", "VAT number"])
def anna(request, ann, settings):
    """Pays no tax for Germany, by either rule."""
    make_country("DE", "Germany")
    if request.param == "exemption":
        TaxExemption.objects.create(customer=ann, reason="Agency").countries.set(["DE"])
    else:
        settings.OSCAR_CUSTOMERS_VAT_NUMBER = "IT01114601006"
        settings.OSCAR_CUSTOMERS_VAT_EXEMPTS_FOREIGN_COMPANIES = True
        ann.company_name, ann.vat_number = "Bauer GmbH", NUMBER
        ann.save()
        record_answer(NUMBER, Answer("valid"))
    return ann


def make_digital(title):
    product = make_product(title)
    product.product_class = type(product.product_class).objects.create(name=title, requires_shipping=False)
    product.save()
    return product


def german_default(customer):
    return UserAddress.objects.create(
        user=customer.user,
        line1="1",
        line4="Berlin",
        postcode="10115",
        country_id="DE",
        is_default_for_shipping=True,
    )


def finish(client):
    """From the step of the shipping method to the order, as a basket without shipping goes."""
    client.get(reverse("checkout:shipping-method"))
    client.get(reverse("checkout:payment-method"))
    assert place_order(client).url == reverse("checkout:thank-you")
    return Order.objects.latest("pk")


def is_taxed(order):
    identity = OrderTaxIdentity.objects.filter(order=order).first()
    assert order.shipping_address is None
    assert identity is None or identity.country_code == ""
    assert (identity is not None and identity.is_exempt) is (order.total_incl_tax == order.total_excl_tax)
    return order.total_incl_tax > order.total_excl_tax


def choose_country(editor, customer, code):
    """On the customer's page, the way staff do."""
    url = reverse("oscar_customers:edit", args=[customer.pk])
    form = editor.get(url).context["form"]
    data = {
        form.add_prefix(name): "" if form[name].value() is None else form[name].value()
        for name in form.fields
    }
    response = editor.post(url, data | {"country": code})
    assert response.status_code == 302, response.context["form"].errors


def test_the_buyers_own_default_address_frees_nobody(course, anna, enter):
    german_default(anna)
    buyer = enter(anna)
    fill_basket(buyer, course)

    assert is_taxed(finish(buyer))


def test_an_address_left_in_the_checkout_frees_nobody(course, taxed, anna, enter):
    buyer = enter(anna)
    fill_basket(buyer, taxed)
    assert buyer.post(reverse("checkout:shipping-address"), GERMAN).status_code == 302
    anna.user.baskets.get().lines.get().delete()
    fill_basket(buyer, course)

    assert is_taxed(finish(buyer))


def test_a_country_that_came_from_an_order_of_the_buyer_frees_nobody(course, taxed, anna, enter):
    buyer = enter(anna)
    buy(buyer, taxed, address=GERMAN)
    Customer.objects.filter(pk=anna.pk).update(country_id="DE")
    fill_basket(buyer, course)

    assert is_taxed(finish(buyer))


def test_the_country_that_staff_chose_counts_and_only_while_it_stands(course, anna, editor):
    choose_country(editor, anna, "DE")
    buyer = Client()
    buyer.force_login(anna.user, backend="django.contrib.auth.backends.ModelBackend")
    fill_basket(buyer, course)
    assert not is_taxed(finish(buyer))

    choose_country(editor, anna, "")
    Customer.objects.filter(pk=anna.pk).update(country_id="DE")
    fill_basket(buyer, course)
    assert is_taxed(finish(buyer))


def test_the_country_of_a_customer_whom_staff_made_counts(shop, editor, request_of, course):
    make_country("DE", "Germany")
    editor.post(reverse("oscar_customers:add"), {"email": "eve@example.org", "country": "DE"})
    eve = Customer.objects.get(country_id="DE")
    other = create_customer(email="bob@example.org", country_id="DE")
    basket = Shop("included").basket_for(request_of(make_user("eve@example.org")), [(course, 1)])

    assert [country_of(found, basket=basket) for found in (eve, other)] == ["DE", ""]


def test_one_thing_to_send_makes_the_address_count(course, taxed, ann, request_of):
    make_country("DE", "Germany")
    german_default(ann)
    shop = Shop("included")

    def country(*products):
        request = request_of(ann.user)
        return country_of(ann, request, shop.basket_for(request, [(product, 1) for product in products]))

    assert (country(), country(course), country(course, taxed)) == ("DE", "", "DE")


def test_many_products_cost_no_more_queries_than_one(course, ann, request_of, django_assert_num_queries):
    shop, request = Shop("included"), request_of(ann.user)
    for number in (1, 12):
        products = [(make_digital(f"Course {number} {index}"), 1) for index in range(number)]
        basket = shop.basket_for(request, products)
        basket = type(basket).objects.get(pk=basket.pk)
        # The lines, their images and attributes, the classes; the rest of the basket is there already.
        with django_assert_num_queries(4):
            assert country_of(ann, request, basket) == ""


def test_what_is_priced_first_does_not_matter(course, ann, enter, rf):
    """A page that prices a product before the basket is loaded."""
    make_country("DE", "Germany")
    TaxExemption.objects.create(customer=ann, reason="Agency").countries.set(["DE"])
    german_default(ann)
    fill_basket(enter(ann), course)
    request = rf.get("/")
    request.user, request.session = ann.user, {}
    seen = []

    def page(request):
        seen.append(request.strategy.fetch_for_product(course).price.is_tax_known)
        seen.append(request.strategy.tax_decision.is_exempt)
        seen.append(request.basket.total_incl_tax > request.basket.total_excl_tax)

    middleware = BasketMiddleware(page)
    middleware.process_response = lambda request, response: response
    middleware(request)

    assert seen == [True, False, True]
