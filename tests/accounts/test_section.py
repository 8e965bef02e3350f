"""What the tab of a customer says about the user account."""

import pytest
from django.contrib.auth import get_user_model

from oscar_customers_ext.accounts.actions import vouch_for_address
from oscar_customers_ext.customers.actions import link_order
from tests.accounts.office import ANN, PASSWORD, url, user_of
from tests.factories import make_order, make_user

pytestmark = pytest.mark.django_db


def test_the_section_is_hidden_without_permission(editor, ann):
    assert url("account", ann.pk) not in editor.get(url("edit", ann.pk)).text


def test_the_section_is_there_with_it(manager, ann):
    page = manager.get(url("edit", ann.pk)).text

    assert "Account and roles" in page
    assert url("account", ann.pk) in page


def test_it_says_that_there_is_no_account_and_offers_one(manager, ann):
    section = manager.get(url("account", ann.pk)).text

    assert "This customer has no user account, and buys as a guest." in section
    assert url("account_create", ann.pk) in section


def test_it_shows_the_account_and_never_the_password(manager, registered):
    section = manager.get(url("account", registered.pk)).text

    assert "ann.rossi" in section
    assert ANN in section
    assert "Never" in section
    assert user_of(registered).password not in section
    assert PASSWORD not in section
    for name in ("rename", "password", "link", "vouch", "deactivate"):
        assert url(f"account_{name}", registered.pk) in section
    assert url("account_activate", registered.pk) not in section
    assert "<form" not in section


def test_it_shows_the_tick_how_and_when(manager, registered):
    vouch_for_address(registered, actor=make_user("boss@example.org"))

    section = manager.get(url("account", registered.pk)).text
    card = manager.get(url("edit", registered.pk)).text

    assert "icon-check" in section
    assert "vouched for by staff" in section
    assert url("account_vouch", registered.pk) not in section
    assert "Proven: the customer reads mail at this address." in card


def test_who_may_only_view_sees_no_buttons(sign_in, registered):
    section = sign_in("view_customer", "manage_account_customer").get(url("account", registered.pk)).text

    assert "ann.rossi" in section
    assert 'class="button' not in section


def test_another_address_of_the_account_is_pointed_out(manager, registered):
    get_user_model().objects.filter(pk=registered.user_id).update(email="new@example.org")

    section = manager.get(url("account", registered.pk)).text

    assert (
        f"The customer&#x27;s address is another one: {ANN}" in section
        or f"The customer's address is another one: {ANN}" in section
    )


def test_a_hostile_user_name_is_only_text(manager, registered):
    get_user_model().objects.filter(pk=registered.user_id).update(username="<script>alert(1)</script>")

    for name in ("account", "account_rename", "account_vouch", "account_link"):
        assert "<script>alert(1)" not in manager.get(url(name, registered.pk)).text


@pytest.mark.parametrize("orders", [1, 40])
def test_the_section_takes_few_queries(manager, registered, orders, django_assert_max_num_queries):
    for _number in range(orders):
        link_order(make_order(ANN))
    manager.get(url("account", registered.pk))

    with django_assert_max_num_queries(12):
        manager.get(url("account", registered.pk))
