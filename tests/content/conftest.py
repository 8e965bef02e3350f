"""Somebody who is signed in to the shop as a customer."""

import pytest
from django.test import Client

from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.groups.actions import add_to_group
from oscar_customers_ext.models import CustomerGroup
from tests.factories import make_user

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def make_member(shop):
    """A client signed in as a customer in these groups; ``client.customer`` is the customer."""

    def _make_member(*slugs, email="ann@example.org", **fields):
        user = make_user(email)
        customer = create_customer(email=email, user=user, **fields)
        for slug in slugs:
            group, _is_new = CustomerGroup.objects.get_or_create(slug=slug, defaults={"name": slug.title()})
            add_to_group([customer.pk], group, actor=None)
        client = Client()
        client.force_login(user, backend=BACKEND)
        client.customer = customer
        return client

    return _make_member
