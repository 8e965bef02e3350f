"""Editors who are limited to a site see and touch only its customers."""

import pytest
from django.contrib.auth import get_user, get_user_model
from django.contrib.auth.models import Group
from django.contrib.sites.models import Site
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.admin.menu import MenuItem
from wagtail.models import ModelLogEntry, Page

from oscar_customers_ext.audit import log_all
from oscar_customers_ext.compat import policy_for, policy_registry, register_policy
from oscar_customers_ext.customers.actions import create_customer, link_order
from oscar_customers_ext.customers.paginator import CustomerPaginator
from oscar_customers_ext.customers.staff_sites.policies import CustomersOfSites, shows_all, sites_of_staff
from oscar_customers_ext.customers.staff_sites.reports import hide_report
from oscar_customers_ext.models import Customer, StaffSite
from tests.customers.test_screen import FORM
from tests.factories import make_order

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"oscar_customers:{name}", args=args)


def order_url(name, *args):
    return reverse(f"oscar_customers_orders:{name}", args=args)


@pytest.fixture
def north(shop):
    return Site.objects.create(domain="north.example", name="North")


@pytest.fixture
def south(shop):
    return Site.objects.create(domain="south.example", name="South")


@pytest.fixture
def limited(editor, north):
    """The editor, limited to the north."""
    StaffSite.objects.create(group=get_user(editor).groups.get(), site=north)
    return editor


def customers_of(north, south):
    """One of each site, one of both, one of none."""
    made = {}
    for name, sites in {"nora": [north], "sue": [south], "both": [north, south], "none": []}.items():
        made[name] = create_customer(email=f"{name}@example.org", country_id="IT")
        made[name].sites.set(sites)
    return made


def listed(client, **query):
    found = client.get(url("index"), query).context["object_list"]
    return {str(customer).partition("@")[0] for customer in found}


def test_without_any_limited_group_nobody_is_limited(editor, north, south):
    customers_of(north, south)

    assert sites_of_staff(get_user(editor)) is None
    assert listed(editor) == {"nora", "sue", "both", "none"}


def test_limited_staff_see_the_customers_of_their_site(limited, north, south):
    customers_of(north, south)

    assert listed(limited) == {"nora", "both"}
    assert listed(limited, q="example", kind="guest", archived="all") == {"nora", "both"}
    assert listed(limited, site=south.pk) == {
        "nora",
        "both",
    }  # no site of theirs: left out, and the page says so


def test_a_group_limits_only_its_own_members(limited, sign_in, north, south):
    customers_of(north, south)

    other = sign_in("view_customer", email="other@example.org")
    assert listed(other) == {"nora", "sue", "both", "none"}


def test_the_sites_of_several_groups_add_up(limited, north, south):
    customers_of(north, south)
    group = Group.objects.create(name="South")
    StaffSite.objects.create(group=group, site=south)

    get_user(limited).groups.add(group)

    assert listed(limited) == {"nora", "sue", "both"}


def test_superusers_are_never_limited(sign_in, north, south):
    customers_of(north, south)
    client = sign_in(superuser=True)
    StaffSite.objects.create(group=get_user(client).groups.get(), site=north)

    assert len(listed(client)) == 4


def test_customers_of_other_sites_are_out_of_reach(limited, north, south):
    made = customers_of(north, south)
    pages = ["edit", "inspect", "history", "history_results", "activity", "archive", "restore", "delete"]

    for name in pages:
        assert limited.get(url(name, made["nora"].pk)).status_code == 200, name
        for foreign in ("sue", "none"):
            for method in (limited.get, limited.post):
                response = method(
                    url(name, made[foreign].pk), {"first_name": "Eve", "email": "eve@example.org"}
                )
                assert response.status_code in (302, 403), name
                assert f"{foreign}@" not in response.text
    assert limited.get(order_url("of_customer", made["sue"].pk)).status_code in (302, 403)
    assert not Customer.objects.filter(first_name="Eve").exists()
    assert Customer.objects.archived().count() == 0
    assert Customer.objects.count() == 4


@pytest.mark.parametrize("ids", ["all", "each"])
def test_bulk_actions_reach_only_the_customers_of_the_site(limited, north, south, ids):
    made = customers_of(north, south)
    bulk = reverse("wagtail_bulk_action", args=["oscar_customers_ext", "customer", "archive"])
    asked = "all" if ids == "all" else [customer.pk for customer in made.values()]

    page = limited.get(bulk, {"id": asked})
    assert "sue@" not in page.text
    assert "none@" not in page.text
    query = page.wsgi_request.META["QUERY_STRING"]
    limited.post(f"{bulk}?{query}&next=/admin/")

    assert {str(customer) for customer in Customer.objects.archived()} == {
        "nora@example.org",
        "both@example.org",
    }


def test_orders_are_those_of_the_site(limited, north, south):
    made = customers_of(north, south)
    here, there = (make_order("both@example.org", site=site) for site in (north, south))
    for order in (here, there):
        link_order(order)

    assert list(limited.get(order_url("index")).context["object_list"]) == [here]
    assert list(limited.get(order_url("index"), {"customer": made["both"].pk}).context["object_list"]) == [
        here
    ]
    of_customer = limited.get(order_url("of_customer", made["both"].pk))
    assert list(of_customer.context["object_list"]) == [here]
    assert limited.get(order_url("inspect", here.pk)).status_code == 200
    refused = limited.get(order_url("inspect", there.pk))
    assert refused.status_code == 302
    timeline = limited.get(url("activity", made["both"].pk)).text
    assert f"Order {here.number} placed" in timeline
    assert there.number not in timeline


def test_an_order_without_site_is_for_those_who_are_not_limited(limited, north):
    order = make_order("ann@example.org", site=None)

    assert list(limited.get(order_url("index")).context["object_list"]) == []
    assert limited.get(order_url("inspect", order.pk)).status_code == 302


def test_an_order_shows_no_customer_who_is_hidden(limited, north, south):
    order = make_order("sue@example.org", site=north)
    customer = link_order(order)
    customer.sites.set([south])

    for page in (limited.get(order_url("index")).text, limited.get(order_url("inspect", order.pk)).text):
        assert order.number in page
        assert url("edit", customer.pk) not in page
        assert "may not see" in page
    found = limited.get(order_url("index"), {"q": customer.number}).context["object_list"]
    assert list(found) == []


def test_a_new_customer_gets_the_sites_of_who_enters_it(limited, north, south):
    limited.post(url("add"), FORM | {"sites": [south.pk]})

    customer = Customer.objects.get()
    assert list(customer.sites.all()) == [north]
    assert listed(limited) == {"Ann Rossi"}


def test_the_address_of_a_hidden_customer_is_taken_and_nothing_more_is_told(limited, north, south):
    customer = create_customer(email="ann@example.org", last_name="Secret")

    page = limited.post(url("add"), FORM).text

    assert "This e-mail address belongs to a customer who is there already." in page
    assert "Secret" not in page
    assert url("edit", customer.pk) not in page


def test_limited_staff_cannot_give_a_customer_to_another_site(limited, north, south):
    customer = customers_of(north, south)["nora"]

    page = limited.get(url("edit", customer.pk))
    limited.post(url("edit", customer.pk), FORM | {"number": customer.number, "sites": [south.pk]})

    assert "sites" not in page.context["form"].fields
    assert list(customer.sites.all()) == [north]
    customer.refresh_from_db()
    assert customer.first_name == "Ann"


def test_others_choose_the_sites_of_a_customer(editor, north, south):
    customer = customers_of(north, south)["nora"]

    posted = FORM | {"number": customer.number, "email": "nora@example.org"}
    editor.post(url("edit", customer.pk), posted | {"sites": [north.pk, south.pk]})

    assert set(customer.sites.all()) == {north, south}
    assert ModelLogEntry.objects.get().data["changes"]["sites"] == ["North", "North, South"]
    editor.post(url("add"), FORM | {"email": "new@example.org", "sites": [south.pk]})
    assert list(Customer.objects.get(email="new@example.org").sites.all()) == [south]


@pytest.mark.parametrize("site", ["4711", "9" * 20])
def test_a_site_that_is_none_gets_a_sentence(editor, north, south, site):
    customer = customers_of(north, south)["nora"]
    posted = FORM | {"number": customer.number, "email": "nora@example.org", "sites": [north.pk, site]}

    response = editor.post(url("edit", customer.pk), posted)

    assert response.context["form"].errors["sites"] == [
        f"Select a valid choice. {site} is not one of the available choices."
    ]
    assert list(customer.sites.all()) == [north]


def test_where_there_is_one_site_nobody_is_asked_for_it(editor, shop):
    Site.objects.exclude(pk=1).delete()

    assert "sites" not in editor.get(url("add")).context["form"].fields


def test_the_home_page_counts_what_one_may_see(limited, sign_in, north, south):
    cache.clear()
    customers_of(north, south)

    assert "2 Customers" in limited.get(reverse("wagtailadmin_home")).text
    other = sign_in("view_customer", email="other@example.org")
    assert "4 Customers" in other.get(reverse("wagtailadmin_home")).text


def test_filters_offer_what_one_may_see(limited, north, south):
    customers_of(north, south)

    filters = limited.get(url("index")).context["filters"].form.fields

    assert [str(site) for site in filters["site"].queryset] == ["north.example"]


def test_the_estimate_of_the_whole_table_is_not_for_limited_staff(limited, north, monkeypatch):
    user = get_user(limited)
    assert not shows_all(policy_for(Customer), user)
    asked = []
    monkeypatch.setattr(
        CustomerPaginator, "count", property(lambda self: asked.append(self.may_estimate) or 0)
    )

    limited.get(url("index"))
    StaffSite.objects.all().delete()
    limited.get(url("index"))

    assert (set(asked[: len(asked) // 2]), set(asked[len(asked) // 2 :])) == ({False}, {True})


def test_being_limited_costs_one_query_and_none_per_row(limited, north, south):
    def queries(address):
        with CaptureQueriesContext(connection) as captured:
            assert limited.get(address).status_code == 200
        return len(captured), [
            query["sql"] for query in captured if "oscar_customers_ext_staffsite" in query["sql"]
        ]

    def add(number):
        order = make_order(f"ann{number}@example.org", site=north)
        link_order(order)

    add(0)
    for address in (url("index"), order_url("index")):
        queries(address)
        one, asked = queries(address)
        assert len(asked) == 1
        for number in range(1, 10):
            add(f"{number}{address.count('order')}")
        assert queries(address)[0] == one


def test_a_policy_of_the_sites_own_counts_whenever_it_is_registered(monkeypatch):
    class Own(CustomersOfSites):
        pass

    assert type(policy_for(Customer)) is CustomersOfSites
    if policy_registry is None:
        return
    monkeypatch.setattr(policy_registry, "values_by_class", dict(policy_registry.values_by_class))
    policy_registry.register(Customer, Own(Customer))
    register_policy(CustomersOfSites(Customer))

    assert type(policy_for(Customer)) is Own
    assert not shows_all(policy_for(Customer), get_user_model()(is_superuser=True))


def test_the_policy_names_those_who_may_act_on_a_customer(limited, sign_in, north, south):
    made = customers_of(north, south)
    editor = get_user(limited)
    other = get_user(sign_in("view_customer", email="other@example.org"))
    policy = policy_for(Customer)

    def who(name):
        return set(policy.users_with_any_permission_for_instance(["view"], made[name]))

    assert who("nora") == who("both") == {editor, other}
    assert who("sue") == who("none") == {other}


def group_form(client, group):
    """What the form of the group would post unchanged."""
    page = client.get(reverse("wagtailusers_groups:edit", args=[group.pk]))
    posted = {"name": group.name}
    for panel in page.context["permission_panels"]:
        management = getattr(panel, "management_form", None)
        if management:
            posted |= {management.add_prefix(name): management[name].value() for name in management.fields}
    return page, posted


def test_who_may_change_groups_decides_in_its_form_whom_it_limits(sign_in, north, south):
    client = sign_in(superuser=True)
    group = Group.objects.create(name="Editors")
    page, posted = group_form(client, group)
    assert "Customers of sites" in page.text

    client.post(
        reverse("wagtailusers_groups:edit", args=[group.pk]),
        posted | {"customers_of_sites-sites": [north.pk]},
    )
    assert [limit.site for limit in group.customer_sites.all()] == [north]
    client.post(
        reverse("wagtailusers_groups:edit", args=[group.pk]),
        posted | {"customers_of_sites-sites": [south.pk]},
    )
    assert [limit.site for limit in group.customer_sites.all()] == [south]
    for gone in ("999", "9" * 20):
        refused = client.post(
            reverse("wagtailusers_groups:edit", args=[group.pk]),
            posted | {"customers_of_sites-sites": [gone]},
        )
        assert "One of these sites is no longer there." in refused.text
    assert [limit.site for limit in group.customer_sites.all()] == [south]
    client.post(reverse("wagtailusers_groups:edit", args=[group.pk]), posted)
    assert not group.customer_sites.exists()


def test_a_new_group_may_be_limited_at_once(sign_in, north):
    client = sign_in(superuser=True)
    _page, posted = group_form(client, Group.objects.create(name="x"))

    client.post(
        reverse("wagtailusers_groups:add"), posted | {"name": "New", "customers_of_sites-sites": [north.pk]}
    )

    assert [limit.site for limit in Group.objects.get(name="New").customer_sites.all()] == [north]


def test_editors_of_customers_cannot_lift_their_limit(limited, north):
    group = get_user(limited).groups.get()

    limited.post(
        reverse("wagtailusers_groups:edit", args=[group.pk]), {"name": "x", "customers_of_sites-sites": []}
    )

    assert StaffSite.objects.count() == 1


def test_deleting_a_site_takes_its_limit_away_with_it(limited, north):
    north.delete()

    assert not StaffSite.objects.exists()


@pytest.mark.parametrize("name", ["site_history", "site_history_results"])
def test_the_report_of_all_changes_is_closed_to_limited_staff(limited, north, south, name):
    address = reverse(f"wagtailadmin_reports:{name}")
    Page.objects.filter(depth=1).exists() or Page.add_root(title="Root", slug="root")
    limited.post(url("add"), FORM)
    foreign = create_customer(email="sue@example.org")
    log_all([foreign], "wagtail.edit")

    refused = limited.get(address)

    assert refused.status_code == 302
    assert limited.get(address, headers={"x-requested-with": "XMLHttpRequest"}).status_code == 403
    StaffSite.objects.all().delete()
    assert "sue@example.org" in limited.get(address).text


def test_limited_staff_are_not_led_to_that_report(limited, sign_in):
    items = [MenuItem("Site history", "/", name="site-history"), MenuItem("Aging pages", "/", name="aging")]

    assert [item.name for item in hide_report(get_user(limited), items)] == ["aging"]
    other = get_user(sign_in("view_customer", email="other@example.org"))
    assert hide_report(other, items) == items
