"""Every URL of ours in the Wagtail admin, asked as somebody who is limited to a site of which the customer is not."""

import pytest
from django.contrib.auth import get_user
from django.contrib.sites.models import Site
from django.urls import reverse
from wagtail.admin.views.bulk_action.registry import bulk_action_registry

from oscar_customers_ext.models import Customer, StaffSite
from tests import test_permissions
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
        has_key = any(part.isdigit() for part in url.split("/")) and not name.endswith("_view")
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

    for name, url in urls.items():
        assert limited.get(url).status_code == 200, name
