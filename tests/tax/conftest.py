from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from oscar.apps.shipping.methods import FixedPrice
from oscar.core.loading import get_class

from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.models import TaxExemption
from tests.factories import make_user
from tests.tax.shops import Shop


@pytest.fixture
def ann(shop):
    """A customer who is signed in by ``Customer.user``."""
    customer = create_customer(email="ann@example.org", first_name="Ann")
    customer.user = make_user("ann@example.org")
    customer.save(update_fields=["user"])
    return customer


@pytest.fixture
def exempt_ann(ann):
    TaxExemption.objects.create(customer=ann, reason="Embassy")
    return ann


@pytest.fixture
def request_of():
    def make(user=None):
        request = RequestFactory().get("/")
        request.user = user or AnonymousUser()
        request.session = {}
        return request

    return make


@pytest.fixture
def taxed(shop, monkeypatch):
    """Oscar's own pages sell with 22 % in the price, and send it for 4.02 and 0.88 tax."""
    monkeypatch.setattr("oscar.apps.basket.middleware.selector", Shop("included").selector())
    repository = get_class("shipping.repository", "Repository")
    monkeypatch.setattr(repository, "methods", (FixedPrice(Decimal("4.02"), Decimal("4.90")),))
    return shop


@pytest.fixture
def enter(client):
    """The client, signed in to the shop as this customer."""

    def sign_in(customer):
        client.force_login(customer.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
