"""Granting, renewing and revoking memberships, and giving roles. Each action is one transaction, is logged and sends no mail.

A customer's memberships of one plan never overlap, apart from revoked ones. The customers are locked meanwhile, so
that two members of staff do not grant the same twice. ``actor`` is the member of staff, None when the shop acts.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from oscar_customers_ext.audit import log_all, log_each
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.staff import is_staff_account
from oscar_customers_ext.signals import membership_ended, membership_granted, membership_renewed

from .audit import GRANT, RENEW, REVOKE, ROLES, facts
from .models import Membership, MembershipPlan
from .roles import allowed_roles, roles_of

#: The end that the plan gives; None is a membership without an end.
FROM_PLAN: Any = object()
#: Rows of one statement.
BATCH = 500


@transaction.atomic
def grant_membership(
    customer: Customer,
    plan: MembershipPlan,
    *,
    starts_at: datetime | None = None,
    ends_at: datetime | None = FROM_PLAN,
    actor: Any = None,
) -> Membership:
    """From now on, and for as long as the plan says, unless told otherwise.

    Raises ValidationError for an end before the start, and where the customer has the plan in that period already.
    """
    granted = grant_memberships([customer.pk], plan, starts_at=starts_at, ends_at=ends_at, actor=actor)
    if not granted:
        raise ValidationError(
            {
                "plan": ValidationError(
                    _(
                        "This customer has the membership %(plan)s in that period already. Renew that one instead."
                    ),
                    code="overlap",
                    params={"plan": plan},
                )
            }
        )
    return granted[0]


@transaction.atomic
def grant_memberships(
    pks: Iterable[int],
    plan: MembershipPlan,
    *,
    starts_at: datetime | None = None,
    ends_at: datetime | None = FROM_PLAN,
    actor: Any = None,
) -> list[Membership]:
    """The same for each of these customers; those who have the plan in that period already are left out."""
    starts_at = starts_at or timezone.now()
    ends_at = plan.end_of(starts_at) if ends_at is FROM_PLAN else ends_at
    _check_end(starts_at, ends_at)
    customers = _locked(pks)
    there = Membership.objects.filter(plan=plan, customer__in=list(customers))
    taken = set(there.overlapping(starts_at, ends_at).values_list("customer", flat=True))
    granted = Membership.objects.bulk_create(
        [
            Membership(customer=customer, plan=plan, starts_at=starts_at, ends_at=ends_at, granted_by=actor)
            for customer in customers.values()
            if customer.pk not in taken
        ],
        batch_size=BATCH,
    )
    _log(granted, GRANT, actor)
    _tell(membership_granted, granted)
    return granted


@transaction.atomic
def renew_membership(
    membership: Membership, *, ends_at: datetime | None = FROM_PLAN, actor: Any = None
) -> Membership:
    """Goes on from its end while it lasts; one that has expired is followed by a new one that begins now.

    Raises ValidationError with a sentence where there is nothing to renew, or the end lies too early.
    """
    _locked([membership.customer_id])
    membership = Membership.objects.select_related("plan", "customer").get(pk=membership.pk)
    if membership.revoked_at is not None:
        raise ValidationError(_("This membership was revoked. Grant a new one instead."), code="revoked")
    if membership.ends_at is None:
        raise ValidationError(_("This membership has no end, so there is nothing to renew."), code="endless")
    now = timezone.now()
    start = max(membership.ends_at, now)
    renewed = _renewed(membership, now, ends_at, actor)
    _check_end(start, renewed.ends_at, _("The new end must be later than the present one."))
    others = Membership.objects.filter(plan=membership.plan, customer=membership.customer)
    if others.exclude(pk=membership.pk).overlapping(renewed.starts_at, renewed.ends_at).exists():
        raise ValidationError(
            _("This customer has a later membership of the same plan. Renew that one instead."),
            code="overlap",
        )
    renewed.save()
    _log([renewed], RENEW, actor)
    _tell(membership_renewed, [renewed])
    return renewed


@transaction.atomic
def renew_memberships(pks: Iterable[int], plan: MembershipPlan, *, actor: Any = None) -> list[Membership]:
    """Renews the last membership of this plan that each of these customers has, by the plan's duration.

    Those who never had one, or have one without an end, are left out.
    """
    now = timezone.now()
    customers = _locked(pks)
    found = Membership.objects.filter(plan=plan, customer__in=list(customers), revoked_at__isnull=True)
    last = {membership.customer_id: membership for membership in found.order_by("starts_at", "pk")}
    renewed = []
    for membership in last.values():
        if membership.ends_at is not None:
            membership.plan, membership.customer = plan, customers[membership.customer_id]
            renewed.append(_renewed(membership, now, FROM_PLAN, actor))
    new = [membership for membership in renewed if membership.pk is None]
    longer = [membership for membership in renewed if membership.pk is not None]
    Membership.objects.bulk_create(new, batch_size=BATCH)
    Membership.objects.bulk_update(longer, ["ends_at", "noticed_at"], batch_size=BATCH)
    _log(renewed, RENEW, actor)
    _tell(membership_renewed, renewed)
    return renewed


def _renewed(membership: Membership, now: datetime, ends_at: datetime | None, actor: Any) -> Membership:
    """The row to write: the same one while it lasts, else a new one."""
    start = max(membership.ends_at or now, now)
    ends_at = membership.plan.end_of(start) if ends_at is FROM_PLAN else ends_at
    if start > now:
        membership.ends_at, membership.noticed_at = ends_at, None
        return membership
    return Membership(
        customer=membership.customer,
        plan=membership.plan,
        starts_at=now,
        ends_at=ends_at,
        granted_by=actor,
    )


@transaction.atomic
def revoke_membership(membership: Membership, *, actor: Any = None) -> Membership:
    """Ends it at this moment. Raises ValidationError when it is over already."""
    _locked([membership.customer_id])
    membership = Membership.objects.select_related("plan", "customer").get(pk=membership.pk)
    if not membership.is_running:
        raise ValidationError(_("This membership is over already."), code="over")
    _revoke([membership], actor)
    return membership


@transaction.atomic
def revoke_memberships(pks: Iterable[int], plan: MembershipPlan, *, actor: Any = None) -> list[Membership]:
    """Ends what these customers have of this plan, now and in the future; those who have nothing are left out."""
    customers = _locked(pks)
    found = list(Membership.objects.running().filter(plan=plan, customer__in=list(customers)).order_by("pk"))
    for membership in found:
        membership.plan, membership.customer = plan, customers[membership.customer_id]
    _revoke(found, actor)
    return found


@transaction.atomic
def assign_roles(customer: Customer, roles: Iterable[Any], *, actor: Any) -> list[Any]:
    """These of the allowed roles and no other; groups of the account that are no allowed roles stay untouched.

    Raises ValidationError for a customer without an account, for an account of staff, and for any other group.
    """
    users = get_user_model()._default_manager.select_for_update()
    user = users.filter(pk=customer.user_id).first() if customer.user_id else None
    if user is None:
        raise ValidationError(_("Roles belong to a user account, and this customer has none."), code="guest")
    if is_staff_account(user):
        raise ValidationError(
            _("This account belongs to staff. Its groups are changed by an administrator."), code="staff"
        )
    allowed = set(allowed_roles())
    wanted = set(roles)
    if wanted - allowed:
        raise ValidationError(_("A role that was chosen cannot be given to customers."), code="forbidden")
    old = set(roles_of(user))
    user.groups.remove(*(old - wanted))
    user.groups.add(*(wanted - old))
    if old != wanted:
        data = {"old": sorted(map(str, old)), "new": sorted(map(str, wanted))}
        log_all([customer], ROLES, actor=actor, data=data)
    return sorted(wanted, key=str)


def _revoke(memberships: list[Membership], actor: Any) -> None:
    now = timezone.now()
    for membership in memberships:
        membership.revoked_at = membership.end_told_at = now
    Membership.objects.filter(pk__in=[membership.pk for membership in memberships]).update(
        revoked_at=now, end_told_at=now
    )
    _log(memberships, REVOKE, actor)
    _tell(membership_ended, memberships, reason="revoked")


def _locked(pks: Iterable[int]) -> dict[int, Customer]:
    """In the order of the keys, so that two members of staff never wait for each other."""
    return {
        customer.pk: customer
        for customer in Customer.objects.locked().filter(pk__in=list(pks)).order_by("pk")
    }


def _check_end(starts_at: datetime, ends_at: datetime | None, sentence: str = "") -> None:
    if ends_at is not None and ends_at <= starts_at:
        sentence = sentence or _("The end must be later than the start.")
        raise ValidationError({"ends_at": ValidationError(sentence, code="order")})


def _log(memberships: list[Membership], action: str, actor: Any) -> None:
    log_each(((found.customer, facts(found)) for found in memberships), action, actor=actor)


def _tell(signal: Any, memberships: list[Membership], **arguments: Any) -> None:
    def send() -> None:
        for membership in memberships:
            signal.send_robust(sender=Membership, membership=membership, **arguments)

    if memberships and signal.has_listeners(Membership):
        transaction.on_commit(send, robust=True)
