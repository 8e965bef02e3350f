"""Users with the customer's address are there already, and staff attach one."""

import pytest
from django.contrib.auth import get_user_model
from wagtail.models import ModelLogEntry

from oscar_customers_ext.customers.actions import create_customer, link_order
from tests.accounts.office import ANN, NEW, PROTECTED, actions_in_log, protect, url, user_of
from tests.factories import make_order, make_user

pytestmark = pytest.mark.django_db


def test_one_is_offered_to_be_attached_and_no_other_is_created(manager, ann):
    user = make_user("Ann@example.org", username="ann1")

    for response in (
        manager.get(url("account_create", ann.pk)),
        manager.post(url("account_create", ann.pk), NEW),
    ):
        assert (
            f"There is already a user account with the address {ANN}, so no other is created."
            in response.text
        )
        assert url("account_attach", ann.pk, user.pk) in response.text
    assert get_user_model().objects.filter(email__iexact=ANN).count() == 1
    assert user_of(ann) is None


def test_of_several_one_is_chosen(manager, ann):
    users = [make_user(ANN, username=name) for name in ("ann1", "ann2")]

    page = manager.get(url("account_create", ann.pk)).text
    manager.post(url("account_attach", ann.pk, users[1].pk))

    assert "There are already 2 user accounts with the address" in page
    assert user_of(ann) == users[1]


def test_attaching_is_logged_and_opens_no_orders(manager, ann, mailoutbox):
    link_order(make_order(ANN))
    user = make_user(ANN, username="ann1")
    link_order(make_order(user=user))

    page = manager.get(url("account_attach", ann.pk, user.pk)).text
    assert user_of(ann) is None
    response = manager.post(url("account_attach", ann.pk, user.pk))

    assert "Anybody can register with anybody" in page
    assert response.url == f"{url('edit', ann.pk)}#tab-account"
    assert user_of(ann) == user
    proven = {link.order.user_id: link.proven for link in ann.order_links.all()}
    assert proven == {None: False, user.pk: True}
    [entry] = ModelLogEntry.objects.all()
    assert (entry.action, str(entry.message)) == (
        "oscar_customers_ext.attach_account",
        "User account ann1 attached",
    )
    assert mailoutbox == []


@pytest.mark.parametrize("how", PROTECTED)
def test_staff_are_never_attached(manager, ann, how):
    user = make_user(ANN)
    protect(user, how)

    page = manager.get(url("account_create", ann.pk)).text
    response = manager.post(url("account_attach", ann.pk, user.pk))

    sentence = "This user account may work in the admin, so it is not touched here."
    assert sentence in page
    assert url("account_attach", ann.pk, user.pk) not in page
    assert sentence in response.text
    assert user_of(ann) is None


def test_nor_is_one_that_is_deactivated_or_another_customers_or_elsewhere(manager, ann):
    inactive = make_user(ANN, is_active=False)
    taken = make_user(ANN)
    create_customer(email="taken@example.org", user=taken)
    elsewhere = make_user("eve@example.org", first_name="Canary")

    for user, sentence in (
        (inactive, "This user account is deactivated, so it cannot be attached."),
        (taken, "This user account belongs to another customer."),
        (elsewhere, "This user account has another e-mail address than the customer."),
    ):
        response = manager.post(url("account_attach", ann.pk, user.pk))
        assert sentence in response.text
        assert "eve@example.org" not in response.text
    assert user_of(ann) is None
    assert actions_in_log() == []


@pytest.mark.parametrize("pk", ["0", "999999", "x", "-1"])
def test_an_account_that_is_not_there_is_not_found(manager, ann, pk):
    assert manager.post(url("account_attach", ann.pk, pk)).status_code == 404
