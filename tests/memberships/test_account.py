"""What a customer sees of memberships in the shop."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.memberships.actions import grant_membership, revoke_membership
from oscar_customers_ext.models import Membership
from tests.factories import make_plan, make_user

from .conftest import BACKEND

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
URL = "/shop/customer/memberships/"


def test_visitors_are_sent_to_the_shops_log_in(shop):
    response = Client().get(URL)

    assert response.status_code == 302
    assert response.url == f"/shop/accounts/login/?next={URL}"


def test_own_memberships_are_listed_with_their_end_and_state(member, plan):
    now = timezone.now()
    grant_membership(member, plan, starts_at=now - 9 * DAY, ends_at=now - DAY)
    grant_membership(member, make_plan("Trade", description="For <b>dealers</b>"), ends_at=None)
    revoke_membership(grant_membership(member, make_plan("Gone")))

    text = member.client.get(URL).text

    for words in ("Club", "Trade", "Gone", "Expired", "Active", "Revoked", "Without an end"):
        assert words in text
    assert "For &lt;b&gt;dealers&lt;/b&gt;" in text


def test_those_of_others_are_not(member, plan):
    other = create_customer(email="other@example.org")
    grant_membership(other, make_plan("Canary"))

    text = member.client.get(URL).text

    assert "Canary" not in text
    assert "You have no membership." in text


def test_an_account_without_customer_has_none(customer, plan):
    grant_membership(customer, plan)
    stranger = Client()
    stranger.force_login(make_user(customer.email), backend=BACKEND)

    text = stranger.get(URL).text

    assert "You have no membership." in text
    assert "Club" not in text


def test_the_navigation_leads_there_for_members_only(member, plan):
    account = reverse("customer:profile-view")
    assert URL not in member.client.get(account).text

    grant_membership(member, plan)

    assert f'href="{URL}"' in member.client.get(account).text


def test_a_long_history_is_split_into_pages(member, plan):
    start = timezone.now() - 100 * DAY
    Membership.objects.bulk_create(
        Membership(customer=member, plan=plan, starts_at=start + n * DAY, ends_at=start + (n + 1) * DAY)
        for n in range(50)
    )

    assert member.client.get(URL).text.count("<tr>") == 21
    assert member.client.get(URL, {"page": 3}).text.count("<tr>") == 11
    assert member.client.get(URL, {"page": 9}).status_code == 404
