"""Consents that somebody wrote down elsewhere, each with its own date: of many contacts with a handful of statements."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from . import consents
from .models import ConsentEntry, Contact, MailingList


@dataclass(frozen=True)
class Filed:
    contact: Contact
    state: str
    at: datetime
    #: Whether the subscription follows; otherwise something newer is known, and the ledger alone has it.
    counts: bool


@transaction.atomic
def write_filed(
    filed: list[Filed], *, mailing_list: MailingList, source: str, staff: Any = None
) -> list[ConsentEntry]:
    """The new lines of the ledger, in the order given. Who calls this has locked the contacts and judged each."""
    entries = [
        ConsentEntry(
            contact=one.contact,
            mailing_list=mailing_list,
            state=one.state,
            email=one.contact.email,
            at=one.at,
            source=source,
            staff=staff,
        )
        for one in filed
    ]
    ConsentEntry.objects.bulk_create(entries)
    consents.derive([entry for entry, one in zip(entries, filed, strict=True) if one.counts])
    consents.tell(entries)
    return entries
