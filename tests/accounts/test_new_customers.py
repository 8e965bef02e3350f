"""A new customer gets a user account together with the card."""

import pytest
from django.contrib.auth import get_user_model

from oscar_customers_ext.accounts.actions import create_account
from oscar_customers_ext.models import Customer
from tests.accounts.office import ANN, NEW, PASSWORD, WITH_PASSWORD, actions_in_log, url, user_of
from tests.customers.test_screen import FORM
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_new_customer_gets_no_account_unless_ticked(manager, mailoutbox):
    manager.post(url("add"), FORM | WITH_PASSWORD)

    assert user_of(Customer.objects.get()) is None
    assert mailoutbox == []


def test_a_new_customer_gets_one_when_ticked(manager, mailoutbox):
    response = manager.post(url("add"), FORM | WITH_PASSWORD | {"create_account": "on"})

    customer = Customer.objects.get()
    user = user_of(customer)
    assert response.url == url("edit", customer.pk)
    assert (user.email, user.first_name) == (ANN, "Ann")
    assert user.check_password(PASSWORD)
    assert sorted(actions_in_log()) == ["create", "create_account", "vouch_for_address"]
    assert mailoutbox == []


def test_and_a_link_when_that_is_ticked_once(manager, mailoutbox, django_capture_on_commit_callbacks):
    form = FORM | NEW | {"create_account": "on", "account_link": "on"}
    with django_capture_on_commit_callbacks(execute=True):
        manager.post(url("add"), form)
        manager.post(url("add"), form)

    assert [message.to for message in mailoutbox] == [[ANN]]


def test_what_is_wrong_with_the_account_creates_no_customer(manager):
    make_user("bob@example.org", username="taken")

    response = manager.post(url("add"), FORM | NEW | {"create_account": "on", "account_username": "taken"})

    assert "The user name taken is taken." in response.text
    assert not Customer.objects.exists()
    assert response.context["form"]["first_name"].value() == "Ann"


def test_an_address_that_has_an_account_is_told(manager):
    make_user(ANN)

    response = manager.post(url("add"), FORM | NEW | {"create_account": "on"})

    assert (
        "There is already a user account with this e-mail address. Save the customer without" in response.text
    )
    assert not Customer.objects.exists()


def test_without_permission_the_box_is_absent_and_a_hand_made_post_creates_no_account(editor):
    assert "create_account" not in editor.get(url("add")).text

    editor.post(url("add"), FORM | WITH_PASSWORD | {"create_account": "on"})

    assert user_of(Customer.objects.get()) is None
    assert not get_user_model().objects.filter(email=ANN).exists()


def test_who_takes_the_name_meanwhile_is_told_of(manager, monkeypatch):
    """Between the check of the form and the writing; nothing is written then."""
    from oscar_customers_ext.accounts import forms

    def quicker(customer, **kwargs):
        make_user("bob@example.org", username="ann.rossi")
        return create_account(customer, **kwargs)

    monkeypatch.setattr(forms, "create_account", quicker)

    response = manager.post(
        url("add"), FORM | NEW | {"create_account": "on", "account_username": "ann.rossi"}
    )

    assert "The user name ann.rossi is taken." in response.text
    assert not Customer.objects.exists()
