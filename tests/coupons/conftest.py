from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from oscar_customers_ext.coupons.actions import create_coupon
from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.customers.ownership import attach_user
from tests.factories import make_terms, make_user

BACKEND = "django.contrib.auth.backends.ModelBackend"
ANN = "ann@example.org"
DAY = timedelta(days=1)


def signed_in(customer):
    client = Client()
    client.force_login(customer.user, backend=BACKEND)
    return client


@pytest.fixture
def ann(shop):
    """A customer with an account."""
    customer = create_customer(email=ANN, first_name="Ann", last_name="Rossi", language="en")
    attach_user(customer, make_user(ANN))
    return customer


@pytest.fixture
def bob(shop):
    customer = create_customer(email="bob@example.org", first_name="Bob")
    attach_user(customer, make_user("bob@example.org"))
    return customer


@pytest.fixture
def guest_ann(shop):
    """A customer without an account."""
    return create_customer(email=ANN, first_name="Ann", last_name="Rossi")


@pytest.fixture
def coupon(ann):
    return create_coupon(ann, make_terms())


def type_code(client, code):
    """What the shop answers to a code that is typed in the basket: its messages, after the page was shown."""
    # What was said before is read by now.
    client.get(reverse("basket:summary"))
    page = client.post(reverse("basket:vouchers-add"), {"code": code}, follow=True)
    assert page.status_code == 200
    return [str(message) for message in page.context["messages"]]


def total(client):
    return client.get(reverse("basket:summary")).context["basket"].total_incl_tax
