"""Private pages and documents: who sees them, until when, and what everybody else is shown instead."""

from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail import hooks
from wagtail.models import Page, PageViewRestriction

from oscar_customers_ext.memberships.access import let_in, let_out
from oscar_customers_ext.memberships.actions import grant_membership, revoke_membership
from oscar_customers_ext.models import Customer, Membership
from tests.factories import make_plan, make_user

from .conftest import BACKEND, SECRET, restrict

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def assert_opens(client, page):
    response = client.get(page.url)
    assert response.status_code == 200
    assert SECRET in response.text
    assert "no-store" in response["Cache-Control"]


def assert_members_only(client, url):
    response = client.get(url)
    assert response.status_code == 403
    assert "This is for members" in response.text
    assert "Club" in response.text
    assert SECRET not in response.text
    assert "/admin/" not in response.text
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    return response


def end_at(membership, moment):
    Membership.objects.filter(pk=membership.pk).update(ends_at=moment)


# Pages


def test_a_member_sees_the_page(member, active, page):
    assert_opens(member.client, page)


def test_what_lies_below_a_private_page_is_private_too(member, active, page):
    below = page.add_child(instance=Page(title=SECRET, slug="below"))

    assert_opens(member.client, below)
    assert_members_only(Client(), below.url)


def test_the_end_counts_at_the_very_next_request(member, active, page):
    assert_opens(member.client, page)

    end_at(active, timezone.now())
    assert_members_only(member.client, page.url)

    end_at(active, timezone.now() + DAY)
    assert_opens(member.client, page)


def test_nobody_sees_it_before_the_start(member, plan, page):
    grant_membership(member, plan, starts_at=timezone.now() + DAY)

    response = assert_members_only(member.client, page.url)

    assert "Your membership Club begins on" in response.text


def test_what_was_revoked_is_closed(member, active, page):
    revoke_membership(active)

    assert "Your membership Club was ended on" in assert_members_only(member.client, page.url).text


def test_the_membership_of_another_plan_does_not_open_it(member, page):
    grant_membership(member, make_plan("Trade"))

    assert_members_only(member.client, page.url)


def test_a_deactivated_account_sees_nothing(member, active, page):
    member.user.is_active = False
    member.user.save()

    assert_members_only(member.client, page.url)


def test_an_archived_customer_stays_a_member(member, active, page):
    Customer.objects.update(archived_at=timezone.now())

    assert_opens(member.client, page)


def test_the_membership_of_a_customer_without_account_opens_nothing_for_a_namesake(customer, plan, page):
    """An address that somebody only typed opens nothing."""
    grant_membership(customer, plan)
    stranger = Client()
    stranger.force_login(make_user(customer.email), backend=BACKEND)

    response = assert_members_only(stranger, page.url)

    assert "Your membership" not in response.text.replace("Your memberships", "")


def test_who_is_in_the_group_sees_it_as_before(plan, page):
    user = make_user()
    user.groups.add(plan.auth_group)
    client = Client()
    client.force_login(user, backend=BACKEND)

    assert_opens(client, page)


def test_a_superuser_sees_it_as_before(page):
    client = Client()
    client.force_login(make_user(is_superuser=True), backend=BACKEND)

    assert_opens(client, page)


def test_nobody_is_put_into_the_group(member, active, page):
    assert_opens(member.client, page)

    assert not active.plan.auth_group.user_set.exists()


def test_each_of_several_groups_opens_it(member, active, page):
    restriction = PageViewRestriction.objects.get()
    restriction.groups.add(Group.objects.create(name="Editors"))
    assert_opens(member.client, page)


def test_a_second_restriction_must_be_met_too(member, active, page):
    """The page above asks for another group, which another plan opens."""
    trade = make_plan("Trade")
    above = Page.objects.get(slug="home")
    restrict(PageViewRestriction.objects.create(page=above, restriction_type="groups"), trade.auth_group)

    response = member.client.get(page.url)
    assert response.status_code == 403
    assert "Trade" in response.text
    assert "<strong>Club</strong>" not in response.text

    grant_membership(member, trade)
    assert_opens(member.client, page)


# What stays Wagtail's


def test_a_group_without_plan_leads_to_wagtails_log_in(home, member, active, settings):
    settings.WAGTAIL_FRONTEND_LOGIN_URL = "/shop/accounts/login/"
    page = home.add_child(instance=Page(title=SECRET, slug="staff"))
    restrict(
        PageViewRestriction.objects.create(page=page, restriction_type="groups"),
        Group.objects.create(name="S"),
    )

    response = member.client.get(page.url)

    assert response.status_code == 302
    assert response.url == "/shop/accounts/login/?next=/staff/"


def test_a_page_for_everybody_who_is_signed_in_stays_wagtails(home, member, settings):
    settings.WAGTAIL_FRONTEND_LOGIN_URL = "/shop/accounts/login/"
    page = home.add_child(instance=Page(title=SECRET, slug="inside"))
    PageViewRestriction.objects.create(page=page, restriction_type="login")

    assert Client().get(page.url).status_code == 302
    assert_opens(member.client, page)


def test_a_page_with_a_password_stays_wagtails(home, plan):
    page = home.add_child(instance=Page(title=SECRET, slug="password"))
    PageViewRestriction.objects.create(page=page, restriction_type="password", password="sesame")

    response = Client().get(page.url)

    assert response.status_code == 200
    assert "password" in response.text
    assert "This is for members" not in response.text


def test_a_public_page_stays_as_it_is(home, member):
    home.title = "Welcome"
    home.save()

    response = Client().get(home.url)

    assert response.status_code == 200
    assert "Welcome" in response.text
    assert "Cache-Control" not in response.headers


# The page that says what is missing


def test_a_visitor_is_led_to_the_shops_log_in_and_back(member, active, page):
    response = assert_members_only(Client(), f"{page.url}?from=mail")

    assert 'href="/shop/accounts/login/?next=%2Fmembers%2F%3Ffrom%3Dmail"' in response.text


def test_a_customer_without_membership_is_told_what_to_do(member, page):
    response = assert_members_only(member.client, page.url)

    assert "It opens with this membership:" in response.text
    assert "Write to us" in response.text
    assert "/shop/accounts/login/?next=" not in response.text


def test_all_plans_that_open_it_are_named_and_no_other(member, plan, page):
    make_plan("Trade year", auth_group=plan.auth_group, description="For <b>dealers</b>\nand shops")
    make_plan("Unrelated")

    text = assert_members_only(member.client, page.url).text

    assert "It opens with one of these memberships:" in text
    assert "Trade year" in text
    assert "For &lt;b&gt;dealers&lt;/b&gt;<br>and shops" in text
    assert "Unrelated" not in text


@pytest.mark.parametrize("method", ["head", "post"])
def test_other_methods_are_refused_too(page, method):
    assert getattr(Client(), method)(page.url).status_code == 403


# Documents


def test_a_member_gets_the_document(member, active, document):
    response = member.client.get(document.url)

    assert response.status_code == 200
    assert b"".join(response.streaming_content) == b"How to fire"


def test_the_document_is_closed_at_the_end(member, active, document):
    end_at(active, timezone.now())

    assert "How to fire" not in assert_members_only(member.client, document.url).text
    assert_members_only(Client(), document.url)


def test_a_document_for_another_group_stays_wagtails(member, active, document, settings):
    settings.WAGTAIL_FRONTEND_LOGIN_URL = "/shop/accounts/login/"
    document.collection.get_view_restrictions().get().groups.set([Group.objects.create(name="Staff")])

    assert member.client.get(document.url).url.startswith("/shop/accounts/login/?next=")


def test_a_public_document_is_served_to_everybody(document):
    document.collection.get_view_restrictions().delete()

    assert Client().get(document.url).status_code == 200


# Permissions are not widened


@pytest.fixture
def seen(member):
    """What a page, and a hook before Wagtail's check, find about the user of the request."""
    found = {}

    def before(page, request, args, kwargs):
        found["before"] = request.user.has_perm("wagtailadmin.access_admin")
        found["filtered"] = request.user.groups.filter(name="Club").exists()

    def serve(serve_next):
        def inner(page, request, args, kwargs):
            found["within"] = [group.name for group in request.user.groups.all()]
            found["allowed"] = request.user.has_perm("wagtailadmin.access_admin")
            return serve_next(page, request, args, kwargs)

        return inner

    with ExitStack() as stack:
        for name, function, order in [
            ("before_serve_page", before, 0),
            ("on_serve_page", _asks, 0),
            ("on_serve_page", serve, 200),
        ]:
            stack.enter_context(hooks.register_temporarily(name, function, order=order))
        yield found


def _asks(serve_next):
    """Asks for a permission while the groups of memberships are listed: Django keeps the answer for the request."""

    def inner(page, request, args, kwargs):
        assert not request.user.has_perm("wagtailadmin.access_admin")
        return serve_next(page, request, args, kwargs)

    return inner


def test_permissions_of_the_group_are_not_given(member, active, page, seen):
    # Somebody gave the group this permission after the plan was made.
    active.plan.auth_group.permissions.add(Permission.objects.get(codename="access_admin"))

    assert_opens(member.client, page)

    assert seen == {"before": False, "filtered": False, "within": [], "allowed": False}
    assert member.client.get("/admin/").status_code == 302


def test_the_list_of_groups_is_plain_again_afterwards(member, active):
    user, own = member.user, Group.objects.create(name="Own")
    user.groups.add(own)

    let_in(user)
    assert {group.name for group in user.groups.all()} == {"Own", "Club"}
    assert list(user.groups.filter(name="Club")) == []
    assert list(user.groups.values_list("name", flat=True)) == ["Own"]
    let_out(user)
    assert list(user.groups.all()) == [own]


# What it costs


def queries_of(client, url):
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    return response, len(captured)


def test_a_public_page_costs_nothing_more(home, member, active, monkeypatch):
    member.client.get(home.url)
    with_us = queries_of(member.client, home.url)[1]
    others = [entry for entry in hooks._hooks["on_serve_page"] if "memberships" not in entry[0].__module__]
    assert len(others) == len(hooks._hooks["on_serve_page"]) - 2
    monkeypatch.setitem(hooks._hooks, "on_serve_page", others)

    assert queries_of(member.client, home.url)[1] == with_us


def test_a_private_page_costs_a_member_no_query_more_than_anybody_of_the_group(member, active, page):
    user = make_user("group@example.org")
    user.groups.add(active.plan.auth_group)
    other = Client()
    other.force_login(user, backend=BACKEND)
    for client in (member.client, other):
        client.get(page.url)

    assert queries_of(member.client, page.url)[1] == queries_of(other, page.url)[1]
