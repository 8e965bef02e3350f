"""The owner of the account changes its address in the shop."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from oscar_customers_ext.accounts.models import EmailChange
from oscar_customers_ext.contacts.actions import get_or_create_contact, record_consent
from oscar_customers_ext.customers.actions import create_customer, register_user
from oscar_customers_ext.models import Contact, Customer, Subscription, VerifiedEmail
from tests.accounts.email_changes.story import CHANGED, NEW, OLD, addresses, follow, logged, url
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def change_profile(user, email, sends):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    form = {"first_name": "Ann", "last_name": "Rossi", "email": email}
    sends(lambda: client.post(reverse("customer:profile-update"), form))
    user.refresh_from_db()
    assert user.email == email


def test_the_customer_follows_to_the_accounts_new_address_without_proof(ann, sends):
    change_profile(ann.user, NEW, sends)

    assert addresses(ann) == CHANGED
    ann = Customer.objects.get(pk=ann.pk)
    assert not ann.email_is_proven
    assert [proof.email for proof in VerifiedEmail.objects.all()] == [OLD]
    assert Subscription.objects.get(contact=ann.contact).state == "unsubscribed"
    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.user) == ("oscar_customers_ext.follow_account_address", None)
    assert entry.data["changes"]["email"] == [OLD, NEW]


def test_a_pending_change_is_void_when_the_owner_changes_the_address(ann, links, sends):
    change_profile(ann.user, "third@example.org", sends)

    assert EmailChange.objects.count() == 0
    assert "This link has expired" in follow(links["confirm"]).text
    assert addresses(ann) == ("third@example.org",) * 3


@pytest.mark.parametrize(
    "whose",
    [
        lambda: create_customer(email=NEW),
        lambda: get_or_create_contact(email=NEW),
        lambda: type(Customer.objects.get().user).objects.create_user("namesake", NEW.upper()),
    ],
)
def test_an_address_that_is_somebodys_is_not_taken_over(manager, ann, sends, whose):
    whose()
    before = list(Contact.objects.order_by("pk").values_list("email", flat=True))

    # The profile form refuses an address that another user has; a site's own form may not.
    user = ann.user
    user.email = NEW
    sends(user.save)

    assert addresses(ann) == (OLD, NEW, OLD)
    assert list(Contact.objects.order_by("pk").values_list("email", flat=True)) == before
    assert Subscription.objects.get().state == "subscribed"
    assert (
        "The owner of the account uses New@example.org in the shop now."
        in manager.get(url("email", ann.pk)).text
    )
    assert logged() == []


def test_who_registers_with_a_strangers_address_cannot_end_the_strangers_subscription(shop, sends):
    stranger = get_or_create_contact(email="victim@example.org")
    record_consent(stranger, state="subscribed", source="form", text="Yes")
    customer = register_user(make_user("victim@example.org"))

    change_profile(customer.user, "eve@example.org", sends)

    stranger.refresh_from_db()
    assert stranger.email == "victim@example.org"
    assert Subscription.objects.get(contact=stranger).state == "subscribed"
    assert addresses(customer) == ("victim@example.org", "eve@example.org", "victim@example.org")


def test_nothing_is_asked_at_a_log_in_and_little_at_another_change(ann, sends, django_assert_num_queries):
    user = ann.user
    with django_assert_num_queries(1):
        sends(lambda: user.save(update_fields=["last_login"]))
    with django_assert_num_queries(2):
        sends(user.save)


def test_the_shop_goes_on_when_following_fails(ann, sends, monkeypatch, caplog):
    def fail(_pk):
        raise RuntimeError("out of order")

    monkeypatch.setattr("oscar_customers_ext.receivers.follow_account_address", fail)

    change_profile(ann.user, NEW, sends)

    assert addresses(ann) == (OLD, NEW, OLD)
    assert f"The customer of user {ann.user_id} keeps the old e-mail address" in caplog.text


@pytest.mark.parametrize("email", ["", "no address"])
def test_an_account_without_a_usable_address_leaves_the_customers(ann, sends, email):
    user = ann.user
    user.email = email
    sends(user.save)

    assert addresses(ann) == (OLD, email, OLD)


def test_another_spelling_is_the_same_address(ann, sends):
    change_profile(ann.user, "OLD@example.org", sends)

    assert addresses(ann) == (OLD, "OLD@example.org", OLD)
    assert logged() == []
