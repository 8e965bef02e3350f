"""Staff create a user account for a customer."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sites.models import Site
from django.test import Client
from wagtail.models import ModelLogEntry

from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.models import VerifiedEmail
from tests.accounts.office import ANN, NEW, PASSWORD, WITH_PASSWORD, actions_in_log, url, user_of
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_creating_one_without_a_password_sends_no_mail(manager, ann, mailoutbox):
    response = manager.post(url("account_create", ann.pk), NEW)

    user = user_of(ann)
    assert response.url == f"{url('edit', ann.pk)}#tab-account"
    assert (user.email, user.first_name, user.last_name) == (ANN, "Ann", "Rossi")
    assert (user.username, user.is_active, user.has_usable_password()) == ("ann", True, False)
    assert (user.is_staff, user.is_superuser) == (False, False)
    assert not VerifiedEmail.objects.exists()
    assert actions_in_log() == ["create_account"]
    assert mailoutbox == []


def test_creating_one_with_name_and_password(manager, ann, mailoutbox):
    manager.post(url("account_create", ann.pk), WITH_PASSWORD | {"account_username": "ann.rossi"})

    user = user_of(ann)
    assert user.username == "ann.rossi"
    assert user.check_password(PASSWORD)
    proof = VerifiedEmail.objects.get()
    assert (proof.user, proof.source) == (user, "staff")
    assert actions_in_log() == ["create_account", "vouch_for_address"]
    assert mailoutbox == []


def test_the_log_holds_no_secret(manager, ann):
    manager.post(url("account_create", ann.pk), WITH_PASSWORD)
    manager.post(
        url("account_password", ann.pk),
        {"account_password": "x" + PASSWORD, "account_password_again": "x" + PASSWORD},
    )
    manager.post(url("account_link", ann.pk))

    logged = "".join(str(entry.data) + str(entry.message) for entry in ModelLogEntry.objects.all())
    assert PASSWORD not in logged
    assert user_of(ann).password not in logged
    assert "password-reset" not in logged


def test_the_link_is_sent_when_ticked(manager, ann, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        manager.post(
            url("account_create", ann.pk), NEW | {"account_link": "on"}, headers={"host": "evil.example"}
        )
        manager.post(url("account_create", ann.pk), NEW | {"account_link": "on"})

    [message] = mailoutbox
    domain = Site.objects.get_current().domain
    assert message.to == [ANN]
    assert message.subject == f"Set a password for your account at {Site.objects.get_current().name}"
    [path] = re.findall(rf"http://{domain}(/shop/password-reset/confirm/\S+)", message.body)
    assert actions_in_log() == ["create_account", "send_password_link"]

    buyer = Client()
    page = buyer.get(path, follow=True)
    new = {"new_password1": "a-new-horse-battery", "new_password2": "a-new-horse-battery"}
    buyer.post(page.request["PATH_INFO"], new)
    assert user_of(ann).check_password("a-new-horse-battery")
    assert ann.email_is_proven


def test_a_second_press_makes_no_second_account(manager, ann, mailoutbox):
    for _press in range(2):
        response = manager.post(url("account_create", ann.pk), NEW)
        assert response.status_code == 302

    assert get_user_model().objects.filter(email=ANN).count() == 1
    assert actions_in_log() == ["create_account"]


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        (
            {"account_username": "Taken"},
            "account_username",
            "The user name Taken is taken. Choose another one.",
        ),
        ({"account_username": "a b"}, "account_username", "Enter a valid username."),
        ({"account_username": "x" * 200}, "account_username", "at most 150 characters"),
        ({"account_username": "bob@example.org"}, "account_username", "looks like an e-mail address"),
        ({"account_password": "12345", "account_password_again": "12345"}, "account_password", "too short"),
        (
            {"account_password": ANN, "account_password_again": ANN},
            "account_password",
            "too similar to the email address",
        ),
        (
            {"account_password": PASSWORD, "account_password_again": "x"},
            "account_password_again",
            "The two passwords differ.",
        ),
        ({"account_password": PASSWORD}, "account_password_again", "The two passwords differ."),
        ({"account_password_again": PASSWORD}, "account_password_again", "The two passwords differ."),
    ],
)
def test_what_is_wrong_gets_a_sentence_and_keeps_what_was_typed(
    manager, ann, settings, typed, field, sentence
):
    settings.AUTH_PASSWORD_VALIDATORS = [
        {"NAME": f"django.contrib.auth.password_validation.{name}"}
        for name in ("MinimumLengthValidator", "UserAttributeSimilarityValidator")
    ]
    make_user("bob@example.org", username="taken")

    response = manager.post(url("account_create", ann.pk), NEW | typed)

    assert response.status_code == 200
    assert sentence in " ".join(response.context["form"].errors[field])
    assert response.context["form"]["account_username"].value() == typed.get("account_username", "")
    assert PASSWORD not in response.text
    assert user_of(ann) is None
    assert actions_in_log() == []


def test_the_customers_own_address_may_be_the_user_name(manager, ann):
    manager.post(url("account_create", ann.pk), NEW | {"account_username": "Ann@Example.org"})

    assert user_of(ann).username == "Ann@Example.org"


def test_a_name_that_is_made_avoids_a_taken_one(manager, ann):
    make_user("other@example.com", username="ANN")

    manager.post(url("account_create", ann.pk), NEW)

    assert re.fullmatch(r"ann\d{6}", user_of(ann).username)


def test_without_an_address_name_and_password_are_needed(manager, shop):
    customer = create_customer(email="", first_name="Zoe")

    for typed in (NEW, NEW | {"account_username": "zoe"}, WITH_PASSWORD):
        response = manager.post(url("account_create", customer.pk), typed)
        assert "Without an e-mail address the customer cannot set a password." in response.text
    response = manager.post(
        url("account_create", customer.pk), WITH_PASSWORD | {"account_username": "zoe", "account_link": "on"}
    )
    assert "there is nowhere to send a link to" in response.text
    assert user_of(customer) is None

    manager.post(url("account_create", customer.pk), WITH_PASSWORD | {"account_username": "zoe"})
    assert user_of(customer).check_password(PASSWORD)
    assert not VerifiedEmail.objects.exists()
