"""Staff who manage accounts, and customers without and with one."""

import pytest
from wagtail.models import ModelLogEntry

from oscar_customers_ext.accounts.actions import create_account
from oscar_customers_ext.customers.actions import create_customer
from tests.accounts.office import ANN, PASSWORD


@pytest.fixture
def manager(sign_in):
    return sign_in("add_customer", "change_customer", "view_customer", "manage_account_customer")


@pytest.fixture
def ann(shop):
    return create_customer(email=ANN, first_name="Ann", last_name="Rossi")


@pytest.fixture
def registered(ann):
    create_account(ann, username="ann.rossi", password=PASSWORD)
    ModelLogEntry.objects.all().delete()
    ann.refresh_from_db()
    return ann
