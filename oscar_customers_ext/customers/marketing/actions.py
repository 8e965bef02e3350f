"""What staff enter about newsletters. Written to the ledger of consents with the member of staff, and logged."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from oscar_customers_ext.audit import log_all
from oscar_customers_ext.contacts.actions import record_consent, record_consents
from oscar_customers_ext.contacts.models import ConsentEntry, ConsentState, MailingList
from oscar_customers_ext.customers.models import Customer

from .audit import ACTION_OF

STAFF = "staff"


@dataclass(frozen=True)
class Subscribing:
    """What became of many customers."""

    changed: list[Customer]
    unchanged: int
    #: Not subscribed, because they objected and that was not confirmed.
    objected: int
    without_address: int


@transaction.atomic
def set_subscription(
    customer: Customer,
    *,
    state: str,
    actor: Any,
    text: str = "",
    mailing_list: MailingList | None = None,
    confirmed: bool = False,
) -> ConsentEntry | None:
    """Records what the customer said of a list (None: the newsletter); None when that was known.

    Raises NoAddress, and ConsentObjected unless ``confirmed``.
    """
    mailing_list = mailing_list or MailingList.objects.default()
    # The contact of this moment: it may be another one since the instance was read.
    current = Customer.objects.locked().select_related("contact").get(pk=customer.pk)
    entry = record_consent(
        current.contact,
        state=state,
        source=STAFF,
        text=text,
        mailing_list=mailing_list,
        staff=actor,
        confirmed=confirmed,
    )
    if entry:
        _log([current], entry.state, mailing_list, actor)
    return entry


@transaction.atomic
def set_subscriptions(
    pks: Iterable[int],
    *,
    state: str,
    actor: Any,
    text: str = "",
    mailing_list: MailingList | None = None,
    confirmed: bool = False,
) -> Subscribing:
    """The same for many customers, given by their keys, with the queries of one. Idempotent."""
    mailing_list = mailing_list or MailingList.objects.default()
    customers = list(Customer.objects.locked().filter(pk__in=list(pks)).order_by("pk"))
    recorded = record_consents(
        [customer.contact_id for customer in customers],
        state=state,
        source=STAFF,
        text=text,
        mailing_list=mailing_list,
        staff=actor,
        confirmed=confirmed,
    )
    written = {entry.contact_id for entry in recorded.entries}
    changed = [customer for customer in customers if customer.contact_id in written]
    _log(changed, state, mailing_list, actor)
    return Subscribing(
        changed, len(recorded.unchanged), len(recorded.objected), len(recorded.without_address)
    )


def _log(customers: list[Customer], state: str, mailing_list: MailingList, actor: Any) -> None:
    log_all(customers, ACTION_OF[ConsentState(state)], actor=actor, data={"list": mailing_list.name})
