"""Every URL of ours in the Wagtail admin, asked as somebody who is limited to a site of which the customer is not."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.contrib.sites.models import Site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.admin.views.bulk_action.registry import bulk_action_registry

from oscar_customers_ext.customers.actions import create_customer, link_order
from oscar_customers_ext.customers.tags.actions import add_tag
from oscar_customers_ext.groups.actions import add_to_group
from oscar_customers_ext.memberships.actions import grant_memberships
from oscar_customers_ext.models import (
    BasketContact,
    ColumnChoice,
    Customer,
    CustomerGroup,
    CustomerTag,
    MembershipPlan,
    StaffSite,
)
from tests import test_permissions
from tests.factories import make_order, make_plan
from tests.statements import all_our_rows
from tests.test_permissions import CANARY, TABLE, own_the_view

pytestmark = pytest.mark.django_db

#: Namespaces and names of pages about a customer or an order.
ABOUT_CUSTOMERS = (
    "oscar_customers",
    "oscar_customers_orders",
    "oscar_customers_approvals",
    "oscar_customers_groups:remove_member",
)

urls = test_permissions.urls


def needed_by_any_page():
    return {
        name for ways in TABLE.values() for way in ways for name in (way if isinstance(way, tuple) else [way])
    }


@pytest.fixture
def limited(sign_in):
    """May do everything, but only to customers and orders of a site that the canary has nothing to do with."""
    client = sign_in(*needed_by_any_page())
    own_the_view(client)
    elsewhere = Site.objects.create(domain="elsewhere.example", name="Elsewhere")
    StaffSite.objects.create(group=get_user(client).groups.get(), site=elsewhere)
    return client


def test_who_is_limited_to_a_site_reaches_nothing_of_another(urls, limited):
    before = all_our_rows()
    for name, url in urls.items():
        # What belongs to the whole shop, like a tag, is for those who have its permission.
        of_shop = name.split(":")[0] not in ABOUT_CUSTOMERS and name not in ABOUT_CUSTOMERS
        has_key = any(part.isdigit() for part in url.split("/")) and not name.endswith(("_view", "_profile"))
        for method in [limited.get, limited.head] if of_shop else [limited.get, limited.head, limited.post]:
            response = method(url, {"first_name": "Eve", "email": "eve@example.org", "source": "shop"})
            assert CANARY not in response.text, name
            assert "canary@example.org" not in response.text, name
            assert of_shop or not has_key or response.status_code in (302, 403, 404), name

    after = all_our_rows()
    entered = [row for row in after["Customer"] if row["email"] == "eve@example.org"]
    assert [row for row in after["Customer"] if row not in entered] == before["Customer"]
    for name in set(before) - {
        "Customer",
        "Customer_sites",
        "CustomerSource",
        "Contact",
        "SavedView",
        "ColumnChoice",
        "ExportProfile",
    }:
        assert after[name] == before[name], name


def test_bulk_actions_of_who_is_limited_to_a_site_reach_nothing_of_another(urls, limited):
    customer = Customer.objects.get()
    before = Customer.objects.values().get()
    actions = bulk_action_registry.get_bulk_actions_for_model("oscar_customers_ext", "customer")
    names = {action.action_type for action in actions}
    assert {"archive", "restore", "delete"} <= names
    for name in names:
        bulk = reverse("wagtail_bulk_action", args=["oscar_customers_ext", "customer", name])
        for ids in (customer.pk, "all"):
            address = f"{bulk}?id={ids}&next=/admin/"
            assert CANARY not in limited.get(address).text, name
            assert CANARY not in limited.post(address).text, name

    assert Customer.objects.values().get() == before


def test_what_is_of_ones_own_site_opens_for_who_is_limited(urls, limited):
    site = Site.objects.get(name="Elsewhere")
    Customer.objects.get().sites.add(site)
    type(Customer.objects.get().order_links.get().order).objects.update(site=site)
    BasketContact.objects.update(site=site)

    for name, url in urls.items():
        # A file may hold anybody, so who is limited imports none.
        expected = 302 if name.startswith("oscar_customers:import") else 200
        assert limited.get(url).status_code == expected, name


@pytest.fixture
def north(shop):
    return Site.objects.create(domain="north.example", name="North")


@pytest.fixture
def of_north(sign_in, north):
    """May see everything, but only of the north."""
    client = sign_in(*needed_by_any_page())
    StaffSite.objects.create(group=get_user(client).groups.get(), site=north)
    return client


@pytest.fixture
def of_all(shop, sign_in):
    return lambda: sign_in(*needed_by_any_page(), email="all@example.org")


def page_of(client, name, *args, **query):
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response


def ordered(email, *, here, there, site):
    """A customer of the site with so many orders on it and so many elsewhere, each of 12.20."""
    customer = None
    for number, where in [(here, site), (there, Site.objects.get_current())]:
        for _order in range(number):
            placed = timezone.now() - timedelta(days=10 if where == site else 1)
            customer = link_order(make_order(email, site=where, date_placed=placed))
    customer.sites.add(site)
    customer.refresh_from_db()
    return customer


def facts_of(response):
    """What the card says, by its labels."""
    found = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", response.text, re.DOTALL)
    return {label: " ".join(re.sub(r"<[^>]*>", " ", value).split()) for label, value in found}


@pytest.mark.parametrize("name", ["edit", "inspect"])
def test_the_card_counts_the_orders_that_may_be_seen(of_north, of_all, north, name):
    customer = ordered("both@example.org", here=2, there=3, site=north)

    facts = facts_of(page_of(of_north, f"oscar_customers:{name}", customer.pk))
    assert (facts["Orders"], facts["Total"]) == ("2", "€24.40")
    latest = customer.order_links.filter(order__site=north).latest("order__date_placed").order.date_placed
    assert facts["Last order"] == date_format(timezone.localtime(latest), "DATETIME_FORMAT")

    facts = facts_of(page_of(of_all(), f"oscar_customers:{name}", customer.pk))
    assert (facts["Orders"], facts["Total"]) == ("5", "€61.00")
    assert customer.orders_count == 5


def test_the_card_of_a_customer_with_orders_elsewhere_only_says_none(of_north, north):
    customer = ordered("there@example.org", here=0, there=3, site=north)

    facts = facts_of(page_of(of_north, "oscar_customers:edit", customer.pk))

    assert (facts["Orders"], facts["Total"], facts["Last order"]) == ("0", "–", "–")


def test_the_orders_of_the_tab_are_as_many_as_may_be_seen(of_north, north):
    customer = ordered("both@example.org", here=2, there=3, site=north)

    section = page_of(of_north, "oscar_customers_orders:of_customer", customer.pk).text

    assert "All 2 orders in the order list" in section


def shown_in_list(client, **query):
    ColumnChoice.objects.update_or_create(
        user=get_user(client), defaults={"columns": ["orders_count", "orders_total", "last_order_at"]}
    )
    response = page_of(client, "oscar_customers:index", **query)
    cells = re.findall(r'<td class="customers-amount[^"]*">(.*?)</td>', response.text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in cells]


def test_the_list_counts_the_orders_that_may_be_seen(of_north, of_all, north):
    ordered("both@example.org", here=2, there=3, site=north)

    assert shown_in_list(of_north) == ["2", "€24.40"]
    assert shown_in_list(of_all()) == ["5", "€61.00"]


def test_the_list_is_not_sorted_by_what_may_not_be_seen(of_north, of_all, north):
    few = ordered("few@example.org", here=2, there=0, site=north)
    many = ordered("many@example.org", here=1, there=5, site=north)

    by_number = page_of(of_north, "oscar_customers:index", ordering="-orders_count")
    assert list(by_number.context["object_list"]) == [many, few]  # the newest first, as without that order
    assert "ordering=orders_count" not in by_number.text
    by_number = page_of(of_north, "oscar_customers:index", ordering="orders_count")
    assert list(by_number.context["object_list"]) == [many, few]
    by_number = page_of(of_all(), "oscar_customers:index", ordering="orders_count")
    assert list(by_number.context["object_list"]) == [few, many]


def test_the_filter_by_orders_knows_those_that_may_be_seen(of_north, of_all, north):
    here = ordered("here@example.org", here=1, there=0, site=north)
    there = ordered("there@example.org", here=0, there=1, site=north)

    def listed(client, **query):
        return set(page_of(client, "oscar_customers:index", **query).context["object_list"])

    assert (listed(of_north, orders="yes"), listed(of_north, orders="no")) == ({here}, {there})
    unlimited = of_all()
    assert (listed(unlimited, orders="yes"), listed(unlimited, orders="no")) == ({here, there}, set())


def test_the_queue_of_approvals_counts_the_orders_that_may_be_seen(of_north, north):
    customer = ordered("both@example.org", here=2, there=3, site=north)
    Customer.objects.filter(pk=customer.pk).update(approved_buyer=False)

    response = page_of(of_north, "oscar_customers_approvals:index")

    (column,) = [column for column in response.context["view"].columns if column.name == "orders_count"]
    assert [column.get_value(row) for row in response.context["object_list"]] == [2]


def test_who_has_orders_elsewhere_is_not_deleted_and_their_number_is_not_told(of_north, of_all, north):
    customer = ordered("there@example.org", here=0, there=3, site=north)

    page = page_of(of_north, "oscar_customers:delete", customer.pk).text
    assert "has orders, so the customer cannot be deleted" in page
    assert "3 orders" not in page
    assert "has 3 orders" in page_of(of_all(), "oscar_customers:delete", customer.pk).text


def count_queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_the_figures_cost_no_query_per_row(of_north, north):
    ordered("first@example.org", here=1, there=1, site=north)
    shown_in_list(of_north)
    urls = [
        f"{reverse(name)}?{query}"
        for name, query in [
            ("oscar_customers:index", ""),
            ("oscar_customers:index", "orders=yes"),
            ("oscar_customers_approvals:index", ""),
            ("oscar_customers_groups:index", ""),
            ("oscar_customers_tags:index", ""),
            ("oscar_customers_plans:index", ""),
        ]
    ]
    Customer.objects.update(approved_buyer=False)
    belong("first", [Customer.objects.get()])
    for_one = [count_queries(of_north, url) for url in urls]

    for number in range(19):
        ordered(f"more{number}@example.org", here=1, there=1, site=north)
        belong(f"more{number}", Customer.objects.all())
    Customer.objects.update(approved_buyer=False)

    assert [count_queries(of_north, url) for url in urls] == for_one


def test_the_screens_of_limited_staff_stay_within_their_queries(of_north, north):
    customer = ordered("both@example.org", here=20, there=20, site=north)

    assert count_queries(of_north, reverse("oscar_customers:edit", args=[customer.pk])) <= 25
    assert count_queries(of_north, reverse("oscar_customers_orders:of_customer", args=[customer.pk])) <= 15


def belong(name, customers):
    """All of these in a group, with a tag and with a membership of this name."""
    group, _created = CustomerGroup.objects.get_or_create(slug=name, defaults={"name": name})
    plan = MembershipPlan.objects.filter(name=name).first() or make_plan(name)
    pks = [customer.pk for customer in customers]
    add_to_group(pks, group, actor=None)
    add_tag(pks, name, actor=None)
    grant_memberships(pks, plan, actor=None)
    return group, CustomerTag.objects.get(name=name), plan


@pytest.fixture
def belonging(north):
    """A group, a tag and a plan, each with one customer of the north and two of elsewhere."""
    customers = [create_customer(email=f"{name}@example.org") for name in ("nora", "sue", "tom")]
    customers[0].sites.add(north)
    return belong("club", customers)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("oscar_customers_groups:index", "customer_count"),
        ("oscar_customers_tags:index", "customer_count"),
        ("oscar_customers_plans:index", "members"),
    ],
)
def test_groups_tags_and_plans_count_the_customers_who_may_be_seen(of_north, of_all, belonging, name, column):
    assert [getattr(row, column) for row in page_of(of_north, name).context["object_list"]] == [1]
    assert [getattr(row, column) for row in page_of(of_all(), name).context["object_list"]] == [3]


def test_customers_by_membership_are_counted_where_they_may_be_seen(of_north, of_all, belonging):
    group, _tag, plan = belonging
    plan.customer_group = CustomerGroup.objects.create(name="by plan", slug="by-plan")
    plan.save()

    def counted(client):
        listed = page_of(client, "oscar_customers_groups:index").context["object_list"]
        return {row.name: row.customer_count for row in listed}

    assert counted(of_north) == {"by plan": 1, "club": 1}
    assert counted(of_all()) == {"by plan": 3, "club": 3}


def test_deleting_a_group_or_tag_tells_the_number_of_those_who_may_be_seen(of_north, of_all, belonging):
    group, tag, _plan = belonging
    for name, key in [("groups", group.pk), ("tags", tag.pk)]:
        page = page_of(of_north, f"oscar_customers_{name}:delete", key).text
        assert "One customer" in page, name
        assert "3 customers" not in page, name
        assert "those of other sites" in page, name
    unlimited = of_all()
    for name, key in [("groups", group.pk), ("tags", tag.pk)]:
        page = page_of(unlimited, f"oscar_customers_{name}:delete", key).text
        assert "3 customers" in page, name
        assert "other sites" not in page, name


def test_merging_tags_tells_the_number_of_those_who_may_be_seen(of_north, of_all, belonging):
    CustomerTag.objects.create(name="circle")
    asked = {"tags": "club", "into": "circle"}

    page = page_of(of_north, "oscar_customers_tags:merge", **asked).text
    assert "One customer has these tags" in page
    assert "those of other sites" in page
    page = page_of(of_all(), "oscar_customers_tags:merge", **asked).text
    assert "3 customers have these tags" in page
    assert "other sites" not in page


def test_a_plan_says_why_it_stays_and_not_how_many_have_it_elsewhere(of_north, of_all, belonging, north):
    _group, _tag, plan = belonging

    page = page_of(of_north, "oscar_customers_plans:delete", plan.pk).text
    assert "because one membership was granted by it" in page
    Customer.sites.through.objects.all().delete()
    page = page_of(of_north, "oscar_customers_plans:delete", plan.pk).text
    assert "because memberships of other sites were granted by it" in page
    page = page_of(of_all(), "oscar_customers_plans:delete", plan.pk).text
    assert "because 3 memberships were granted by it" in page
