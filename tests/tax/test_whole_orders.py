"""All figures of an order without tax, for every kind of shop, and the same as in bare Oscar for everybody else."""

import itertools
from decimal import Decimal

import pytest

from oscar_customers_ext.models import OrderTaxIdentity
from tests.factories import make_product, make_user
from tests.tax.shops import OFFERS, STRATEGIES, Shop, figures

pytestmark = pytest.mark.django_db


#: Each way of shipping and each kind of surcharge, and both taxed ones together.
CHECKOUTS = [
    ("free", "none"),
    ("fixed", "both"),
    ("fixed", "flat"),
    ("without its tax", "none"),
    ("weight", "both"),
]


@pytest.fixture
def products(shop):
    return [(shop, 3), (make_product("Moka pot", "19.99"), 1)]


@pytest.mark.parametrize("offers", OFFERS)
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_an_exempt_order_carries_no_tax_and_all_others_that_of_bare_oscar(
    exempt_ann, products, request_of, strategy, offers
):
    numbers = itertools.count(1)
    bob = make_user("bob@example.org")
    voucher = OFFERS[offers]()
    for shipping, surcharges in CHECKOUTS:
        case = f"{shipping} shipping, {surcharges} surcharges"
        choice = {"strategy": strategy, "shipping": shipping, "surcharges": surcharges, "voucher": voucher}
        bare = figures(Shop(**choice, extended=False).buy(request_of(bob), products, next(numbers)))
        unattached = figures(Shop(**choice).buy(request_of(bob), products, next(numbers)))
        exempt = figures(Shop(**choice).buy(request_of(exempt_ann.user), products, next(numbers)))

        assert unattached == bare, case
        assert exempt.keys() == bare.keys(), case
        for name, (excl_tax, incl_tax) in exempt.items():
            assert excl_tax == incl_tax, (case, name)
        total, shipped = exempt["total"][0], exempt["shipping"][0]
        lines = sum(pair[0] for name, pair in exempt.items() if name.endswith(" line"))
        added = sum(pair[0] for name, pair in exempt.items() if "surcharge" in name)
        assert abs(total - shipped - lines - added) <= Decimal("0.01"), case
    assert OrderTaxIdentity.objects.count() == len(CHECKOUTS)
    assert set(OrderTaxIdentity.objects.values_list("order__user", flat=True)) == {exempt_ann.user.pk}
