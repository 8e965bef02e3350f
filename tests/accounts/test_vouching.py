"""Staff vouch for the address of an account."""

import pytest
from django.contrib.auth.models import Group
from django.contrib.sites.models import Site

from oscar_customers_ext.customers.actions import create_customer, link_order
from oscar_customers_ext.models import StaffSite, VerifiedEmail
from tests.accounts.office import ANN, actions_in_log, url
from tests.factories import make_order, make_user

pytestmark = pytest.mark.django_db


def test_the_activity_tells_of_the_account_once(manager, registered):
    manager.post(url("account_vouch", registered.pk))

    activity = manager.get(url("activity", registered.pk)).text

    assert activity.count("Vouched for the e-mail address") == 1
    assert "E-mail address proven" not in activity


def test_vouching_asks_first(manager, registered):
    link_order(make_order(ANN))
    page = manager.get(url("account_vouch", registered.pk)).text
    assert not VerifiedEmail.objects.exists()

    manager.post(url("account_vouch", registered.pk))

    assert "Whoever signs in with this account then sees all orders" in page
    assert VerifiedEmail.objects.get().source == "staff"
    assert [link.proven for link in registered.order_links.all()] == [True]
    assert actions_in_log() == ["vouch_for_address"]


@pytest.fixture
def rival(registered):
    return make_user(ANN, username="<b>rival")


def test_vouching_names_the_accounts_that_lose_their_password(manager, registered, rival):
    staff = make_user(ANN, username="the.boss", is_staff=True)

    page = manager.get(url("account_vouch", registered.pk)).text

    assert "These user accounts will lose their password:" in page
    assert "<li>&lt;b&gt;rival</li>" in page
    assert "the.boss" not in page
    manager.post(url("account_vouch", registered.pk))
    rival.refresh_from_db()
    staff.refresh_from_db()
    assert (rival.has_usable_password(), staff.has_usable_password()) == (False, True)


def test_nobody_is_named_where_somebody_proved_the_address(manager, registered, rival):
    VerifiedEmail.objects.create(user=rival, email=ANN, email_key=ANN, source="password_reset")

    assert "will lose their password:" not in manager.get(url("account_vouch", registered.pk)).text


def test_who_may_not_change_the_customer_of_the_other_account_does_not_vouch(manager, registered, rival):
    other = create_customer(email="other@example.org", user=rival)
    shop_a = Site.objects.get(pk=1)
    StaffSite.objects.create(group=Group.objects.get(name__startswith="Staff"), site=shop_a)
    registered.sites.add(shop_a)

    for ask in (manager.get, manager.post):
        page = ask(url("account_vouch", registered.pk)).text
        assert "it belongs to a customer whom you may not change" in page
        assert "rival" not in page
    rival.refresh_from_db()
    assert rival.has_usable_password()
    assert not VerifiedEmail.objects.exists()

    other.sites.add(shop_a)
    manager.post(url("account_vouch", registered.pk))
    assert VerifiedEmail.objects.get().user == registered.user
