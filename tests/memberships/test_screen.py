"""The section Memberships of a customer, its pages, and membership plans in the menu."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.memberships.actions import grant_membership, revoke_membership
from oscar_customers_ext.memberships.columns import plans_of
from oscar_customers_ext.models import ColumnChoice, Customer, CustomerGroup, Membership, MembershipPlan
from tests.factories import make_plan

from .conftest import moment

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
ALL = ("view_customer", "change_customer", "view_membership", "add_membership", "change_membership")


@pytest.fixture
def staff(sign_in):
    return sign_in(*ALL)


def url(name, *args):
    return reverse(f"oscar_customers:{name}", args=[getattr(arg, "pk", arg) for arg in args])


def section(client, customer, **data):
    response = client.get(url("memberships", customer), data)
    assert response.status_code == 200
    return response.text


# The tab


def test_the_tab_is_there_for_who_may_see_memberships(staff, customer):
    assert 'id="tab-benefits"' in staff.get(url("edit", customer)).text


def test_the_tab_is_hidden_from_who_may_not(sign_in, customer):
    page = sign_in("view_customer", "change_customer", "add_membership").get(url("edit", customer)).text

    assert url("memberships", customer) not in page


def test_each_state_is_said_with_who_granted_it(staff, customer, django_user_model):
    now, actor = timezone.now(), django_user_model.objects.get(email="staff@example.org")
    trade = CustomerGroup.objects.create(name="Dealers", slug="dealers")
    for name, start, end in [("Was", -9, -1), ("Is", -1, None), ("Will be", 1, 9), ("No more", -2, 9)]:
        plan = make_plan(name, customer_group=trade)
        ends_at = now + end * DAY if end else None
        granted = grant_membership(customer, plan, starts_at=now + start * DAY, ends_at=ends_at, actor=actor)
        if name == "No more":
            revoke_membership(granted)

    text = section(staff, customer)

    for label in ("Expired", "Active", "Future", "Revoked", "Without an end", "Opens what is private to Is"):
        assert label in text
    assert text.count("Counts as customer of Dealers") == 4
    assert text.count(f"<td>{actor}</td>") == 4
    # What has an end and was not revoked can be renewed; what is over cannot be revoked.
    assert text.count("Renew the membership") == 2
    assert text.count("Revoke the membership") == 2


def test_a_hostile_name_is_shown_as_it_is(staff, customer):
    grant_membership(customer, make_plan("<script>alert(1)</script>"))

    text = section(staff, customer)

    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_an_empty_section_says_what_to_do(staff, customer):
    assert "There are no membership plans yet." in section(staff, customer)
    make_plan()

    text = section(staff, customer)

    assert "This customer has no membership." in text
    assert url("grant_membership", customer) in text


@pytest.mark.parametrize(
    ("permissions", "grants", "changes"),
    [
        (("view_membership",), False, False),
        (("view_membership", "add_membership"), True, False),
        (ALL, True, True),
    ],
)
def test_links_are_for_those_who_may(sign_in, customer, plan, permissions, grants, changes):
    granted = grant_membership(customer, plan)
    text = section(sign_in("view_customer", *permissions), customer)

    assert (url("grant_membership", customer) in text) == grants
    assert (url("renew_membership", customer, granted) in text) == changes
    assert (url("revoke_membership", customer, granted) in text) == changes


def test_a_thousand_memberships_cost_as_much_as_one(staff, customer, plan):
    def fill(start, number):
        Membership.objects.bulk_create(
            Membership(
                customer=customer,
                plan=plan,
                starts_at=moment("1990-01-01 00:00") + index * DAY,
                ends_at=moment("1990-01-01 00:00") + (index + 1) * DAY,
            )
            for index in range(start, start + number)
        )

    fill(0, 1)
    section(staff, customer)
    with CaptureQueriesContext(connection) as one:
        section(staff, customer)
    fill(1, 999)
    with CaptureQueriesContext(connection) as thousand:
        text = section(staff, customer)
    assert len(one) == len(thousand) <= 15
    assert text.count("<tr>") == 21
    assert "?page=2" in text
    assert section(staff, customer, page="50").count("<tr>") == 21
    assert section(staff, customer, page="nonsense").count("<tr>") == 21


# Granting


def test_the_end_is_prefilled_from_the_plan(staff, customer, plan):
    yearly = make_plan("Trade", duration=1, duration_unit="days")
    page = staff.get(
        url("grant_membership", customer), {"plan": yearly.pk, "starts_at": "2026-03-28 12:00"}
    ).text

    assert 'value="2026-03-28 12:00"' in page
    assert 'value="2026-03-29 12:00"' in page


@pytest.mark.parametrize("asked", [{"plan": "nonsense"}, {"plan": "9" * 30}, {"starts_at": "yesterday"}, {}])
def test_what_cannot_be_understood_prefills_the_first_plan_from_now(staff, customer, plan, asked):
    page = staff.get(url("grant_membership", customer), asked)

    assert page.context["form"].initial["plan"] == plan
    assert timezone.now() - page.context["form"].initial["starts_at"] < timedelta(minutes=2)


def test_without_plans_the_form_still_opens(staff, customer):
    assert staff.get(url("grant_membership", customer)).status_code == 200


def test_granting_leads_back_to_the_tab(staff, customer, plan, django_user_model):
    response = staff.post(
        url("grant_membership", customer),
        {"plan": plan.pk, "starts_at": "2026-01-31 12:00", "ends_at": "2099-02-28 12:00"},
        follow=True,
    )

    assert response.redirect_chain == [(f"{url('edit', customer)}#tab-benefits", 302)]
    assert "Membership Club granted." in response.text
    granted = Membership.objects.get()
    assert (granted.starts_at, granted.ends_at) == (moment("2026-01-31 11:00"), moment("2099-02-28 11:00"))
    assert granted.granted_by == django_user_model.objects.get(email="staff@example.org")


def test_an_empty_end_is_no_end(staff, customer, plan):
    staff.post(
        url("grant_membership", customer), {"plan": plan.pk, "starts_at": "2026-01-31 12:00", "ends_at": ""}
    )

    assert Membership.objects.get().ends_at is None


@pytest.mark.parametrize(
    ("data", "field", "sentence"),
    [
        ({"ends_at": "2026-01-31 12:00"}, "ends_at", "The end must be later than the start."),
        ({"ends_at": "2025-01-31 12:00"}, "ends_at", "The end must be later than the start."),
        ({"ends_at": "soon"}, "ends_at", "Write date and time like 2026-12-31 18:00."),
        ({"ends_at": "9999-12-31 23:59"}, "ends_at", "Choose a date between 1970 and 2999."),
        ({"starts_at": "0001-01-01 00:00"}, "starts_at", "Choose a date between 1970 and 2999."),
        ({"plan": "4711"}, "plan", "There is no such membership plan."),
        ({"plan": "9" * 20}, "plan", "There is no such membership plan."),
        ({"plan": "<script>"}, "plan", "There is no such membership plan."),
    ],
)
def test_a_bad_entry_gets_a_sentence_and_is_kept(staff, customer, plan, data, field, sentence):
    posted = {"plan": plan.pk, "starts_at": "2026-01-31 12:00", "ends_at": "2099-12-31 12:00"} | data
    response = staff.post(url("grant_membership", customer), posted)

    assert response.status_code == 200
    assert response.context["form"].errors[field] == [sentence]
    for name in ("starts_at", "ends_at"):
        assert f'value="{posted[name]}"' in response.text
    assert not Membership.objects.exists()


def test_who_has_it_already_is_to_be_renewed(staff, customer, plan):
    grant_membership(customer, plan)
    response = staff.post(
        url("grant_membership", customer), {"plan": plan.pk, "starts_at": "2026-01-31 12:00"}
    )

    assert response.context["form"].errors["plan"] == [
        "This customer has the membership Club in that period already. Renew that one instead."
    ]
    assert Membership.objects.count() == 1


# Renewing and revoking


def test_renewing_proposes_the_next_end(staff, customer, plan):
    granted = grant_membership(
        customer, plan, starts_at=moment("2026-01-01 11:00"), ends_at=moment("2098-06-01 10:00")
    )
    address = url("renew_membership", customer, granted)
    page = staff.get(address)
    assert 'value="2099-06-01 12:00"' in page.text
    assert "lasts until" in page.text

    response = staff.post(address, {"ends_at": "2099-07-01 12:00"}, follow=True)

    assert "Membership Club renewed." in response.text
    assert Membership.objects.get().ends_at == moment("2099-07-01 10:00")


def test_renewing_an_expired_one_says_that_it_begins_now(staff, customer, plan):
    now = timezone.now()
    over = grant_membership(customer, plan, starts_at=now - 2 * DAY, ends_at=now - DAY)
    address = url("renew_membership", customer, over)
    assert "so a new one begins now." in staff.get(address).text

    staff.post(address, {"ends_at": ""})

    assert Membership.objects.active().get().ends_at is None


def test_a_new_end_that_is_too_early_is_kept_in_the_form(staff, customer, plan):
    granted = grant_membership(customer, plan, ends_at=moment("2098-06-01 10:00"))
    response = staff.post(url("renew_membership", customer, granted), {"ends_at": "2098-06-01 12:00"})

    assert response.context["form"].errors["ends_at"] == ["The new end must be later than the present one."]
    assert 'value="2098-06-01 12:00"' in response.text
    assert Membership.objects.get().ends_at == moment("2098-06-01 10:00")


def test_what_cannot_be_renewed_says_so(staff, customer, plan):
    revoked = revoke_membership(grant_membership(customer, plan))
    response = staff.post(url("renew_membership", customer, revoked), {"ends_at": "2098-06-01 12:00"})

    assert "This membership was revoked. Grant a new one instead." in response.text


def test_revoking_asks_first(staff, customer, plan):
    granted = grant_membership(customer, plan)
    address = url("revoke_membership", customer, granted)

    assert "ends at once" in staff.get(address).text
    assert Membership.objects.get().state == "active"

    assert "Membership Club revoked." in staff.post(address, follow=True).text
    assert Membership.objects.get().state == "revoked"

    assert "This membership is over already." in staff.post(address, follow=True).text
    assert "of Ann Rossi is over already." in staff.get(address).text
    assert ModelLogEntry.objects.count() == 2


def test_a_membership_of_somebody_else_is_not_found(staff, customer, plan):
    other = create_customer(email="other@example.org")
    granted = grant_membership(other, plan)
    for name in ("renew_membership", "revoke_membership"):
        assert staff.get(url(name, customer, granted)).status_code == 404
        assert staff.post(url(name, customer, granted)).status_code == 404
    assert Membership.objects.get().state == "active"


@pytest.mark.parametrize("name", ["grant_membership", "renew_membership", "revoke_membership"])
def test_viewing_is_not_changing(sign_in, customer, plan, name):
    granted = grant_membership(customer, plan)
    address = url(name, customer) if name == "grant_membership" else url(name, customer, granted)
    client = sign_in("view_customer", "change_customer", "view_membership")

    response = client.post(address, {"plan": plan.pk, "starts_at": "2026-01-31 12:00"})

    assert response.status_code in (302, 403)
    assert Membership.objects.get().state == "active"


def test_the_edit_screen_stays_within_its_queries(staff, customer, django_assert_max_num_queries):
    staff.get(url("edit", customer))
    with django_assert_max_num_queries(25):
        staff.get(url("edit", customer))


# The filters of the list


@pytest.fixture
def crowd(shop):
    """Customers by what they have of two plans: one letter for each state, in the order club, trade."""
    now = timezone.now()
    club, trade = make_plan("Club"), make_plan("Trade")
    periods = {"a": (-1, None), "f": (1, None), "e": (-2, -1), "r": (-1, None)}
    for states in ("a-", "-a", "ea", "f-", "r-", "--"):
        customer = create_customer(email=f"{states}@example.org", first_name=states, last_name="X")
        for plan, state in zip((club, trade), states, strict=True):
            if state != "-":
                start, end = periods[state]
                ends_at = now + end * DAY if end else None
                granted = grant_membership(customer, plan, starts_at=now + start * DAY, ends_at=ends_at)
                if state == "r":
                    revoke_membership(granted)
    return club, trade


@pytest.mark.parametrize(
    ("plans", "state", "found"),
    [
        ("", "active", {"a-", "-a", "ea"}),
        ("c", "active", {"a-"}),
        ("t", "active", {"-a", "ea"}),
        ("c", "expired", {"ea"}),
        # Active is the other plan's.
        ("c", "", {"a-", "ea", "f-", "r-"}),
        ("ct", "", {"a-", "-a", "ea", "f-", "r-"}),
        ("", "future", {"f-"}),
        ("", "revoked", {"r-"}),
        ("", "none", {"--"}),
        ("t", "none", {"a-", "f-", "r-", "--"}),
        ("", "", {"a-", "-a", "ea", "f-", "r-", "--"}),
    ],
)
def test_plan_and_state_are_asked_of_the_same_membership(staff, crowd, plans, state, found):
    chosen = [plan.pk for letter, plan in zip("ct", crowd, strict=True) if letter in plans]
    response = staff.get(url("index"), {"membership": chosen, "membership_state": state})

    assert {customer.first_name for customer in response.context["page_obj"].object_list} == found


def test_a_plan_that_does_not_exist_finds_nobody(staff, crowd):
    response = staff.get(url("index"), {"membership": "4711"})

    assert response.status_code == 200


# The column of the list


def choose_columns(user, *keys):
    ColumnChoice.objects.create(user=user, columns=list(keys))


def test_the_column_names_active_memberships_at_no_cost_for_each(staff, crowd, django_user_model):
    choose_columns(django_user_model.objects.get(email="staff@example.org"), "name", "memberships")
    staff.get(url("index"))
    with CaptureQueriesContext(connection) as few:
        page = staff.get(url("index"))
    shown = {customer.first_name: plans_of(customer) for customer in page.context["page_obj"].object_list}
    club, trade = crowd
    assert shown == {"a-": [club], "-a": [trade], "ea": [trade], "f-": [], "r-": [], "--": []}
    for number in range(10):
        customer = create_customer(email=f"more{number}@example.org")
        grant_membership(customer, crowd[0], starts_at=timezone.now() - DAY)

    with CaptureQueriesContext(connection) as many:
        staff.get(url("index"))

    assert len(many) == len(few)


def test_the_column_is_for_those_who_may_see_memberships(sign_in, crowd, django_user_model):
    client = sign_in("view_customer")
    choose_columns(django_user_model.objects.get(email="staff@example.org"), "name", "memberships")

    page = client.get(url("index"))

    assert "memberships" not in page.context["table"].columns
    assert "memberships" not in client.get(url("columns")).text


# Membership plans


@pytest.fixture
def planner(sign_in):
    return sign_in(*(f"{action}_membershipplan" for action in ("view", "add", "change", "delete")))


def plans_url(name, *args):
    return reverse(f"oscar_customers_plans:{name}", args=[arg.pk for arg in args])


def test_the_list_counts_active_members_without_a_query_for_each(
    planner, shop, django_assert_max_num_queries
):
    now = timezone.now()
    for number in range(3):
        make_plan(f"Plan {number}")
    first = MembershipPlan.objects.first()
    for number in range(4):
        customer = create_customer(email=f"member{number}@example.org")
        grant_membership(customer, first, starts_at=now + (DAY if number == 3 else -DAY))
    planner.get(plans_url("index"))

    with django_assert_max_num_queries(12):
        response = planner.get(plans_url("index"))

    assert [(plan.name, plan.members) for plan in response.context["object_list"]] == [
        ("Plan 0", 3),
        ("Plan 1", 0),
        ("Plan 2", 0),
    ]
    assert "12 months" in response.text


def plan_data(**changes):
    return {
        "name": "Club",
        "description": "",
        "duration": "12",
        "duration_unit": "months",
        "auth_group": "",
        "customer_group": "",
        "notice_days": "",
    } | changes


def test_a_plan_is_made(planner):
    group = Group.objects.create(name="Members")
    response = planner.post(plans_url("add"), plan_data(auth_group=group.pk, notice_days="14"))

    assert response.status_code == 302
    plan = MembershipPlan.objects.get()
    assert (plan.lasts, plan.auth_group, plan.notice_days) == ("12 months", group, 14)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"duration": "0"}, "duration", "A membership lasts at least one day. Leave empty for no end."),
        (
            {"duration": "1201"},
            "duration",
            "A membership lasts at most a hundred years. Leave empty for no end.",
        ),
        ({"name": ""}, "name", "This field is required."),
        ({"name": "Taken"}, "name", "Membership plan with this Name already exists."),
    ],
)
def test_a_bad_plan_gets_a_sentence(planner, changes, field, sentence):
    make_plan("Taken")
    response = planner.post(plans_url("add"), plan_data(**changes))

    assert response.context["form"].errors[field] == [sentence]
    assert MembershipPlan.objects.count() == 1


@pytest.mark.parametrize(
    "permission",
    [
        "wagtailadmin.access_admin",
        "oscar_customers_ext.view_customer",
        "auth.change_user",
        "wagtailcore.add_site",
        "order.view_order",
        "partner.dashboard_access",
    ],
)
def test_a_group_of_staff_can_never_be_chosen(planner, staff_group, permission):
    group = staff_group(permission, name="Backstage")
    assert "Backstage" not in planner.get(plans_url("add")).text

    response = planner.post(plans_url("add"), plan_data(auth_group=group.pk))

    assert response.context["form"].errors["auth_group"] == [
        "This group belongs to staff: it carries permissions of the admin. Choose a group without any."
    ]
    assert not MembershipPlan.objects.exists()


def test_a_plan_with_memberships_is_not_deleted(planner, customer, plan):
    revoke_membership(grant_membership(customer, plan))
    address = plans_url("delete", plan)
    page = planner.get(address).text
    assert "This plan cannot be deleted, because one membership was granted by it." in page
    assert "Yes, delete" not in page

    response = planner.post(address, follow=True)

    assert "The membership plan Club was not deleted, because customers have or had it." in response.text
    assert MembershipPlan.objects.get() == plan
    assert Customer.objects.get() == customer


def test_an_unused_plan_is_deleted(planner, plan):
    assert "Yes, delete" in planner.get(plans_url("delete", plan)).text

    planner.post(plans_url("delete", plan))

    assert not MembershipPlan.objects.exists()
    assert Group.objects.filter(name="Club").exists()


def test_of_two_who_save_one_plan_at_once_the_second_is_told(sign_in, monkeypatch):
    client = sign_in(superuser=True)
    make_plan("Club")
    # As if the first were stored between the check and the saving.
    monkeypatch.setattr(MembershipPlan, "validate_unique", lambda self, exclude=None: None)
    posted = {"name": "Club", "duration": "1", "duration_unit": "years", "notice_days": "0"}
    other = make_plan("Other")

    paths = [
        reverse("oscar_customers_plans:add"),
        reverse("oscar_customers_plans:edit", args=[other.pk]),
    ]
    for path in paths:
        response = client.post(path, posted)
        assert response.status_code == 200
        assert response.context["form"].errors == {
            "name": ["Somebody has just saved this. Choose another name, or open the list."]
        }

    assert sorted(plan.name for plan in MembershipPlan.objects.all()) == ["Club", "Other"]
