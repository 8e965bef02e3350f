"""What a mailed link carries: which pending change it is about, and a fingerprint of all that it hangs on.

A link dies when the change is confirmed, cancelled, replaced or sent again, when the account gets another password or
address, when the customer gets another address or account, and with time.
"""

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from oscar_customers_ext.accounts.models import EmailChange
from oscar_customers_ext.conf import conf

CONFIRM, STOP = "confirm", "stop"
SALT = "oscar_customers_ext.email_change"


def make_token(change: EmailChange, purpose: str) -> str:
    return signing.dumps({"change": change.pk, "state": _fingerprint(change)}, salt=f"{SALT}.{purpose}")


def change_of(token: str, purpose: str) -> EmailChange | None:
    """The pending change that this link is about, None for a link that is dead or was never ours."""
    try:
        found = signing.loads(token, salt=f"{SALT}.{purpose}", max_age=conf.EMAIL_CHANGE_HOURS * 3600)
    except signing.BadSignature:
        return None
    changes = EmailChange.objects.select_related("customer__user")
    change = changes.filter(pk=found["change"], customer__user__isnull=False).first()
    if change is None or change.has_expired:
        return None
    return change if constant_time_compare(found["state"], _fingerprint(change)) else None


def _fingerprint(change: EmailChange) -> str:
    customer = change.customer
    user = customer.user
    parts = [
        customer.pk,
        customer.email_key,
        change.email_key,
        change.requested_at.isoformat(),
        user.pk,
        user.password,
        getattr(user, user.get_email_field_name()),
    ]
    return salted_hmac(SALT, "\n".join(map(str, parts)), algorithm="sha256").hexdigest()[:32]
