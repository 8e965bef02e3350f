"""Customers on Wagtail's home page, in its search and its menu."""

import pytest
from django.contrib.auth import get_user
from django.core.cache import cache
from django.urls import reverse
from wagtail.admin.search import admin_search_areas

from oscar_customers_ext.customers.actions import create_customer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


def test_the_home_page_counts_customers_and_remembers_the_number(viewer):
    create_customer(email="ann@example.org")
    assert "1 Customer" in viewer.get(reverse("wagtailadmin_home")).text

    create_customer(email="bob@example.org")

    assert "1 Customer" in viewer.get(reverse("wagtailadmin_home")).text
    cache.clear()
    assert "2 Customers" in viewer.get(reverse("wagtailadmin_home")).text


@pytest.mark.parametrize(("permission", "shown"), [("view_customer", True), ("view_order", False)])
def test_customers_are_a_place_to_search_for_those_who_may_see_them(sign_in, rf, permission, shown):
    request = rf.get("/")
    request.user = get_user(sign_in(permission))

    places = [area.url for area in admin_search_areas.search_items_for_request(request)]

    assert (reverse("oscar_customers:index") in places) is shown


def test_nothing_is_said_to_those_who_may_not_see_customers(sign_in):
    create_customer(email="ann@example.org")
    client = sign_in("view_order")

    assert "1 Customer" not in client.get(reverse("wagtailadmin_home")).text
    assert (
        reverse("oscar_customers:index")
        not in client.get(reverse("wagtailadmin_pages:search"), {"q": "x"}).text
    )


def test_an_empty_list_says_what_to_do(editor):
    page = editor.get(reverse("oscar_customers:index")).text

    assert "No customers yet" in page
    assert "appears here by itself" in page
    assert page.count(reverse("oscar_customers:add")) >= 2


def test_a_search_without_match_says_what_to_try(editor):
    assert "No customer matches." in editor.get(reverse("oscar_customers:index"), {"q": "nobody"}).text
