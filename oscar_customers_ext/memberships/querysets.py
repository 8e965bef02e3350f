from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Count, Expression, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

#: A moment may be one that the database knows, like Now().
Moment = datetime | Expression


def unended(moment: Moment) -> Q:
    """The end does not belong to the period: at that very moment it is over."""
    return Q(ends_at__isnull=True) | Q(ends_at__gt=moment)


class MembershipQuerySet(models.QuerySet[Any]):
    """By state, now or at another moment; each membership is in exactly one of the four."""

    def active(self, at: Moment | None = None) -> MembershipQuerySet:
        moment = at or timezone.now()
        return self.filter(unended(moment), revoked_at__isnull=True, starts_at__lte=moment)

    def future(self, at: Moment | None = None) -> MembershipQuerySet:
        return self.filter(revoked_at__isnull=True, starts_at__gt=at or timezone.now())

    def expired(self, at: Moment | None = None) -> MembershipQuerySet:
        return self.filter(revoked_at__isnull=True, ends_at__lte=at or timezone.now())

    def revoked(self, at: Moment | None = None) -> MembershipQuerySet:
        return self.filter(revoked_at__isnull=False)

    def running(self, at: Moment | None = None) -> MembershipQuerySet:
        """Active or future."""
        return self.filter(unended(at or timezone.now()), revoked_at__isnull=True)

    def in_state(self, state: str) -> MembershipQuerySet:
        return getattr(self, state)()

    def overlapping(self, starts_at: datetime, ends_at: Moment | None) -> MembershipQuerySet:
        """Those that were not revoked and have a moment in common with this period."""
        found = self.filter(unended(starts_at), revoked_at__isnull=True)
        return found if ends_at is None else found.filter(starts_at__lt=ends_at)


class MembershipPlanQuerySet(models.QuerySet[Any]):
    def with_members(self, *, among: Any = None) -> MembershipPlanQuerySet:
        """``members``: how many memberships of the plan are active; ``among`` these customers only."""
        memberships = self.model._meta.get_field("memberships").related_model
        active = memberships.objects.active().filter(plan=OuterRef("pk")).order_by()
        if among is not None:
            active = active.filter(customer__in=among)
        counted = active.values("plan").annotate(number=Count("pk"))
        return self.annotate(members=Coalesce(Subquery(counted.values("number")), 0))
