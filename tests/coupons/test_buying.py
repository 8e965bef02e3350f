"""A personal coupon is used by its customer and by nobody else, through whatever door."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_customers_ext.coupons.actions import create_coupon, end_coupon, mail_coupon
from oscar_customers_ext.coupons.terms import Kind, Scope, Usage
from oscar_customers_ext.models import Customer, CustomerVoucher
from tests.checkout import buy, fill_basket, go_to_preview, place_order
from tests.factories import make_terms

from .conftest import ANN, BACKEND, DAY, signed_in, total, type_code

pytestmark = pytest.mark.django_db(transaction=True)

Basket = get_model("basket", "Basket")
Order = get_model("order", "Order")
Range = get_model("offer", "Range")
VoucherApplication = get_model("voucher", "VoucherApplication")

OTHER = "belongs to another customer"
SIGN_IN = "Sign in with the account of the customer it was made for."
WAITS = "counts as soon as you sign in, or give the e-mail address"
OTHER_ADDRESS = "was mailed to another e-mail address"


@pytest.fixture
def mailed(guest_ann):
    """The coupon of a customer without account, in whose mailbox the code is."""
    return create_coupon(guest_ann, make_terms(), mail=True)


def smuggle(coupon, client):
    """Into the client's basket, past everything that asks."""
    client.get(reverse("basket:summary"))
    Basket.objects.get(status="Open", lines__isnull=False).vouchers.add(coupon.voucher)


def assert_unused(coupon):
    assert Order.objects.count() == 0
    assert VoucherApplication.objects.count() == 0
    coupon.voucher.refresh_from_db()
    assert (coupon.voucher.num_orders, coupon.voucher.total_discount) == (0, 0)


def test_the_customer_pays_less(ann, shop, coupon):
    client = signed_in(ann)
    fill_basket(client, shop)

    told = type_code(client, coupon.voucher.code.lower())

    assert any("added to" in text for text in told)
    assert total(client) == Decimal("9.00")
    response = buy(client, shop)
    assert response.url == reverse("checkout:thank-you")
    order = Order.objects.get()
    assert (order.total_incl_tax, order.total_discount_incl_tax) == (Decimal("18.00"), Decimal("2.00"))
    assert VoucherApplication.objects.get().order == order
    assert CustomerVoucher.objects.with_use().get().uses == 1


def test_another_customer_reads_a_sentence(ann, bob, shop, coupon):
    client = signed_in(bob)
    fill_basket(client, shop)

    [told] = type_code(client, coupon.voucher.code)

    assert OTHER in told
    assert "Ann" not in told
    assert total(client) == Decimal("10.00")
    assert not Basket.objects.filter(vouchers=coupon.voucher).exists()


def test_an_account_that_is_not_attached_reads_the_same(ann, shop, coupon):
    """Whoever registers with the address of a customer is not that customer."""
    mail_coupon(coupon)
    stranger = Client()
    Customer.objects.update(user=None)
    stranger.force_login(ann.user, backend=BACKEND)
    fill_basket(stranger, shop)

    [told] = type_code(stranger, coupon.voucher.code)

    assert OTHER in told
    assert total(stranger) == Decimal("10.00")


def test_a_guest_reads_to_sign_in_when_the_code_was_never_mailed(ann, shop, coupon, client):
    fill_basket(client, shop)

    [told] = type_code(client, coupon.voucher.code)

    assert SIGN_IN in told
    assert not Basket.objects.filter(vouchers=coupon.voucher).exists()


def test_a_guest_reads_to_sign_in_for_a_code_that_was_typed(ann, shop, client):
    coupon = create_coupon(ann, make_terms(), code="ANN10", mail=True)
    fill_basket(client, shop)

    [told] = type_code(client, "ANN10")

    assert SIGN_IN in told
    assert coupon.mailed_to_key == ANN


def test_an_unknown_code_is_still_unknown(shop, client):
    fill_basket(client, shop)

    assert type_code(client, "NOTHING") == ["No coupon found with code 'NOTHING'"]


def test_a_guest_with_the_mailed_code_and_its_address_pays_less(shop, client, mailed, mailoutbox):
    assert mailed.voucher.code in mailoutbox[0].body
    fill_basket(client, shop)

    page = client.post(reverse("basket:vouchers-add"), {"code": mailed.voucher.code}, follow=True)

    assert page.text.count(WAITS) == 1
    assert "{#" not in page.text
    # The list of such coupons takes a row of its own, so that the totals stay on the right.
    assert (
        page.text.index("col-12") < page.text.index("no discount yet") < page.text.index("voucher_form_link")
    )
    assert reverse("basket:vouchers-remove", args=[mailed.voucher.pk]) in page.text
    assert page.context["basket"].total_incl_tax == Decimal("10.00")
    response = buy(client, shop, email="Ann@Example.ORG")
    assert response.url == reverse("checkout:thank-you")
    assert Order.objects.get().total_incl_tax == Decimal("18.00")
    assert VoucherApplication.objects.get().voucher == mailed.voucher


def test_a_guest_who_gave_the_address_before_gets_the_discount_at_once(shop, client, mailed):
    go_to_preview(client, shop, email=ANN)

    told = type_code(client, mailed.voucher.code)

    assert not any(WAITS in text for text in told)
    assert total(client) == Decimal("9.00")


def test_a_guest_with_another_address_reads_so_where_it_is_given(shop, client, mailed):
    fill_basket(client, shop)
    type_code(client, mailed.voucher.code)

    page = client.post(reverse("checkout:index"), {"username": "eve@example.org", "options": "anonymous"})

    assert page.status_code == 200
    [error] = page.context["form"].errors["username"]
    assert OTHER_ADDRESS in error
    assert ANN not in page.text
    assert total(client) == Decimal("10.00")


def test_a_guest_who_gave_another_address_reads_so_at_the_basket(shop, client, mailed):
    go_to_preview(client, shop, email="eve@example.org")

    [told] = type_code(client, mailed.voucher.code)

    assert OTHER_ADDRESS in told
    assert total(client) == Decimal("10.00")


def test_changing_the_address_at_the_last_moment_gives_no_discount_and_no_order(
    shop, client, mailed, mailoutbox
):
    fill_basket(client, shop)
    type_code(client, mailed.voucher.code)
    go_to_preview(client, shop, email=ANN)
    assert client.get(reverse("checkout:preview")).context["order_total"].incl_tax == Decimal("18.00")
    session = client.session
    session["checkout_data"]["guest"]["email"] = "eve@example.org"
    session.save()

    response = place_order(client)

    assert (response.status_code, response.url) == (302, reverse("basket:summary"))
    page = client.get(response.url)
    assert page.text.count(OTHER_ADDRESS) == 1
    assert page.context["basket"].total_incl_tax == Decimal("20.00")
    assert_unused(mailed)
    assert len(mailoutbox) == 1


def test_what_was_smuggled_gives_no_discount_and_no_order(ann, bob, shop, coupon):
    client = signed_in(bob)
    go_to_preview(client, shop)
    smuggle(coupon, client)

    page = client.get(reverse("basket:summary"))
    response = place_order(client)

    assert OTHER in page.text
    assert page.context["basket"].total_incl_tax == Decimal("10.00")
    assert (response.status_code, response.url) == (302, reverse("basket:summary"))
    assert_unused(coupon)
    # It is out of the way then.
    assert place_order(client).url == reverse("checkout:thank-you")
    assert Order.objects.get().total_incl_tax == Decimal("10.00")


def test_what_was_smuggled_behind_the_last_check_is_found_in_the_order(ann, bob, shop, coupon, monkeypatch):
    client = signed_in(bob)
    go_to_preview(client, shop)
    checkout = get_model("basket", "Basket")
    freeze = checkout.freeze

    def freeze_and_smuggle(basket):
        freeze(basket)
        basket.vouchers.add(coupon.voucher)

    monkeypatch.setattr(checkout, "freeze", freeze_and_smuggle)

    page = place_order(client)

    assert page.status_code == 200
    assert OTHER in page.text
    assert_unused(coupon)


def test_a_coupon_of_a_guest_stays_a_guests_when_the_baskets_merge(bob, shop, client, mailed):
    fill_basket(client, shop)
    type_code(client, mailed.voucher.code)

    client.force_login(bob.user, backend=BACKEND)
    Basket.objects.filter(owner=None).update(owner=bob.user)
    page = client.get(reverse("basket:summary"))

    assert OTHER in page.text
    assert page.context["basket"].total_incl_tax == Decimal("10.00")
    assert client.get(reverse("checkout:index")).url == reverse("basket:summary")


def test_it_survives_a_change_of_address(ann, shop, coupon):
    ann.email = "anna@example.org"
    ann.save()
    client = signed_in(ann)
    fill_basket(client, shop)

    type_code(client, coupon.voucher.code)

    assert total(client) == Decimal("9.00")


def test_a_guest_needs_the_mail_at_the_new_address(shop, client, mailed, mailoutbox):
    customer = Customer.objects.get()
    customer.email = "anna@example.org"
    customer.save()
    fill_basket(client, shop)
    assert SIGN_IN in type_code(client, mailed.voucher.code)[0]

    mail_coupon(mailed)

    assert mailoutbox[-1].to == ["anna@example.org"]
    assert len(type_code(client, mailed.voucher.code)) == 1
    assert WAITS in client.get(reverse("basket:summary")).text
    assert buy(client, shop, email="anna@example.org").url == reverse("checkout:thank-you")
    assert Order.objects.get().total_incl_tax == Decimal("18.00")


def test_nobody_uses_the_coupon_of_a_customer_who_is_gone(ann, shop, coupon):
    client = signed_in(ann)
    fill_basket(client, shop)
    Customer.objects.filter(pk=ann.pk).delete()

    [told] = type_code(client, coupon.voucher.code)

    assert "belongs to nobody any more" in told
    assert total(client) == Decimal("10.00")


def test_a_code_that_was_typed_in_the_dashboard_is_no_mailed_code(shop, client, mailed):
    mailed.voucher.code = "ANN"
    mailed.voucher.save()
    fill_basket(client, shop)

    assert SIGN_IN in type_code(client, "ANN")[0]


def test_a_voucher_of_nobody_works_as_ever(ann, shop, coupon, client):
    CustomerVoucher.objects.all().delete()
    fill_basket(client, shop)

    type_code(client, coupon.voucher.code)

    assert total(client) == Decimal("9.00")
    assert buy(client, shop, email="eve@example.org").url == reverse("checkout:thank-you")
    assert Order.objects.get().total_incl_tax == Decimal("18.00")


def test_the_shop_says_when_a_coupon_is_over(ann, shop, coupon):
    end_coupon(coupon)
    client = signed_in(ann)
    fill_basket(client, shop)

    assert "The shop has ended this coupon." in type_code(client, coupon.voucher.code)[0]
    assert not Basket.objects.filter(vouchers=coupon.voucher).exists()


def assert_explained_and_taken_out(client, coupon, sentence):
    """The cart says it, with a button; the checkout says it and takes the coupon out; then the order goes through."""
    page = client.get(reverse("basket:summary"))
    assert page.text.count(sentence) == 1
    assert reverse("basket:vouchers-remove", args=[coupon.voucher.pk]) in page.text
    assert page.context["basket"].total_incl_tax == Decimal("10.00")

    assert client.get(reverse("checkout:preview")).url == reverse("basket:summary")
    assert sentence in client.get(reverse("basket:summary")).text
    assert place_order(client).url == reverse("checkout:thank-you")
    assert Order.objects.latest("pk").total_incl_tax == Decimal("10.00")


USED_UP = "This coupon has been used as often as it can be."


def test_a_guest_reads_in_the_second_browser_that_the_coupon_was_used_in_the_first(shop, mailed):
    first, second = Client(), Client()
    for browser in (first, second):
        go_to_preview(browser, shop, email=ANN)
        type_code(browser, mailed.voucher.code)
        assert total(browser) == Decimal("9.00")
    assert place_order(second).url == reverse("checkout:thank-you")

    response = place_order(first)

    assert (response.status_code, response.url) == (302, reverse("basket:summary"))
    assert USED_UP in first.get(response.url).text
    assert Order.objects.count() == 1
    assert place_order(first).url == reverse("checkout:thank-you")
    assert sorted(order.total_incl_tax for order in Order.objects.all()) == [
        Decimal("9.00"),
        Decimal("10.00"),
    ]
    assert VoucherApplication.objects.count() == 1


def test_a_guest_without_address_reads_that_the_coupon_was_used(shop, mailed):
    first, second = Client(), Client()
    for browser in (first, second):
        fill_basket(browser, shop)
        type_code(browser, mailed.voucher.code)
    assert buy(second, shop, email=ANN).url == reverse("checkout:thank-you")

    page = first.get(reverse("basket:summary")).text

    assert (USED_UP in page, WAITS in page) == (True, False)
    assert first.get(reverse("checkout:index")).url == reverse("basket:summary")
    assert not Basket.objects.filter(status="Open", vouchers=mailed.voucher).exists()


@pytest.mark.parametrize(
    ("happened", "sentence"),
    [
        ("used", USED_UP),
        ("expired", "This coupon has expired."),
        ("ended", "The shop has ended this coupon."),
        ("not_yet", "This coupon is not valid yet."),
    ],
)
def test_what_became_of_the_coupon_in_a_cart_is_said_there(ann, shop, coupon, happened, sentence):
    client = signed_in(ann)
    go_to_preview(client, shop)
    type_code(client, coupon.voucher.code)
    assert total(client) == Decimal("9.00")
    voucher = coupon.voucher
    if happened == "used":
        order = Order.objects.create(number="1", total_incl_tax=1, total_excl_tax=1)
        voucher.applications.create(order=order)
    elif happened == "ended":
        end_coupon(coupon)
    else:
        by = -2 * DAY if happened == "expired" else DAY
        now = timezone.now()
        type(voucher).objects.update(start_datetime=now + by, end_datetime=now + by + DAY)

    assert_explained_and_taken_out(client, coupon, sentence)


def test_a_coupon_that_expires_while_the_payment_is_taken_ends_no_order(ann, shop, coupon, monkeypatch):
    client = signed_in(ann)
    go_to_preview(client, shop)
    type_code(client, coupon.voucher.code)
    freeze = Basket.freeze

    def freeze_later(basket):
        freeze(basket)
        type(coupon.voucher).objects.update(end_datetime=timezone.now() - DAY)

    monkeypatch.setattr(Basket, "freeze", freeze_later)

    assert place_order(client).url == reverse("checkout:thank-you")


def test_a_guest_reads_to_sign_in_for_what_oscar_gives_to_accounts_only(shop, client, mailed):
    type(mailed.voucher).objects.update(usage="Once per customer")
    fill_basket(client, shop)

    assert SIGN_IN in type_code(client, mailed.voucher.code)[0]


OTHER_CURRENCY = "This coupon is about an amount in the shop&#x27;s own currency"
MONEY = pytest.mark.parametrize(
    "terms",
    [
        {"kind": Kind.AMOUNT, "value": Decimal(5)},
        {"minimum": Decimal(5)},
        {"kind": Kind.AMOUNT, "value": Decimal(5), "scope": Scope.SHIPPING},
    ],
    ids=["amount", "minimum", "shipping"],
)


@MONEY
def test_an_amount_does_not_count_in_a_cart_of_another_currency(ann, shop, settings, terms):
    coupon = create_coupon(ann, make_terms(**terms))
    client = signed_in(ann)
    go_to_preview(client, shop)
    type_code(client, coupon.voucher.code)
    settings.OSCAR_DEFAULT_CURRENCY = "JPY"

    assert_explained_and_taken_out(client, coupon, OTHER_CURRENCY)


@MONEY
def test_an_amount_is_not_taken_for_a_cart_of_another_currency(ann, shop, settings, terms):
    coupon = create_coupon(ann, make_terms(**terms))
    settings.OSCAR_DEFAULT_CURRENCY = "JPY"
    client = signed_in(ann)
    fill_basket(client, shop)

    [told] = type_code(client, coupon.voucher.code)

    assert "in the shop's own currency" in told
    assert total(client) == Decimal("10.00")
    assert not Basket.objects.filter(vouchers=coupon.voucher).exists()


def test_a_guest_reads_of_the_other_currency_before_the_address(shop, client, guest_ann, settings):
    coupon = create_coupon(guest_ann, make_terms(kind=Kind.AMOUNT, value=Decimal(5)), mail=True)
    settings.OSCAR_DEFAULT_CURRENCY = "JPY"
    fill_basket(client, shop)

    [told] = type_code(client, coupon.voucher.code)

    assert "in the shop's own currency" in told


def test_a_percentage_counts_in_every_currency(ann, shop, coupon, settings):
    settings.OSCAR_DEFAULT_CURRENCY = "JPY"
    client = signed_in(ann)
    fill_basket(client, shop)
    type_code(client, coupon.voucher.code)

    assert total(client) == Decimal("9.00")


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({"kind": Kind.AMOUNT, "value": Decimal(3)}, "27.00"),
        ({"kind": Kind.AMOUNT, "value": Decimal(50)}, "0.00"),
        ({"value": Decimal("12.5")}, "26.25"),
        ({"value": Decimal(100)}, "0.00"),
        ({"minimum": Decimal(30)}, "27.00"),
        ({"minimum": Decimal("30.01")}, "30.00"),
    ],
)
def test_what_it_takes_off(ann, shop, terms, expected):
    coupon = create_coupon(ann, make_terms(**terms))
    client = signed_in(ann)
    fill_basket(client, shop, quantity=3)

    type_code(client, coupon.voucher.code)

    assert total(client) == Decimal(expected)


TOO_LITTLE = "This coupon is for carts of €30.01 or more."


def test_a_cart_that_is_worth_too_little_is_told_what_the_coupon_asks(ann, bob, shop):
    code = create_coupon(ann, make_terms(minimum=Decimal("30.01"))).voucher.code
    client, other = signed_in(ann), signed_in(bob)
    fill_basket(client, shop, quantity=3)
    fill_basket(other, shop, quantity=3)

    assert type_code(client, code) == ["Your cart does not qualify for a coupon discount", TOO_LITTLE]
    assert TOO_LITTLE not in type_code(other, code)
    fill_basket(client, shop)
    assert type_code(client, code)[-1] == f"Coupon '{code}' added to cart"


def test_a_guest_reads_the_minimum_before_the_address_is_known(guest_ann, shop, client):
    coupon = create_coupon(guest_ann, make_terms(minimum=Decimal("30.01")), mail=True)
    fill_basket(client, shop)

    assert type_code(client, coupon.voucher.code)[-1] == TOO_LITTLE


def test_the_minimum_is_not_named_where_something_else_is_in_the_way(ann, shop):
    ended = end_coupon(create_coupon(ann, make_terms(minimum=Decimal(1000))))
    enough = create_coupon(ann, make_terms(minimum=Decimal(10)))
    enough.voucher.offers.update(status="Suspended")
    part = create_coupon(ann, make_terms(minimum=Decimal(1000)))
    condition = part.voucher.offers.get().condition
    condition.range = Range.objects.create(name="Tea")
    condition.save()
    client = signed_in(ann)
    fill_basket(client, shop)

    for coupon in (ended, enough, part):
        told = type_code(client, coupon.voucher.code)
        assert len(told) == 1, told
        assert "for carts of" not in told[0]


def test_a_coupon_for_shipping_leaves_the_products_alone(ann, shop):
    coupon = create_coupon(ann, make_terms(scope=Scope.SHIPPING, value=Decimal(100)))
    client = signed_in(ann)
    fill_basket(client, shop)

    told = type_code(client, coupon.voucher.code)

    assert any("added to" in text for text in told)
    assert total(client) == Decimal("10.00")


def test_twice_is_twice(ann, shop):
    coupon = create_coupon(ann, make_terms(usage=Usage.TIMES, times=2))
    client = signed_in(ann)
    for _order in range(2):
        fill_basket(client, shop)
        type_code(client, coupon.voucher.code)
        assert buy(client, shop).url == reverse("checkout:thank-you")

    fill_basket(client, shop)

    assert "as often as it can be" in type_code(client, coupon.voucher.code)[0]
    assert total(client) == Decimal("10.00")
    assert [order.total_incl_tax for order in Order.objects.all()] == [Decimal("18.00")] * 2
