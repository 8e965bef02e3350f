"""What stands in front of the site's own objects behaves as they do, and leaves them as they are."""

import copy
from decimal import Decimal

import pytest
from oscar.apps.partner.prices import FixedPrice, TaxInclusiveFixedPrice, Unavailable
from oscar.apps.shipping.methods import FixedPrice as FixedShipping
from oscar.apps.shipping.methods import TaxInclusiveOfferDiscount
from oscar.apps.shipping.repository import Repository
from oscar.core.loading import get_class
from oscar.core.prices import Price

from oscar_customers_ext.tax.shipping import RepositoryMixin
from oscar_customers_ext.tax.stand_ins import ExemptMethod, ExemptPrice, exempt
from oscar_customers_ext.tax.strategy import JudgedStrategy, SelectorMixin
from oscar_customers_ext.tax.surcharges import OrderTotalCalculatorMixin
from tests.tax.shops import Included, Own, OwnPrice, Shop, weight_based

TEN, TWELVE = Decimal("10.00"), Decimal("12.20")


@pytest.mark.parametrize(
    "price",
    [
        TaxInclusiveFixedPrice("EUR", TEN, Decimal("2.20"), tax_code="standard"),
        FixedPrice("EUR", TEN),
        Price("EUR", TEN, incl_tax=TWELVE, tax_code="standard"),
        Price("EUR", TEN),
        OwnPrice(TWELVE, "EUR"),
    ],
    ids=lambda price: type(price).__name__,
)
def test_a_price_loses_its_tax_and_takes_none(price):
    before = repr(vars(price))
    found = exempt(price)

    for late in (None, Decimal("3.00")):
        if late:
            found.tax = found.incl_tax = found.effective_price = late
        assert (found.excl_tax, found.incl_tax, found.tax) == (TEN, TEN, 0)
        assert (found.effective_price, found.is_tax_known) == (TEN, True)
    assert isinstance(found, type(price))
    assert found.currency == "EUR"
    assert found.tax_code == price.tax_code
    assert repr(vars(price)) == before
    assert exempt(found) is found
    assert copy.copy(found).incl_tax == TEN


def test_a_price_that_does_not_exist_stays():
    price = Unavailable()
    assert exempt(price) is price
    assert exempt(None) is None


def test_prices_are_added_and_compared_as_oscars_are():
    one = exempt(Price("EUR", TEN, incl_tax=TWELVE))

    total = sum([one, one, Price("EUR", TEN, incl_tax=TWELVE)])
    assert (total.excl_tax, total.incl_tax, total.currency) == (30, 30, "EUR")
    assert one == Price("EUR", TEN, incl_tax=TEN)
    assert Price("EUR", TEN, incl_tax=TEN) == one
    assert one != Price("EUR", TEN, incl_tax=TWELVE)
    with pytest.raises(ValueError, match="different currencies"):
        one + Price("USD", TEN)


def test_the_strategy_answers_as_the_sites_own(exempt_ann, request_of):
    request = request_of(exempt_ann.user)
    strategy = Shop("included").selector().strategy(request=request, user=request.user)

    assert type(strategy) is JudgedStrategy
    assert isinstance(strategy, Included)
    assert strategy.__class__ is Included
    assert (strategy.rate, strategy.request) == (Decimal("0.22"), request)
    strategy.rate = Decimal("0.10")
    assert strategy._original.rate == Decimal("0.10")
    assert not hasattr(strategy, "nothing")


def test_a_container_of_the_sites_own_is_kept(exempt_ann, shop, request_of):
    request = request_of(exempt_ann.user)
    info = Shop("own").selector().strategy(request=request, user=request.user).fetch_for_product(shop)

    assert isinstance(info, Own.Info)
    assert info.extra == "own"
    assert info.price.incl_tax == info.price.excl_tax == Decimal("8.20")


def test_a_container_without_replace_is_copied(exempt_ann, request_of):
    class Info:
        def __init__(self, price):
            self.price = price

    kept = Info(TaxInclusiveFixedPrice("EUR", TEN, Decimal("2.20")))

    class Selector:
        def strategy(self, request=None, user=None, **kwargs):
            return self

        def fetch_for_product(self, product):
            return kept

    composed = type("Composed", (SelectorMixin, Selector), {})()
    found = composed.strategy(request=request_of(exempt_ann.user)).fetch_for_product(None)

    assert (found.price.incl_tax, kept.price.incl_tax) == (TEN, TWELVE)


def test_nobody_gets_the_sites_own_strategy_itself(request_of):
    selector = Shop("included").selector()

    assert type(selector.strategy()) is Included

    class Again(type(selector)):
        def strategy(self, request=None, user=None, **kwargs):
            return SelectorMixin.strategy(self, request=request, user=user, **kwargs)

    assert type(Again().strategy(request=request_of())._original) is Included


def test_parents_are_exempt_too(exempt_ann, shop, request_of):
    from oscar.test.factories import create_product

    parent = create_product(structure="parent", title="Set")
    create_product(structure="child", parent=parent, title="Small", price=TEN)
    request = request_of(exempt_ann.user)

    price = (
        Shop("included")
        .selector()
        .strategy(request=request, user=request.user)
        .fetch_for_parent(parent)
        .price
    )

    assert (price.excl_tax, price.incl_tax) == (TEN, TEN)


class Discount:
    def shipping_discount(self, charge, currency=None):
        return charge / 2


@pytest.fixture
def basket(exempt_ann, shop, request_of):
    return Shop("included").basket_for(request_of(exempt_ann.user), [(shop, 1)])


@pytest.mark.parametrize("name", ["get_available_shipping_methods", "get_shipping_methods"])
def test_methods_are_exempt_whichever_function_the_site_overrides(basket, name):
    own = FixedShipping(TEN, TWELVE)
    site = type("Site", (Repository,), {name: lambda self, basket, **kwargs: [own]})
    repository = type("Composed", (RepositoryMixin, site), {})()

    [method] = repository.get_shipping_methods(basket, request=None)
    default = repository.get_default_shipping_method(basket)

    for found in (method, default):
        assert isinstance(found, FixedShipping)
        assert type(found) is ExemptMethod
        assert type(found._original) is FixedShipping
        assert found.calculate(basket).incl_tax == TEN
        assert found == own
        assert hash(found) == hash(own)
    assert own.calculate(basket).incl_tax == TWELVE


def test_a_default_method_of_the_sites_own_is_exempt(basket):
    own = FixedShipping(TEN, TWELVE)
    site = type("Site", (Repository,), {"get_default_shipping_method": lambda self, basket, **kwargs: own})

    method = type("Composed", (RepositoryMixin, site), {})().get_default_shipping_method(basket)

    assert method.calculate(basket).incl_tax == TEN


def test_a_discount_that_the_site_laid_over_itself_is_taken_from_the_price_without_tax(basket):
    discounted = TaxInclusiveOfferDiscount(FixedShipping(TEN, TWELVE), Discount())
    site = type("Site", (Repository,), {"get_shipping_methods": lambda self, basket, **kwargs: [discounted]})

    [method] = type("Composed", (RepositoryMixin, site), {})().get_shipping_methods(basket)

    assert method.is_discounted
    assert (method.calculate(basket).excl_tax, method.calculate(basket).incl_tax) == (5, 5)
    assert (method.discount(basket), method.calculate_excl_discount(basket).incl_tax) == (5, TEN)
    assert discounted.discount(basket) == Decimal("6.10")


def test_a_method_from_the_database_stays_one(basket):
    own = weight_based()
    method = ExemptMethod(own)

    assert (method.name, str(method), method.pk) == ("By weight", "By weight", own.pk)
    assert method.calculate(basket).incl_tax == Decimal("7.90")


def test_what_a_site_adds_to_the_total_carries_no_tax(basket):
    class Calculator:
        def calculate(self, basket, shipping_charge, **kwargs):
            return Price(basket.currency, TEN + 1, incl_tax=TWELVE + Decimal("1.22"))

    total = type("Composed", (OrderTotalCalculatorMixin, Calculator), {})().calculate(basket, None)

    assert type(total) is ExemptPrice
    assert (total.excl_tax, total.incl_tax) == (11, 11)


def test_every_class_of_oscars_has_its_mixin():
    for label, name in (
        ("partner.strategy", "Selector"),
        ("shipping.repository", "Repository"),
        ("checkout.applicator", "SurchargeApplicator"),
        ("checkout.calculators", "OrderTotalCalculator"),
        ("order.utils", "OrderCreator"),
        ("order.utils", "OrderDispatcher"),
    ):
        modules = {base.__module__ for base in get_class(label, name).__mro__}
        assert any(module.startswith("oscar_customers_ext.tax.") for module in modules), name


def test_a_basket_without_strategy_is_nobodys(shop):
    from oscar_customers_ext.tax.strategy import is_exempt
    from tests.tax.shops import Basket

    assert not is_exempt(Basket())
