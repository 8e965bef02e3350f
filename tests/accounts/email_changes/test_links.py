"""The links of a change: scanners, privacy, and what they die of."""

import logging

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from oscar_customers_ext.accounts.email_changes import actions
from oscar_customers_ext.accounts.email_changes.tokens import CONFIRM, STOP, make_token
from oscar_customers_ext.accounts.models import EmailChange
from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.exceptions import AccountRefused
from oscar_customers_ext.models import Customer, VerifiedEmail
from tests.accounts.email_changes.story import CHANGED, NEW, UNCHANGED, addresses, follow, later, logged, url
from tests.factories import make_user
from tests.settings import SECRET_KEY

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("purpose", ["confirm", "stop"])
def test_a_new_secret_key_leaves_the_links_alive_as_long_as_the_old_one_is_a_fallback(
    ann, links, settings, purpose
):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "rotated", []
    assert "This link has expired" in follow(links[purpose]).text

    settings.SECRET_KEY_FALLBACKS = ["older", SECRET_KEY]
    assert "This link has expired" not in follow(links[purpose]).text
    assert EmailChange.objects.count() == 0


def test_a_scanner_that_opens_the_link_changes_nothing_and_uses_nothing_up(ann, links):
    scanner = Client(headers={"user-agent": "Scanner"}, enforce_csrf_checks=True)
    for link in links.values():
        for _time in range(3):
            assert scanner.head(link).status_code == 302
            page = scanner.get(link, follow=True)
            assert page.status_code == 200
        assert scanner.post(link).status_code in (403, 405)
        assert scanner.post(page.redirect_chain[-1][0]).status_code == 403
    assert addresses(ann) == UNCHANGED

    follow(links["confirm"])
    assert addresses(ann) == CHANGED


def test_the_link_is_private(links):
    client = Client()
    for link in links.values():
        opened = client.get(link)
        assert (opened["Referrer-Policy"], opened["Cache-Control"]) == ("no-referrer", "no-store, private")
        token = link.rstrip("/").rpartition("/")[2]
        assert token not in opened.url
        page = client.get(opened.url)
        assert page["Cache-Control"] == "no-store, private"
        assert token not in page.text


def test_no_link_is_in_a_log(ann, links, caplog):
    caplog.set_level(logging.DEBUG)
    client = Client(enforce_csrf_checks=True)
    tokens = [link.rstrip("/").rpartition("/")[2] for link in links.values()]

    for link in links.values():
        page = client.get(link, follow=True)
        client.post(page.redirect_chain[-1][0])
    follow(links["confirm"])

    told = caplog.text + "".join(str(entry.data) for entry in ModelLogEntry.objects.all())
    assert [token for token in tokens if token in told] == []


def test_a_link_works_once(ann, links):
    follow(links["confirm"])
    Customer.objects.get(pk=ann.pk)
    page = follow(links["confirm"])

    assert "This link has expired, was used already, or was replaced by a newer one." in page.text
    assert logged().count("confirm_email_change") == 1
    assert "This link has expired" in follow(links["stop"]).text
    assert addresses(ann) == CHANGED


def password_set(customer):
    customer.user.set_password("another-horse")
    customer.user.save(update_fields=["password"])


def address_of_account_changed(customer):
    type(customer.user).objects.filter(pk=customer.user_id).update(email="third@example.org")


def address_of_customer_changed(customer):
    Customer.objects.filter(pk=customer.pk).update(email="third@example.org", email_key="third@example.org")


def account_taken_away(customer):
    Customer.objects.filter(pk=customer.pk).update(user=None)


def account_given_to_another(customer):
    Customer.objects.filter(pk=customer.pk).update(user=make_user("other@example.org"))


def deactivated(customer):
    type(customer.user).objects.filter(pk=customer.user_id).update(is_active=False)


@pytest.mark.parametrize(
    "what_happened",
    [
        lambda customer: actions.request_email_change(customer, email="third@example.org", actor=None),
        lambda customer: actions.request_email_change(customer, email=NEW, actor=None),
        lambda customer: actions.resend_email_change(customer, actor=None),
        lambda customer: actions.cancel_email_change(customer, actor=None),
        password_set,
        address_of_account_changed,
        address_of_customer_changed,
        account_taken_away,
        account_given_to_another,
        deactivated,
        lambda customer: customer.user.delete(),
        lambda customer: create_customer(email=NEW),
        lambda customer: make_user(NEW.upper()),
    ],
)
@pytest.mark.parametrize("moment", ["before the link is opened", "before the button is pressed"])
def test_a_link_dies_when_something_changes(ann, links, what_happened, moment):
    client = Client()
    if moment == "before the button is pressed":
        page = client.get(links["confirm"], follow=True)
        assert "Confirm this address" in page.text
    what_happened(ann)
    before = list(Customer.objects.order_by("pk").values_list("email", "user__email", "contact__email"))
    if moment == "before the link is opened":
        client.get(links["confirm"], follow=True)

    response = client.post(reverse("oscar_customers_shop:email_change_confirm"), follow=True)

    assert "confirmed" not in response.text
    assert (
        list(Customer.objects.order_by("pk").values_list("email", "user__email", "contact__email")) == before
    )
    assert not VerifiedEmail.objects.filter(email_key=NEW.lower()).exists()


def test_a_link_expires(ann, links, settings):
    settings.OSCAR_CUSTOMERS_EMAIL_CHANGE_HOURS = 0

    assert "This link has expired" in follow(links["confirm"]).text
    assert addresses(ann) == UNCHANGED


def test_the_time_counts_from_the_request(ann, links, manager, settings):
    settings.OSCAR_CUSTOMERS_EMAIL_CHANGE_HOURS = 2
    later(hours=3)
    change = EmailChange.objects.get()
    token = make_token(change, CONFIRM)

    with pytest.raises(AccountRefused):
        actions.confirm_email_change(token)
    assert "Not confirmed in time." in manager.get(url("email", ann.pk)).text


def test_forged_links_and_links_for_something_else_are_dead(ann, links):
    change = EmailChange.objects.get()
    tokens = [
        "nonsense",
        "",
        signing.dumps({"change": change.pk, "state": "x"}, salt="oscar_customers_ext.email_change.confirm"),
        signing.dumps({"change": change.pk}),
        make_token(change, STOP),
        make_token(change, CONFIRM)[:-1],
        make_token(change, CONFIRM) + "x",
    ]
    for token in tokens:
        with pytest.raises(AccountRefused, match="This link has expired"):
            actions.confirm_email_change(token)
    client = Client()
    assert client.post(reverse("oscar_customers_shop:email_change_confirm")).status_code == 200
    assert "This link has expired" in client.get(reverse("oscar_customers_shop:email_change_stop")).text
    assert addresses(ann) == UNCHANGED
