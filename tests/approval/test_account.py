"""What buyers read about their approval on the pages of their account."""

import pytest
from django.urls import reverse

from oscar_customers_ext.approval.actions import approve_customers, decline_customers
from oscar_customers_ext.customers.actions import create_customer, register_user
from tests.factories import make_user

pytestmark = pytest.mark.django_db

ANN = "ann@example.org"
PAGES = ["customer:profile-view", "customer:order-list", "customer:address-list", "customer:profile-update"]
WAITING = "Your account is waiting for approval"
DECLINED = "Your account is not approved for buying, so it cannot place orders."


@pytest.fixture
def user(client, shop):
    user = make_user(ANN)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


@pytest.mark.parametrize("page", PAGES)
def test_the_account_says_what_staff_decided(page, client, user):
    customer = create_customer(email=ANN, user=user, approved_buyer=False)
    text = client.get(reverse(page)).text
    assert text.count(WAITING) == 1
    assert DECLINED not in text

    decline_customers([customer.pk], actor=None)
    text = client.get(reverse(page)).text
    assert text.count(DECLINED) == 1
    assert WAITING not in text

    approve_customers([customer.pk], actor=None)
    text = client.get(reverse(page)).text
    assert "alert-warning" not in text


def test_it_is_said_in_the_buyers_language(client, user):
    create_customer(email=ANN, user=user, approved_buyer=False)

    text = client.get(reverse(PAGES[0]), headers={"accept-language": "it"}).text

    assert "Il tuo account è in attesa di approvazione" in text


def test_a_user_without_customer_reads_what_to_do_where_approval_is_needed(client, user, settings):
    assert "alert-warning" not in client.get(reverse(PAGES[0])).text

    settings.OSCAR_CUSTOMERS_APPROVE_NEW_CUSTOMERS = False

    assert WAITING in client.get(reverse(PAGES[0])).text


def test_the_account_costs_one_query(client, user, django_assert_max_num_queries):
    register_user(user)
    with django_assert_max_num_queries(100) as captured:
        client.get(reverse(PAGES[0]))

    table = 'FROM "oscar_customers_ext_customer"'
    assert sum(table in query["sql"] for query in captured.captured_queries) == 1


@pytest.mark.parametrize("page", ["customer:login", "customer:register"])
def test_visitors_read_nothing_of_it(page, client, shop, settings):
    settings.OSCAR_CUSTOMERS_GUESTS_MAY_BUY = False

    assert "alert-warning" not in client.get(reverse(page)).text
