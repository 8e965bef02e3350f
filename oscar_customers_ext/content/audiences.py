"""For whom something is shown. Decided on the server: what is hidden is not in the page at all."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from .privacy import note_use
from .visitors import Visitor, visitor_of

logger = logging.getLogger("oscar_customers_ext")


class State(models.TextChoices):
    GUEST = "guest", _("Visitors who are not signed in")
    SIGNED_IN = "signed-in", _("Everybody who is signed in")
    APPROVED = "approved", _("Approved customers")
    MEMBERS = "members", _("Customers in the groups, or with the memberships, chosen below")


@dataclass(frozen=True)
class Audience:
    """``groups`` are keys or slugs, ``plans`` keys or names; one that fits is enough. They count for MEMBERS only.

    What no longer exists fits nobody, and so does an audience that names nothing.
    """

    state: str = State.MEMBERS
    groups: frozenset[Any] = frozenset()
    plans: frozenset[Any] = frozenset()

    def includes(self, visitor: Visitor | None) -> bool:
        if visitor is None:
            return False
        match self.state:
            case State.GUEST:
                return not visitor.is_signed_in
            case State.SIGNED_IN:
                return visitor.is_signed_in
            case State.APPROVED:
                return visitor.is_approved
            case State.MEMBERS:
                return self._is_among(visitor)
        return False

    def _is_among(self, visitor: Visitor) -> bool:
        if self.groups and any(
            group.pk in self.groups or group.slug in self.groups for group in visitor.groups
        ):
            return True
        return bool(self.plans) and any(pk in self.plans or name in self.plans for pk, name in visitor.plans)


def keys_of(given: Any) -> frozenset[Any]:
    """What names groups or plans: a name, an object, a key, or several of them. Nothing else is taken for a name."""
    if given is None or isinstance(given, bool):
        return frozenset()
    if isinstance(given, str):
        return frozenset([given]) if given else frozenset()
    if isinstance(given, models.Model):
        return frozenset() if given.pk is None else frozenset([given.pk])
    if isinstance(given, int):
        return frozenset([given])
    if isinstance(given, Iterable):
        return frozenset().union(*(keys_of(one) for one in given))
    return frozenset()


def is_shown(request: Any, audience: Audience) -> bool:
    """Whether whoever sends this request belongs to the audience; notes that the answer depends on that.

    An error is logged, and hides.
    """
    try:
        request = getattr(request, "_request", request)  # what an API of Django REST framework wraps
        visitor = visitor_of(request)
        if visitor is None:
            return False
        note_use(request, is_signed_in=visitor.is_signed_in)
        return audience.includes(visitor)
    except Exception:
        logger.exception("Whether something is shown to %s could not be found out", audience)
        return False
