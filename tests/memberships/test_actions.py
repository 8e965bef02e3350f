"""Granting, renewing, revoking: the periods, what is refused, what is logged and told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry

from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.memberships import audit
from oscar_customers_ext.memberships.actions import (
    grant_membership,
    grant_memberships,
    renew_membership,
    renew_memberships,
    revoke_membership,
    revoke_memberships,
)
from oscar_customers_ext.memberships.periods import add_period
from oscar_customers_ext.models import Membership, MembershipPlan
from tests.factories import make_plan, make_user
from tests.signals import recorded_signals

from .conftest import moment

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


# The calendar. The shop of the tests is in Rome.


@pytest.mark.parametrize(
    ("start", "number", "unit", "end"),
    [
        ("2026-01-31 11:00", 1, "months", "2026-02-28 11:00"),
        ("2028-01-31 11:00", 1, "months", "2028-02-29 11:00"),
        ("2028-02-29 11:00", 1, "years", "2029-02-28 11:00"),
        ("2026-11-15 11:00", 14, "months", "2028-01-15 11:00"),
        ("2026-12-31 11:00", 1, "days", "2027-01-01 11:00"),
        # 31 January in Rome already: the day of the month is the shop's, not that of Greenwich.
        ("2026-01-30 23:30", 1, "months", "2026-02-27 23:30"),
        # Over the change to summer time it ends at the same time of day, an hour earlier in UTC.
        ("2026-03-28 11:00", 1, "days", "2026-03-29 10:00"),
        # Half past two does not exist on that day.
        ("2026-03-28 01:30", 1, "days", "2026-03-29 01:30"),
    ],
)
def test_a_period_goes_by_the_shops_calendar(start, number, unit, end):
    assert add_period(moment(start), number, unit) == moment(end)


def test_the_plan_gives_the_end(customer, plan):
    granted = grant_membership(customer, plan, starts_at=moment("2026-01-31 11:00"))

    assert granted.ends_at == moment("2027-01-31 11:00")


def test_a_plan_without_duration_gives_no_end(customer):
    assert grant_membership(customer, make_plan(duration=None)).ends_at is None


def test_the_plan_says_how_long_it_lasts(plan):
    def lasts(duration, unit):
        return MembershipPlan(duration=duration, duration_unit=unit).lasts

    assert lasts(1, "days") == "1 day"
    assert lasts(12, "months") == "12 months"
    assert lasts(2, "years") == "2 years"
    assert lasts(None, "months") == "Without an end"


# States: the start belongs to the period, the end does not.


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2026-01-01 09:59", "future"),
        ("2026-01-01 10:00", "active"),
        ("2026-12-31 09:59", "active"),
        ("2026-12-31 10:00", "expired"),
    ],
)
def test_each_moment_has_one_state(customer, plan, at, state):
    granted = grant_membership(
        customer, plan, starts_at=moment("2026-01-01 10:00"), ends_at=moment("2026-12-31 10:00")
    )
    memberships = Membership.objects.all()

    assert granted.state_at(moment(at)) == state
    found = {
        name for name in ("active", "future", "expired", "revoked") if getattr(memberships, name)(moment(at))
    }
    assert found == {state}


def test_a_revoked_one_is_nothing_else(customer, plan):
    revoke_membership(grant_membership(customer, plan))

    for name in ("active", "future", "expired", "running"):
        assert not getattr(Membership.objects.all(), name)()
    assert Membership.objects.revoked().get().state == "revoked"


# Granting


@pytest.mark.parametrize("later", [timedelta(0), -DAY])
def test_an_end_that_is_not_after_the_start_is_refused(customer, plan, later):
    now = timezone.now()
    with pytest.raises(ValidationError) as caught:
        grant_membership(customer, plan, starts_at=now, ends_at=now + later)

    assert caught.value.message_dict == {"ends_at": ["The end must be later than the start."]}
    assert not Membership.objects.exists()
    assert not ModelLogEntry.objects.exists()


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "is_refused"),
    [
        ("2026-02-01 00:00", "2026-03-01 00:00", True),
        ("2025-01-01 00:00", None, True),
        ("2026-05-31 23:59", "2027-01-01 00:00", True),
        ("2025-01-01 00:00", "2026-01-01 00:01", True),
        # One begins as the other ends.
        ("2026-06-01 00:00", None, False),
        ("2025-01-01 00:00", "2026-01-01 00:00", False),
    ],
)
def test_memberships_of_one_plan_do_not_overlap(customer, plan, starts_at, ends_at, is_refused):
    grant_membership(customer, plan, starts_at=moment("2026-01-01 00:00"), ends_at=moment("2026-06-01 00:00"))
    second = {"starts_at": moment(starts_at), "ends_at": ends_at and moment(ends_at)}
    if is_refused:
        with pytest.raises(ValidationError) as caught:
            grant_membership(customer, plan, **second)
        assert caught.value.message_dict == {
            "plan": ["This customer has the membership Club in that period already. Renew that one instead."]
        }
    else:
        grant_membership(customer, plan, **second)
    assert Membership.objects.count() == (1 if is_refused else 2)


def test_another_plan_and_another_customer_may_overlap(customer, plan):
    other = create_customer(email="other@example.org")
    grant_membership(customer, plan)

    grant_membership(customer, make_plan("Trade"))
    grant_membership(other, plan)

    assert Membership.objects.active().count() == 3


def test_after_revoking_it_can_be_granted_again(customer, plan):
    revoke_membership(grant_membership(customer, plan))

    assert grant_membership(customer, plan).state == "active"


# Renewing


def test_renewing_goes_on_from_the_end(customer, plan):
    now = timezone.now()
    granted = grant_membership(customer, plan, starts_at=now - DAY, ends_at=now + DAY)
    Membership.objects.update(noticed_at=now)

    renewed = renew_membership(granted)

    assert renewed.pk == granted.pk
    assert renewed.ends_at == plan.end_of(now + DAY)
    assert Membership.objects.get().noticed_at is None


def test_renewing_an_expired_one_begins_now_and_leaves_the_gap(customer, plan):
    now = timezone.now()
    old = grant_membership(customer, plan, starts_at=now - 9 * DAY, ends_at=now - DAY)
    actor = make_user("staff@example.org")

    renewed = renew_membership(old, actor=actor)

    assert renewed.pk != old.pk
    assert now <= renewed.starts_at <= timezone.now()
    assert renewed.ends_at == plan.end_of(renewed.starts_at)
    assert renewed.granted_by == actor
    assert not Membership.objects.active(now - DAY / 2)


def test_what_cannot_be_renewed_says_why(customer, plan):
    now = timezone.now()
    revoked = revoke_membership(grant_membership(customer, plan))
    endless = grant_membership(customer, make_plan("Endless", duration=None))
    first = grant_membership(customer, plan, starts_at=now - DAY, ends_at=now + DAY)
    grant_membership(customer, plan, starts_at=now + DAY, ends_at=now + 2 * DAY)

    for membership, sentence in [
        (revoked, "This membership was revoked. Grant a new one instead."),
        (endless, "This membership has no end, so there is nothing to renew."),
        (first, "This customer has a later membership of the same plan. Renew that one instead."),
    ]:
        with pytest.raises(ValidationError) as caught:
            renew_membership(membership)
        assert caught.value.messages == [sentence]
    assert Membership.objects.get(pk=first.pk).ends_at == first.ends_at


def test_a_new_end_must_be_later_than_the_present_one(customer, plan):
    granted = grant_membership(customer, plan)

    with pytest.raises(ValidationError) as caught:
        renew_membership(granted, ends_at=granted.ends_at)

    assert caught.value.message_dict == {"ends_at": ["The new end must be later than the present one."]}


def test_what_is_over_cannot_be_revoked(customer, plan):
    now = timezone.now()
    over = grant_membership(customer, plan, starts_at=now - 2 * DAY, ends_at=now - DAY)
    with pytest.raises(ValidationError) as caught:
        revoke_membership(over)

    assert caught.value.messages == ["This membership is over already."]
    assert Membership.objects.get().revoked_at is None


# Many at once


@pytest.fixture
def crowd(shop):
    return [create_customer(email=f"member{number}@example.org") for number in range(5)]


def pks(customers):
    return [customer.pk for customer in customers]


def test_many_are_granted_and_those_who_have_it_left_out(crowd, plan):
    grant_membership(crowd[0], plan)

    granted = grant_memberships(pks(crowd), plan)

    assert [membership.customer for membership in granted] == crowd[1:]
    assert Membership.objects.active().filter(plan=plan).count() == 5


def test_many_are_renewed_each_from_its_own_end(crowd, plan):
    now = timezone.now()
    running = grant_membership(crowd[0], plan, starts_at=now - DAY, ends_at=now + DAY)
    grant_membership(crowd[1], plan, starts_at=now - 2 * DAY, ends_at=now - DAY)
    grant_membership(crowd[2], plan, ends_at=None)
    revoke_membership(grant_membership(crowd[3], plan))

    renewed = renew_memberships(pks(crowd), plan)

    assert {membership.customer for membership in renewed} == {crowd[0], crowd[1]}
    running.refresh_from_db()
    assert running.ends_at == plan.end_of(now + DAY)
    assert crowd[1].memberships.count() == 2
    assert crowd[1].memberships.active().get().ends_at > now + 300 * DAY
    assert crowd[2].memberships.get().ends_at is None
    assert crowd[3].memberships.get().state == "revoked"
    assert crowd[4].memberships.count() == 0


def test_many_are_revoked_what_they_have_and_what_they_will_have(crowd, plan):
    now = timezone.now()
    other = grant_membership(crowd[0], make_plan("Trade"))
    grant_membership(crowd[0], plan, ends_at=now + DAY)
    grant_membership(crowd[0], plan, starts_at=now + 2 * DAY)
    grant_membership(crowd[1], plan, starts_at=now - 2 * DAY, ends_at=now - DAY)

    revoked = revoke_memberships(pks(crowd), plan)

    assert len(revoked) == 2
    assert not Membership.objects.running().filter(plan=plan)
    assert crowd[1].memberships.get().state == "expired"
    assert Membership.objects.active().get() == other


@pytest.mark.parametrize("action", [grant_memberships, renew_memberships, revoke_memberships])
def test_many_take_as_many_statements_as_few(crowd, plan, action, django_assert_max_num_queries):
    if action is not grant_memberships:
        grant_memberships(pks(crowd), plan)
    more = [create_customer(email=f"more{number}@example.org") for number in range(100)]
    if action is not grant_memberships:
        grant_memberships(pks(more), plan)

    with django_assert_max_num_queries(12):
        assert len(action(pks([*crowd, *more]), plan)) == 105


# Log and signals


def test_each_action_is_logged_with_who_and_what(customer, plan):
    actor = make_user("staff@example.org", first_name="Stella", last_name="Staff")
    granted = grant_membership(
        customer, plan, starts_at=moment("2026-01-01 11:00"), ends_at=moment("2099-01-01 11:00"), actor=actor
    )
    revoke_membership(renew_membership(granted, actor=actor), actor=actor)

    entries = ModelLogEntry.objects.for_instance(customer).order_by("pk")
    assert [(entry.action, entry.user) for entry in entries] == [
        (audit.GRANT, actor),
        (audit.RENEW, actor),
        (audit.REVOKE, actor),
    ]
    assert [entry.message for entry in entries] == [
        "Membership Club granted, from 01/01/2026 noon to 01/01/2099 noon",
        "Membership Club renewed to 01/01/2100 noon",
        "Membership Club revoked",
    ]
    with translation.override("it"):
        assert ModelLogEntry.objects.get(pk=entries[2].pk).message == "Tessera Club revocata"


def test_the_log_tells_of_memberships_without_an_end(customer):
    grant_membership(customer, make_plan(duration=None), starts_at=moment("2026-01-01 11:00"))

    [entry] = ModelLogEntry.objects.for_instance(customer)
    assert entry.message == "Membership Club granted, from 01/01/2026 noon without an end"


@pytest.mark.django_db(transaction=True)
def test_signals_are_sent_after_the_commit(customer, plan):
    with recorded_signals() as sent:
        granted = grant_membership(customer, plan)
        renewed = renew_membership(granted)
        with pytest.raises(ValidationError):
            grant_membership(customer, plan)
        revoke_membership(renewed)

    assert [(name, found["membership"].pk, found.get("reason")) for name, found in sent] == [
        ("membership_granted", granted.pk, None),
        ("membership_renewed", granted.pk, None),
        ("membership_ended", granted.pk, "revoked"),
    ]


# At the same moment


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("action", [grant_memberships, renew_memberships])
def test_many_members_of_staff_at_once_make_one_membership(customer, plan, action):
    now = timezone.now()
    if action is renew_memberships:
        grant_membership(customer, plan, starts_at=now - 2 * DAY, ends_at=now - DAY)
    ready = Barrier(8)

    def act(_number):
        try:
            ready.wait()
            return action([customer.pk], plan)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(act, range(8)))

    assert Membership.objects.active().count() == 1
    if action is grant_memberships:
        assert sum(map(len, done)) == 1
    else:
        # The first began a new one, and each of the others made that one a year longer.
        assert Membership.objects.active().get().ends_at > now + 7.9 * 365 * DAY
