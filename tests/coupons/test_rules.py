"""The verdict, the words it is told in, and that it costs one question of the database."""

import logging
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_customers_ext.coupons import rules
from oscar_customers_ext.coupons.actions import create_coupon, end_coupon, release_coupons
from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.lifecycle.actions import delete_customers
from oscar_customers_ext.models import Customer, CustomerVoucher
from tests.checkout import fill_basket, go_to_preview, place_order
from tests.factories import make_terms, make_user

from .conftest import ANN, DAY, signed_in, total, type_code

pytestmark = pytest.mark.django_db

Order = get_model("order", "Order")
Voucher = get_model("voucher", "Voucher")
NOBODY = AnonymousUser()
COUPONS = CustomerVoucher._meta.db_table


def mailed_to(coupon, key):
    CustomerVoucher.objects.filter(pk=coupon.pk).update(mailed_to_key=key)


def reason_for(coupon, **buyer):
    found = rules.verdict(coupon.voucher, **buyer)
    assert (found.rule, found.about) == ("personal-coupon", coupon)
    assert found.applies == (found.reason in ("own", "guest-mailed"))
    assert str(found.sentence)
    return found.reason


def test_who_is_signed_in_as_the_customer_may_and_others_may_not(ann, bob, coupon):
    assert reason_for(coupon, user=ann.user) == "own"
    assert reason_for(coupon, user=bob.user) == "other-customer"
    assert reason_for(coupon, user=make_user("eve@example.org")) == "other-customer"
    # The address of somebody who is signed in says nothing.
    mailed_to(coupon, ANN)
    assert reason_for(coupon, user=bob.user, email=ANN) == "other-customer"


@pytest.mark.parametrize(
    ("mailed", "email", "reason"),
    [
        ("", ANN, "guest-not-mailed"),
        ("", "", "guest-not-mailed"),
        ("old@example.org", "old@example.org", "guest-not-mailed"),
        (ANN, "", "guest-address-unknown"),
        (ANN, "eve@example.org", "guest-other-address"),
        (ANN, "ann@example.org,eve@example.org", "guest-other-address"),
        (ANN, "no address", "guest-other-address"),
        (ANN, ANN, "guest-mailed"),
        (ANN, " Ann@EXAMPLE.org ", "guest-mailed"),
    ],
)
def test_a_guest_may_with_the_address_to_which_the_code_was_mailed(coupon, mailed, email, reason):
    mailed_to(coupon, mailed)

    assert reason_for(coupon, user=NOBODY, email=email) == reason
    assert reason_for(coupon, email=email) == reason


def test_a_guest_may_not_with_a_code_that_was_typed(ann):
    coupon = create_coupon(ann, make_terms(), code="ANN10")
    mailed_to(coupon, ANN)

    assert reason_for(coupon, email=ANN) == "guest-typed-code"
    assert reason_for(coupon, user=ann.user) == "own"


def test_nobody_may_once_the_customer_is_gone(ann, coupon):
    user = ann.user
    mailed_to(coupon, ANN)
    Customer.objects.filter(pk=ann.pk).delete()

    assert reason_for(coupon, user=user) == "nobody"
    assert reason_for(coupon, email=ANN) == "nobody"


def test_a_voucher_of_the_shop_is_no_matter_of_this_rule(ann, coupon):
    coupon.delete()

    assert rules.verdict(coupon.voucher, user=ann.user) is None


def test_for_a_customer_the_account_counts_and_without_one_the_address(ann, bob, coupon):
    assert reason_for(coupon, customer=ann) == "own"
    assert reason_for(coupon, customer=bob) == "other-customer"
    Customer.objects.update(user=None)
    ann.refresh_from_db()
    assert reason_for(coupon, customer=ann) == "guest-not-mailed"
    mailed_to(coupon, ANN)
    assert reason_for(coupon, customer=ann) == "guest-mailed"


def test_an_explanation_says_what_became_of_it(ann, bob):
    now = timezone.now()

    def explained(coupon, customer=ann):
        return rules.decide_for(CustomerVoucher.objects.with_use().get(pk=coupon.pk), customer).reason

    used = create_coupon(ann, make_terms())
    used.voucher.applications.create(
        order=Order.objects.create(number="1", total_incl_tax=1, total_excl_tax=1)
    )
    assert explained(used) == "used"
    assert explained(create_coupon(ann, make_terms(ends_at=now - DAY / 2))) == "expired"
    assert explained(create_coupon(ann, make_terms(starts_at=now + DAY))) == "not-yet"
    assert explained(end_coupon(create_coupon(ann, make_terms()))) == "ended"
    fresh = create_coupon(ann, make_terms())
    assert (explained(fresh), explained(fresh, bob)) == ("own", "other-customer")


def test_deleting_a_customer_takes_the_name_off_the_voucher(ann, coupon):
    delete_customers([ann.pk], actor=None)

    voucher = Voucher.objects.get()
    assert "Rossi" not in voucher.name
    assert not voucher.is_active()
    assert CustomerVoucher.objects.get().customer is None
    release_coupons([])


def test_two_customers_of_one_name_have_vouchers_of_their_own(shop):
    for number in range(2):
        customer = create_customer(email=f"twin{number}@example.org", first_name="Ann " * 60)
        create_coupon(customer, make_terms())

    names = [voucher.name for voucher in Voucher.objects.all()]
    assert len(set(names)) == 2
    assert max(map(len, names)) <= 128


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-1", "0", "100.01", "0.001", "1E+20"])
def test_terms_that_cannot_be_are_refused_whoever_asks(ann, value):
    with pytest.raises(ValidationError) as error:
        create_coupon(ann, make_terms(value=Decimal(value)))

    assert list(error.value.message_dict) == ["value"]
    assert not Voucher.objects.exists()


def ours(queries):
    return [query["sql"] for query in queries if COUPONS in query["sql"]]


def test_a_cart_without_voucher_costs_nothing(ann, shop):
    client = signed_in(ann)
    go_to_preview(client, shop)

    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("basket:summary"))
        place_order(client)

    assert ours(queries) == []
    assert Order.objects.count() == 1


def test_a_cart_with_a_coupon_costs_one_question_and_the_order_another(ann, shop, coupon):
    client = signed_in(ann)
    go_to_preview(client, shop)
    type_code(client, coupon.voucher.code)

    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("basket:summary"))
    assert len(ours(queries)) == 1

    with CaptureQueriesContext(connection) as queries:
        place_order(client)
    assert len(ours(queries)) == 2
    assert Order.objects.count() == 1


class Refusing:
    """A database that does not find our table any more."""

    def __call__(self, execute, sql, params, many, context):
        if COUPONS in sql:
            raise DatabaseError("gone")
        return execute(sql, params, many, context)


def test_what_cannot_be_looked_up_gives_no_discount_and_no_error_page(ann, shop, coupon, caplog):
    client = signed_in(ann)
    go_to_preview(client, shop)
    type_code(client, coupon.voucher.code)
    assert total(client) == 9

    with caplog.at_level(logging.ERROR, "oscar_customers_ext"), connection.execute_wrapper(Refusing()):
        page = client.get(reverse("basket:summary"))
        response = place_order(client)

    assert page.context["basket"].total_incl_tax == 10
    assert "could not be found out" in page.text
    assert response.url == reverse("basket:summary")
    assert not Order.objects.exists()
    assert "coupons in basket" in caplog.text
    # The coupon is still there, and works again with the database.
    assert total(client) == 9


def test_a_code_that_cannot_be_looked_up_is_not_taken(ann, shop, coupon, caplog):
    client = signed_in(ann)
    fill_basket(client, shop)
    client.get(reverse("basket:summary"))

    with caplog.at_level(logging.CRITICAL), connection.execute_wrapper(Refusing()):
        page = client.post(reverse("basket:vouchers-add"), {"code": coupon.voucher.code}, follow=True)

    assert "could not be found out" in page.text
    assert page.context["basket"].total_incl_tax == 10
