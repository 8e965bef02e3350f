"""The ledger of consents, and the subscriptions that follow from it.

The contacts are locked in the order of their keys, so that two writers take turns and the subscription always says
what the last line says.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from oscar_customers_ext.signals import consent_changed

from .models import ConsentEntry, ConsentState, Contact, MailingList, Subscription

SUBSCRIBED, UNSUBSCRIBED, OBJECTED = ConsentState.SUBSCRIBED, ConsentState.UNSUBSCRIBED, ConsentState.OBJECTED
ADDRESS_CHANGED = "address_changed"
#: Source of what a file says. Whoever says the same in person is recorded, too: the file may be taken back.
FILED = "import"


@dataclass
class Recorded:
    """What became of each contact: the new lines of the ledger, and the keys of those for whom none was written."""

    entries: list[ConsentEntry] = field(default_factory=list)
    #: They are in this state, or in a stricter one: an objection is not weakened to "unsubscribed".
    unchanged: list[int] = field(default_factory=list)
    #: They objected, and subscribing them was not confirmed.
    objected: list[int] = field(default_factory=list)
    #: They have no e-mail address and cannot be subscribed.
    without_address: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Statement:
    """What is to be recorded, of whomever."""

    mailing_list: MailingList
    state: str
    source: str
    text: str = ""
    staff: Any = None
    #: When it was said; None for now.
    at: datetime | None = None
    #: Those who objected are subscribed all the same.
    confirmed: bool = False
    #: What changes no subscription is recorded, too: the same state in other words, which are one more proof, and that
    #: somebody who never subscribed does not want to be.
    is_thorough: bool = False

    def of(self, contact: Contact, at: datetime) -> ConsentEntry:
        return ConsentEntry(
            contact=contact,
            mailing_list=self.mailing_list,
            state=self.state,
            email=contact.email,
            at=at,
            source=self.source,
            text=self.text,
            staff=self.staff,
        )


@transaction.atomic
def write(pks: Iterable[int], statement: Statement) -> Recorded:
    """Writes the line and the subscription of each contact where the rules allow it. Idempotent.

    Raises ValidationError for a time in the future.
    """
    contacts = list(locked(pks))
    subscriptions = _subscriptions(contacts, statement.mailing_list)
    filed = _filed(subscriptions, statement)
    now = timezone.now()
    if statement.at is not None and statement.at > now:
        raise ValidationError(_("A consent cannot be given in the future."), code="future")
    recorded, current = Recorded(), []
    for contact in contacts:
        subscription = subscriptions.get(contact.pk)
        # Clocks of two servers differ: what is written later is never the older line.
        at = statement.at or (max(now, subscription.changed_at) if subscription else now)
        is_last = subscription is None or at >= subscription.changed_at
        refused = _refusal(recorded, statement, contact, subscription if is_last else None)
        if refused is not None:
            refused.append(contact.pk)
        elif _is_known(statement, contact, subscription, is_last=is_last, is_filed=contact.pk in filed):
            recorded.unchanged.append(contact.pk)
        else:
            entry = statement.of(contact, at)
            recorded.entries.append(entry)
            if is_last:
                current.append(entry)
    ConsentEntry.objects.bulk_create(recorded.entries)
    derive(current)
    tell(recorded.entries)
    return recorded


def end_of_address(contact: Contact) -> list[Subscription]:
    """Ends what the contact subscribed to at the address that the customer leaves; says which lists it objected to.

    The contact is locked, and still has that address.
    """
    subscriptions = list(Subscription.objects.filter(contact=contact).select_related("mailing_list"))
    for subscription in subscriptions:
        if subscription.state == SUBSCRIBED:
            write([contact.pk], Statement(subscription.mailing_list, UNSUBSCRIBED, ADDRESS_CHANGED))
    return [subscription for subscription in subscriptions if subscription.state == OBJECTED]


def carry_objections(objections: Iterable[Subscription], contact: Contact) -> None:
    """An objection holds at the person's other address, too, unless that address has spoken for itself."""
    for objection in objections:
        if not Subscription.objects.filter(contact=contact, mailing_list=objection.mailing_list).exists():
            write([contact.pk], Statement(objection.mailing_list, OBJECTED, ADDRESS_CHANGED))


def locked(pks: Iterable[int]) -> Any:
    """The contacts, to be read for what is written about them; rows that point to them may be inserted meanwhile."""
    return (
        Contact.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(pks)).order_by("pk")
    )


def _subscriptions(contacts: list[Contact], mailing_list: MailingList) -> dict[int, Subscription]:
    found = Subscription.objects.filter(
        contact__in=[contact.pk for contact in contacts], mailing_list=mailing_list
    )
    return {subscription.contact_id: subscription for subscription in found}


def _filed(subscriptions: dict[int, Subscription], statement: Statement) -> set[int]:
    """The contacts who are in this state because a file says so."""
    same = {pk: one.changed_at for pk, one in subscriptions.items() if one.state == statement.state}
    if statement.source == FILED or not same:
        return set()
    lines = ConsentEntry.objects.filter(
        contact__in=same, mailing_list=statement.mailing_list, state=statement.state, source=FILED
    )
    return {pk for pk, at in lines.values_list("contact", "at") if same[pk] == at}


def _refusal(
    recorded: Recorded, statement: Statement, contact: Contact, subscription: Subscription | None
) -> list[int] | None:
    if statement.state != SUBSCRIBED:
        return None
    if contact.email_key is None:
        return recorded.without_address
    if subscription and subscription.state == OBJECTED and not statement.confirmed:
        return recorded.objected
    return None


def _is_known(
    statement: Statement,
    contact: Contact,
    subscription: Subscription | None,
    *,
    is_last: bool,
    is_filed: bool,
) -> bool:
    lines = ConsentEntry.objects.filter(contact=contact, mailing_list=statement.mailing_list)
    same = {"state": statement.state, "source": statement.source, "text": statement.text}
    if statement.at is not None and lines.filter(at=statement.at, **same).exists():
        return True
    if subscription is None:
        return statement.state == UNSUBSCRIBED and not statement.is_thorough
    if not is_last:
        return False
    if statement.state == UNSUBSCRIBED and subscription.state == OBJECTED:
        return True
    if statement.state != subscription.state:
        return False
    if is_filed:
        return False
    if not (statement.is_thorough and statement.text):
        return True
    last = lines.first()
    return last is not None and last.text == statement.text


def derive(entries: list[ConsentEntry]) -> None:
    Subscription.objects.bulk_create(
        [
            Subscription(
                contact_id=entry.contact_id,
                mailing_list_id=entry.mailing_list_id,
                state=entry.state,
                changed_at=entry.at,
            )
            for entry in entries
        ],
        update_conflicts=True,
        unique_fields=["contact", "mailing_list"],
        update_fields=["state", "changed_at"],
    )


def tell(entries: list[ConsentEntry]) -> None:
    if not consent_changed.has_listeners(ConsentEntry):
        return
    for entry in entries:
        _tell_of(entry)


def _tell_of(entry: ConsentEntry) -> None:
    transaction.on_commit(
        lambda: consent_changed.send_robust(sender=ConsentEntry, contact=entry.contact, entry=entry),
        robust=True,
    )
