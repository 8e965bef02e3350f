from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from oscar_customers_ext.exceptions import ConsentObjected, NoAddress
from oscar_customers_ext.signals import contact_created

from . import consents
from .consents import Recorded, Statement
from .identity import email_key
from .models import ConsentEntry, ConsentState, Contact, MailingList


def get_or_create_contact(*, email: str) -> Contact:
    """The contact of this address, made when there is none; without an address always a new one.

    Safe under concurrency. Gives no consent. Raises InvalidEmail.
    """
    key = email_key(email)
    try:
        # Not looked for first: hardly anybody who becomes a customer is a contact already, and the buyer waits.
        with transaction.atomic():
            contact = Contact.objects.create(email=email)
    except IntegrityError:
        return Contact.objects.get(email_key=key)
    transaction.on_commit(lambda: contact_created.send_robust(sender=Contact, contact=contact), robust=True)
    return contact


@transaction.atomic
def contact_at(email: str, *, following: Contact) -> Contact:
    """The contact for a customer whose address is now this one: the same contact, which follows to the address.

    Where somebody at the new address is a contact already, that one is returned instead. Consent is never carried
    from one address to another: what was subscribed to at the old address ends. An objection is the person's, and
    holds at both. Raises InvalidEmail.
    """
    key = email_key(email)
    if following.email_key == key and following.email == email.strip():
        return following
    contact = consents.locked([following.pk]).get()
    objections = [] if contact.email_key == key else consents.end_of_address(contact)
    left = contact.email if contact.email_key not in (None, key) else ""
    there = Contact.objects.filter(email_key=key).exclude(pk=contact.pk).first() if key else None
    if there is None:
        contact.email = email
        contact.save()
        if objections and left:
            consents.carry_objections(objections, get_or_create_contact(email=left))
    else:
        consents.carry_objections(objections, there)
    return there or contact


def record_consent(
    contact: Contact,
    *,
    state: str,
    source: str,
    text: str = "",
    mailing_list: MailingList | None = None,
    staff: Any = None,
    at: datetime | None = None,
    confirmed: bool = False,
) -> ConsentEntry | None:
    """Adds a line to the ledger of consents, with the subscription that follows from it; None when nothing is new.

    ``text`` are the words that the contact agreed to, ``staff`` is who entered it. The list is the default one where
    none is named. ``at`` is when it was said, where that is not now: a line older than the last one changes nothing
    but the ledger. The same state in the same words is recorded once, and an objection is not weakened to
    "unsubscribed". Idempotent, safe under concurrency.

    Raises NoAddress, ConsentObjected (unless ``confirmed``), and ValidationError for a time in the future.
    """
    statement = Statement(
        mailing_list or MailingList.objects.default(),
        ConsentState(state),
        source,
        text=text.strip(),
        staff=staff,
        at=at,
        confirmed=confirmed,
        is_thorough=True,
    )
    recorded = consents.write([contact.pk], statement)
    if recorded.without_address:
        raise NoAddress
    if recorded.objected:
        raise ConsentObjected(contact)
    return recorded.entries[0] if recorded.entries else None


def record_consents(
    pks: Iterable[int],
    *,
    state: str,
    source: str,
    text: str = "",
    mailing_list: MailingList | None = None,
    staff: Any = None,
    confirmed: bool = False,
) -> Recorded:
    """The same for many contacts at once, given by their keys: who cannot be recorded is named instead of raised.

    Those who are in the state already are left alone, whatever the text, and who never subscribed is not unsubscribed.
    """
    statement = Statement(
        mailing_list or MailingList.objects.default(),
        ConsentState(state),
        source,
        text=text.strip(),
        staff=staff,
        confirmed=confirmed,
    )
    return consents.write(pks, statement)
