"""Shops as sites have them: with tax in the price, added late, none at all, and with classes of their own."""

from collections import namedtuple
from decimal import Decimal

from oscar.apps.checkout import applicator, calculators
from oscar.apps.checkout.surcharges import FlatCharge, PercentageCharge
from oscar.apps.order.utils import OrderCreator
from oscar.apps.partner import strategy
from oscar.apps.shipping import repository
from oscar.apps.shipping.methods import FixedPrice, Free
from oscar.core.loading import get_class, get_model
from oscar.test.factories import (
    BenefitFactory,
    ConditionalOfferFactory,
    ConditionFactory,
    RangeFactory,
    VoucherFactory,
)

from oscar_customers_ext.tax.placing import OrderCreatorMixin
from oscar_customers_ext.tax.shipping import RepositoryMixin
from oscar_customers_ext.tax.strategy import SelectorMixin
from oscar_customers_ext.tax.surcharges import OrderTotalCalculatorMixin, SurchargeApplicatorMixin

Basket = get_model("basket", "Basket")
WeightBased = get_model("shipping", "WeightBased")
LATE_RATE = Decimal("0.0725")


class Included(
    strategy.UseFirstStockRecord, strategy.StockRequired, strategy.FixedRateTax, strategy.Structured
):
    rate = Decimal("0.22")
    exponent = Decimal("0.01")


class FourDecimals(Included):
    rate = Decimal("0.077")
    exponent = Decimal("0.0001")


class OwnPrice:
    """Derives the price without tax from the one with it, as shops do that sell at round prices."""

    exists = is_tax_known = True
    tax_code = "standard"
    retail = None

    def __init__(self, incl_tax, currency):
        self.incl_tax, self.currency = incl_tax, currency

    @property
    def tax(self):
        return (self.incl_tax / 122 * 22).quantize(Decimal("0.01"))

    @property
    def excl_tax(self):
        return self.incl_tax - self.tax

    @property
    def effective_price(self):
        return self.incl_tax


class Own:
    """Nothing of Oscar's: neither its base class, nor its container, nor its prices."""

    Info = namedtuple("Info", "price availability stockrecord extra")

    def __init__(self, request):
        self.request = request

    def fetch_for_product(self, product, stockrecord=None):
        stockrecord = stockrecord or product.stockrecords.first()
        price = OwnPrice(stockrecord.price, stockrecord.price_currency)
        return self.Info(price, strategy.Available(), stockrecord, "own")

    def fetch_for_parent(self, product):
        return self.fetch_for_product(product.children.first())

    def fetch_for_line(self, line, stockrecord=None):
        return self.fetch_for_product(line.product, stockrecord or line.stockrecord)


STRATEGIES = {
    "included": Included,
    "four decimals": FourDecimals,
    "late": strategy.US,
    "zero": strategy.Default,
    "own": Own,
}


def weight_based():
    method, created = WeightBased.objects.get_or_create(name="By weight", defaults={"default_weight": 1})
    if created:
        method.bands.create(upper_limit=50, charge=Decimal("7.90"))
    return method


SHIPPING = {
    "free": Free,
    "fixed": lambda: FixedPrice(Decimal("4.02"), Decimal("4.90")),
    "without its tax": lambda: FixedPrice(Decimal("4.02")),
    "weight": weight_based,
}
SURCHARGES = {
    "none": (),
    "flat": (FlatCharge(excl_tax=Decimal("4.00"), incl_tax=Decimal("4.88")),),
    "both": (
        FlatCharge(excl_tax=Decimal("1.00"), incl_tax=Decimal("1.22")),
        PercentageCharge(percentage=Decimal("2.5")),
    ),
}


def offer(kind, value, offer_type="Site"):
    everything = RangeFactory(includes_all_products=True)
    shipping = kind.startswith("Shipping")
    return ConditionalOfferFactory(
        name=f"{kind} {value}",
        offer_type=offer_type,
        condition=ConditionFactory(range=everything, type="Count", value=1),
        benefit=BenefitFactory(
            range=None if shipping else everything, type=kind, value=value, max_affected_items=None
        ),
    )


def voucher():
    found = VoucherFactory()
    found.offers.set([offer("Absolute", Decimal("5.00"), "Voucher")])
    return found


#: Each makes it for the whole shop, a voucher is returned for the baskets.
OFFERS = {
    "none": lambda: None,
    "percentage": lambda: offer("Percentage", Decimal("10")) and None,
    "shipping": lambda: offer("Shipping percentage", Decimal("33.33")) and None,
    "voucher": voucher,
}


class Shop:
    """``extended`` is Oscar with the mixins of this package by hand, else it is bare Oscar."""

    def __init__(self, strategy="included", shipping="free", surcharges="none", voucher=None, extended=True):
        self.strategy_class = STRATEGIES[strategy]
        self.is_late = strategy == "late"
        self.shipping, self.surcharges = SHIPPING[shipping], SURCHARGES[surcharges]
        self.voucher, self.extended = voucher, extended

    def _class(self, mixin, base, **attributes):
        return type(base.__name__, (mixin, base) if self.extended else (base,), attributes)

    def selector(self):
        strategy_class = self.strategy_class

        class Selector:
            def strategy(self, request=None, user=None, **kwargs):
                return strategy_class(request)

        return self._class(SelectorMixin, Selector)()

    def basket_for(self, request, products):
        basket = Basket.objects.create(owner=request.user if request.user.is_authenticated else None)
        basket.strategy = self.selector().strategy(request=request, user=request.user)
        for product, quantity in products:
            basket.add_product(product, quantity)
        if self.voucher:
            basket.vouchers.add(self.voucher)
        basket.reset_offer_applications()
        get_class("offer.applicator", "Applicator")().apply(basket, request.user, request)
        return basket

    def buy(self, request, products, number="1"):
        basket = self.basket_for(request, products)
        repository_class = self._class(RepositoryMixin, repository.Repository, methods=(self.shipping(),))
        [method] = repository_class().get_shipping_methods(basket, user=request.user, request=request)
        charge = method.calculate(basket)
        applicator_class = self._class(
            SurchargeApplicatorMixin,
            applicator.SurchargeApplicator,
            get_surcharges=lambda applicator, basket, **kwargs: self.surcharges,
        )
        if self.is_late or not charge.is_tax_known:
            self._add_late_tax(basket, charge)
        surcharges = applicator_class(request).get_applicable_surcharges(basket, shipping_charge=charge)
        calculator = self._class(OrderTotalCalculatorMixin, calculators.OrderTotalCalculator)(request)
        total = calculator.calculate(basket, charge, surcharges)
        return self._class(OrderCreatorMixin, OrderCreator)().place_order(
            basket,
            total,
            method,
            charge,
            request.user,
            order_number=number,
            request=request,
            surcharges=surcharges,
        )

    def _add_late_tax(self, basket, charge):
        """As the recipe in Oscar's documentation does, once the address is known."""
        if self.is_late:
            for line in basket.all_lines():
                price = line.purchase_info.price
                price.tax = (price.excl_tax * LATE_RATE).quantize(Decimal("0.01"))
        if not charge.is_tax_known:
            charge.tax = (charge.excl_tax * LATE_RATE).quantize(Decimal("0.01"))


def figures(order):
    """Every amount of an order: pairs without and with tax, by what they are."""
    order.refresh_from_db()
    found = {
        "total": (order.total_excl_tax, order.total_incl_tax),
        "shipping": (order.shipping_excl_tax, order.shipping_incl_tax),
    }
    for line in order.lines.order_by("pk"):
        found[f"{line.title} unit"] = (line.unit_price_excl_tax, line.unit_price_incl_tax)
        found[f"{line.title} line"] = (line.line_price_excl_tax, line.line_price_incl_tax)
        found[f"{line.title} before discounts"] = (
            line.line_price_before_discounts_excl_tax,
            line.line_price_before_discounts_incl_tax,
        )
        for number, price in enumerate(line.prices.order_by("pk")):
            found[f"{line.title} price {number}"] = (price.price_excl_tax, price.price_incl_tax)
    for surcharge in order.surcharges.order_by("pk"):
        found[surcharge.name] = (surcharge.excl_tax, surcharge.incl_tax)
    return found
