"""What a file says of the newsletter. A yes never overrules an objection, nor a no that is not older than it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from oscar_customers_ext.contacts.consents import FILED
from oscar_customers_ext.contacts.filed import Filed, write_filed
from oscar_customers_ext.contacts.models import ConsentEntry, ConsentState, Contact, MailingList, Subscription
from oscar_customers_ext.transfers.cells import Newsletter

from .meanings import Meaning

STATES = {
    Newsletter.SUBSCRIBED: ConsentState.SUBSCRIBED,
    Newsletter.UNSUBSCRIBED: ConsentState.UNSUBSCRIBED,
    Newsletter.OBJECTED: ConsentState.OBJECTED,
    Newsletter.NO: ConsentState.UNSUBSCRIBED,
}
#: In the ledger: nobody here knows how it was given.
SOURCE = FILED
#: Of the line by which an undo ends what an import began.
UNDONE = "import_undone"


@dataclass
class Said:
    state: str
    at: datetime
    #: It changes the subscription; otherwise it is older than what was said since, and only the ledger has it.
    counts: bool
    former: str


class Consents:
    """Of the people of one slice."""

    def __init__(self, contacts: dict[int, Contact], at: datetime, *, is_forecast: bool) -> None:
        self.at = at
        lists = MailingList.objects
        self.mailing_list = lists.filter(is_default=True).first() if is_forecast else lists.default()
        self.subscriptions: dict[int, Subscription] = {}
        self.known: set[tuple[Any, ...]] = set()
        #: Who never said no: an import subscribed them, and was undone.
        self.taken_back: set[int] = set()
        if self.mailing_list and contacts:
            found = Subscription.objects.filter(contact__in=contacts, mailing_list=self.mailing_list)
            self.subscriptions = {row.contact_id: row for row in found}
            lines = ConsentEntry.objects.filter(
                contact__in=contacts, mailing_list=self.mailing_list, source=SOURCE
            )
            self.known = set(lines.values_list("contact", "state", "at"))
            self._find_taken_back()

    def _find_taken_back(self) -> None:
        ended = {pk for pk, row in self.subscriptions.items() if row.state == ConsentState.UNSUBSCRIBED}
        if not ended:
            return
        lines = ConsentEntry.objects.filter(contact__in=ended, mailing_list=self.mailing_list)
        noes = lines.exclude(state=ConsentState.SUBSCRIBED)
        own = set(noes.exclude(source=UNDONE).values_list("contact", flat=True))
        self.taken_back = set(noes.filter(source=UNDONE).values_list("contact", flat=True)) - own

    def judge(
        self, meaning: Meaning, contact: Contact | None, *, former: Contact | None = None
    ) -> Said | str | None:
        """What is to be written, a sentence for what is not, or None where nothing is new.

        ``former`` is the contact of the address that the row replaces by another: its objection is the same person's.
        """
        if not meaning.newsletter:
            return None
        state = STATES[meaning.newsletter]
        row = self.subscriptions.get(contact.pk) if contact else None
        at = meaning.consent_at or self.at
        if state != ConsentState.SUBSCRIBED:
            return self._no(meaning, state, at, row)
        if former is not None and self._has_objected(former):
            return _("This person objected here, and is not subscribed by a file.")
        if row is not None and contact.pk in self.taken_back:
            return Said(state, max(at, row.changed_at), True, row.state)
        if contact and (contact.pk, state, at) in self.known:
            return None
        if meaning.key is None:
            return _("Without an e-mail address nobody can be subscribed.")
        if row is None:
            return Said(state, at, True, "")
        if row.state == ConsentState.OBJECTED:
            return _("This person objected here, and is not subscribed by a file.")
        if row.state == state:
            return None
        if meaning.consent_at is None:
            return _("This person unsubscribed here, and the file does not say that the consent is newer.")
        return Said(state, at, at > row.changed_at, row.state)

    def _has_objected(self, contact: Contact) -> bool:
        row = self.subscriptions.get(contact.pk)
        return row is not None and row.state == ConsentState.OBJECTED

    def _no(self, meaning: Meaning, state: str, at: datetime, row: Any) -> Said | None:
        """A bare no may mean that nobody ever asked, and leaves alone who never subscribed. No objection is weakened."""
        if row is None:
            return None if meaning.newsletter == Newsletter.NO else Said(state, at, True, "")
        if row.state in (state, ConsentState.OBJECTED):
            return None
        said_at = meaning.consent_at
        if row.state == ConsentState.SUBSCRIBED and said_at is not None and said_at <= row.changed_at:
            return None
        return Said(state, max(at, row.changed_at), True, row.state)

    def write(self, said: list[tuple[Contact, Said]], actor: Any) -> list[ConsentEntry]:
        filed = [Filed(contact, one.state, one.at, one.counts) for contact, one in said]
        return write_filed(filed, mailing_list=self.mailing_list, source=SOURCE, staff=actor)
