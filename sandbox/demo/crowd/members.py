"""Memberships of invented customers: many had one for some years, few have it today, and very few the rare one."""

from datetime import timedelta

from demo.crowd.belonging import get_group
from demo.crowd.person import dice_of
from oscar_customers_ext.models import Membership, MembershipPlan

#: Name -> how many in ten thousand customers ever had it.
PLANS = {"Club": 1_500, "Trade year": 200, "Founders": 5, "Friends": 1_000}
#: Name -> the customer group that it grants.
GRANTS = {"Friends": "friends"}


def load_plans():
    """The demo shop's own two, where they are there; as they are, they open no page."""
    for name in PLANS:
        granted = get_group(GRANTS[name]) if name in GRANTS else None
        MembershipPlan.objects.get_or_create(
            name=name, defaults={"duration": 1, "duration_unit": "years", "customer_group": granted}
        )


def membership_rows(seed, customers, today):
    """Each customer's, for years in a row without a gap, from some day after the shop met the customer."""
    plans = {plan.name: plan for plan in MembershipPlan.objects.filter(name__in=PLANS)}
    for customer in customers:
        dice = dice_of(seed, customer.pk, purpose=3)
        for name, share in PLANS.items():
            if dice.random() * 10_000 < share:
                yield from _years(dice, customer, plans[name], today)


def _years(dice, customer, plan, today):
    start = customer.created_at + (today - customer.created_at) * dice.random()
    while True:
        end = plan.end_of(start) or start + timedelta(days=365)
        revoked_at = start + (end - start) * dice.random() if dice.random() < 0.05 else None
        if revoked_at and revoked_at > today:
            revoked_at = today
        yield Membership(
            customer_id=customer.pk,
            plan_id=plan.pk,
            starts_at=start,
            ends_at=end,
            revoked_at=revoked_at,
            end_told_at=revoked_at or (end if end <= today else None),
            created_at=start,
        )
        if revoked_at or end > today or dice.random() < 0.4:
            return
        start = end
