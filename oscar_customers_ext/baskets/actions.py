"""Addresses that visitors typed at the start of a checkout, kept for a while so that staff see who left a cart."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_customers_ext.contacts.identity import MAX_LENGTH
from oscar_customers_ext.customers.ownership import usable_address

from .models import BasketContact

#: Outdated addresses that a visitor's own request deletes at the most.
FORGOTTEN_AT_ONCE = 100


@transaction.atomic
def remember_address(basket_pk: int, *, email: str, site: Any = None) -> bool:
    """Keeps the address for the basket, in place of an earlier one, and deletes some outdated ones: two statements.

    False, and nothing kept, for what cannot be an address. Who typed it has proved nothing.
    """
    email, key = usable_address(email)
    if key is None or len(email) > MAX_LENGTH:
        return False
    outdated = BasketContact.objects.outdated().order_by("captured_at").values("pk")
    BasketContact.objects.filter(pk__in=outdated[:FORGOTTEN_AT_ONCE]).delete()
    BasketContact.objects.bulk_create(
        [
            BasketContact(
                basket_id=basket_pk, email=email, email_key=key, site=site, captured_at=timezone.now()
            )
        ],
        update_conflicts=True,
        unique_fields=["basket"],
        update_fields=["email", "email_key", "site", "captured_at"],
    )
    return True


@transaction.atomic
def forget_addresses() -> int:
    """Deletes the outdated ones, and those of carts that were ordered or merged into another one. Says how many."""
    basket = get_model("basket", "Basket")
    done = Q(basket__status__in=[basket.SUBMITTED, basket.MERGED])
    pks = [
        *BasketContact.objects.outdated().values_list("pk", flat=True),
        *BasketContact.objects.remembered().filter(done).values_list("pk", flat=True),
    ]
    for start in range(0, len(pks), 500):
        BasketContact.objects.filter(pk__in=pks[start : start + 500]).delete()
    return len(pks)
