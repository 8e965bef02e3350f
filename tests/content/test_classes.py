"""The classes on the body of every page of the shop."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_customers_ext.content.classes import group_class
from oscar_customers_ext.groups.actions import add_to_group, remove_from_group
from oscar_customers_ext.models import Customer, CustomerGroup
from tests.checkout import buy, fill_basket, go_to_preview
from tests.content.pages import body_classes, customer_classes, stylesheets
from tests.factories import make_plan, make_user

pytestmark = pytest.mark.django_db

MEMBER = ["customer-signed-in", "customer-approved", "customer-group-trade"]
PATTERN = re.compile(r"[a-z][a-z0-9_-]{0,63}\Z")

OPEN_PAGES = ["catalogue:index", "basket:summary", "offer:list", "search:search"]
GUEST_PAGES = ["customer:login", "customer:register", "password-reset"]
ACCOUNT_PAGES = [
    "customer:profile-view",
    "customer:profile-update",
    "customer:profile-delete",
    "customer:change-password",
    "customer:order-list",
    "customer:address-list",
    "customer:address-create",
    "customer:email-list",
    "customer:notifications-inbox",
    "customer:alerts-list",
    "customer:wishlists-list",
    "oscar_customers_shop:memberships",
]


@pytest.mark.parametrize("name", OPEN_PAGES + GUEST_PAGES)
def test_a_visitor_is_a_guest(client, shop, name):
    assert customer_classes(client.get(reverse(name))) == ["customer-guest"]


@pytest.mark.parametrize("name", OPEN_PAGES + ACCOUNT_PAGES)
def test_every_page_names_the_groups_of_who_is_signed_in(make_member, name):
    client = make_member("trade")

    assert customer_classes(client.get(reverse(name))) == MEMBER


def test_the_classes_of_oscars_account_pages_stay(make_member):
    client = make_member()

    assert body_classes(client.get(reverse("customer:profile-view"))) == [
        "account-profile",
        "customer-signed-in",
        "customer-approved",
    ]
    assert body_classes(client.get(reverse("catalogue:index")))[0] == "default"


def test_the_product_page_and_the_checkout(make_member, shop):
    client = make_member("trade")
    fill_basket(client, shop)

    assert customer_classes(client.get(shop.get_absolute_url())) == MEMBER
    assert customer_classes(client.get(reverse("checkout:shipping-address"))) == MEMBER
    go_to_preview(client, shop)
    for name in ("checkout:payment-details", "checkout:preview"):
        assert customer_classes(client.get(reverse(name))) == MEMBER
    thanks = client.get(buy(client, shop).url)
    assert customer_classes(thanks) == MEMBER
    order = get_model("order", "Order").objects.get()
    assert customer_classes(client.get(reverse("customer:order", args=[order.number]))) == MEMBER


def test_guests_in_the_checkout(client, shop):
    fill_basket(client, shop)
    assert customer_classes(client.get(reverse("checkout:index"))) == ["customer-guest"]

    thanks = client.get(buy(client, shop, email="guest@example.org").url)

    assert customer_classes(thanks) == ["customer-guest"]
    order = get_model("order", "Order").objects.get()
    own = reverse("customer:anon-order", args=[order.number, order.verification_hash()])
    assert customer_classes(client.get(own, follow=True)) == ["customer-guest"]


@pytest.mark.parametrize("template", ["oscar/404.html", "oscar/403.html"])
def test_pages_about_errors(template, make_member, rf):
    request = rf.get("/nowhere/")
    request.user = AnonymousUser()
    # Without our middleware nothing is known, and nothing is said.
    assert 'class="default "' in render_to_string(template, request=request)

    client = make_member("trade")
    with_middleware = client.get(reverse("catalogue:index")).wsgi_request
    html = render_to_string(template, request=with_middleware)

    assert f'class="default {" ".join(MEMBER)}"' in html


def test_an_address_that_leads_nowhere(client, make_member, settings):
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [Path(__file__).parent / "templates"]}]
    member = make_member("trade")

    missing = member.get("/shop/catalogue/nowhere_999999/")

    assert missing.status_code == 404
    assert customer_classes(missing) == MEMBER
    assert "private" in missing["Cache-Control"]
    assert customer_classes(client.get("/shop/catalogue/nowhere_999999/")) == ["customer-guest"]


def test_a_page_that_is_rendered_without_a_request(shop):
    assert 'class="default "' in render_to_string("oscar/404.html", {})


def test_who_waits_for_approval_is_not_approved(make_member):
    client = make_member("trade")
    Customer.objects.update(approved_buyer=False)

    found = customer_classes(client.get(reverse("catalogue:index")))

    assert found == ["customer-signed-in", "customer-group-trade"]


def test_an_account_without_a_customer_has_no_group(client, shop):
    client.force_login(make_user(), backend="django.contrib.auth.backends.ModelBackend")
    Customer.objects.all().delete()

    assert customer_classes(client.get(reverse("catalogue:index"))) == ["customer-signed-in"]


def test_groups_that_a_membership_grants_count_while_it_is_active(make_member):
    client = make_member()
    group = CustomerGroup.objects.create(name="Club", slug="club")
    plan = make_plan(customer_group=group)
    membership = plan.memberships.create(customer=client.customer)
    page = reverse("catalogue:index")
    assert "customer-group-club" in customer_classes(client.get(page))

    membership.revoked_at = timezone.now()
    membership.save()

    assert "customer-group-club" not in customer_classes(client.get(page))


def test_leaving_a_group_counts_at_the_next_page(make_member):
    client = make_member("trade", "press")
    page = reverse("catalogue:index")
    assert customer_classes(client.get(page))[2:] == ["customer-group-press", "customer-group-trade"]

    remove_from_group([client.customer.pk], CustomerGroup.objects.get(slug="press"), actor=None)

    assert customer_classes(client.get(page))[2:] == ["customer-group-trade"]


@pytest.mark.parametrize("slug", ["a", "trade", "a" * 49, "a" * 50, "a" * 64, "a-b_c9" * 10])
def test_each_slug_makes_a_class_of_64_characters_at_most(slug):
    name = group_class(slug)

    assert PATTERN.match(name)
    assert name.startswith("customer-group-")
    assert (name == f"customer-group-{slug}") is (len(slug) <= 49)


def test_long_slugs_that_begin_alike_make_different_classes():
    assert group_class("a" * 49 + "b" * 15) != group_class("a" * 49 + "c" * 15)
    assert group_class("a" * 64) == "customer-group-" + "a" * 40 + "-ffe054fe"


def queries_of(client, url):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(url)
    return [query["sql"] for query in queries if "customer" in query["sql"]]


def test_a_visitor_costs_no_query_and_a_customer_one_beside_the_customer(client, make_member):
    page = reverse("catalogue:index")
    client.get(page)
    member = make_member("trade", "press", "club")
    member.get(page)

    assert queries_of(client, page) == []
    found = queries_of(member, page)
    ours = [sql for sql in found if 'FROM "oscar_customers_ext_customergroup"' in sql]
    assert len(ours) == 1
    assert len([sql for sql in found if 'FROM "oscar_customers_ext_customer"' in sql]) == 1
    for number in range(20):
        group = CustomerGroup.objects.create(name=f"G{number}", slug=f"g{number}", styles="a { color: red }")
        add_to_group([member.customer.pk], group, actor=None)
    assert len(queries_of(member, page)) == len(found)


def test_an_error_of_ours_never_reaches_the_buyer(make_member, monkeypatch, caplog):
    client = make_member("trade")
    monkeypatch.setattr(CustomerGroup.objects.__class__, "of", lambda self, customer: 1 / 0, raising=False)

    response = client.get(reverse("catalogue:index"))

    assert customer_classes(response) == ["customer-signed-in", "customer-approved"]
    assert stylesheets(response) == []
    assert "could not be found out" in caplog.text


def test_a_request_that_did_not_pass_the_middleware_says_nothing(shop):
    request = RequestFactory().get("/")
    request.user = make_user()

    assert 'class="default "' in render_to_string("oscar/404.html", request=request)
