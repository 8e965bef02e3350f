"""Only links that were mailed to the account's own address prove it."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_customers_ext.accounts.actions import send_password_link
from oscar_customers_ext.accounts.reset_links import MARKER
from oscar_customers_ext.customers.actions import create_customer, link_order
from oscar_customers_ext.models import Customer, CustomerOrder, VerifiedEmail
from tests.accounts.test_forgotten_password import ask, complete, link_in, open_link
from tests.factories import make_order, make_user

pytestmark = pytest.mark.django_db

EVE, VICTIM = "eve@example.net", "victim@example.org"
PASSWORD = "correct-horse-battery"


@pytest.fixture
def eve(shop):
    return make_user(EVE, password=PASSWORD)


@pytest.fixture
def victim(shop):
    link_order(make_order(VICTIM))
    return Customer.objects.get(email=VICTIM)


def browser_of(user):
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def take_address_of_victim(browser):
    mail.outbox.clear()
    browser.post(reverse("customer:profile-update"), {"first_name": "Eve", "last_name": "E", "email": VICTIM})
    [message] = [message for message in mail.outbox if message.to == [EVE]]
    return link_in(message)


def nothing_is_proven(victim):
    victim.refresh_from_db()
    assert not VerifiedEmail.objects.filter(email_key=VICTIM).exists()
    assert victim.user is None
    assert {link.proven for link in CustomerOrder.objects.all()} == {False}


def test_oscars_link_to_the_old_address_proves_nothing_about_the_new_one(eve, victim):
    path = take_address_of_victim(browser_of(eve))

    response = complete(Client(), path, "eves-new-horse")

    assert response.url == reverse("password-reset-complete")
    eve.refresh_from_db()
    assert (eve.email, eve.check_password("eves-new-horse")) == (VICTIM, True)
    nothing_is_proven(victim)


def test_nor_with_the_marker_of_an_honest_link(eve, victim):
    browser, other = browser_of(eve), Client()
    ask(other, EVE)
    honest = link_in(mail.outbox[-1])
    open_link(other, honest)
    path = take_address_of_victim(browser)

    complete(other, f"{path}?{honest.partition('?')[2]}", "eves-new-horse")

    eve.refresh_from_db()
    assert eve.email == VICTIM
    nothing_is_proven(victim)


@pytest.mark.parametrize("marker", ["", "x", "é", "\x00"])
def test_a_marker_that_is_not_ours_proves_nothing_and_the_link_works(client, eve, marker):
    ask(client, EVE)
    path = link_in(mail.outbox[-1]).partition("?")[0]

    page = client.get(path, {MARKER: marker}, follow=True)
    client.post(page.request["PATH_INFO"], {"new_password1": "a-new-horse", "new_password2": "a-new-horse"})

    eve.refresh_from_db()
    assert eve.check_password("a-new-horse")
    assert not VerifiedEmail.objects.exists()


def test_an_honest_reset_proves_the_address(client, victim):
    user = make_user(VICTIM)
    ask(client, VICTIM)
    path = link_in(mail.outbox[-1])
    assert f"?{MARKER}=" in path

    complete(client, path)

    assert VerifiedEmail.objects.get().user == user
    assert {link.proven for link in CustomerOrder.objects.all()} == {True}


def test_so_does_the_link_that_staff_send(client, shop, mailoutbox, django_capture_on_commit_callbacks):
    customer = create_customer(email=VICTIM, user=make_user(VICTIM, password=None))
    with django_capture_on_commit_callbacks(execute=True):
        send_password_link(customer)

    complete(client, link_in(mailoutbox[-1]))

    assert VerifiedEmail.objects.get().email == VICTIM


def test_the_mail_that_the_account_shows_to_whoever_is_signed_in_proves_nothing(victim):
    squatter = make_user(VICTIM, password=PASSWORD)
    browser = browser_of(squatter)
    ask(Client(), VICTIM)
    kept = get_model("communication", "Email").objects.get(user=squatter)
    shown = browser.get(reverse("customer:email-detail", args=[kept.pk])).text
    assert MARKER + "=" not in shown + kept.body_text + kept.body_html
    assert MARKER + "=" in mail.outbox[-1].body
    [path] = re.findall(r"http://[^/]+(/shop/password-reset/confirm/\S+)", kept.body_text)

    complete(Client(), path, "squatters-new-horse")

    assert get_user_model().objects.get(pk=squatter.pk).check_password("squatters-new-horse")
    assert not VerifiedEmail.objects.exists()
    assert {link.proven for link in CustomerOrder.objects.all()} == {False}
