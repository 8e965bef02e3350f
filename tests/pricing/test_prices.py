"""Why this price: what the rules of the shop say about a customer, and about one cart."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_customers_ext.coupons import terms as coupon_terms
from oscar_customers_ext.coupons.actions import create_coupon
from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.groups.actions import add_to_group
from oscar_customers_ext.groups.offers.actions import create_discount
from oscar_customers_ext.groups.offers.terms import Terms
from oscar_customers_ext.models import CustomerGroup
from oscar_customers_ext.tax.vat.verdicts import VatVerdict
from tests.factories import make_basket, make_product, make_user

pytestmark = pytest.mark.django_db

pytestmark = pytest.mark.django_db

Basket = get_model("basket", "Basket")


@pytest.fixture
def clerk(sign_in):
    return sign_in("view_customer", "view_basket")


@pytest.fixture
def ann(shop):
    return create_customer(email="ann@example.org", user=make_user("ann@example.org"))


def section(client, customer):
    return client.get(reverse("oscar_customers:prices", args=[customer.pk]))


def cart(client, customer, basket):
    return client.get(reverse("oscar_customers:prices_of_cart", args=[customer.pk, basket.pk]))


def said(response):
    """(rule, applies, reason) of everything that is shown."""
    explanation = response.context["explanation"]
    return [
        (verdict.rule, verdict.applies, verdict.reason)
        for _rule, verdicts in explanation.rules
        for verdict in verdicts
    ]


def test_the_card_says_that_the_customer_may_buy(clerk, ann):
    response = section(clerk, ann)

    assert ("approval", True, "may-buy") in said(response)
    assert "May place orders." in response.text
    assert "<form" not in response.text


def test_who_may_not_buy_is_told_in_the_words_of_the_checkout(clerk, ann):
    ann.approved_buyer = False
    ann.save()

    response = section(clerk, ann)

    assert ("approval", False, "pending") in said(response)
    assert "Your account is waiting for approval" in response.text


def test_the_cart_of_now_is_linked_and_explained(clerk, ann, shop):
    basket = make_basket(ann.user, products=[shop, make_product("Saucer <b>")], hours=0)

    assert reverse("oscar_customers:prices_of_cart", args=[ann.pk, basket.pk]) in section(clerk, ann).text
    response = cart(clerk, ann, basket)

    explanation = response.context["explanation"]
    assert [(line.quantity, line.before, line.after) for line in explanation.lines] == [
        (2, Decimal("20.00"), Decimal("20.00"))
    ] * 2
    assert explanation.total == Decimal("40.00")
    assert "Saucer &lt;b&gt;" in response.text


def test_an_empty_cart_is_not_linked(clerk, ann):
    basket = make_basket(ann.user)

    assert response_has_no_cart(section(clerk, ann))
    assert cart(clerk, ann, basket).status_code == 404


def test_without_permission_for_carts_none_is_linked(viewer, ann, shop):
    basket = make_basket(ann.user, products=[shop])

    assert response_has_no_cart(section(viewer, ann))
    assert cart(viewer, ann, basket).status_code == 302


def response_has_no_cart(response):
    return response.status_code == 200 and "/cart/" not in response.text


def test_a_cart_of_somebody_else_is_not_shown(clerk, ann, shop):
    theirs = make_basket(make_user("bob@example.org"), products=[shop])

    assert cart(clerk, ann, theirs).status_code == 404


def test_the_price_is_that_of_the_customer_and_not_of_the_member_of_staff(sign_in, ann, shop):
    boss = sign_in(superuser=True)
    make_basket(ann.user, products=[shop])

    response = section(boss, ann)

    assert response.context["explanation"].buyer.user == ann.user
    assert response.context["explanation"].buyer.request.customer == ann


def test_the_buyer_of_a_guests_cart_is_nobody(clerk, ann, shop):
    typed = make_basket(products=[shop], email="ann@example.org")

    response = cart(clerk, ann, typed)

    buyer = response.context["explanation"].buyer
    assert (buyer.user.is_authenticated, buyer.request.customer) == (False, None)


def test_nothing_is_stored(clerk, ann, shop):
    basket = make_basket(ann.user, products=[shop])
    before = list(Basket.objects.values()), list(basket.lines.values())

    cart(clerk, ann, basket)

    assert (list(Basket.objects.values()), list(basket.lines.values())) == before


def test_the_card_costs_the_same_however_full_the_cart_is(clerk, ann, shop):
    make_basket(ann.user, products=[shop])
    section(clerk, ann)
    with CaptureQueriesContext(connection) as one:
        section(clerk, ann)
    make_basket(ann.user, products=[make_product(f"Cup {number}") for number in range(30)])
    with CaptureQueriesContext(connection) as many:
        section(clerk, ann)

    assert len(many) == len(one) <= 15


def test_a_product_without_a_price_is_said_to_have_none(clerk, ann, shop):
    basket = make_basket(ann.user, products=[shop])
    shop.stockrecords.update(price=None)

    response = cart(clerk, ann, basket)

    assert response.status_code == 200
    assert "No price" in response.text


@pytest.fixture
def trade(ann):
    """Ten per cent off for a group that the customer is in."""
    group = CustomerGroup.objects.create(name="Trade", slug="trade")
    add_to_group([ann.pk], group, actor=None)
    return create_discount(group, Terms("Trade prices", "Percentage", Decimal(10)), actor=None)


def test_a_discount_of_a_group_is_explained_with_what_it_takes_off(sign_in, ann, shop, trade):
    clerk = sign_in("view_customer", "view_basket", "view_conditionaloffer")
    basket = make_basket(ann.user, products=[shop])

    assert ("group-offer", True, "in-force") in said(section(clerk, ann))
    response = cart(clerk, ann, basket)

    assert ("group-offer", True, "applied") in said(response)
    assert response.context["explanation"].discounts == [("Trade prices", Decimal("2.00"))]
    assert response.context["explanation"].total == Decimal("18.00")


def test_a_guest_who_typed_the_address_has_no_discount_of_a_group(sign_in, ann, shop, trade):
    clerk = sign_in("view_customer", "view_basket", "view_conditionaloffer")
    typed = make_basket(products=[shop], email="ann@example.org")

    response = cart(clerk, ann, typed)

    assert "group-offer" not in {rule for rule, _applies, _reason in said(response)}
    assert response.context["explanation"].total == Decimal("20.00")


def test_who_may_not_see_offers_reads_nothing_of_their_rules(clerk, ann, trade):
    assert "group-offer" not in {rule for rule, _applies, _reason in said(section(clerk, ann))}


@pytest.fixture
def coupon(ann):
    now = timezone.now()
    terms = coupon_terms.Terms(
        starts_at=now,
        ends_at=now + timedelta(days=1),
        kind="percentage",
        value=Decimal(20),
        scope="everything",
    )
    return create_coupon(ann, terms, code="ANN-ONLY", actor=None)


def test_a_coupon_is_explained_and_why_it_is_refused(sign_in, ann, shop, coupon):
    clerk = sign_in("view_customer", "view_basket", "view_customervoucher")
    bob = create_customer(email="bob@example.org", user=make_user("bob@example.org"))
    own, smuggled = (make_basket(buyer.user, products=[shop]) for buyer in (ann, bob))
    for basket in (own, smuggled):
        basket.vouchers.add(coupon.voucher)

    assert ("personal-coupon", True, "own") in said(section(clerk, ann))
    assert ("personal-coupon", True, "own") in said(cart(clerk, ann, own))
    refused = cart(clerk, bob, smuggled)

    assert ("personal-coupon", False, "other-customer") in said(refused)
    assert "it belongs to another customer" in refused.text
    assert refused.context["explanation"].discounts == []
    assert refused.context["explanation"].total == Decimal("20.00")


def test_who_may_not_see_coupons_reads_nothing_of_them(clerk, ann, coupon):
    assert "personal-coupon" not in {rule for rule, _applies, _reason in said(section(clerk, ann))}


def test_a_customer_without_account_reads_what_the_group_would_give(sign_in, shop):
    clerk = sign_in("view_customer", "view_basket", "view_conditionaloffer")
    guest = create_customer(email="guest@example.org")
    group = CustomerGroup.objects.create(name="Trade", slug="trade")
    add_to_group([guest.pk], group, actor=None)
    create_discount(group, Terms("Trade prices", "Percentage", Decimal(10)), actor=None)

    assert ("group-offer", False, "no-account") in said(section(clerk, guest))


def test_what_a_rule_is_about_is_shown_in_words(sign_in, ann):
    ann.company_name, ann.vat_number, ann.country_id = "Rossi S.r.l.", "IT00743110157", "IT"
    ann.save()

    page = section(sign_in(superuser=True), ann).text

    assert "number=" not in page
    assert str(VatVerdict("IT00743110157")) == "IT00743110157"


OFFERS, VOUCHERS = "view_conditionaloffer", "view_customervoucher"


@pytest.mark.parametrize(
    ("permissions", "shown"),
    [
        ([], [("Discounts", "6.00")]),
        ([OFFERS], [("Trade prices", "2.00"), ("Discounts", "4.00")]),
        ([VOUCHERS], [("Ann only", "4.00"), ("Discounts", "2.00")]),
        ([OFFERS, VOUCHERS], [("Trade prices", "2.00"), ("Ann only", "4.00")]),
    ],
)
def test_discounts_that_may_not_be_read_are_one_sum(sign_in, ann, shop, trade, coupon, permissions, shown):
    clerk = sign_in("view_customer", "view_basket", *permissions)
    get_model("offer", "ConditionalOffer").objects.update(exclusive=False)
    coupon.voucher.offers.update(name="Ann only")
    basket = make_basket(ann.user, products=[shop])
    basket.vouchers.add(coupon.voucher)

    response = cart(clerk, ann, basket)

    discounts = response.context["explanation"].discounts
    assert discounts == [(name, Decimal(amount)) for name, amount in shown]
    for name in {"Trade prices", "Ann only"} - {name for name, _amount in shown}:
        assert name not in response.text
