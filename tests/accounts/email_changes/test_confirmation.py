"""What changes when the customer confirms the new address."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from oscar_customers_ext.accounts.email_changes import actions
from oscar_customers_ext.accounts.email_changes.tokens import CONFIRM, make_token
from oscar_customers_ext.accounts.models import EmailChange
from oscar_customers_ext.customers.actions import create_customer, link_order, register_user
from oscar_customers_ext.exceptions import AccountRefused
from oscar_customers_ext.models import Customer, Subscription, VerifiedEmail
from tests.accounts.email_changes.story import CHANGED, NEW, OLD, UNCHANGED, addresses, follow, url
from tests.factories import make_order, make_user
from tests.flows.test_concurrency import in_threads, on_postgres

pytestmark = pytest.mark.django_db


def test_where_the_old_address_was_unproven_password_and_sessions_of_before_are_dead(ann, links, sends):
    VerifiedEmail.objects.all().delete()
    squatter = Client()
    squatter.force_login(ann.user, backend="django.contrib.auth.backends.ModelBackend")
    pages = []

    mails = sends(lambda: pages.append(follow(links["confirm"], Client())))

    assert "A link to choose a new password was mailed to it" in pages[0].text
    ann.user.refresh_from_db()
    assert not ann.user.has_usable_password()
    assert squatter.get(reverse("customer:profile-view")).status_code == 302
    # The old address reads that it happened, and gets no link.
    assert set(mails) == {OLD, NEW}
    assert "/shop/password-reset/confirm/" in mails[NEW]
    assert "/shop/password-reset/" not in mails[OLD]


def test_where_it_was_proven_they_stay(ann, links, sends):
    browser = Client()
    browser.force_login(ann.user, backend="django.contrib.auth.backends.ModelBackend")

    assert set(sends(lambda: follow(links["confirm"]))) == {OLD}
    assert addresses(ann) == CHANGED

    ann.user.refresh_from_db()
    assert ann.user.check_password("correct-horse")
    assert browser.get(reverse("customer:profile-view")).status_code == 200


def test_the_button_changes_account_customer_and_contact(ann, links, mailoutbox):
    guests_order = make_order(NEW)
    client = Client()

    response = follow(links["confirm"], client)

    assert "Your new e-mail address is confirmed." in response.text
    assert addresses(ann) == CHANGED
    ann = Customer.objects.get(pk=ann.pk)
    assert ann.email_is_proven
    proofs = VerifiedEmail.objects.filter(user=ann.user_id).order_by("pk")
    assert [(proof.email, proof.source) for proof in proofs] == [
        (OLD, "password_reset"),
        (NEW, "email_change"),
    ]
    assert Subscription.objects.get(contact=ann.contact).state == "unsubscribed"
    assert EmailChange.objects.count() == 0
    entry = ModelLogEntry.objects.latest("pk")
    assert (entry.action, entry.user) == ("oscar_customers_ext.confirm_email_change", None)
    assert entry.data["changes"]["email"] == [OLD, NEW]
    # Nobody is signed in by a link, and a guest's order at the new address is the customer's own from now on.
    assert "_auth_user_id" not in client.session
    assert link_order(guests_order) == ann


def test_the_old_address_is_told_when_it_happened(ann, links, sends):
    mails = sends(lambda: follow(links["confirm"]))

    assert set(mails) == {OLD}
    assert "the new e-mail address for your account" in mails[OLD]
    assert "contact the shop at once" in mails[OLD]
    assert NEW not in mails[OLD]


def test_nobody_is_told_of_a_change_that_was_refused(ann, links, sends):
    create_customer(email=NEW)

    assert sends(lambda: follow(links["confirm"])) == {}


def test_the_owner_may_be_signed_in_and_signs_in_with_the_new_address(ann, links):
    client = Client()
    assert client.login(username=OLD, password="correct-horse")

    response = follow(links["confirm"], client)

    assert response.redirect_chain[-1][0] == reverse("customer:profile-view")
    assert client.session["_auth_user_id"] == str(ann.user_id)
    assert Client().login(username=NEW, password="correct-horse")
    assert not Client().login(username=OLD, password="correct-horse")


def test_an_address_that_was_taken_meanwhile_is_told_of(ann, links):
    create_customer(email=NEW)

    assert "Another customer or user account has this e-mail address." in follow(links["confirm"]).text
    assert addresses(ann) == UNCHANGED


@pytest.mark.parametrize("which", ["confirm", "stop"])
def test_somebody_else_who_is_signed_in_is_turned_away(ann, links, which):
    client = Client()
    client.force_login(make_user("eve@example.org"), backend="django.contrib.auth.backends.ModelBackend")

    opened = client.get(links[which], follow=True)
    pressed = client.post(opened.redirect_chain[-1][0])

    for page in (opened, pressed):
        assert "You are signed in with another account." in page.text
        assert NEW not in page.text
        assert OLD not in page.text
    assert addresses(ann) == UNCHANGED
    assert EmailChange.objects.count() == 1
    follow(links["confirm"])
    assert addresses(ann) == CHANGED


def test_the_activity_tells_of_the_account(manager, ann, links):
    follow(links["confirm"])

    page = manager.get(url("activity", ann.pk), {"topic": "account"}).text

    assert f"New e-mail address {NEW} entered; it waits for confirmation" in page
    assert "New e-mail address confirmed by the customer" in page
    assert f"<del>{OLD}</del>" in page


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_a_link_that_is_used_by_many_at_once_counts_once(shop):
    customer = register_user(make_user(OLD))
    token = make_token(actions.request_email_change(customer, email=NEW, actor=None), CONFIRM)

    def confirm(_number):
        try:
            return bool(actions.confirm_email_change(token))
        except AccountRefused:
            return False

    assert sum(in_threads(confirm, range(32))) == 1
    assert addresses(customer) == CHANGED
    assert VerifiedEmail.objects.count() == 1


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_two_customers_who_confirm_one_address_at_once_do_not_get_both(shop):
    tokens = []
    for number in range(8):
        customer = register_user(make_user(f"buyer{number}@example.org"))
        tokens.append(make_token(actions.request_email_change(customer, email=NEW, actor=None), CONFIRM))

    def confirm(token):
        try:
            return bool(actions.confirm_email_change(token))
        except AccountRefused as error:
            return error.messages[0]

    confirmed = in_threads(confirm, tokens)

    assert confirmed.count(True) == 1
    assert confirmed.count("Another customer or user account has this e-mail address.") == 7
    assert Customer.objects.filter(email_key=NEW.lower(), user__email=NEW).count() == 1
