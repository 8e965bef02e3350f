"""Who is in which group. Each action is one transaction, costs a few statements for any number of customers, and is
logged for each whom it changes. What an active membership grants is no part of it.

They take primary keys and lock the rows in their order, so that two of them never wait for each other. ``actor`` is
the member of staff who acts, None when the shop itself does.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from oscar_customers_ext.audit import log_all
from oscar_customers_ext.customers.models import Customer

from .audit import ADD_TO_GROUP, REMOVE_FROM_GROUP
from .models import CustomerGroup


@transaction.atomic
def add_to_group(pks: Iterable[int], group: CustomerGroup, *, actor: Any) -> list[Customer]:
    """Puts the customers into the group; returns those who were not in it. Idempotent."""
    customers = _locked(pks)
    rows = Customer.groups.through.objects
    assigned = rows.filter(customergroup=group, customer__in=[customer.pk for customer in customers])
    present = set(assigned.values_list("customer", flat=True))
    changed = [customer for customer in customers if customer.pk not in present]
    rows.bulk_create(
        [rows.model(customer=customer, customergroup=group) for customer in changed], ignore_conflicts=True
    )
    return _note(changed, ADD_TO_GROUP, group, actor)


@transaction.atomic
def remove_from_group(pks: Iterable[int], group: CustomerGroup, *, actor: Any) -> list[Customer]:
    """Takes the customers out of the group; returns those who were in it. Idempotent."""
    customers = _locked(pks)
    rows = Customer.groups.through.objects
    assigned = rows.filter(customergroup=group, customer__in=[customer.pk for customer in customers])
    present = set(assigned.values_list("customer", flat=True))
    assigned.delete()
    changed = [customer for customer in customers if customer.pk in present]
    return _note(changed, REMOVE_FROM_GROUP, group, actor)


@transaction.atomic
def change_groups(customer: Customer, groups: Collection[CustomerGroup], *, actor: Any) -> Customer:
    """Leaves the customer in these groups and in no other. Idempotent."""
    (customer,) = _locked([customer.pk])
    present = set(customer.groups.all())
    for group in sorted(set(groups) - present, key=str):
        add_to_group([customer.pk], group, actor=actor)
    for group in sorted(present - set(groups), key=str):
        remove_from_group([customer.pk], group, actor=actor)
    return customer


def _locked(pks: Iterable[int]) -> list[Customer]:
    return list(Customer.objects.locked().filter(pk__in=list(pks)).order_by("pk"))


def _note(changed: list[Customer], action: str, group: CustomerGroup, actor: Any) -> list[Customer]:
    Customer.objects.filter(pk__in=[customer.pk for customer in changed]).update(modified_at=timezone.now())
    log_all(changed, action, actor=actor, data={"group": group.name, "group_pk": group.pk})
    return changed
