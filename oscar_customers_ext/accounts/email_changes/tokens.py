"""What a mailed link carries: which pending change it is about, and a fingerprint of all that it hangs on.

A link dies when the change is confirmed, cancelled or replaced, when the account gets another password or address, when
the customer gets another address or account, and with time. When the change is sent again, the link to confirm dies;
the one to stop is mailed once only, and lives as long as the change.
"""

from django.core import signing

from oscar_customers_ext.accounts.fingerprints import fingerprint, is_fingerprint
from oscar_customers_ext.accounts.models import EmailChange

CONFIRM, STOP = "confirm", "stop"
SALT = "oscar_customers_ext.email_change"


def make_token(change: EmailChange, purpose: str) -> str:
    state = fingerprint(SALT, _state_of(change, purpose))
    return signing.dumps({"change": change.pk, "state": state}, salt=f"{SALT}.{purpose}")


def change_of(token: str, purpose: str) -> EmailChange | None:
    """The pending change that this link is about, None for a link that is dead or was never ours."""
    try:
        found = signing.loads(token, salt=f"{SALT}.{purpose}")
    except signing.BadSignature:
        return None
    changes = EmailChange.objects.select_related("customer__user")
    change = changes.filter(pk=found["change"], customer__user__isnull=False).first()
    if change is None or change.has_expired:
        return None
    return change if is_fingerprint(found["state"], SALT, _state_of(change, purpose)) else None


def _state_of(change: EmailChange, purpose: str) -> str:
    customer = change.customer
    user = customer.user
    parts = [
        change.pk,
        customer.pk,
        customer.email_key,
        change.email_key,
        user.pk,
        user.password,
        getattr(user, user.get_email_field_name()),
    ]
    if purpose == CONFIRM:
        parts.append(change.requested_at.isoformat())
    return "\n".join(map(str, parts))
