"""Makes the register true again: links what is unlinked, creates what is missing, repairs what is stored wrongly.

This is also how a shop that was there before is taken in: registered users first, then orders, oldest first.
Work goes in small transactions, so that a live shop is not held up; with ``dry_run`` nothing is written.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q
from django.db.models.functions import Lower
from oscar.core.loading import get_model

from oscar_customers_ext.conf import conf

from . import counters
from .actions import link_order, register_user
from .models import Customer, CustomerOrder
from .ownership import shared_addresses, usable_address

logger = logging.getLogger("oscar_customers_ext")

CHUNK = 50  # rows of one transaction: locks are held for a fraction of a second
REPAIR_CHUNK = 1000

#: Every kind of finding, with what it says about its number.
KINDS = {
    "users_taken_in": "registered users got their customer",
    "users_left_alone": "registered users have none: a customer who was there before has their address, or several users share it",
    "users_failed": "registered users could not be taken in",
    "orders_linked": "orders linked to their customer",
    "orders_spelled_differently": "of them spell the customer's address in another way",
    "orders_skipped_by_policy": "orders of guests left out, as OSCAR_CUSTOMERS_CREATE_FOR_GUESTS says",
    "orders_skipped_without_address": "orders left out because they have no usable e-mail address",
    "orders_failed": "orders could not be linked",
    "counters_repaired": "customers had wrong order counters",
    "search_texts_repaired": "customers had a wrong search text",
    "numbers_given": "customers had no number",
    "addresses_repaired": "customers had a wrong address key, or a contact at another address",
    "customers_failed": "customers could not be repaired",
}


class Reconciliation:
    """One run. ``findings`` counts by kind, ``failed_orders`` holds order numbers, ``shared`` lists of user ids."""

    def __init__(self, *, dry_run: bool = False, progress: Callable[[str], None] = lambda line: None) -> None:
        self.dry_run = dry_run
        self.progress = progress
        self.findings: Counter[str] = Counter()
        self.failed_orders: list[str] = []
        self.shared: dict[str, list[int]] = {}
        self._announced_keys: set[str] = set()
        self._done: Counter[str] = Counter()

    def run(self) -> None:
        self._repair_customers()
        self.shared = shared_addresses()
        self._take_in_users()
        self._link_orders()

    @property
    def is_complete(self) -> bool:
        """Whether every order that should be linked is linked now."""
        return not (self.findings["orders_failed"] or (self.dry_run and self.findings["orders_linked"]))

    def as_dict(self) -> dict[str, Any]:
        return {
            "dry_run": self.dry_run,
            "complete": self.is_complete,
            **{kind: self.findings[kind] for kind in KINDS},
            "failed_orders": self.failed_orders,
            "users_sharing_an_address": list(self.shared.values()),
        }

    def _report_progress(self, noun: str, number: int) -> None:
        self._done[noun] += number
        if self._done[noun] % 5000 < number:
            self.progress(f"{self._done[noun]} {noun} looked at")

    # Customers

    def _repair_customers(self) -> None:
        last = 0
        while rows := list(
            Customer.objects.filter(pk__gt=last).order_by("pk").select_related("contact")[:REPAIR_CHUNK]
        ):
            links = CustomerOrder.objects.filter(customer__in=[row.pk for row in rows]).order_by()
            sums = {
                found.pop("customer"): found
                for found in links.values("customer").annotate(**counters.aggregates())
            }
            for row in rows:
                self._repair(row, sums.get(row.pk, counters.NONE))
            last = rows[-1].pk
            self._report_progress("customers", len(rows))

    def _repair(self, row: Customer, sums: dict[str, Any]) -> None:
        if any(getattr(row, name) != value for name, value in sums.items()):
            self._mend("counters_repaired", row, lambda fresh: counters.recount(fresh.pk))
        key = usable_address(row.email)[1]
        if key != row.email_key or key != row.contact.email_key:
            self._mend("addresses_repaired", row, lambda fresh: fresh.save(update_fields=["email"]))
        if not row.number:
            self._mend("numbers_given", row, lambda fresh: fresh.complete())
        elif row.search_text != row.composed_search_text():
            self._mend("search_texts_repaired", row, lambda fresh: fresh.save(update_fields=["search_text"]))

    def _mend(self, kind: str, row: Customer, repair: Callable[[Customer], object]) -> None:
        try:
            if not self.dry_run:
                with transaction.atomic():
                    # Read anew: an editor may have changed the row since the chunk was read.
                    repair(Customer.objects.locked().get(pk=row.pk))
        except Exception:
            logger.exception("Customer %s could not be repaired (%s)", row.pk, kind)
            kind = "customers_failed"
        self.findings[kind] += 1

    # Users

    def _take_in_users(self) -> None:
        for chunk in _in_chunks(self._users_without_customer()):
            with transaction.atomic():
                for user in self._users(chunk):
                    self._take_in(user)
            self._report_progress("users", len(chunk))

    def _users_without_customer(self) -> Any:
        """Active ones first: of several with one address the row belongs to the one who can sign in."""
        users = get_user_model()._default_manager.filter(oscar_customer__isnull=True)
        buyers = Q(Exists(get_model("order", "Order")._default_manager.filter(user=OuterRef("pk"))))
        # Staff are customers only when they buy.
        wanted = buyers | ~_staff() if conf.CREATE_ON_REGISTRATION else buyers
        return users.filter(wanted).order_by("-is_active", "date_joined", "pk")

    def _users(self, pks: list[int]) -> list[Any]:
        users = (
            get_user_model()
            ._default_manager.filter(pk__in=pks)
            .annotate(first_order_at=Min("orders__date_placed"))
        )
        found = {user.pk: user for user in users}
        return [found[pk] for pk in pks if pk in found]

    def _take_in(self, user: Any) -> None:
        key = usable_address(user.email)[1]
        shared = key in self.shared
        try:
            own = self._would_own(key) if self.dry_run else self._register(user, shared)
        except Exception:
            logger.exception("User %s could not be taken in", user.pk)
            self.findings["users_failed"] += 1
            return
        self.findings["users_taken_in" if own and not shared else "users_left_alone"] += 1

    def _register(self, user: Any, shared: bool) -> bool:
        since = min(filter(None, (user.date_joined, user.first_order_at)), default=None)
        with transaction.atomic():
            return register_user(user, created_at=since, address_is_shared=shared) is not None

    def _would_own(self, key: str | None) -> bool:
        taken = self._is_taken(key)
        if key is not None:
            self._announced_keys.add(key)
        return not taken

    def _is_taken(self, key: str | None) -> bool:
        return key is not None and (
            key in self._announced_keys or Customer.objects.filter(email_key=key).exists()
        )

    # Orders

    def _link_orders(self) -> None:
        unlinked = unlinked_orders().order_by("date_placed", "pk")
        for chunk in _in_chunks(unlinked):
            with transaction.atomic():
                for order in self._orders(chunk):
                    self._link(order)
            self._report_progress("orders", len(chunk))

    def _orders(self, pks: list[int]) -> list[Any]:
        addresses = ("billing_address__country", "shipping_address__country")
        related = ("user", *addresses, "site", "customer_link__customer")
        found = get_model("order", "Order")._default_manager.select_related(*related).in_bulk(pks)
        return [found[pk] for pk in pks if pk in found]

    def _link(self, order: Any) -> None:
        if self.dry_run:
            linked = "orders_linked" if self._would_be_linked(order) else _reason_to_skip(order)
            self.findings[linked] += 1
            return
        try:
            with transaction.atomic():
                customer = link_order(order)
        except Exception:
            logger.exception("Order %s could not be linked", order.number)
            self.findings["orders_failed"] += 1
            self.failed_orders.append(str(order.number))
            return
        if customer is None:
            self.findings[_reason_to_skip(order)] += 1
            return
        self.findings["orders_linked"] += 1
        if usable_address(order.email, order.guest_email)[0] not in ("", customer.email):
            self.findings["orders_spelled_differently"] += 1

    def _would_be_linked(self, order: Any) -> bool:
        key = usable_address(order.email, order.guest_email)[1]
        return (
            order.user_id is not None or (key is not None and conf.CREATE_FOR_GUESTS) or self._is_taken(key)
        )


def _staff() -> Q:
    """Of Oscar's dashboard, or of the Wagtail admin."""
    admin = Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin")
    of_group = Q(groups__in=Group.objects.filter(permissions__in=admin))
    return Q(is_staff=True) | Q(is_superuser=True) | of_group | Q(user_permissions__in=admin)


def _in_chunks(queryset: Any) -> Iterator[list[Any]]:
    """Primary keys, all read at once because the work changes what the query finds."""
    pks = iter(list(queryset.values_list("pk", flat=True).iterator()))
    while chunk := list(islice(pks, CHUNK)):
        yield chunk


def _reason_to_skip(order: Any) -> str:
    key = usable_address(order.email, order.guest_email)[1]
    return "orders_skipped_without_address" if key is None else "orders_skipped_by_policy"


def unlinked_orders() -> Any:
    return get_model("order", "Order")._default_manager.filter(customer_link__isnull=True)


def count_orders_to_link(*, at_most: int) -> int:
    """How many orders should be linked and are not, counted up to a limit. For a notice: reads no more than it must."""
    orders = unlinked_orders()
    with_user = Q(user__isnull=False)
    of_guest = Q(user__isnull=True) & ~Q(guest_email="")
    if not conf.CREATE_FOR_GUESTS:
        of_guest &= Q(Exists(Customer.objects.filter(email_key=Lower(OuterRef("guest_email")))))
    orders = orders.filter(with_user | of_guest).only("user", "guest_email")
    linkable = (
        order
        for order in orders[: 2 * at_most]
        if order.user_id is not None or usable_address(order.guest_email)[1]
    )
    return sum(1 for order in islice(linkable, at_most))
