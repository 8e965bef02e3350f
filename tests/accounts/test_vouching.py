"""Staff vouch for the address of an account."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.sites.models import Site
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from oscar_customers_ext.accounts.actions import deactivate_account, vouch_for_address
from oscar_customers_ext.customers.actions import create_customer, link_order
from oscar_customers_ext.exceptions import AccountRefused
from oscar_customers_ext.models import Customer, StaffSite, VerifiedEmail
from tests.accounts.office import ANN, PASSWORD, actions_in_log, url, user_of
from tests.accounts.test_forgotten_password import complete, link_in
from tests.customers.test_addresses import add
from tests.factories import make_order, make_user

pytestmark = pytest.mark.django_db


def test_the_activity_tells_of_the_account_once(manager, registered):
    manager.post(url("account_vouch", registered.pk))

    activity = manager.get(url("activity", registered.pk)).text

    assert activity.count("Vouched for the e-mail address") == 1
    assert "E-mail address proven" not in activity


def test_vouching_asks_first(manager, registered, mailoutbox):
    link_order(make_order(ANN))
    VerifiedEmail.objects.all().delete()
    page = manager.get(url("account_vouch", registered.pk)).text
    assert not VerifiedEmail.objects.exists()

    manager.post(url("account_vouch", registered.pk))

    assert "Whoever signs in with this account then sees all orders" in page
    assert VerifiedEmail.objects.get().source == "staff"
    assert [link.proven for link in registered.order_links.all()] == [True]
    assert actions_in_log() == ["end_password", "vouch_for_address"]
    assert mailoutbox == []


def browser_of(user):
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def is_signed_in(browser):
    return browser.get(reverse("customer:profile-view")).status_code == 200


def defaults_of(user):
    return [found.is_default_for_shipping for found in user.addresses.all()]


@pytest.fixture
def squatter(registered):
    """Whoever registered the account, is signed in, and put a default address into it."""
    browser = browser_of(registered.user)
    registered.user.refresh_from_db()
    add(registered, is_default_for_shipping=True)
    return browser


def test_vouching_ends_what_a_stranger_who_registered_the_account_has(manager, registered, squatter):
    manager.post(url("account_vouch", registered.pk))

    user = user_of(registered)
    assert not user.has_usable_password()
    assert not is_signed_in(squatter)
    assert defaults_of(user) == [False]
    entry = ModelLogEntry.objects.get(action="oscar_customers_ext.end_password")
    assert entry.user.email == "staff@example.org"
    assert str(entry.message) == (
        f"Password of the user account ann.rossi voided with the first proof of the address {ANN}"
    )


def test_unless_staff_know_who_uses_it(manager, registered, squatter):
    assert "holder_is_known" in manager.get(url("account_vouch", registered.pk)).text

    manager.post(url("account_vouch", registered.pk), {"holder_is_known": "on"})

    user = user_of(registered)
    assert user.check_password(PASSWORD)
    assert is_signed_in(squatter)
    assert defaults_of(user) == [True]
    assert VerifiedEmail.objects.get().user == user
    assert actions_in_log() == ["add_address", "vouch_for_address"]


def test_vouching_again_ends_nothing(manager, registered, squatter):
    manager.post(url("account_vouch", registered.pk), {"holder_is_known": "on"})
    manager.post(url("account_vouch", registered.pk))

    assert user_of(registered).check_password(PASSWORD)
    assert is_signed_in(squatter)


def test_who_proved_another_address_before_loses_the_password_too(manager, registered):
    VerifiedEmail.objects.create(user=registered.user, email="eve@example.net", source="password_reset")

    manager.post(url("account_vouch", registered.pk))

    assert not user_of(registered).has_usable_password()


def test_the_link_goes_out_when_ticked(manager, registered, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        manager.post(url("account_vouch", registered.pk), {"account_link": "on"})

    assert [message.to for message in mailoutbox] == [[ANN]]
    complete(Client(), link_in(mailoutbox[0]))
    assert user_of(registered).has_usable_password()


def test_a_link_to_a_deactivated_account_is_refused_and_nothing_is_vouched_for(
    manager, registered, mailoutbox, django_capture_on_commit_callbacks
):
    deactivate_account(registered)

    with django_capture_on_commit_callbacks(execute=True):
        page = manager.post(
            url("account_vouch", registered.pk), {"account_link": "on", "holder_is_known": "on"}
        )

    assert "This user account is deactivated. Activate it before you send a link." in page.text
    assert page.context["form"]["holder_is_known"].value()
    assert not VerifiedEmail.objects.exists()
    assert mailoutbox == []


def test_nobody_vouches_for_an_address_that_is_not_the_accounts(manager, registered):
    get_user_model().objects.filter(pk=registered.user_id).update(email="new@example.org")

    assert url("account_vouch", registered.pk) not in manager.get(url("account", registered.pk)).text
    page = manager.post(url("account_vouch", registered.pk))

    assert "This user account has another e-mail address than the customer." in page.text
    with pytest.raises(AccountRefused):
        vouch_for_address(Customer.objects.get(pk=registered.pk), actor=None)
    assert not VerifiedEmail.objects.exists()
    assert user_of(registered).has_usable_password()


def test_accounts_that_come_up_meanwhile_are_asked_about_again(registered):
    rival = make_user(ANN)
    asked = []

    def refuse(rivals):
        asked.extend(rivals)
        return "Not this one."

    with pytest.raises(AccountRefused, match="Not this one."):
        vouch_for_address(registered, refuse_rivals=refuse, actor=None)

    assert asked == [rival]
    rival.refresh_from_db()
    assert (rival.has_usable_password(), user_of(registered).has_usable_password()) == (True, True)
    assert not VerifiedEmail.objects.exists()
    assert actions_in_log() == []


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
