"""The site's own classes stay in force below ours. Needs the settings of this site."""

from decimal import Decimal

import pytest
from django.conf import settings
from oscar.core.loading import get_class, get_model

from oscar_customers_ext import loader
from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.models import Customer
from oscar_customers_ext.tax.actions import add_exemption
from tests.checkout import buy
from tests.factories import make_user
from tests.forked_site import shipping

pytestmark = pytest.mark.skipif(
    "tests.forked_site.partner.apps.PartnerConfig" not in settings.INSTALLED_APPS,
    reason="needs --ds=tests.forked_site.settings; test_site.py runs it so in a process of its own",
)


class Polite:
    """A mixin as the package lays over Oscar's classes."""

    def polite(self):
        return "please"


@pytest.fixture
def polite(monkeypatch):
    def lay_over(module_label, name):
        monkeypatch.setitem(loader.MIXINS, (module_label, name), (f"{__name__}.Polite",))
        return get_class(module_label, name)

    return lay_over


def test_a_mixin_lies_over_a_class_of_a_forked_app(polite):
    from tests.forked_site.partner import strategy

    selector = polite("partner.strategy", "Selector")

    assert selector.__mro__[1:3] == (Polite, strategy.Selector)
    assert selector().polite() == "please"
    assert isinstance(selector().strategy(), strategy.TaxedStrategy)


def test_a_mixin_lies_over_a_class_that_the_sites_own_loader_finds(polite):
    repository = polite("shipping.repository", "Repository")

    assert repository.__mro__[1:3] == (Polite, shipping.Repository)
    assert repository().methods == shipping.Repository.methods


def test_a_mixin_lies_over_a_view_of_a_forked_app(polite):
    from tests.forked_site.checkout import views

    view = polite("checkout.views", "PaymentDetailsView")

    assert view.__mro__[1:3] == (Polite, views.PaymentDetailsView)
    assert view.handle_payment is views.PaymentDetailsView.handle_payment


def test_classes_without_mixin_are_the_sites_own():
    from tests.forked_site.checkout import views

    assert get_class("checkout.views", "PaymentDetailsView") is views.PaymentDetailsView


@pytest.mark.django_db(transaction=True)
def test_an_order_has_the_sites_tax_shipping_and_payment_and_a_customer(client, shop):
    buy(client, shop, email="ann@example.org")

    order = get_model("order", "Order").objects.get()
    assert (order.basket_total_excl_tax, order.basket_total_incl_tax) == (Decimal("10.00"), Decimal("12.20"))
    assert (order.shipping_code, order.shipping_incl_tax) == ("courier", Decimal("6.10"))
    assert order.sources.get().amount_allocated == order.total_incl_tax == Decimal("18.30")
    assert Customer.objects.get().orders_total == Decimal("18.30")


@pytest.mark.django_db(transaction=True)
def test_an_exempt_customer_pays_no_tax_on_it_and_everything_else_stays_the_sites(client, shop):
    from tests.forked_site.partner import strategy

    customer = create_customer(email="ann@example.org", user=make_user("ann@example.org"))
    add_exemption(customer, reason="Embassy", actor=None)
    client.force_login(customer.user, backend="django.contrib.auth.backends.ModelBackend")

    page = client.get(shop.get_absolute_url())
    buy(client, shop)

    assert isinstance(page.wsgi_request.strategy, strategy.TaxedStrategy)
    order = get_model("order", "Order").objects.get()
    assert (order.basket_total_excl_tax, order.basket_total_incl_tax) == (Decimal("10.00"), Decimal("10.00"))
    assert (order.shipping_code, order.shipping_excl_tax, order.shipping_incl_tax) == ("courier", 5, 5)
    assert order.sources.get().amount_allocated == order.total_incl_tax == 15
    assert order.tax_identity.exemption_reason == "Embassy"
