"""Who may buy. Each action is one transaction and is logged; mail goes out after the commit, and only when asked for.

They take primary keys and lock the rows in their order, so that two of them never wait for each other. ``actor`` is
the member of staff who decides.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from oscar_customers_ext import mail as mails
from oscar_customers_ext.audit import log_all
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.states import DECLINED

from .audit import APPROVE, DECLINE


@transaction.atomic
def approve_customers(
    pks: Iterable[int], *, actor: Any, mail: bool = False, message: str = ""
) -> list[Customer]:
    """They may place orders from now on. Idempotent: returns, logs and mails those who were not approved.

    With ``mail`` each of them who has an address is told, in the customer's language and with the ``message``.
    """
    waiting = list(_locked(pks).filter(approved_buyer=False))
    return _decide(waiting, True, APPROVE, actor, mail, message)


@transaction.atomic
def decline_customers(
    pks: Iterable[int], *, actor: Any, mail: bool = False, message: str = ""
) -> list[Customer]:
    """They may not place orders; nothing else changes. Idempotent: those who were declined already are left out.

    ``mail`` and ``message`` as in ``approve_customers``.
    """
    undecided = list(_locked(pks).exclude(DECLINED))
    return _decide(undecided, False, DECLINE, actor, mail, message)


def _locked(pks: Iterable[int]) -> Any:
    return Customer.objects.locked().filter(pk__in=list(pks)).order_by("pk")


def _decide(
    customers: list[Customer], approved: bool, action: str, actor: Any, mail: bool, message: str
) -> list[Customer]:
    now = timezone.now()
    for customer in customers:
        customer.approved_buyer, customer.approval_decided_at = approved, now
    Customer.objects.filter(pk__in=[customer.pk for customer in customers]).update(
        approved_buyer=approved, approval_decided_at=now, modified_at=now
    )
    told = [customer for customer in customers if mail and customer.email]
    log_all(told, action, actor=actor, data={"mail": True})
    log_all([customer for customer in customers if customer not in told], action, actor=actor)
    for customer in told:
        mails.send(
            "approved" if approved else "declined",
            to=customer.email,
            language=customer.language,
            context={
                "customer": customer,
                "message": message,
                "shop": getattr(settings, "OSCAR_SHOP_NAME", ""),
            },
        )
    return customers
