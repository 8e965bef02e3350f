"""Somebody has proved to read mail at an address. Whoever registered it before without proof is thrown out.

Anybody can register with anybody's address, and wait: keep a session, a password, a pending change of the address. So
the first proof of an address ends all that, before the account gets to see what belongs to the address.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from oscar_customers_ext.audit import log_all
from oscar_customers_ext.contacts.identity import email_key
from oscar_customers_ext.customers.models import Customer, VerifiedEmail
from oscar_customers_ext.customers.ownership import attach_user, has_proved, usable_address, users_at
from oscar_customers_ext.customers.protected_users import is_protected
from oscar_customers_ext.exceptions import InvalidEmail

from .audit import LOCK_OUT_ACCOUNT, PROVE_ADDRESS, VOUCH_FOR_ADDRESS
from .models import EmailChange

PASSWORD_RESET, STAFF = "password_reset", "staff"


@transaction.atomic
def prove_address(
    user: Any, email: str, source: str, *, keep_defaults: bool = False, actor: Any = None
) -> VerifiedEmail:
    """Notes that this user reads mail at this address, and lets the user have what belongs to it. Idempotent.

    Where no account of that address proved it before, the others lose password, sessions and pending changes of their
    address; accounts with access to an admin are never touched. The customer of the address becomes the user's own
    when it has no user, or one who was thrown out; its guest orders become proven. With the account's very first proof its
    addresses are defaults no more, unless ``keep_defaults``: whoever registered it may have planted them. Raises
    InvalidEmail.
    """
    key = email_key(email)
    if key is None:
        raise InvalidEmail
    at_address = _locked([user.pk, *(found.pk for found in users_at(key, spelled=email))])
    customer = Customer.objects.locked().filter(email_key=key).first()
    rivals = [other for other in at_address if other.pk != user.pk]
    is_first = not any(has_proved(rival, key) for rival in rivals)
    was_proven = VerifiedEmail.objects.filter(user=user).exists()
    proof, is_new = VerifiedEmail.objects.get_or_create(
        user=user, email_key=key, defaults={"email": email.strip(), "source": source}
    )
    thrown_out = _throw_out(rivals, proof.email) if is_new and is_first else []
    if is_new:
        # Also the user's own: staff may have entered it for whoever held the account until now.
        EmailChange.objects.filter(customer__user_id=user.pk).exclude(email_key=key).delete()
    if not was_proven and not keep_defaults:
        user.addresses.update(is_default_for_shipping=False, is_default_for_billing=False)
    if customer:
        _give(customer, user, thrown_out, email=proof.email)
        if source == STAFF:
            log_all([customer], VOUCH_FOR_ADDRESS, actor=actor, data={"email": proof.email})
    return proof


def rivals_of(user: Any, email: str) -> list[Any]:
    """The accounts that would be thrown out if this user proved the address now."""
    key = usable_address(email)[1]
    if key is None or has_proved(user, key):
        return []
    rivals = [other for other in users_at(key, spelled=email) if other.pk != user.pk]
    if any(has_proved(rival, key) for rival in rivals):
        return []
    return [rival for rival in rivals if not is_protected(rival)]


def _locked(pks: list[Any]) -> list[Any]:
    """These users, locked in one order: of two accounts that prove one address at once, one is the first."""
    users = get_user_model()._default_manager.filter(pk__in=pks)
    return list(users.select_for_update(of=("self",), no_key=True).order_by("pk"))


def _throw_out(rivals: list[Any], email: str) -> list[Any]:
    thrown_out = [rival for rival in rivals if not is_protected(rival)]
    for rival in thrown_out:
        rival.set_unusable_password()  # ends the sessions as well: their hash hangs on it
        rival.save(update_fields=["password"])
    EmailChange.objects.filter(customer__user__in=thrown_out).delete()
    for customer in Customer.objects.filter(user__in=thrown_out).select_related("user"):
        data = {"account": customer.user.get_username(), "email": email}
        log_all([customer], LOCK_OUT_ACCOUNT, data=data)
    return thrown_out


def _give(customer: Customer, user: Any, thrown_out: list[Any], *, email: str) -> None:
    free = customer.user_id is None or customer.user_id in {other.pk for other in thrown_out}
    if free and not Customer.objects.filter(user_id=user.pk).exists():
        # Orders of the account that had it stay that account's.
        customer.order_links.filter(order__user_id=customer.user_id, order__user__isnull=False).update(
            proven=False
        )
        attach_user(customer, user)
        log_all([customer], PROVE_ADDRESS, data={"account": user.get_username(), "email": email})
    if customer.user_id == user.pk:
        claim_orders(customer)


def claim_orders(customer: Customer) -> None:
    """Makes orders proven: those that the customer's account placed, and a guest's under an address that it proved."""
    links = customer.order_links.filter(proven=False)
    links.filter(order__user_id=customer.user_id).update(proven=True)
    proven = set(VerifiedEmail.objects.filter(user_id=customer.user_id).values_list("email_key", flat=True))
    addresses = links.filter(order__user__isnull=True).order_by().values_list("email", flat=True).distinct()
    claimed = [address for address in addresses if usable_address(address)[1] in proven]
    links.filter(order__user__isnull=True, email__in=claimed).update(proven=True)
