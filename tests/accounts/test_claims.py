"""Which orders an account claims by a proof, whose proof ends, and what becomes of orders when accounts are deleted."""

import pytest
from django.contrib.auth import get_user_model
from wagtail.models import ModelLogEntry

from oscar_customers_ext.accounts.actions import attach_account, prove_address
from oscar_customers_ext.customers.actions import create_customer, link_order, register_user
from oscar_customers_ext.customers.ownership import claim_orders, has_proved
from oscar_customers_ext.models import Customer, CustomerOrder, VerifiedEmail
from tests.accounts.test_forgotten_password import ask
from tests.factories import make_order, make_user

pytestmark = pytest.mark.django_db

BOX, ELSEWHERE = "box@example.org", "elsewhere@example.org"


def guests_order(email=BOX):
    order = make_order(email)
    link_order(order)
    return CustomerOrder.objects.get(order=order)


def is_proven(link):
    link.refresh_from_db()
    return link.proven


def move_to(user, email):
    """Without proof, as the owner does in the shop; the customer follows."""
    user.email = email
    user.save()
    Customer.objects.filter(user=user).update(email=email, email_key=email)


@pytest.fixture
def former(shop):
    """Proved the address, claimed a guest's order there, and has another address now."""
    guests_order()
    user = make_user(BOX)
    prove_address(user, BOX, "password_reset")
    move_to(user, ELSEWHERE)
    return user


@pytest.fixture
def present(former):
    return make_user(BOX)


def test_a_mailbox_has_one_owner(former, present):
    link = CustomerOrder.objects.get()
    assert link.proven

    prove_address(present, BOX, "password_reset")

    assert [(proof.user, proof.email) for proof in VerifiedEmail.objects.all()] == [(present, BOX)]
    assert is_proven(link)
    assert Customer.objects.get(user=former).email == ELSEWHERE
    entry = ModelLogEntry.objects.get(action="oscar_customers_ext.end_proof")
    assert entry.object_id == str(former.oscar_customer.pk)
    assert str(entry.message) == (
        f"Proof of the e-mail address {BOX} ended: the account has another one, and somebody else proved it"
    )


def test_a_former_owner_who_comes_back_has_proved_nothing(former, present):
    prove_address(present, BOX, "password_reset")
    present.delete()

    move_to(former, BOX)

    assert not has_proved(former, BOX)
    assert not Customer.objects.get(user=former).email_is_proven


def test_of_two_accounts_that_have_the_address_now_both_keep_their_proof(shop):
    first, second = make_user(BOX), make_user(BOX)
    prove_address(first, BOX, "password_reset")

    prove_address(second, BOX, "password_reset")

    assert {proof.user for proof in VerifiedEmail.objects.all()} == {first, second}
    assert not ModelLogEntry.objects.filter(action="oscar_customers_ext.end_proof").exists()


def test_proofs_of_other_addresses_stay(former, shop):
    VerifiedEmail.objects.create(user=former, email="third@example.org", source="staff")
    prove_address(make_user(BOX), BOX, "password_reset")

    assert VerifiedEmail.objects.get(user=former).email == "third@example.org"


def test_only_orders_of_the_address_that_the_account_has_now_are_claimed(former):
    customer = former.oscar_customer
    later = CustomerOrder.objects.create(order=make_order(BOX), customer=customer, email=BOX)
    moved = CustomerOrder.objects.create(order=make_order(ELSEWHERE), customer=customer, email=ELSEWHERE)

    prove_address(former, ELSEWHERE, "email_change")

    assert (is_proven(later), is_proven(moved)) == (False, True)


@pytest.mark.parametrize("has_left", [True, False])
def test_who_left_the_address_or_the_shop_keeps_nobody_from_a_password(client, shop, mailoutbox, has_left):
    owner = make_user(BOX)
    VerifiedEmail.objects.create(user=owner, email=BOX, source="password_reset")
    make_user(BOX, password=None)
    owner.email, owner.is_active = (ELSEWHERE, True) if has_left else (BOX, False)
    owner.save()

    ask(client, BOX)

    assert [message.to for message in mailoutbox] == [[BOX]]


# Deleted accounts


@pytest.fixture
def deleted(shop):
    """The customer of a deleted account that had claimed a guest's order; and its two orders."""
    guests = guests_order()
    user = make_user(BOX)
    prove_address(user, BOX, "password_reset")
    own = make_order(user=user)
    link_order(own)
    own = CustomerOrder.objects.get(order=own)
    assert (own.email, is_proven(own), is_proven(guests)) == (BOX, True, True)
    user.delete()
    return Customer.objects.get(), own, guests


def test_without_an_account_no_order_is_proven(deleted):
    customer, own, guests = deleted

    assert customer.user is None
    assert (is_proven(own), is_proven(guests)) == (False, False)
    assert (own.email, guests.email) == (BOX, BOX)


def test_who_proves_the_address_has_them_all(deleted):
    customer, own, guests = deleted

    prove_address(make_user(BOX), BOX, "password_reset")

    assert (is_proven(own), is_proven(guests)) == (True, True)


def test_so_has_who_proved_it_before_and_gets_the_customer_with_the_next_order(deleted):
    customer, own, guests = deleted
    user = make_user(BOX)
    VerifiedEmail.objects.create(user=user, email=BOX, source="password_reset")
    order = make_order(user=user)

    link_order(order)

    customer.refresh_from_db()
    assert customer.user == user
    assert (is_proven(own), is_proven(guests)) == (True, True)
    assert CustomerOrder.objects.get(order=order).proven


def test_whom_staff_attach_has_none_of_them_without_proof(deleted):
    customer, own, guests = deleted
    # Deleted behind our back, say: nobody took the proof away.
    CustomerOrder.objects.update(proven=True)

    attach_account(customer, make_user(BOX))

    assert (is_proven(own), is_proven(guests)) == (False, False)


def test_orders_of_another_address_stay_hidden_until_the_account_has_and_proves_it(shop):
    user = make_user("before@example.org")
    customer = register_user(user)
    link_order(make_order(user=user))
    VerifiedEmail.objects.create(user=user, email="before@example.org", source="staff")
    move_to(user, BOX)
    user.delete()
    present = make_user(BOX)

    prove_address(present, BOX, "password_reset")

    assert Customer.objects.get() == customer
    assert Customer.objects.get().user == present
    assert not CustomerOrder.objects.get().proven
    get_user_model().objects.filter(pk=present.pk).update(email="before@example.org")
    present.refresh_from_db()
    prove_address(present, "before@example.org", "email_change")
    claim_orders(Customer.objects.get())
    assert CustomerOrder.objects.get().proven


def test_a_customer_without_an_account_claims_nothing(shop):
    link = guests_order()

    claim_orders(Customer.objects.get())

    assert not is_proven(link)
    assert create_customer(email="new@example.org").order_links.count() == 0
