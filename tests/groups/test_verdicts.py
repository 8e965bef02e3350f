"""Why a customer has a discount of a group, or has it not, in the words that everybody reads."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_class, get_model
from oscar.test.factories import BenefitFactory, ConditionFactory, RangeFactory

from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.groups.actions import add_to_group, remove_from_group
from oscar_customers_ext.groups.offers.actions import create_discount
from oscar_customers_ext.groups.offers.terms import Terms
from oscar_customers_ext.groups.offers.verdicts import verdicts
from tests.checkout import buy
from tests.factories import make_product
from tests.groups.test_groups import make_group
from tests.groups.test_offers import make_buyer, make_offer, sign_in

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
Basket = get_model("basket", "Basket")
Benefit = get_model("offer", "Benefit")
ConditionalOffer = get_model("offer", "ConditionalOffer")


@pytest.fixture
def ann(shop):
    return make_buyer()


@pytest.fixture
def trade(ann):
    group = make_group()
    add_to_group([ann.pk], group, actor=None)
    return group


@pytest.fixture
def discount(trade):
    return create_discount(trade, Terms("Trade price", "Percentage", Decimal(10)), actor=None)


def basket_with(*products, owner, quantity=2):
    basket = Basket.objects.create(owner=owner)
    basket.strategy = get_class("partner.strategy", "Selector")().strategy(user=owner)
    for product in products:
        basket.add_product(product, quantity)
    get_class("offer.applicator", "Applicator")().apply(basket, owner or AnonymousUser())
    return basket


def said(found):
    return [(verdict.about.name, verdict.applies, verdict.reason, str(verdict.sentence)) for verdict in found]


def the_one(customer, basket=None, **options):
    [verdict] = verdicts(customer, basket, **options)
    assert verdict.rule == "group-offer"
    return verdict.applies, verdict.reason, str(verdict.sentence)


def test_an_offer_in_force(ann, discount):
    assert the_one(ann) == (True, "in-force", "In force: 10 % off All products.")
    assert verdicts(ann)[0].about == discount


@pytest.mark.parametrize(
    ("columns", "reason", "sentence"),
    [
        ({"start_datetime": "2900-05-01T10:00Z"}, "not-started", "It begins on 05/01/2900 noon."),
        ({"end_datetime": "2020-05-01T10:00Z"}, "expired", "It ended on 05/01/2020 noon."),
        ({"status": "Suspended"}, "suspended", "It is suspended at the moment."),
        ({"status": "Consumed"}, "used-up", "It has been used as often as it can be."),
        ({"offer_type": "Site"}, "other-type", "It is no longer an offer for certain users."),
    ],
)
@pytest.mark.parametrize("with_basket", [False, True])
def test_an_offer_that_is_not_in_force(ann, shop, discount, columns, reason, sentence, with_basket):
    ConditionalOffer.objects.update(**columns)
    basket = basket_with(shop, owner=ann.user) if with_basket and reason != "other-type" else None

    assert the_one(ann, basket) == (False, reason, sentence)


def test_an_incomplete_offer(ann, discount):
    Benefit.objects.update(range=None)

    assert the_one(ann) == (False, "incomplete", "It is not complete, so nobody gets it.")


def test_a_customer_without_account_gets_nothing(shop, trade, discount):
    guest = create_customer(email="guest@example.org")
    add_to_group([guest.pk], trade, actor=None)

    assert the_one(guest) == (False, "no-account", "Only buyers who are signed in get it.")


def test_a_cart_filled_without_signing_in_gets_nothing(ann, shop, discount):
    assert the_one(ann, basket_with(shop, owner=None))[:2] == (False, "no-account")


def test_offers_of_other_groups_are_told_when_asked(ann, trade, discount):
    create_discount(make_group("Press"), Terms("Press price", "Percentage", Decimal(20)), actor=None)
    remove_from_group([ann.pk], trade, actor=None)

    assert verdicts(ann) == []
    add_to_group([ann.pk], trade, actor=None)
    assert [verdict.reason for verdict in verdicts(ann)] == ["in-force"]
    assert said(verdicts(ann, others=True)) == [
        ("Trade price", True, "in-force", "In force: 10 % off All products."),
        ("Press price", False, "not-in-group", "It is for certain customers only."),
    ]


# With a basket


def test_what_it_takes_off_this_basket(ann, shop, discount):
    assert the_one(ann, basket_with(shop, owner=ann.user)) == (
        True,
        "applied",
        "It takes €2.00 off this cart.",
    )


def test_shipping_for_less(ann, shop, trade):
    make_offer(trade, benefit=Benefit.objects.create(type="Shipping percentage", value=50))

    assert the_one(ann, basket_with(shop, owner=ann.user)) == (
        True,
        "applied",
        "It lowers the shipping costs of this cart.",
    )


def test_an_empty_basket(ann, discount):
    assert the_one(ann, basket_with(owner=ann.user)) == (False, "empty", "The cart is empty.")


def test_a_minimum_that_is_not_reached(ann, shop, trade):
    terms = Terms("Trade price", "Percentage", Decimal(10), minimum=Decimal(50))
    create_discount(trade, terms, actor=None)

    assert the_one(ann, basket_with(shop, owner=ann.user)) == (
        False,
        "condition",
        "The cart does not fulfil its condition. Spend €30.00 more from All products.",
    )


def test_nothing_in_the_basket_is_in_the_range(ann, shop, trade):
    everything = RangeFactory(name="All", includes_all_products=True)
    cups = RangeFactory(name="Cups")
    make_offer(
        trade,
        condition=ConditionFactory(range=everything, type="Count", value=1),
        benefit=BenefitFactory(range=cups, type="Percentage", value=10, max_affected_items=None),
    )

    assert the_one(ann, basket_with(shop, owner=ann.user)) == (
        False,
        "no-products",
        "Nothing in the cart is what it takes something off.",
    )


def test_another_exclusive_offer_took_the_items(ann, shop, trade, discount):
    better = create_discount(trade, Terms("Better", "Percentage", Decimal(20)), actor=None)
    ConditionalOffer.objects.filter(pk=better.pk).update(priority=5)
    basket = basket_with(shop, owner=ann.user)
    before = basket.total_excl_tax

    assert said(verdicts(ann, basket)) == [
        ("Better", True, "applied", "It takes €4.00 off this cart."),
        ("Trade price", False, "other-offer", "Other discounts took what is in the cart: Better."),
    ]
    assert basket.total_excl_tax == before == Decimal("16.00")
    assert [entry["name"] for entry in basket.offer_applications] == ["Better"]


def test_an_amount_in_another_currency(ann, shop, trade, settings):
    create_discount(trade, Terms("Trade price", "Absolute", Decimal(3)), actor=None)
    settings.OSCAR_DEFAULT_CURRENCY = "JPY"

    assert the_one(ann, basket_with(shop, owner=ann.user)) == (
        False,
        "other-currency",
        "Amounts are taken off carts in JPY only.",
    )


def test_a_customer_who_used_it_as_often_as_allowed(client, ann, shop, discount):
    ConditionalOffer.objects.update(max_user_applications=1)
    assert the_one(ann)[1] == "in-force"

    buy(sign_in(client, ann), shop)

    used = (False, "used-by-customer", "It has been used as often as one customer may.")
    assert the_one(ann) == the_one(ann, basket_with(shop, owner=ann.user)) == used


def test_an_offer_that_was_not_applied_at_all(ann, shop, discount):
    basket = basket_with(shop, owner=ann.user)
    basket.reset_offer_applications()

    assert the_one(ann, basket) == (False, "nothing-off", "It takes nothing off this cart.")


# What it costs


def count(work):
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def test_the_card_costs_the_same_however_many_offers(ann, shop, trade, discount):
    ConditionalOffer.objects.update(max_user_applications=1)
    assert count(lambda: verdicts(ann)) == 3

    for number in range(40):
        create_discount(trade, Terms(f"Offer {number}", "Percentage", Decimal(10)), actor=None)
    ConditionalOffer.objects.update(max_user_applications=1)

    assert count(lambda: verdicts(ann)) == 3
    assert count(lambda: verdicts(ann, others=True)) == 3


def test_a_basket_costs_the_same_however_many_offers_and_lines(ann, shop, trade, discount):
    def ask(*products):
        basket = basket_with(*products, owner=ann.user)
        basket.is_empty  # noqa: B018 - counted by the shop, too
        return count(lambda: verdicts(ann, basket))

    terms = Terms("First", "Percentage", Decimal(5))
    create_discount(trade, terms, actor=None)
    few = ask(shop)

    for number in range(10):
        create_discount(trade, Terms(f"Offer {number}", "Percentage", Decimal(10)), actor=None)

    assert few == 4
    assert ask(shop, *(make_product(f"Cup {number}") for number in range(5))) == few
