"""Booked services: order lines with a date, on the Orders tab."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth import get_user
from django.contrib.sites.models import Site
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model
from wagtail.users.models import UserProfile

from oscar_customers_ext.customers.actions import create_customer, link_order
from oscar_customers_ext.models import StaffSite
from oscar_customers_ext.orders.bookings import PAST, UNREADABLE, UPCOMING, bookings_of, read_moment
from tests.checkout import buy
from tests.factories import make_order, make_product

pytestmark = pytest.mark.django_db

Option = get_model("catalogue", "Option")
LineAttribute = get_model("order", "LineAttribute")
Line = get_model("order", "Line")

NOON = datetime(2026, 3, 15, 11, 0, tzinfo=UTC)  # 12:00 in the shop, which is in Rome


def clock(*parts):
    """What the clock of the shop shows."""
    return datetime(*parts)  # noqa: DTZ001


def url(customer):
    return reverse("oscar_customers:bookings", args=[customer.pk])


def make_option(kind="date", name="Day"):
    option, _created = Option.objects.get_or_create(name=name, defaults={"type": kind})
    return option


def make_booking(*values, option=None, title="Pasta workshop", email="ann@example.org", status="Pending"):
    """An order of one line with these values, and the customer it is linked to."""
    order = make_order(email, status=status)
    line = order.lines.create(
        partner_sku="W-1",
        title=title,
        quantity=3,
        num_allocated=3,
        **{
            f"{kind}_price{when}_{tax}_tax": Decimal("10.00")
            for kind, when in (("line", ""), ("line", "_before_discounts"), ("unit", ""))
            for tax in ("incl", "excl")
        },
    )
    for value in values:
        option = option or make_option()
        line.attributes.create(option=option, type=option.code, value=value)
    return line, link_order(order)


def told(customer, now=NOON):
    return [
        (str(group), *(moment.value for moment in booking.moments))
        for group, booking in bookings_of(customer, now=now)
    ]


@pytest.fixture
def clerk(sign_in):
    return sign_in("view_customer", "view_order")


def test_upcoming_ones_come_first_the_soonest_first_then_past_ones_the_latest_first(shop):
    for day in ("2026-03-20", "2026-01-01", "2026-03-16", "2026-03-14"):
        _line, customer = make_booking(day)

    assert told(customer) == [
        ("Upcoming", date(2026, 3, 16)),
        ("Upcoming", date(2026, 3, 20)),
        ("Past", date(2026, 3, 14)),
        ("Past", date(2026, 1, 1)),
    ]


@pytest.mark.parametrize(
    ("value", "group"),
    [
        ("2026-03-15", UPCOMING),  # today
        ("2026-03-14", PAST),
        ("2026-03-15T12:00:00+01:00", UPCOMING),
        ("2026-03-15T11:59:59+01:00", PAST),
        ("2026-03-15T11:30:00Z", UPCOMING),
        ("2026-03-15T10:30:00.123Z", PAST),
        ("2026-03-15T12:30:00", UPCOMING),  # without a zone: the shop's
        ("2026-03-15T11:30:00", PAST),
        ("next week", UNREADABLE),
        ("2026-02-30", UNREADABLE),
    ],
)
def test_the_clock_of_the_shop_decides(shop, value, group):
    _line, customer = make_booking(value)

    assert [str(found) for found, _booking in bookings_of(customer, now=NOON)] == [str(group)]


def test_a_day_begins_and_ends_in_the_time_zone_of_the_shop(shop):
    _line, customer = make_booking("2026-03-15")

    # 22:59 UTC is one minute before midnight in Rome.
    assert told(customer, datetime(2026, 3, 15, 22, 59, tzinfo=UTC))[0][0] == "Upcoming"
    assert told(customer, datetime(2026, 3, 15, 23, 0, tzinfo=UTC))[0][0] == "Past"


def test_the_time_zone_of_the_reader_changes_nothing(clerk, shop, django_user_model):
    staff = django_user_model.objects.get(email="staff@example.org")
    profile = UserProfile.get_for_user(staff)
    profile.current_time_zone = "Pacific/Auckland"
    profile.save()
    in_future = timezone.now() + timedelta(days=400)
    _line, customer = make_booking(in_future.strftime("%Y-%m-%dT18:30:00+00:00"))

    page = clerk.get(url(customer)).text

    in_rome = in_future.replace(hour=18, minute=30).astimezone(timezone.get_default_timezone())
    assert f'datetime="{in_rome:%Y-%m-%dT%H:%M}"' in page


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("2026-03-15", date(2026, 3, 15)),
        (" 2026-03-15 ", date(2026, 3, 15)),
        ("2026-03-15T10:00", clock(2026, 3, 15, 10)),
        ("2026-07-15T10:00:00Z", clock(2026, 7, 15, 12)),
        ("15/03/2026", "15/03/2026"),
        ("2026-13-01T10:00", "2026-13-01T10:00"),
        ("0001-01-01T00:00:00+12:00", "0001-01-01T00:00:00+12:00"),
        (20260315, "20260315"),
        (["2026-03-15"], "['2026-03-15']"),
        ({"day": 1}, "{'day': 1}"),
    ],
)
def test_what_oscar_stored_is_read_or_kept_as_text(value, read):
    assert read_moment(value) == read


def test_what_cannot_be_read_is_shown_as_text(clerk, shop):
    _line, customer = make_booking("mañana <b>, or so")

    page = clerk.get(url(customer)).text

    assert "With a date that cannot be read" in page
    assert "mañana &lt;b&gt;, or so" in page


@pytest.mark.parametrize("value", ["", []])
def test_an_optional_date_that_was_left_out_is_no_booking(shop, value):
    _line, customer = make_booking(value)

    assert told(customer) == []


def test_other_options_make_no_booking(shop):
    _line, customer = make_booking("2026-03-20", option=make_option("text", "Engraving"))

    assert told(customer) == []


def test_an_option_with_date_and_time_makes_a_booking(clerk, shop):
    _line, customer = make_booking("2026-03-20T18:30:00+01:00", option=make_option("datetime", "Start"))

    assert told(customer) == [("Upcoming", clock(2026, 3, 20, 18, 30))]
    assert "March 20, 2026, 6:30 p.m." in clerk.get(url(customer)).text


def test_a_booking_outlives_its_option(shop):
    _line, customer = make_booking("2026-03-20")
    make_booking("Forever", option=make_option("text", "Engraving"))
    Option.objects.all().delete()

    assert told(customer) == [("Upcoming", date(2026, 3, 20))]


def test_a_line_with_two_dates_is_one_booking_until_the_last_is_over(clerk, shop):
    line, customer = make_booking("2026-03-10", option=make_option("date", "Arrival"))
    departure = make_option("date", "Departure")
    line.attributes.create(option=departure, type=departure.code, value="2026-03-18")

    assert told(customer) == [("Upcoming", date(2026, 3, 10), date(2026, 3, 18))]
    assert told(customer, NOON + timedelta(days=10))[0][0] == "Past"
    page = clerk.get(url(customer)).text
    assert "Arrival:" in page
    assert "Departure:" in page


def test_a_booking_shows_product_date_quantity_order_and_status(clerk, shop):
    line, customer = make_booking("2099-03-20", title="Pasta <b>")

    page = clerk.get(url(customer)).text

    assert "Upcoming" in page
    for text in ("March 20, 2099", "Pasta &lt;b&gt;", ">3<", "Pending"):
        assert text in page, text
    assert reverse("oscar_customers_orders:inspect", args=[line.order_id]) in page
    assert f">{line.order.number}</a>" in page
    assert "customers-cancelled" not in page


def test_dates_follow_the_language(clerk, shop):
    _line, customer = make_booking("2099-03-20")

    assert "20 Marzo 2099" in clerk.get(url(customer), headers={"Accept-Language": "it"}).text


def test_cancelled_ones_are_marked(clerk, shop):
    _line, customer = make_booking("2099-03-20", status="Cancelled")
    line, _customer = make_booking("2099-03-21")
    Line.objects.filter(pk=line.pk).update(status="Cancelled")
    make_booking("2099-03-22")

    response = clerk.get(url(customer))

    rows = response.context["bookings"]
    assert [(row["status"], row["cancelled"]) for row in rows] == [
        ("Cancelled", True),
        ("Cancelled", True),
        ("Pending", False),
    ]
    assert response.text.count("<strong>Cancelled</strong>") == 2


def test_only_bookings_of_this_customer_are_shown(clerk, shop):
    _line, customer = make_booking("2099-03-20", title="Mine")
    make_booking("2099-03-20", email="bob@example.org", title="Theirs")

    page = clerk.get(url(customer)).text

    assert "Mine" in page
    assert "Theirs" not in page


def test_staff_limited_to_a_site_see_its_bookings_only(clerk, shop):
    line, customer = make_booking("2099-03-20", title="Here")
    elsewhere, _customer = make_booking("2099-03-20", title="Elsewhere")
    north = Site.objects.create(domain="north.example", name="North")
    customer.sites.add(north)
    StaffSite.objects.create(group=get_user(clerk).groups.get(), site=north)
    type(line.order).objects.filter(pk=line.order_id).update(site=north)

    page = clerk.get(url(customer)).text

    assert "Here" in page
    assert "Elsewhere" not in page


def test_nothing_booked_says_so(clerk, shop):
    customer = create_customer(email="ann@example.org")

    assert "Nothing is booked." in clerk.get(url(customer)).text


def test_what_the_shop_sells_with_a_date_becomes_a_booking(client, shop):
    option = make_option()
    product = make_product("Pasta workshop")
    product.product_class.options.add(option)
    day = timezone.localdate() + timedelta(days=10)
    parts = {
        f"{option.code}_year": day.year,
        f"{option.code}_month": day.month,
        f"{option.code}_day": day.day,
    }
    added = client.post(
        reverse("basket:add", kwargs={"pk": product.pk}),
        {"quantity": 1, option.code: day.isoformat(), **parts},
    )
    assert added.status_code == 302
    assert buy(client, shop, email="ann@example.org").status_code == 302

    order = get_model("order", "Order").objects.get()
    customer = link_order(order)

    assert [(str(group), booking.moments[0].value) for group, booking in bookings_of(customer)] == [
        ("Upcoming", day)
    ]


def test_the_section_costs_the_same_with_one_and_with_a_thousand_bookings(
    clerk, shop, django_assert_num_queries, django_assert_max_num_queries
):
    line, customer = make_booking("2099-03-20")
    clerk.get(url(customer))
    with django_assert_max_num_queries(15) as one:
        clerk.get(url(customer))
    option = make_option()
    values = {
        field.attname: getattr(line, field.attname)
        for field in Line._meta.concrete_fields
        if not field.primary_key
    }
    lines = Line.objects.bulk_create(Line(**values) for _number in range(1000))
    LineAttribute.objects.bulk_create(
        LineAttribute(line=line, option=option, type=option.code, value="2026-01-01") for line in lines
    )
    with django_assert_num_queries(len(one)):
        response = clerk.get(url(customer))

    assert len(response.context["bookings"]) == 20
    assert response.context["page"].paginator.count == 1001
    assert f"{url(customer)}?page=2" in response.text
