"""Discounts of groups beside the site's own offers and taxes. Needs the settings of this site."""

from decimal import Decimal

import pytest
from django.conf import settings
from oscar.core.loading import get_class, get_model

from oscar_customers_ext.groups.actions import add_to_group
from oscar_customers_ext.groups.offers.applicator import GroupOffersMixin
from tests.checkout import buy, fill_basket
from tests.forked_site import offers
from tests.groups.test_groups import make_group
from tests.groups.test_offers import basket_of, make_buyer, make_offer, sign_in

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        "tests.forked_site.partner.apps.PartnerConfig" not in settings.INSTALLED_APPS,
        reason="needs --ds=tests.forked_site.settings; test_site.py runs it so in a process of its own",
    ),
]


@pytest.fixture
def ann(shop):
    customer = make_buyer()
    add_to_group([customer.pk], make_group(), actor=None)
    return customer


def applied(client):
    return [entry["name"] for entry in basket_of(client).offer_applications]


def test_the_applicator_of_the_site_lies_below():
    order = get_class("offer.applicator", "Applicator").__mro__

    assert order.index(GroupOffersMixin) < order.index(offers.Applicator)


def test_a_member_pays_less_with_the_tax_of_the_site(client, shop, ann):
    make_offer(ann.groups.get())

    buy(sign_in(client, ann), shop)

    order = get_model("order", "Order").objects.get()
    assert (order.basket_total_excl_tax, order.basket_total_incl_tax) == (Decimal("9.00"), Decimal("10.98"))
    assert order.total_incl_tax == Decimal("17.08")
    assert [(row.offer_name, row.amount) for row in order.discounts.all()] == [
        ("Trade price", Decimal("1.22"))
    ]


def test_what_the_site_gives_and_keeps_back_stays_its_own(client, shop, ann):
    make_offer(name="For staff", value=1, exclusive=False)
    make_offer(ann.groups.get(), name="Trade", exclusive=False)
    make_offer(ann.groups.get(), name="Not in this shop", exclusive=False)
    fill_basket(sign_in(client, ann), shop)
    assert applied(client) == ["Trade"]

    ann.user.is_staff = True
    ann.user.save()
    assert sorted(applied(client)) == ["For staff", "Trade"]
