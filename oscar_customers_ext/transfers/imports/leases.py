"""Who works on a job: one worker at a time. Whoever dies leaves it to the next when the lease has run out."""

import uuid
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from .models import ImportJob

#: Longer than any slice takes.
LEASE = timedelta(seconds=30)


def take(pk: int) -> str:
    """The token of the new lease; empty while somebody else has one, or when there is nothing to work on."""
    now, token = timezone.now(), uuid.uuid4().hex
    free = ImportJob.objects.filter(pk=pk, state__in=ImportJob.WORKING)
    free = free.filter(Q(leased_until__isnull=True) | Q(leased_until__lt=now))
    return token if free.update(lease=token, leased_until=now + LEASE) else ""


def hold(pk: int, token: str) -> bool:
    """At the beginning of each slice's transaction: the lock of the row keeps others out until the commit."""
    held = ImportJob.objects.filter(pk=pk, lease=token, state__in=ImportJob.WORKING)
    return bool(held.update(leased_until=timezone.now() + LEASE))


def leave(pk: int, token: str) -> None:
    ImportJob.objects.filter(pk=pk, lease=token).update(lease="", leased_until=None)
