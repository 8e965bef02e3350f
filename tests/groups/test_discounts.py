"""The discounts of a group in the admin: made and changed in a few fields, beside Oscar's own editor."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth import get_user
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model
from oscar.test.factories import RangeFactory
from wagtail.models import ModelLogEntry

from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.customers.ranges import everything
from oscar_customers_ext.groups.actions import add_to_group
from oscar_customers_ext.groups.offers import views
from oscar_customers_ext.groups.offers.actions import change_discount, create_discount, link_offer
from oscar_customers_ext.groups.offers.states import IN_BRIEF, OfferState, state_of, summary, with_parts
from oscar_customers_ext.groups.offers.terms import Terms, obstacle, terms_of
from oscar_customers_ext.models import CustomerGroup, GroupOffer
from tests.customers.test_screen import url
from tests.factories import make_product
from tests.groups.test_groups import groups_url, make_group
from tests.groups.test_offers import make_offer

pytestmark = pytest.mark.django_db

Benefit = get_model("offer", "Benefit")
ConditionalOffer = get_model("offer", "ConditionalOffer")
Range = get_model("offer", "Range")
DAY = timedelta(days=1)
TYPED = {
    "name": "Trade price",
    "kind": "Percentage",
    "value": "10",
    "range": "",
    "minimum": "",
    "starts_at": "",
    "ends_at": "",
}
OFFERS = [f"{verb}_conditionaloffer" for verb in ("add", "change", "delete", "view")]


@pytest.fixture
def group(db):
    return make_group()


@pytest.fixture
def seller(sign_in):
    """Keeps the discounts of groups, and neither groups nor customers."""
    return sign_in("view_customergroup", *OFFERS)


def discounts_url(name, *args):
    return groups_url(name, *(arg.pk for arg in args))


def make_discount(group, **fields):
    fields = {"name": "Trade price", "kind": "Percentage", "value": Decimal(10)} | fields
    return create_discount(group, Terms(**fields), actor=None)


def read(offer):
    """As everybody sees it now."""
    return with_parts(ConditionalOffer.objects.all()).get(pk=offer.pk)


def logged():
    return list(ModelLogEntry.objects.order_by("pk").values_list("action", "label"))


# Making one


def test_a_discount_is_made_in_three_fields(seller, group):
    response = seller.post(discounts_url("add_discount", group), TYPED, follow=True)

    assert "Discount Trade price saved." in response.text
    offer = read(ConditionalOffer.objects.get())
    assert (offer.name, offer.slug, offer.offer_type) == ("Trade price", "trade-price", "User")
    assert (offer.exclusive, offer.priority, offer.status) == (True, 0, "Open")
    assert terms_of(offer) == Terms("Trade price", "Percentage", Decimal("10.00"))
    assert (offer.condition.type, offer.condition.value) == ("Count", 1)
    assert Range.objects.get().includes_all_products
    assert Range.objects.get().name == "All products"
    assert [link.group for link in offer.group_links.all()] == [group]
    assert logged() == [("oscar_customers_ext.create_discount", "Trade")]
    assert "10 % off All products" in response.text


def test_a_discount_with_everything(seller, group):
    cups = RangeFactory(name="Cups")
    typed = TYPED | {
        "kind": "Absolute",
        "value": "5.50",
        "range": cups.pk,
        "minimum": "50",
        "starts_at": "2030-01-01 08:00",
        "ends_at": "2030-02-01 00:00",
    }

    assert seller.post(discounts_url("add_discount", group), typed).status_code == 302

    offer = read(ConditionalOffer.objects.get())
    assert (offer.benefit.type, offer.benefit.value, offer.benefit.range) == (
        "Absolute",
        Decimal("5.50"),
        cups,
    )
    assert (offer.condition.type, offer.condition.value, offer.condition.range) == (
        "Value",
        Decimal("50.00"),
        cups,
    )
    assert timezone.localtime(offer.start_datetime).isoformat() == "2030-01-01T08:00:00+01:00"
    assert timezone.localtime(offer.end_datetime).isoformat() == "2030-02-01T00:00:00+01:00"
    assert summary(offer) == "€5.50 off Cups, from €50.00"


def test_the_range_of_everything_is_found_again(group):
    part = RangeFactory(name="All products", includes_all_products=True)
    part.excluded_products.add(make_product())

    made = [make_discount(group, name=str(number)).benefit.range for number in range(2)]

    assert [found.name for found in made] == ["All products (2)", "All products (2)"]
    assert Range.objects.count() == 2


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"name": ""}, "name", "A discount needs a name."),
        ({"name": "x" * 129}, "name", "at most 128 characters"),
        ({"name": "Taken"}, "name", "Another offer has this name already. Choose another one."),
        ({"kind": ""}, "kind", "Choose a percentage or an amount."),
        ({"kind": "Multibuy"}, "kind", "Select a valid choice."),
        ({"value": ""}, "value", "Say how much the discount takes off."),
        ({"value": "0"}, "value", "A discount must be more than zero."),
        ({"value": "-5"}, "value", "A discount must be more than zero."),
        ({"value": "150"}, "value", "A percentage cannot be more than 100."),
        ({"value": "100.01"}, "value", "A percentage cannot be more than 100."),
        ({"value": "1.234"}, "value", "no more than 2 decimal places"),
        ({"value": "NaN"}, "value", "Enter a number."),
        ({"value": "9" * 30}, "value", "no more than 12 digits"),
        ({"kind": "Absolute", "value": "-5"}, "value", "A discount must be more than zero."),
        ({"range": "4711"}, "range", "There is no such range of products."),
        ({"range": "9" * 30}, "range", "There is no such range of products."),
        ({"range": "x"}, "range", "There is no such range of products."),
        ({"minimum": "0"}, "minimum", "The minimum must be more than zero."),
        ({"minimum": "-1"}, "minimum", "The minimum must be more than zero."),
        ({"starts_at": "soon"}, "starts_at", "Write date and time like 2026-12-31 18:00."),
        ({"ends_at": "9999-12-31 00:00"}, "ends_at", "Choose a date between 1970 and 2999."),
        (
            {"starts_at": "2030-02-01 00:00", "ends_at": "2030-01-01 00:00"},
            "ends_at",
            "The end must be later than the start.",
        ),
        (
            {"starts_at": "2030-02-01 00:00", "ends_at": "2030-02-01 00:00"},
            "ends_at",
            "The end must be later than the start.",
        ),
    ],
)
def test_bad_input_gets_a_sentence_at_its_field_and_loses_nothing(seller, group, changed, field, sentence):
    make_discount(group, name="Taken")
    before = logged()

    response = seller.post(
        discounts_url("add_discount", group), TYPED | {"name": "Typed <b>at length"} | changed
    )

    assert response.status_code == 200
    form = response.context["form"]
    assert list(form.errors) == [field]
    assert sentence in " ".join(form.errors[field])
    if field != "name":
        assert 'value="Typed &lt;b&gt;at length"' in response.text
    assert (ConditionalOffer.objects.count(), Benefit.objects.count(), Range.objects.count()) == (1, 1, 1)
    assert logged() == before


def test_a_hundred_per_cent_is_a_discount(seller, group):
    assert seller.post(discounts_url("add_discount", group), TYPED | {"value": "100"}).status_code == 302


def test_of_two_who_save_one_name_at_once_the_second_is_told(group, monkeypatch):
    make_discount(group)
    monkeypatch.setattr(Terms, "_fault_of_name", lambda self, offer: "")

    with pytest.raises(ValidationError) as refused:
        make_discount(group)

    assert refused.value.message_dict == {
        "name": ["Another offer has this name already. Choose another one."]
    }
    assert isinstance(refused.value.__cause__, IntegrityError)
    assert ConditionalOffer.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "Multibuy"}, "kind"),
        ({"value": Decimal("NaN")}, "value"),
        ({"value": Decimal("Infinity")}, "value"),
        ({"minimum": Decimal("NaN")}, "minimum"),
        ({"name": "  "}, "name"),
    ],
)
def test_a_program_is_told_as_well(group, fields, field):
    with pytest.raises(ValidationError) as refused:
        make_discount(group, **fields)

    assert list(refused.value.message_dict) == [field]
    assert not ConditionalOffer.objects.exists()


# Changing it, here and there


def test_a_discount_is_changed_in_place(seller, group):
    offer = make_discount(group)
    slug = offer.slug
    page = seller.get(discounts_url("edit_discount", group, offer))
    assert page.context["form"].initial["value"] == Decimal("10.00")

    response = seller.post(
        discounts_url("edit_discount", group, offer),
        TYPED | {"name": "Dealers", "value": "15", "minimum": "20", "ends_at": "2030-01-01 00:00"},
    )

    assert response.status_code == 302
    offer = read(offer)
    assert (offer.name, offer.slug) == ("Dealers", slug)
    assert summary(offer) == "15 % off All products, from €20.00"
    assert (ConditionalOffer.objects.count(), Benefit.objects.count(), Range.objects.count()) == (1, 1, 1)
    entry = ModelLogEntry.objects.order_by("-pk")[0]
    assert entry.action == "oscar_customers_ext.change_discount"
    assert entry.data["changes"]["value"] == ["10.00", "15"]
    history = seller.get(groups_url("history", group.pk)).text
    for change in (
        "Discount Dealers changed: name from “Trade price” to “Dealers”",
        "value from “10.00” to “15.00”",
        # PostgreSQL keeps the changes in an order of its own.
        "minimum from “–” to “20.00”",
        "end from “–” to “01/01/2030 midnight”",
    ):
        assert change in history


def test_a_change_of_kind_and_products_is_told_in_words(seller, group):
    offer = make_discount(group)
    typed = TYPED | {"kind": "Absolute", "range": RangeFactory(name="<i>Cups").pk}

    seller.post(discounts_url("edit_discount", group, offer), typed)

    history = seller.get(groups_url("history", group.pk)).text
    assert "kind of discount from “Percentage off each product” to “Amount off the cart”" in history
    assert "products from “–” to “&lt;i&gt;Cups”" in history


def test_saving_without_a_change_logs_nothing(seller, group):
    offer = make_discount(group)
    before = logged()

    seller.post(discounts_url("edit_discount", group, offer), TYPED | {"value": "10.00"})

    assert logged() == before


def test_priority_and_limits_of_the_dashboard_stay(seller, group):
    offer = make_discount(group)
    ConditionalOffer.objects.update(priority=7, exclusive=False, max_user_applications=2, num_orders=3)

    seller.post(discounts_url("edit_discount", group, offer), TYPED | {"value": "20"})

    offer = read(offer)
    assert (offer.priority, offer.exclusive, offer.max_user_applications, offer.num_orders) == (
        7,
        False,
        2,
        3,
    )
    assert offer.benefit.value == 20


def test_a_suspended_discount_stays_suspended_when_it_is_changed(seller, group):
    offer = make_discount(group)
    offer.suspend()

    seller.post(discounts_url("edit_discount", group, offer), TYPED | {"value": "20"})

    assert read(offer).is_suspended


WIZARD = {
    "metadata": {"name": "From the dashboard", "description": "", "offer_type": "User"},
    "benefit": {"type": "Percentage", "value": "25", "max_affected_items": "", "custom_benefit": ""},
    "condition": {"type": "Count", "value": "1", "custom_condition": ""},
    "restrictions": {
        "priority": "0",
        "exclusive": "on",
        "start_datetime": "",
        "end_datetime": "",
        "max_basket_applications": "",
        "max_user_applications": "",
        "max_global_applications": "",
        "max_discount": "",
    },
}


def walk_wizard(client, offer=None, **changed):
    """Oscar's own editor, from its first page to its last."""
    args = [offer.pk] if offer else []
    product_range = everything()
    for step, data in WIZARD.items():
        ranged = {"range": product_range.pk} if step in ("benefit", "condition") else {}
        response = client.post(
            reverse(f"dashboard:offer-{step}", args=args), data | ranged | changed.get(step, {})
        )
        assert response.status_code == 302, (step, response.context["form"].errors)


def test_what_the_dashboard_makes_shows_here_and_can_be_changed_here(sign_in, group):
    boss = sign_in(superuser=True)
    staff(boss)
    walk_wizard(boss)
    offer = ConditionalOffer.objects.get()

    page = boss.get(discounts_url("link_offer", group))
    assert "From the dashboard" in page.text
    boss.post(discounts_url("link_offer", group), {"offer": offer.pk})
    assert "25 % off All products" in boss.get(discounts_url("discounts", group)).text
    boss.post(discounts_url("edit_discount", group, offer), TYPED | {"name": "Changed here"})

    offer = read(offer)
    assert (offer.name, offer.benefit.value) == ("Changed here", 10)
    detail = boss.get(reverse("dashboard:offer-detail", args=[offer.pk])).text
    assert "Changed here" in detail
    walk_wizard(boss, offer, metadata={"name": "Changed there"}, benefit={"value": "30"})
    assert "30 % off All products" in boss.get(discounts_url("discounts", group)).text
    assert boss.get(discounts_url("edit_discount", group, offer)).context["form"].initial["value"] == 30


def staff(client):
    """Lets it into Oscar's dashboard."""
    user = get_user(client)
    user.is_staff = True
    user.save()


def test_an_offer_beyond_the_few_fields_is_left_to_the_dashboard(sign_in, group):
    boss = sign_in(superuser=True)
    offer = make_offer(group, kind="Multibuy", value=None)
    address = discounts_url("edit_discount", group, offer)

    for response in (boss.get(address), boss.post(address, TYPED)):
        assert response.status_code == 200
        assert "Its incentive is neither a percentage nor an amount off products." in response.text
        assert 'name="value"' not in response.text
        assert "Ask somebody who may use Oscar’s dashboard." in response.text
    assert read(offer).benefit.type == "Multibuy"
    staff(boss)
    link = reverse("dashboard:offer-detail", args=[offer.pk])
    assert f'<a href="{link}" class="button">' in boss.get(address).text


@pytest.mark.parametrize(
    ("part", "columns", "sentence"),
    [
        ("benefit", {"type": "Shipping percentage"}, "neither a percentage nor an amount"),
        ("benefit", {"range": None}, "neither a percentage nor an amount"),
        ("benefit", {"value": None}, "neither a percentage nor an amount"),
        ("benefit", {"max_affected_items": 2}, "limited to a number of items"),
        ("benefit", {"proxy_class": "somewhere.Own"}, "your shop made itself"),
        ("condition", {"proxy_class": "somewhere.Own"}, "your shop made itself"),
        ("condition", {"type": "Coverage"}, "more than a minimum value"),
        ("condition", {"type": ""}, "more than a minimum value"),
        ("condition", {"value": 3}, "more than a minimum value"),
        ("offer", {"offer_type": "Site"}, "no longer an offer for certain users"),
    ],
    ids=str,
)
def test_why_an_offer_is_not_simple(group, part, columns, sentence):
    offer = make_discount(group)
    row = offer if part == "offer" else getattr(offer, part)
    type(row).objects.filter(pk=row.pk).update(**columns)

    assert sentence in obstacle(read(offer))
    with pytest.raises(ValidationError):
        change_discount(offer, Terms("Other", "Percentage", Decimal(5)), actor=None)
    assert read(offer).name == "Trade price"


def test_an_offer_that_shares_its_parts_is_not_changed_with_another(group):
    offer, other = make_discount(group), make_discount(group, name="Other")
    assert obstacle(read(offer)) == ""
    assert "other products" in obstacle(with_other_range(read(make_discount(group, name="Third"))))

    ConditionalOffer.objects.filter(pk=other.pk).update(condition=offer.condition)

    for shared in (offer, other):
        assert "Another offer has the same condition or incentive" in obstacle(read(shared))


def with_other_range(offer):
    offer.condition.range = RangeFactory(name="Cups")
    return offer


# Giving, taking, suspending, deleting


def test_an_offer_is_given_and_taken(seller, group):
    press = make_group("Press")
    offer = make_discount(press)

    page = seller.post(discounts_url("link_offer", group), {"offer": offer.pk}, follow=True)
    assert "Members of Trade get the offer Trade price now." in page.text
    assert (
        "There is none that the group has not got already."
        in seller.get(discounts_url("link_offer", group)).text
    )
    link_offer(group, offer, actor=None)
    assert GroupOffer.objects.count() == 2
    question = seller.get(discounts_url("unlink_offer", group, offer)).text
    assert (
        "Members of Trade get the discount “Trade price” no more, from the next page they open." in question
    )
    seller.post(discounts_url("unlink_offer", group, offer))

    assert [link.group for link in GroupOffer.objects.all()] == [press]
    assert seller.post(discounts_url("unlink_offer", group, offer)).status_code == 404
    assert logged() == [
        ("oscar_customers_ext.create_discount", "Press"),
        ("oscar_customers_ext.link_offer", "Trade"),
        ("oscar_customers_ext.unlink_offer", "Trade"),
    ]


@pytest.mark.parametrize("chosen", ["", "4711", "9" * 30, "x"])
def test_what_is_no_offer_for_groups_is_not_given(seller, group, chosen):
    for_all = make_offer(offer_type=ConditionalOffer.SITE)
    address = discounts_url("link_offer", group)

    assert seller.post(address, {"offer": chosen}).status_code == 200
    assert "There is no such offer any more." in seller.post(address, {"offer": for_all.pk}).text
    assert not GroupOffer.objects.exists()
    with pytest.raises(ValidationError, match="Only offers of the type “User”"):
        link_offer(group, for_all, actor=None)


def test_a_discount_is_suspended_for_all_groups_and_reinstated(seller, group):
    press, offer = make_group("Press"), make_discount(group)
    link_offer(press, offer, actor=None)

    question = seller.get(discounts_url("suspend_discount", group, offer)).text
    assert (
        "Nobody gets the discount “Trade price” until it is reinstated. Another group has it, too."
        in question
    )
    assert not read(offer).is_suspended
    for _twice in range(2):
        seller.post(discounts_url("suspend_discount", group, offer))
    assert read(offer).is_suspended
    assert "Suspended" in seller.get(discounts_url("discounts", press)).text
    for _twice in range(2):
        seller.post(discounts_url("unsuspend_discount", group, offer))

    assert not read(offer).is_suspended
    actions = [action.rpartition(".")[2] for action, _label in logged()]
    assert actions[2:] == ["suspend_discount"] * 2 + ["unsuspend_discount"] * 2


def test_a_discount_is_deleted_with_its_parts(seller, group):
    offer = make_discount(group)

    seller.post(discounts_url("delete_discount", group, offer))

    assert not ConditionalOffer.objects.exists()
    assert not Benefit.objects.exists()
    assert not GroupOffer.objects.exists()
    assert logged()[-1] == ("oscar_customers_ext.delete_discount", "Trade")


def test_an_offer_of_vouchers_is_not_deleted(seller, group):
    offer = make_discount(group)
    Voucher = get_model("voucher", "Voucher")
    now = timezone.now()
    voucher = Voucher.objects.create(name="x", code="X", start_datetime=now, end_datetime=now)
    voucher.offers.add(offer)

    page = seller.post(discounts_url("delete_discount", group, offer), follow=True)

    assert "Vouchers give this offer, too. Take it out of them first." in page.text
    assert ConditionalOffer.objects.get() == offer


@pytest.fixture
def delete_before_the_action(monkeypatch):
    """Somebody else deletes the row between the checks of the page and the action of this name."""

    def _delete_before_the_action(name, row):
        action = getattr(views, name)

        def act(*args, **kwargs):
            type(row).objects.all().delete()
            return action(*args, **kwargs)

        monkeypatch.setattr(views, name, act)

    return _delete_before_the_action


@pytest.mark.parametrize("name", ["suspend_discount", "unsuspend_discount", "delete_discount"])
def test_an_offer_that_is_deleted_meanwhile_is_told(seller, group, delete_before_the_action, name):
    offer = make_discount(group)
    before = logged()
    delete_before_the_action(name, offer)

    page = seller.post(discounts_url(name, group, offer), follow=True)

    assert page.status_code == 200
    assert "This offer was deleted meanwhile." in page.text
    assert logged() == before


def test_taking_away_an_offer_that_is_deleted_meanwhile_is_done(seller, group, delete_before_the_action):
    offer = make_discount(group)
    delete_before_the_action("unlink_offer", offer)

    page = seller.post(discounts_url("unlink_offer", group, offer), follow=True)

    assert "get the discount Trade price no more" in page.text


def test_changing_an_offer_that_is_deleted_meanwhile_loses_nothing(seller, group, delete_before_the_action):
    offer = make_discount(group)
    delete_before_the_action("change_discount", offer)

    page = seller.post(discounts_url("edit_discount", group, offer), {**TYPED, "name": "Typed anew"})

    assert page.context["form"].non_field_errors() == ["This offer was deleted meanwhile."]
    assert "Typed anew" in page.text
    assert not ConditionalOffer.objects.exists()


def test_a_discount_for_a_group_that_is_deleted_meanwhile_is_not_made(
    seller, group, delete_before_the_action
):
    delete_before_the_action("create_discount", group)

    page = seller.post(discounts_url("add_discount", group), TYPED)

    assert page.context["form"].non_field_errors() == ["This group was deleted meanwhile."]
    assert "Trade price" in page.text
    assert not ConditionalOffer.objects.exists()


@pytest.mark.parametrize("gone", ["group", "offer"])
def test_an_offer_is_not_given_when_it_or_its_group_is_deleted_meanwhile(
    seller, group, delete_before_the_action, gone
):
    offer = make_offer()
    delete_before_the_action("link_offer", {"group": group, "offer": offer}[gone])

    page = seller.post(discounts_url("link_offer", group), {"offer": offer.pk})

    assert page.context["form"].non_field_errors() == [f"This {gone} was deleted meanwhile."]
    assert not GroupOffer.objects.exists()


def test_deleting_the_group_leaves_its_offers_to_nobody(sign_in, group):
    boss = sign_in("view_customergroup", "delete_customergroup")
    offer = make_discount(group)

    assert "Its discounts stay in the shop as offers" in boss.get(groups_url("delete", group.pk)).text
    boss.post(groups_url("delete", group.pk))

    assert ConditionalOffer.objects.get() == offer
    assert not CustomerGroup.objects.exists()


# Reading them


@pytest.mark.parametrize(
    ("columns", "state"),
    [
        ({}, "ACTIVE"),
        ({"start_datetime": timezone.now() + DAY}, "FUTURE"),
        ({"end_datetime": timezone.now() - DAY}, "EXPIRED"),
        ({"status": "Suspended", "end_datetime": timezone.now() - DAY}, "SUSPENDED"),
        ({"status": "Consumed"}, "USED_UP"),
        ({"max_global_applications": 2, "num_applications": 2}, "USED_UP"),
        ({"max_discount": 2, "total_discount": 2}, "USED_UP"),
        ({"offer_type": "Site"}, "OTHER_TYPE"),
    ],
)
def test_the_state_of_an_offer(seller, group, columns, state):
    offer = make_discount(group)
    ConditionalOffer.objects.update(**columns)

    assert state_of(read(offer)) == OfferState[state]
    assert str(OfferState[state].label) in seller.get(discounts_url("discounts", group)).text


def test_an_incomplete_offer_is_shown_as_such(seller, group):
    make_discount(group)
    Benefit.objects.update(range=None)

    assert "Incomplete" in seller.get(discounts_url("discounts", group)).text


@pytest.mark.parametrize(
    ("kind", "value", "sentence"),
    [
        ("Percentage", "10", "10 % off All products"),
        ("Percentage", "12.50", "12.5 % off All products"),
        ("Percentage", "0.05", "0.05 % off All products"),
        ("Percentage", "100", "100 % off All products"),
        ("Absolute", "5", "€5.00 off All products"),
    ],
)
def test_a_discount_in_a_line(group, kind, value, sentence):
    assert summary(read(make_discount(group, kind=kind, value=Decimal(value)))) == sentence


def test_the_discounts_are_listed_page_by_page_in_a_fixed_number_of_queries(
    sign_in, group, django_assert_num_queries, django_assert_max_num_queries
):
    client = sign_in("change_customergroup", *OFFERS)
    make_discount(group, name="<b>First")
    for name in ("discounts", "discounts_tab"):
        client.get(discounts_url(name, group))
        with django_assert_max_num_queries(15) as one:
            page = client.get(discounts_url(name, group))
        assert "&lt;b&gt;First" in page.text
        assert "Next" not in page.text
        for number in range(30):
            make_offer(group, name=f"{name} {number}", kind=["Multibuy", "Percentage"][number % 2])
        with django_assert_num_queries(len(one)):
            page = client.get(discounts_url(name, group))
        assert page.text.count(">Suspend<") == 20
        GroupOffer.objects.exclude(offer__name="<b>First").delete()


def test_the_tab_is_there_for_those_who_may_see_offers(sign_in, group):
    assert 'id="tab-discounts"' not in sign_in("change_customergroup").get(groups_url("edit", group.pk)).text
    client = sign_in("change_customergroup", "view_conditionaloffer", email="other@example.org")
    assert 'href="#tab-discounts"' in client.get(groups_url("edit", group.pk)).text
    make_discount(group)
    page = client.get(discounts_url("discounts_tab", group)).text
    assert "<form" not in page
    for word in ("New discount", "Suspend", "Unlink", "/delete/"):
        assert word not in page


def test_the_customer_shows_what_each_group_brings(
    sign_in, group, django_assert_num_queries, django_assert_max_num_queries
):
    customer = create_customer(email="ann@example.org")
    add_to_group([customer.pk], group, actor=None)
    make_discount(group, name="<i>Trade", ends_at=timezone.now() - DAY)
    client = sign_in("view_customer", "view_conditionaloffer")
    client.get(url("groups", customer.pk))

    with django_assert_max_num_queries(15) as one:
        page = client.get(url("groups", customer.pk)).text
    assert "&lt;i&gt;Trade: 10 % off All products" in page
    assert "Expired" in page
    assert "All discounts of the group" not in page
    for number in range(IN_BRIEF + 3):
        make_discount(group, name=f"Offer {number}")
    for number in range(4):
        other = make_group(f"group{number}")
        add_to_group([customer.pk], other, actor=None)
        make_discount(other, name=f"Of {number}")
    with django_assert_num_queries(len(one)):
        page = client.get(url("groups", customer.pk)).text
    assert page.count("All discounts of the group") == 1
    assert page.count("10 % off") == IN_BRIEF + 4

    page = sign_in("view_customer", email="other@example.org").get(url("groups", customer.pk)).text
    assert "Trade" in page
    assert "10 % off" not in page


def test_offers_of_other_groups_are_not_reached_through_this_one(seller, group):
    theirs = make_discount(make_group("Press"))

    for name in (
        "edit_discount",
        "unlink_offer",
        "suspend_discount",
        "unsuspend_discount",
        "delete_discount",
    ):
        assert seller.get(discounts_url(name, group, theirs)).status_code == 404
        assert seller.post(discounts_url(name, group, theirs), TYPED).status_code == 404
    assert ConditionalOffer.objects.get() == theirs


def test_a_member_of_staff_who_may_make_but_not_see_comes_back_to_the_groups(sign_in, group):
    client = sign_in("view_customergroup", "add_conditionaloffer")

    response = client.post(discounts_url("add_discount", group), TYPED)

    assert (response.status_code, response.url) == (302, groups_url("index"))
    assert client.get(discounts_url("discounts", group)).status_code == 302
