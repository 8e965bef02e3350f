"""Oscar's own pages for a forgotten password, for accounts that have none yet, and what a completed reset proves."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.contrib.sites.models import Site
from django.core import mail
from django.test import Client
from django.urls import reverse

from oscar_customers_ext.accounts import completed_resets
from oscar_customers_ext.accounts.actions import create_account, deactivate_account
from oscar_customers_ext.customers.actions import create_customer, link_order
from oscar_customers_ext.models import CustomerOrder, VerifiedEmail
from tests.factories import make_order, make_user

pytestmark = pytest.mark.django_db

NEW = "a-new-horse-battery"
ANN = "ann@example.org"


@pytest.fixture
def ann(shop):
    """A customer whose account has no password yet, with an order placed as a guest."""
    customer = create_customer(email=ANN, first_name="Ann", last_name="Rossi")
    link_order(make_order(ANN))
    create_account(customer)
    customer.refresh_from_db()
    return customer


def ask(client, email):
    return client.post(reverse("password-reset"), {"email": email}, headers={"host": "evil.example"})


def link_in(message):
    [path] = re.findall(r"http://[^/]+(/shop/password-reset/confirm/\S+)", message.body)
    return path


def open_link(client, path):
    """The page with the form; Django moves the token into the session first."""
    return client.get(path, follow=True)


def complete(client, path, password=NEW):
    page = open_link(client, path)
    return client.post(page.request["PATH_INFO"], {"new_password1": password, "new_password2": password})


@pytest.mark.parametrize("typed", [ANN, "ANN@EXAMPLE.ORG", " Ann@example.org "])
def test_an_account_without_a_password_gets_the_mail(client, ann, mailoutbox, typed):
    response = ask(client, typed)

    assert response.url == reverse("password-reset-done")
    assert [message.to for message in mailoutbox] == [[ANN]]
    assert f"//{Site.objects.get_current().domain}/shop/password-reset/" in mailoutbox[0].body


def test_with_the_link_a_password_is_set_and_the_customer_signs_in(client, ann, mailoutbox):
    ask(client, ANN)
    response = complete(client, link_in(mailoutbox[0]))

    assert response.url == reverse("password-reset-complete")
    assert get_user_model().objects.get(pk=ann.user_id).check_password(NEW)
    signed_in = client.post(
        reverse("customer:login"),
        {"login-username": ANN, "login-password": NEW, "login-redirect_url": "", "login_submit": "x"},
    )
    assert signed_in.status_code == 302


def test_it_proves_the_address_and_the_guests_orders(client, ann, mailoutbox):
    ask(client, ANN)
    path = link_in(mailoutbox[0])
    open_link(client, path)
    assert not VerifiedEmail.objects.exists()

    complete(client, path)

    proof = VerifiedEmail.objects.get()
    assert (proof.user_id, proof.email, proof.source) == (ann.user_id, ANN, "password_reset")
    assert [link.proven for link in CustomerOrder.objects.all()] == [True]


def test_so_does_a_reset_of_somebody_who_had_a_password(client, shop, mailoutbox):
    make_order(ANN)
    link_order(make_order(ANN))
    user = make_user(ANN)

    ask(client, ANN)
    complete(client, link_in(mailoutbox[0]))

    assert VerifiedEmail.objects.get().user == user
    assert user.oscar_customer.email == ANN
    assert {link.proven for link in CustomerOrder.objects.all()} == {True}


def test_a_password_that_is_refused_proves_nothing(client, ann, mailoutbox):
    ask(client, ANN)
    page = open_link(client, link_in(mailoutbox[0]))

    response = client.post(
        page.request["PATH_INFO"], {"new_password1": NEW, "new_password2": "something else"}
    )

    assert response.status_code == 200
    assert not VerifiedEmail.objects.exists()
    assert not get_user_model().objects.get(pk=ann.user_id).has_usable_password()


def test_the_link_works_once(client, ann, mailoutbox):
    ask(client, ANN)
    path = link_in(mailoutbox[0])
    complete(client, path)

    page = open_link(Client(), path)
    assert not page.context["validlink"]
    Client().post(page.request["PATH_INFO"], {"new_password1": "x" * 20, "new_password2": "x" * 20})

    assert get_user_model().objects.get(pk=ann.user_id).check_password(NEW)


def test_somebody_elses_session_cannot_complete_it(client, ann, mailoutbox):
    ask(client, ANN)
    page = open_link(client, link_in(mailoutbox[0]))
    path = page.request["PATH_INFO"]

    Client().post(path, {"new_password1": NEW, "new_password2": NEW})

    assert not VerifiedEmail.objects.exists()


def test_a_link_for_the_address_of_before_proves_nothing(client, ann, mailoutbox):
    ask(client, ANN)
    get_user_model().objects.filter(pk=ann.user_id).update(email="other@example.org")

    page = open_link(client, link_in(mailoutbox[0]))

    assert not page.context["validlink"]
    assert not VerifiedEmail.objects.exists()


def test_a_reset_ends_the_sessions_of_before(client, shop, mailoutbox):
    user = make_user(ANN)
    thief = Client()
    thief.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert thief.get(reverse("customer:profile-view")).status_code == 200

    ask(client, ANN)
    complete(client, link_in(mailoutbox[0]))

    assert thief.get(reverse("customer:profile-view")).status_code == 302


def test_should_the_proof_fail_the_password_is_set_all_the_same(client, ann, mailoutbox, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise RuntimeError("no")

    monkeypatch.setattr(completed_resets, "prove_address", fail)
    ask(client, ANN)
    response = complete(client, link_in(mailoutbox[0]))

    assert response.url == reverse("password-reset-complete")
    assert "the address stays unproven" in caplog.text
    assert NEW not in caplog.text


# Who gets no mail, and the same answer for everybody


def comparable(response):
    return response.status_code, response.url, sorted(response.headers.items())


@pytest.mark.parametrize(
    "who", ["staff", "superuser", "wagtail", "wagtail deactivated", "dashboard", "inactive"]
)
def test_no_password_by_mail_for_staff_without_one_nor_for_the_deactivated(client, ann, mailoutbox, who):
    user = make_user("x@example.org", password=None)
    user.is_staff, user.is_superuser = who == "staff", who == "superuser"
    user.is_active = who not in ("inactive", "wagtail deactivated")
    user.save()
    codename = {
        "wagtail": "access_admin",
        "wagtail deactivated": "access_admin",
        "dashboard": "dashboard_access",
    }
    if who in codename:
        group = Group.objects.create(name="Office")
        group.permissions.set(Permission.objects.filter(codename=codename[who]))
        user.groups.add(group)

    response = ask(client, "x@example.org")

    assert mailoutbox == []
    assert comparable(response) == comparable(ask(client, "nobody@example.org"))
    assert comparable(response) == comparable(ask(client, ANN))


def test_nor_with_a_permission_of_ones_own(client, shop, mailoutbox):
    user = make_user("x@example.org", password=None)
    user.user_permissions.set(Permission.objects.filter(codename="access_admin"))

    ask(client, "x@example.org")

    assert mailoutbox == []


def test_a_deactivated_customer_gets_none(client, ann, mailoutbox):
    deactivate_account(ann)

    ask(client, ANN)

    assert mailoutbox == []


@pytest.mark.parametrize(
    "typed",
    [
        "ann@example.org,evil@example.net",
        '"ann@example.org"@evil.example',
        "ann@example.org.evil.example",
        "ａnn@example.org",
        "ann@examp\u0131e.org",
        "ann@example.org\nbcc: evil@example.net",
    ],
)
def test_mail_goes_to_the_stored_address_only(client, ann, mailoutbox, typed):
    ask(client, typed)

    assert all(message.to == [ANN] and not message.bcc for message in mailoutbox)
    assert len(mailoutbox) == 0


def test_letters_that_only_look_alike_are_other_people(client, shop, mailoutbox):
    make_user("mike@example.org", password=None)

    ask(client, "m\u0131ke@example.org")

    assert mailoutbox == []


def test_each_of_several_accounts_gets_its_own_link(client, shop, mailoutbox):
    make_user(ANN, password=None)
    make_user(ANN, password=None)

    ask(client, ANN)

    assert [message.to for message in mailoutbox] == [[ANN], [ANN]]
    assert len({link_in(message) for message in mailoutbox}) == 2


def test_who_was_thrown_out_gets_none(client, shop, mailoutbox):
    owner = make_user(ANN)
    make_user(ANN, password=None)
    VerifiedEmail.objects.create(user=owner, email=ANN, source="password_reset")

    ask(client, ANN)

    assert len(mailoutbox) == 1


def test_a_mail_server_that_fails_gives_the_same_answer(client, ann, monkeypatch, caplog):
    def fail(self):
        raise OSError("smtp is down")

    monkeypatch.setattr(mail.EmailMessage, "send", fail)

    assert comparable(ask(client, ANN)) == comparable(ask(client, "nobody@example.org"))
    assert "could not be sent" in caplog.text
    assert ANN not in caplog.text.replace("Traceback", "").split("Traceback")[0]
