"""Two at the same moment."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import translation
from oscar.core.loading import get_model

from oscar_customers_ext.coupons import codes
from oscar_customers_ext.coupons.actions import (
    change_coupon,
    create_coupon,
    create_coupons,
    delete_coupon,
    end_coupon,
    mail_coupon,
)
from oscar_customers_ext.coupons.terms import Usage
from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.customers.ranges import everything
from oscar_customers_ext.models import CustomerVoucher
from tests.checkout import go_to_preview, place_order
from tests.factories import make_terms

from .conftest import ANN, total, type_code

pytestmark = pytest.mark.django_db(transaction=True)

together = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")

Order = get_model("order", "Order")
Range = get_model("offer", "Range")


def at_once(*works):
    """What each came to: its result, or the error that it raised."""
    start = threading.Barrier(len(works))
    outcomes = [None] * len(works)

    def run(position, work):
        try:
            start.wait()
            outcomes[position] = work()
        except Exception as error:
            outcomes[position] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.postgres
@together
def test_of_two_who_type_one_code_at_the_same_moment_one_is_told(ann, bob):
    outcomes = at_once(
        *(
            lambda customer=customer: create_coupon(customer, make_terms(), code="SAME")
            for customer in (ann, bob)
        )
    )

    [refused] = [outcome for outcome in outcomes if not isinstance(outcome, CustomerVoucher)]
    assert isinstance(refused, ValidationError)
    assert refused.message_dict == {"code": ["There is a coupon with this code already. Choose another one."]}
    assert CustomerVoucher.objects.count() == 1


@pytest.mark.postgres
@together
def test_the_first_coupons_of_a_shop_share_one_range(shop):
    customers = [create_customer(email=f"c{number}@example.org") for number in range(4)]

    outcomes = at_once(
        *(lambda customer=customer: create_coupon(customer, make_terms()) for customer in customers)
    )

    assert all(isinstance(outcome, CustomerVoucher) for outcome in outcomes), outcomes
    assert Range.objects.filter(includes_all_products=True).count() == 1


@pytest.mark.postgres
@together
@pytest.mark.parametrize(
    "usage", [{"usage": Usage.ONCE}, {"usage": Usage.TIMES, "times": 1}], ids=["once", "times"]
)
def test_two_orders_at_the_same_moment_use_it_once(guest_ann, shop, usage):
    coupon = create_coupon(guest_ann, make_terms(**usage), mail=True)
    clients = [Client(), Client()]
    for client in clients:
        go_to_preview(client, shop, email=ANN)
        type_code(client, coupon.voucher.code)
        assert total(client) == 9

    at_once(*(lambda client=client: place_order(client) for client in clients))

    assert [order.total_incl_tax for order in Order.objects.all()] == [9]
    assert CustomerVoucher.objects.with_use().get().uses == 1


@pytest.mark.postgres
@together
def test_the_first_discounts_of_a_shop_share_one_range_whatever_their_language(shop):
    def make(language):
        with translation.override(language):
            return everything()

    outcomes = at_once(*(lambda language=language: make(language) for language in ("en", "it") * 2))

    assert outcomes == [Range.objects.get(includes_all_products=True)] * 4


def test_a_coupon_and_a_discount_in_another_language_share_one_range(ann):
    with translation.override("it"):
        found = everything()
    coupon = create_coupon(ann, make_terms())

    assert coupon.voucher.offers.get().benefit.range == found
    assert list(Range.objects.values_list("name", flat=True)) == ["All products"]


def test_a_customer_who_was_deleted_meanwhile_gets_no_coupon(ann):
    type(ann).objects.filter(pk=ann.pk).delete()

    with pytest.raises(ValidationError) as error:
        create_coupon(ann, make_terms())

    assert error.value.messages == ["This customer was deleted meanwhile."]
    assert CustomerVoucher.objects.count() == 0


@pytest.mark.parametrize(
    "act",
    [end_coupon, delete_coupon, mail_coupon, lambda coupon: change_coupon(coupon, make_terms())],
    ids=["end", "delete", "mail", "change"],
)
def test_a_coupon_that_was_deleted_meanwhile_is_said_to_be_gone(coupon, act):
    CustomerVoucher.objects.get().voucher.delete()

    with pytest.raises(ValidationError) as error:
        act(coupon)

    assert error.value.messages == ["This coupon was deleted meanwhile."]


def test_a_code_that_is_there_already_is_made_anew(ann, bob, monkeypatch):
    letters = iter(["A"] * 24 + ["A"] * 24 + list("BCDEFGHJKLMNPQRSTUVWXYZ2"))
    monkeypatch.setattr(codes.secrets, "choice", lambda alphabet: next(letters))

    first = create_coupon(ann, make_terms())
    second = create_coupon(bob, make_terms())

    assert first.voucher.code == "AAAA-AAAA-AAAA-AAAA"
    assert second.voucher.code != first.voucher.code


def test_made_codes_have_enough_random_bits():
    made = {codes.make_code() for _number in range(1000)}

    assert len(made) == 1000
    assert all(len(code.replace("-", "")) * 5 >= 60 for code in made)
    assert len(codes.ALPHABET) == len(set(codes.ALPHABET)) == 32


def test_a_range_that_leaves_something_out_is_not_everything(ann, shop):
    Range.objects.create(name="All products", includes_all_products=True).excluded_products.add(shop)

    [coupon] = create_coupons([ann.pk], make_terms())

    applies_to = coupon.voucher.offers.get().benefit.range
    assert (applies_to.name, applies_to.excluded_products.count()) == ("All products (2)", 0)
