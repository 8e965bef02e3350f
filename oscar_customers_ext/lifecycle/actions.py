"""Taking customers out of the list, and back. Each action is one transaction, is logged and sends no mail.

They take primary keys and lock the rows in their order, so that two of them never wait for each other. ``actor`` is
the member of staff who acts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from oscar_customers_ext.audit import ARCHIVE, DELETE, RESTORE, log_all
from oscar_customers_ext.contacts.models import ConsentEntry, Contact
from oscar_customers_ext.coupons.actions import release_coupons
from oscar_customers_ext.customers.models import Customer, CustomerOrder


@dataclass(frozen=True)
class Deletion:
    deleted: list[Customer]
    #: They have orders, so they are still there.
    kept: list[Customer]


@transaction.atomic
def archive_customers(pks: Iterable[int], *, actor: Any) -> list[Customer]:
    """Hides them from the list. Account, prices and coupons stay, and an order brings the customer back. Idempotent."""
    return _set_archived(_locked(pks).active(), timezone.now(), ARCHIVE, actor)


@transaction.atomic
def restore_customers(pks: Iterable[int], *, actor: Any) -> list[Customer]:
    """Shows archived ones in the list again. Idempotent."""
    return _set_archived(_locked(pks).archived(), None, RESTORE, actor)


@transaction.atomic
def delete_customers(pks: Iterable[int], *, actor: Any) -> Deletion:
    """Deletes those without orders; their user accounts stay. Those with orders are kept.

    The contact goes with its customer, unless something was ever said to a mailing list: the ledger of consents is
    kept, and who objected stays known.
    """
    customers = list(_locked(pks))
    # Asked when the rows are locked: an order that was being linked until then is seen.
    links = CustomerOrder.objects.filter(customer__in=[customer.pk for customer in customers])
    with_orders = set(links.values_list("customer", flat=True))
    deleted = [customer for customer in customers if customer.pk not in with_orders]
    log_all(deleted, DELETE, actor=actor)
    release_coupons([customer.pk for customer in deleted])
    Customer.objects.filter(pk__in=[customer.pk for customer in deleted]).delete()
    _delete_contacts([customer.contact_id for customer in deleted])
    return Deletion(deleted, [customer for customer in customers if customer.pk in with_orders])


def _delete_contacts(pks: list[int]) -> None:
    # Locked before it is asked: somebody may be subscribing one of them.
    contacts = Contact.objects.select_for_update().filter(pk__in=pks).order_by("pk")
    with_consents = set(
        ConsentEntry.objects.filter(contact__in=list(contacts)).values_list("contact", flat=True)
    )
    Contact.objects.filter(pk__in=set(pks) - with_consents).delete()


def _locked(pks: Iterable[int]) -> Any:
    return Customer.objects.locked().filter(pk__in=list(pks)).order_by("pk")


def _set_archived(customers: Any, archived_at: Any, action: str, actor: Any) -> list[Customer]:
    changed = list(customers)
    Customer.objects.filter(pk__in=[customer.pk for customer in changed]).update(
        archived_at=archived_at, modified_at=timezone.now()
    )
    log_all(changed, action, actor=actor)
    return changed
