"""Granting, renewing and revoking from the customer list."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.memberships import audit
from oscar_customers_ext.memberships.actions import grant_membership
from oscar_customers_ext.models import Membership
from tests.factories import make_plan

from .conftest import moment

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
ACTIONS = ["grant_membership", "renew_membership", "revoke_membership"]


@pytest.fixture
def crowd(shop):
    return [create_customer(email=f"member{number}@example.org") for number in range(3)]


@pytest.fixture
def staff(sign_in):
    return sign_in("view_customer", "change_customer", "add_membership", "change_membership")


def bulk(action, customers):
    ids = "&".join(f"id={customer.pk}" for customer in customers) if customers != "all" else "id=all"
    address = reverse("wagtail_bulk_action", args=["oscar_customers_ext", "customer", action])
    return f"{address}?{ids}&next={reverse('oscar_customers:index')}"


def test_the_question_shows_the_form(staff, crowd, plan):
    page = staff.get(bulk("grant_membership", crowd)).text

    assert "3 customers are selected" in page
    for name in ("plan", "starts_at", "ends_at"):
        assert f'name="{name}"' in page
    assert "Leave empty for the end that the plan gives." in page
    assert not Membership.objects.exists()


def test_many_are_granted_and_those_left_out_are_counted(staff, crowd, plan):
    grant_membership(crowd[0], plan, starts_at=moment("2026-01-01 11:00"))
    response = staff.post(
        bulk("grant_membership", crowd),
        {"plan": plan.pk, "starts_at": "2026-01-31 12:00", "ends_at": ""},
        follow=True,
    )

    assert "Membership granted to 2 customers. 1 customer was left out." in response.text
    assert "They have this membership in that period already." in response.text
    granted = Membership.objects.filter(starts_at=moment("2026-01-31 11:00"))
    assert {membership.ends_at for membership in granted} == {moment("2027-01-31 11:00")}
    assert {membership.customer for membership in granted} == set(crowd[1:])
    assert ModelLogEntry.objects.filter(action=audit.GRANT, user__email="staff@example.org").count() == 2


def test_an_end_of_ones_own_counts_for_all(staff, crowd, plan):
    staff.post(
        bulk("grant_membership", crowd),
        {"plan": plan.pk, "starts_at": "2026-01-31 12:00", "ends_at": "2026-12-24 12:00"},
    )

    assert {membership.ends_at for membership in Membership.objects.all()} == {moment("2026-12-24 11:00")}


def test_an_end_before_the_start_gets_a_sentence_and_nothing_is_lost(staff, crowd, plan):
    trade = make_plan("Trade")
    response = staff.post(
        bulk("grant_membership", crowd),
        {"plan": trade.pk, "starts_at": "2026-01-31 12:00", "ends_at": "2026-01-30 12:00"},
    )

    assert response.context["form"].errors["ends_at"] == ["The end must be later than the start."]
    assert 'value="2026-01-30 12:00"' in response.text
    assert f'<option value="{trade.pk}" selected>' in response.text
    assert not Membership.objects.exists()


def test_all_that_the_list_finds_are_renewed(staff, crowd, plan):
    now = timezone.now()
    grant_membership(crowd[0], plan, starts_at=now - DAY, ends_at=now + DAY)
    grant_membership(crowd[1], plan, ends_at=None)

    response = staff.post(bulk("renew_membership", "all"), {"plan": plan.pk}, follow=True)

    assert "Membership of 1 customer renewed. 2 customers were left out." in response.text
    assert crowd[0].memberships.get().ends_at == plan.end_of(now + DAY)
    assert ModelLogEntry.objects.filter(action=audit.RENEW).count() == 1


def test_many_are_revoked(staff, crowd, plan):
    for customer in crowd:
        grant_membership(customer, plan)

    response = staff.post(bulk("revoke_membership", crowd), {"plan": plan.pk}, follow=True)

    assert "Membership of 3 customers revoked." in response.text
    assert "left out" not in response.text
    assert Membership.objects.revoked().count() == 3
    assert ModelLogEntry.objects.filter(action=audit.REVOKE).count() == 3


@pytest.mark.parametrize("action", ACTIONS)
def test_a_plan_must_be_chosen(staff, crowd, plan, action):
    response = staff.post(bulk(action, crowd), {"starts_at": "2026-01-31 12:00"})

    assert response.context["form"].errors["plan"] == ["This field is required."]
    assert not Membership.objects.exists()


@pytest.mark.parametrize("action", ACTIONS)
def test_a_plan_that_no_table_could_hold_gets_a_sentence(staff, crowd, plan, action):
    response = staff.post(bulk(action, crowd), {"starts_at": "2026-01-31 12:00", "plan": "9" * 20})

    assert response.context["form"].errors["plan"] == ["There is no such membership plan."]
    assert not Membership.objects.exists()


@pytest.mark.parametrize("reading", ["view_customer", "change_customer"])
def test_who_may_read_customers_and_grant_memberships_does_so_as_on_the_tab(sign_in, crowd, plan, reading):
    client = sign_in(reading, "add_membership", "change_membership")

    listed = client.get(reverse("oscar_customers:index"))
    assert f'data-object-id="{crowd[0].pk}"' in listed.text
    tab = client.get(reverse("oscar_customers:grant_membership", args=[crowd[0].pk]))
    assert tab.status_code == 200
    client.post(bulk("grant_membership", crowd), {"plan": plan.pk, "starts_at": "2026-01-31 12:00"})
    assert Membership.objects.count() == 3
    client.post(bulk("renew_membership", crowd), {"plan": plan.pk})
    assert Membership.objects.filter(ends_at=moment("2028-01-31 11:00")).count() == 3
    client.post(bulk("revoke_membership", crowd), {"plan": plan.pk})
    assert Membership.objects.revoked().count() == 3


def test_the_list_has_no_boxes_for_who_may_do_nothing_to_many(sign_in, crowd):
    client = sign_in("view_customer", "view_membership")

    assert "data-object-id" not in client.get(reverse("oscar_customers:index")).text


@pytest.mark.parametrize("permissions", [["change_customer"], ["add_membership", "change_membership"]])
@pytest.mark.parametrize("action", ACTIONS)
def test_it_takes_both_permissions(sign_in, crowd, plan, action, permissions):
    granted = grant_membership(crowd[0], plan)
    client = sign_in(*permissions)
    data = {"plan": plan.pk, "starts_at": "2026-01-31 12:00"}

    for response in (client.get(bulk(action, crowd)), client.post(bulk(action, crowd), data)):
        assert response.status_code in (302, 403)

    assert Membership.objects.get() == granted
    assert Membership.objects.get().state == "active"


def test_who_may_change_but_not_add_cannot_grant(sign_in, crowd, plan):
    client = sign_in("change_customer", "change_membership")
    client.post(bulk("grant_membership", crowd), {"plan": plan.pk, "starts_at": "2026-01-31 12:00"})

    assert not Membership.objects.exists()
