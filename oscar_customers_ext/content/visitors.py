"""Whoever sends a request, as far as it decides what the shop shows. Looked up once per request, and never shared.

Everything fails closed: without a request, without our middleware, or when a lookup fails, the visitor is in no group.
"""

import logging
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Case, CharField, Value, When
from django.db.models.functions import MD5
from django.utils.functional import cached_property

from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.groups.models import CustomerGroup
from oscar_customers_ext.memberships.models import Membership

logger = logging.getLogger("oscar_customers_ext")

KEPT = "_customers_visitor"


class VisitorGroup(NamedTuple):
    pk: int
    slug: str
    #: Of the group's style sheet; empty where it has none.
    digest: str


class Visitor:
    def __init__(self, *, is_signed_in: bool = False, customer: Customer | None = None) -> None:
        self.is_signed_in = is_signed_in
        self.customer = customer

    @property
    def is_approved(self) -> bool:
        return self.customer is not None and self.customer.approved_buyer

    @cached_property
    def groups(self) -> list[VisitorGroup]:
        """Those that count now, in the order of their slugs: one query, none for whom is no customer."""
        return self._look_up(lambda customer: with_digests(CustomerGroup.objects.of(customer)))

    @cached_property
    def plans(self) -> list[tuple[int, str]]:
        """Keys and names of the plans of active memberships."""
        return self._look_up(
            lambda customer: (
                Membership.objects.active()
                .filter(customer=customer)
                .order_by("plan_id")
                .values_list("plan_id", "plan__name")
                .distinct()
            )
        )

    def _look_up(self, rows_of: Callable[[Customer], Any]) -> list[Any]:
        if self.customer is None:
            return []
        try:
            with _savepoint():
                return list(rows_of(self.customer))
        except Exception:
            logger.exception("What customer %s belongs to could not be found out", self.customer.pk)
            return []


def with_digests(groups: Any) -> Any:
    """Rows of ``VisitorGroup``."""
    digest = Case(When(styles="", then=Value("")), default=MD5("styles"), output_field=CharField())
    rows = groups.order_by("slug").values_list("pk", "slug", digest)
    return (VisitorGroup(*row) for row in rows)


def visitor_of(request: Any) -> Visitor | None:
    """None where nothing is known: there is no request, or it did not come through our middleware.

    Costs the query of ``request.customer`` for those who are signed in, and none for others.
    """
    user = getattr(request, "user", None)
    if user is None or not hasattr(type(request), "customer"):
        return None
    if not user.is_authenticated:
        return Visitor()
    visitor = request.__dict__.get(KEPT)
    if visitor is None or visitor[0] != user.pk:
        visitor = request.__dict__[KEPT] = (user.pk, _signed_in(request))
    return visitor[1]


def _signed_in(request: Any) -> Visitor:
    try:
        with _savepoint():
            return Visitor(is_signed_in=True, customer=request.customer)
    except Exception:
        logger.exception("The customer of user %s could not be found out", request.user.pk)
        return Visitor(is_signed_in=True)


def _savepoint() -> Any:
    """Where the request is one transaction, a statement that fails would break it in spite of being caught."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()
