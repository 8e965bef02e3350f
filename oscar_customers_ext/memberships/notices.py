"""What comes due with the time: notices before the end, and telling the site that a membership is over.

Each membership is claimed by a single statement before anything is sent, so that two runs at once, or one after the
other, do nothing twice. A run that is killed loses at most the one notice that it was about to send.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sites.models import Site
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from oscar_customers_ext import mail
from oscar_customers_ext.audit import log_each
from oscar_customers_ext.signals import membership_ended

from .audit import NOTICE, facts
from .models import Membership, MembershipPlan
from .periods import DAY
from .querysets import unended

#: Rows that are read at once.
BATCH = 500

logger = logging.getLogger("oscar_customers_ext")


@dataclass
class Expiry:
    """One run. ``noticed`` and ``ended`` count what was done, or with ``dry_run`` what would be."""

    dry_run: bool = False
    now: datetime = field(default_factory=timezone.now)
    noticed: int = 0
    ended: int = 0
    failed: int = 0

    def run(self) -> None:
        for membership in self._each(self.to_notice()):
            self.noticed += self._done(membership, self._notice)
        for membership in self._each(self.to_end()):
            self.ended += self._done(membership, self._end)

    def _each(self, memberships: Any) -> Iterator[Membership]:
        pks = list(memberships.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(pks), BATCH):
            found = Membership.objects.filter(pk__in=pks[start : start + BATCH])
            yield from found.select_related("plan", "customer").order_by("pk")

    def _done(self, membership: Membership, work: Any) -> bool:
        if self.dry_run:
            return True
        try:
            with transaction.atomic():
                return work(membership)
        except Exception:
            logger.exception("Membership %s could not be worked on", membership.pk)
            self.failed += 1
            return False

    def to_notice(self) -> Any:
        """Active ones that end within the days of their plan, once each; not where the next one is there already.

        Nobody is written to who has no address, was archived, or whose account was deactivated.
        """
        due = Q()
        plans = MembershipPlan.objects.filter(notice_days__isnull=False).order_by()
        for pk, days in plans.values_list("pk", "notice_days"):
            due |= Q(plan=pk, ends_at__lte=self.now + days * DAY)
        if not due:
            return Membership.objects.none()
        following = Membership.objects.filter(
            Q(ends_at__isnull=True) | Q(ends_at__gt=OuterRef("ends_at")),
            customer=OuterRef("customer"),
            plan=OuterRef("plan"),
            revoked_at__isnull=True,
            starts_at__lte=OuterRef("ends_at"),
        )
        return Membership.objects.active(self.now).filter(
            due,
            ~Exists(following.exclude(pk=OuterRef("pk"))),
            Q(customer__user__isnull=True) | Q(customer__user__is_active=True),
            noticed_at__isnull=True,
            customer__archived_at__isnull=True,
            customer__email_key__isnull=False,
        )

    def to_end(self) -> Any:
        return Membership.objects.expired(self.now).filter(end_told_at__isnull=True)

    def _notice(self, membership: Membership) -> bool:
        unsent = Membership.objects.filter(
            unended(self.now), pk=membership.pk, noticed_at__isnull=True, revoked_at__isnull=True
        )
        if not unsent.filter(ends_at=membership.ends_at).update(noticed_at=self.now):
            return False
        customer = membership.customer
        log_each([(customer, facts(membership))], NOTICE)
        mail.send(
            "membership_ends",
            to=customer.email,
            context={
                "membership": membership,
                "customer": customer,
                "url": memberships_url(),
                "shop_name": getattr(settings, "OSCAR_SHOP_NAME", ""),
            },
            language=customer.language,
        )
        return True

    def _end(self, membership: Membership) -> bool:
        untold = Membership.objects.filter(pk=membership.pk, end_told_at__isnull=True, ends_at__lte=self.now)
        if not untold.update(end_told_at=self.now):
            return False
        transaction.on_commit(
            lambda: membership_ended.send_robust(sender=Membership, membership=membership, reason="expired"),
            robust=True,
        )
        return True


def memberships_url() -> str:
    """The shop's page of own memberships; empty where the site has not mounted the pages of this package."""
    try:
        path = reverse("oscar_customers_shop:memberships")
    except NoReverseMatch:
        return ""
    scheme = getattr(settings, "OSCAR_URL_SCHEMA", "http")
    return f"{scheme}://{Site.objects.get_current().domain}{path}"
