"""What a file says of the newsletter. A yes never overrules an objection, nor a no that is not older than it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from oscar_customers_ext.contacts.filed import Filed, write_filed
from oscar_customers_ext.contacts.models import ConsentEntry, ConsentState, Contact, MailingList, Subscription

from .meanings import Meaning

#: In the ledger: nobody here knows how it was given.
SOURCE = "import"


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
        if self.mailing_list and contacts:
            found = Subscription.objects.filter(contact__in=contacts, mailing_list=self.mailing_list)
            self.subscriptions = {row.contact_id: row for row in found}
            lines = ConsentEntry.objects.filter(
                contact__in=contacts, mailing_list=self.mailing_list, source=SOURCE
            )
            self.known = set(lines.values_list("contact", "state", "at"))

    def judge(self, meaning: Meaning, contact: Contact | None) -> Said | str | None:
        """What is to be written, a sentence for what is not, or None where nothing is new."""
        if meaning.subscribed is None:
            return None
        state = ConsentState.SUBSCRIBED if meaning.subscribed else ConsentState.UNSUBSCRIBED
        row = self.subscriptions.get(contact.pk) if contact else None
        at = meaning.consent_at or self.at
        if contact and (contact.pk, state, at) in self.known:
            return None
        if not meaning.subscribed:
            return self._no(state, at, row, meaning.consent_at)
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

    def _no(self, state: str, at: datetime, row: Any, said_at: datetime | None) -> Said | None:
        """Who never subscribed is not unsubscribed, and an objection is not weakened."""
        if row is None or row.state != ConsentState.SUBSCRIBED:
            return None
        if said_at is not None and said_at <= row.changed_at:
            return None
        return Said(state, max(at, row.changed_at), True, row.state)

    def write(self, said: list[tuple[Contact, Said]], actor: Any) -> list[ConsentEntry]:
        filed = [Filed(contact, one.state, one.at, one.counts) for contact, one in said]
        return write_filed(filed, mailing_list=self.mailing_list, source=SOURCE, staff=actor)
