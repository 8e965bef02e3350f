"""What the demo people said of the newsletter, and an e-mail address that waits for confirmation."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.utils import timezone

from demo.logins import BUYER, EDITOR
from oscar_customers_ext.accounts.email_changes.actions import request_email_change
from oscar_customers_ext.contacts.actions import record_consent
from oscar_customers_ext.customers.actions import subscribe_address
from oscar_customers_ext.models import ConsentEntry, Customer

SIGNED_UP = "Yes, write to me about new pieces and workshops. I can unsubscribe at any time."
BY_PHONE = "Asked for the newsletter on the phone."
#: Address -> what was said: days ago, state, source, text.
SAID = {
    BUYER: [(90, "subscribed", "newsletter", SIGNED_UP)],
    "giulia.ferrari@example.com": [
        (200, "subscribed", "staff", BY_PHONE),
        (120, "unsubscribed", "staff", ""),
        (40, "subscribed", "newsletter", SIGNED_UP),
    ],
    "luca.galli@example.com": [(60, "subscribed", "newsletter", SIGNED_UP)],
    "muege@example.org": [(75, "subscribed", "staff", BY_PHONE), (10, "unsubscribed", "staff", "")],
    "franz.huber@example.org": [(30, "objected", "staff", "Wrote that he never wants to be written to.")],
    "soren@example.net": [(20, "subscribed", "newsletter", SIGNED_UP)],
}
#: Signed up at the foot of a page and has bought nothing yet.
READER = "ottavia.bruni@example.org"
MOVING, MOVED_TO = "anais@example.com", "anais.moreau@example.net"


def load_consents():
    if ConsentEntry.objects.exists():
        return
    editor = get_user_model().objects.get(username=EDITOR)
    for email, lines in SAID.items():
        contact = Customer.objects.for_email(email).get().contact
        for days_ago, state, source, text in lines:
            record_consent(
                contact,
                state=state,
                source=source,
                text=text,
                staff=editor if source == "staff" else None,
                at=timezone.now() - timedelta(days=days_ago),
            )
    subscribe_address(READER, text=SIGNED_UP, source="footer")
    request_email_change(Customer.objects.for_email(MOVING).get(), email=MOVED_TO, actor=editor)
