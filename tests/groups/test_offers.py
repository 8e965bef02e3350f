"""Discounts of groups in the shop: who gets them, by Oscar's own baskets, checkout and orders."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from oscar.apps.offer.applicator import Applicator
from oscar.core.loading import get_class, get_model
from oscar.test.factories import (
    BenefitFactory,
    ConditionalOfferFactory,
    ConditionFactory,
    RangeFactory,
    VoucherFactory,
)

from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.groups.actions import add_to_group, remove_from_group
from oscar_customers_ext.groups.offers.actions import unlink_offer
from oscar_customers_ext.loader import MIXINS, compose
from oscar_customers_ext.models import GroupOffer
from tests.checkout import buy, fill_basket, go_to_preview, place_order
from tests.factories import make_product, make_user
from tests.groups.test_groups import make_group, make_member

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
Basket = get_model("basket", "Basket")
ConditionalOffer = get_model("offer", "ConditionalOffer")
Order = get_model("order", "Order")
Range = get_model("offer", "Range")


def everything():
    return Range.objects.filter(name="All").first() or RangeFactory(name="All", includes_all_products=True)


def make_offer(*groups, name="Trade price", value=10, kind="Percentage", **columns):
    columns.setdefault("offer_type", ConditionalOffer.USER)
    columns.setdefault("condition", ConditionFactory(range=everything(), type="Count", value=1))
    columns.setdefault(
        "benefit", BenefitFactory(range=everything(), type=kind, value=value, max_affected_items=None)
    )
    offer = ConditionalOfferFactory(name=name, max_basket_applications=None, **columns)
    for group in groups:
        GroupOffer.objects.create(group=group, offer=offer)
    return offer


def make_buyer(email="ann@example.org"):
    return create_customer(email=email, user=make_user(email))


def sign_in(client, customer):
    client.force_login(customer.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def basket_of(client):
    return client.get(reverse("basket:summary")).context["basket"]


def total(client):
    return basket_of(client).total_excl_tax


@pytest.fixture
def ann(shop):
    return make_buyer()


@pytest.fixture
def trade(ann):
    group = make_group()
    add_to_group([ann.pk], group, actor=None)
    return group


def test_members_get_it_and_others_and_guests_do_not(client, shop, trade, ann):
    make_offer(trade)
    fill_basket(client, shop, quantity=2)
    assert total(client) == Decimal("20.00")

    client = sign_in(client, ann)
    assert total(client) == Decimal("18.00")
    assert "Trade price" in client.get(reverse("basket:summary")).text
    client.logout()
    sign_in(client, make_buyer("bob@example.org"))
    fill_basket(client, shop, quantity=2)

    page = client.get(reverse("basket:summary"))
    assert page.context["basket"].total_excl_tax == Decimal("20.00")
    assert "Trade price" not in page.text


# Groups come and go


def test_leaving_the_group_acts_on_the_next_page(client, shop, trade, ann):
    make_offer(trade)
    fill_basket(sign_in(client, ann), shop)
    assert total(client) == Decimal("9.00")

    remove_from_group([ann.pk], trade, actor=None)
    assert total(client) == Decimal("10.00")
    add_to_group([ann.pk], trade, actor=None)
    assert total(client) == Decimal("9.00")


@pytest.mark.parametrize(
    ("membership", "price"),
    [
        ({}, "9.00"),
        ({"ends": DAY}, "9.00"),
        ({"starts": -2 * DAY, "ends": -DAY}, "10.00"),
        ({"starts": DAY}, "10.00"),
        ({"revoked": True}, "10.00"),
    ],
)
def test_a_membership_gives_the_discounts_of_its_group_while_it_is_active(
    client, shop, ann, membership, price
):
    group = make_group()
    make_offer(group)
    fill_basket(sign_in(client, ann), shop)

    make_member(ann, group, **membership)

    assert total(client) == Decimal(price)


@pytest.mark.parametrize(
    "columns",
    [
        {"start_datetime": timezone.now() + DAY},
        {"end_datetime": timezone.now() - DAY},
        {"status": ConditionalOffer.SUSPENDED},
        {"status": ConditionalOffer.CONSUMED},
        {"offer_type": ConditionalOffer.SESSION},
        {"offer_type": ConditionalOffer.VOUCHER},
    ],
    ids=lambda columns: "-".join(columns),
)
def test_an_offer_that_is_not_in_force_is_not_given(client, shop, trade, ann, columns):
    offer = make_offer(trade)
    fill_basket(sign_in(client, ann), shop)

    ConditionalOffer.objects.filter(pk=offer.pk).update(**columns)

    assert total(client) == Decimal("10.00")


def test_a_session_that_another_user_name_ended_gets_nothing(client, shop, trade, ann):
    make_offer(trade)
    fill_basket(sign_in(client, ann), shop)
    type(ann.user).objects.filter(pk=ann.user.pk).update(username="renamed")

    assert total(client) == Decimal("0.00")
    assert client.get(reverse("basket:summary")).context["user"].is_anonymous


def test_a_user_without_customer_gets_nothing(client, shop, trade, ann):
    make_offer(trade)
    fill_basket(sign_in(client, ann), shop)

    ann.user = None
    ann.save()

    assert total(client) == Decimal("10.00")


# Oscar's own rules


def test_of_two_groups_the_offer_of_higher_priority_takes_the_items(client, shop, trade, ann):
    press = make_group("Press")
    add_to_group([ann.pk], press, actor=None)
    low = make_offer(trade, name="Low", value=50, priority=1)
    high = make_offer(press, name="High", value=20, priority=2)
    fill_basket(sign_in(client, ann), shop)

    basket = basket_of(client)

    assert basket.total_excl_tax == Decimal("8.00")
    assert [entry["offer"] for entry in basket.offer_applications] == [high]
    ConditionalOffer.objects.filter(pk=low.pk).update(priority=3)
    assert total(client) == Decimal("5.00")


def test_offers_that_are_not_exclusive_add_up(client, shop, trade, ann):
    press = make_group("Press")
    add_to_group([ann.pk], press, actor=None)
    make_offer(trade, name="Ten", value=10, exclusive=False)
    make_offer(press, name="Two off", kind="Absolute", value=2, exclusive=False)
    fill_basket(sign_in(client, ann), shop)

    assert total(client) == Decimal("7.00")


def test_an_offer_of_two_groups_is_given_once(client, shop, trade, ann):
    press = make_group("Press")
    add_to_group([ann.pk], press, actor=None)
    make_member(ann, trade)
    make_offer(trade, press, exclusive=False)
    fill_basket(sign_in(client, ann), shop)

    assert total(client) == Decimal("9.00")


def test_offers_of_the_site_go_on_and_come_after_those_of_groups_of_the_same_priority(
    client, shop, trade, ann
):
    make_offer(name="For everybody", value=50, offer_type=ConditionalOffer.SITE)
    fill_basket(sign_in(client, ann), shop)
    assert total(client) == Decimal("5.00")

    make_offer(trade, value=20)
    assert total(client) == Decimal("8.00")


def test_an_amount_is_taken_off_once_however_many_pieces(client, shop, trade, ann):
    make_offer(trade, kind="Absolute", value=3)
    fill_basket(sign_in(client, ann), shop, quantity=4)

    assert total(client) == Decimal("37.00")


def test_an_offer_over_a_range_leaves_the_rest_alone(client, shop, trade, ann):
    cups = RangeFactory(name="Cups", products=[shop])
    columns = {
        "condition": ConditionFactory(range=cups, type="Count", value=2),
        "benefit": BenefitFactory(range=cups, type="Percentage", value=50, max_affected_items=None),
    }
    make_offer(trade, **columns)
    fill_basket(sign_in(client, ann), make_product("Saucer"))
    fill_basket(client, shop)
    page = client.get(reverse("basket:summary"))
    assert page.context["basket"].total_excl_tax == Decimal("20.00")
    assert "Buy 1 more product from Cups" in page.text

    fill_basket(client, shop)
    assert total(client) == Decimal("20.00")


def test_a_limit_per_user_counts_orders_of_before(client, shop, trade, ann):
    make_offer(trade, max_user_applications=1)
    sign_in(client, ann)
    buy(client, shop)
    fill_basket(client, shop)

    assert total(client) == Decimal("10.00")
    assert Order.objects.get().total_excl_tax == Decimal("9.00")


def test_amounts_are_in_the_currency_of_the_shop(client, shop, trade, ann, settings):
    offer = make_offer(trade, kind="Absolute", value=3)
    fill_basket(sign_in(client, ann), shop)
    assert total(client) == Decimal("7.00")

    settings.OSCAR_DEFAULT_CURRENCY = "JPY"
    assert total(client) == Decimal("10.00")
    type(offer.benefit).objects.update(type="Percentage")
    assert total(client) == Decimal("9.70")


# Orders


def test_the_order_carries_the_discount(client, shop, trade, ann):
    offer = make_offer(trade)
    sign_in(client, ann)

    response = buy(client, shop)

    assert response.status_code == 302
    order = Order.objects.get()
    assert (order.basket_total_excl_tax, order.total_excl_tax) == (Decimal("9.00"), Decimal("9.00"))
    discount = order.discounts.get()
    assert (discount.offer_id, discount.offer_name, discount.amount) == (
        offer.pk,
        "Trade price",
        Decimal("1.00"),
    )
    offer.refresh_from_db()
    assert (offer.num_orders, offer.num_applications, offer.total_discount) == (1, 1, Decimal("1.00"))


def test_leaving_the_group_before_the_last_click_counts(client, shop, trade, ann):
    make_offer(trade)
    go_to_preview(sign_in(client, ann), shop)
    assert "9.00" in client.get(reverse("checkout:preview")).text
    remove_from_group([ann.pk], trade, actor=None)

    assert place_order(client).status_code == 302

    assert Order.objects.get().total_excl_tax == Decimal("10.00")
    assert not Order.objects.get().discounts.exists()


def test_a_guest_who_types_the_address_of_a_member_pays_in_full(client, shop, trade, ann):
    make_offer(trade)
    ann.user.email = "other@example.org"
    ann.user.save()

    buy(client, shop, email="ann@example.org")

    assert Order.objects.get().total_excl_tax == Decimal("10.00")


# The public page of an offer


def test_the_page_of_an_offer_of_a_group_is_there_for_its_members_only(client, shop, trade, ann):
    offer = make_offer(trade)
    address = reverse("offer:detail", args=[offer.slug])

    assert client.get(address).status_code == 404
    assert sign_in(client, make_buyer("bob@example.org")).get(address).status_code == 404
    page = sign_in(client, ann).get(address)
    assert page.status_code == 200
    assert "Trade price" in page.text
    assert "Trade price" not in client.get(reverse("offer:list")).text
    remove_from_group([ann.pk], trade, actor=None)
    assert client.get(address).status_code == 404


def test_the_page_of_an_offer_for_everybody_is_as_oscar_has_it(client, shop):
    offer = make_offer(offer_type=ConditionalOffer.SITE)

    assert client.get(reverse("offer:detail", args=[offer.slug])).status_code == 200


@pytest.mark.parametrize("end", ["delete the group", "take the offer away", "never linked"])
def test_the_page_of_an_offer_that_no_group_has_any_more_is_there_for_nobody(client, shop, trade, ann, end):
    offer = make_offer(*([] if end == "never linked" else [trade]))
    address = reverse("offer:detail", args=[offer.slug])
    if end == "delete the group":
        trade.delete()
    elif end == "take the offer away":
        unlink_offer(trade, offer, actor=None)

    assert client.get(address).status_code == 404
    assert sign_in(client, ann).get(address).status_code == 404


def test_the_page_of_an_offer_is_there_for_whom_the_site_gives_it(client, shop, ann, monkeypatch):
    offer = make_offer()
    monkeypatch.setattr(
        Applicator, "get_user_offers", lambda self, user: [offer] if user.pk == ann.user.pk else []
    )
    address = reverse("offer:detail", args=[offer.slug])

    assert client.get(address).status_code == 404
    assert sign_in(client, make_buyer("bob@example.org")).get(address).status_code == 404
    assert sign_in(client, ann).get(address).status_code == 200


def test_the_page_of_an_offer_is_there_for_who_has_its_voucher(client, shop, ann):
    offer = make_offer()
    voucher = VoucherFactory()
    voucher.offers.add(offer)
    address = reverse("offer:detail", args=[offer.slug])
    fill_basket(sign_in(client, ann), shop)
    assert client.get(address).status_code == 404

    basket_of(client).vouchers.add(voucher)
    assert client.get(address).status_code == 200


def test_an_offer_without_group_is_given_to_nobody(client, shop, ann):
    make_offer()
    fill_basket(sign_in(client, ann), shop)

    assert total(client) == Decimal("10.00")


# Faults


@pytest.mark.parametrize("columns", [{"range": None}, {"type": ""}, {"value": None}], ids=str)
@pytest.mark.parametrize("part", ["condition", "benefit"])
def test_an_incomplete_offer_is_left_out_and_logged(client, shop, trade, ann, caplog, part, columns):
    broken, whole = make_offer(trade, name="Broken", priority=9), make_offer(trade, name="Whole")
    row = getattr(broken, part)
    type(row).objects.filter(pk=row.pk).update(**columns)
    fill_basket(sign_in(client, ann), shop)

    basket = basket_of(client)

    assert [entry["offer"] for entry in basket.offer_applications] == [whole]
    assert f"Offer {broken.pk} of a group is incomplete" in caplog.text


def test_a_failure_leaves_the_buyer_a_basket_without_discount(client, shop, trade, ann, caplog):
    make_offer(trade)
    sign_in(client, ann)
    fill_basket(client, shop)

    def fail(execute, sql, params, many, context):
        if "oscar_customers_ext_groupoffer" in sql:
            sql = "SELECT nonsense"
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail), transaction.atomic():
        response = buy(client, shop)

    assert response.status_code == 302
    assert Order.objects.get().total_excl_tax == Decimal("20.00")
    assert f"The discounts of the groups of user {ann.user.pk} are not given" in caplog.text


# What it costs


def statements(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return [
        query["sql"] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE SAVEPOINT"))
    ]


def test_five_groups_cost_a_basket_four_queries_however_many_offers(client, shop, ann):
    sign_in(client, ann)
    fill_basket(client, shop)
    fill_basket(client, make_product("Saucer"))
    url = reverse("basket:summary")
    without = statements(client, url)
    assert len([sql for sql in without if 'FROM "oscar_customers_ext_customer" ' in sql]) == 1
    assert len([sql for sql in without if "oscar_customers_ext_groupoffer" in sql]) == 1

    for number in range(5):
        group = make_group(f"group{number}")
        add_to_group([ann.pk], group, actor=None)
        make_offer(group, name=f"Offer {number}", priority=number)

    assert len(statements(client, url)) == len(without) + 2
    assert total(client) == Decimal("18.00")


def test_visitors_cost_nothing(client, shop, trade):
    make_offer(trade)
    fill_basket(client, shop)

    for url in (reverse("basket:summary"), shop.get_absolute_url()):
        assert not [sql for sql in statements(client, url) if "oscar_customers_ext" in sql]


# In other hands


class Request:
    """What a program passes that prices baskets without a browser."""

    def __init__(self, user, customer=None):
        self.user = user
        self.customer = customer
        self.session = {}


def offers_for(user, request, basket=None):
    return get_class("offer.applicator", "Applicator")().get_offers(basket or Basket(), user, request)


def test_the_buyer_counts_and_not_the_member_of_staff_who_asks(shop, trade, ann):
    offer, staff = make_offer(trade), make_user("staff@example.org")

    assert offers_for(ann.user, None) == [offer]
    assert offers_for(ann.user, Request(staff)) == [offer]
    assert offers_for(ann.user, Request(ann.user, ann)) == [offer]
    assert offers_for(ann.user, Request(AnonymousUser())) == []
    for nobody in (None, AnonymousUser(), staff):
        assert offers_for(nobody, Request(ann.user, ann)) == []


def test_without_a_request_nothing_is_kept(shop, trade, ann):
    make_offer(trade)
    assert len(offers_for(ann.user, None)) == 1

    remove_from_group([ann.pk], trade, actor=None)

    assert offers_for(ann.user, None) == []


def test_offers_that_the_site_gives_to_users_stay_and_none_is_given_twice(shop, trade, ann):
    own, both = make_offer(name="Own"), make_offer(trade, name="Both")

    class Site(Applicator):
        def get_user_offers(self, user):
            return [own, both]

    laid_over = compose(Site, MIXINS["offer.applicator", "Applicator"])

    assert laid_over().get_offers(Basket(), ann.user, None) == [own, both]
    assert laid_over().get_offers(Basket(), AnonymousUser(), None) == [own, both]
