"""Somebody has proved to read mail at an address. Whoever registered it before without proof is thrown out.

Anybody can register with anybody's address, and wait: keep a session, a password, a pending change of the address. So
the first proof of an address ends all that, before the account gets to see what belongs to the address.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from oscar_customers_ext.audit import log_all
from oscar_customers_ext.contacts.identity import email_key
from oscar_customers_ext.customers.models import Customer, VerifiedEmail
from oscar_customers_ext.customers.ownership import (
    address_key_of,
    attach_user,
    claim_orders,
    has_proved,
    usable_address,
    users_at,
)
from oscar_customers_ext.customers.protected_users import is_protected
from oscar_customers_ext.customers.sign_ins import may_have_signed_in
from oscar_customers_ext.exceptions import AccountRefused, InvalidEmail

from .audit import END_PASSWORD, END_PROOF, LOCK_OUT_ACCOUNT, PROVE_ADDRESS, VOUCH_FOR_ADDRESS
from .models import EmailChange

PASSWORD_RESET, STAFF = "password_reset", "staff"


@transaction.atomic
def prove_address(
    user: Any,
    email: str,
    source: str,
    *,
    holder_is_known: bool = False,
    refuse_rivals: Callable[[list[Any]], str] | None = None,
    actor: Any = None,
) -> VerifiedEmail:
    """Notes that this user reads mail at this address, and lets the user have what belongs to it. Idempotent.

    Where no account of that address proved it before, the others lose password, sessions and pending changes of their
    address; accounts with access to an admin are never touched. The customer of the address becomes the user's own
    when it has no user, or one who was thrown out; orders that nobody's account placed under it become proven. The
    proof of an account that has another address by now ends.

    The account itself may have been registered by somebody else, too. So unless ``holder_is_known`` its own password
    ends (PASSWORD_RESET has set a new one just now), and with its very first proof its addresses are defaults no more.
    ``refuse_rivals`` gets the accounts that would be thrown out, under the lock, and may answer with a sentence. Raises
    InvalidEmail, or AccountRefused with that sentence.
    """
    key = email_key(email)
    if key is None:
        raise InvalidEmail
    at_address = _locked([user.pk, *(found.pk for found in users_at(key, spelled=email))])
    customer = Customer.objects.locked().filter(email_key=key).first()
    rivals = _rivals(at_address, user, key)
    refusal = refuse_rivals(rivals) if refuse_rivals and rivals else ""
    if refusal:
        raise AccountRefused(refusal)
    is_proven_account = VerifiedEmail.objects.filter(user=user).exists()
    proof, is_new = VerifiedEmail.objects.get_or_create(
        user=user, email_key=key, defaults={"email": email.strip(), "source": source}
    )
    _end_former_proofs(proof)
    if is_new:
        _throw_out(rivals, proof.email)
        # Also the user's own: staff may have entered it for whoever held the account until now.
        EmailChange.objects.filter(customer__user_id=user.pk).exclude(email_key=key).delete()
    if is_new and not holder_is_known:
        _end_what_a_stranger_knows(user, proof, is_proven_account, actor)
    if customer:
        _give(customer, user, rivals if is_new else [], email=proof.email)
        if source == STAFF:
            log_all([customer], VOUCH_FOR_ADDRESS, actor=actor, data={"email": proof.email})
    return proof


def rivals_of(user: Any, email: str) -> list[Any]:
    """The accounts that would be thrown out if this user proved the address now."""
    key = usable_address(email)[1]
    return [] if key is None else _rivals(users_at(key, spelled=email), user, key)


def _rivals(at_address: list[Any], user: Any, key: str) -> list[Any]:
    others = [other for other in at_address if other.pk != user.pk and address_key_of(other) == key]
    if has_proved(user, key) or any(has_proved(other, key) for other in others):
        return []
    return [other for other in others if not is_protected(other)]


def lock_users_at(email: str) -> list[Any]:
    """Whoever locks one of them, to prove its address afterwards, locks all of them first: see ``_locked``."""
    key = usable_address(email)[1]
    return [] if key is None else _locked([found.pk for found in users_at(key, spelled=email)])


def _locked(pks: list[Any]) -> list[Any]:
    """These users, locked in one order: of two accounts that prove one address at once, one is the first."""
    users = get_user_model()._default_manager.filter(pk__in=pks)
    return list(users.select_for_update(of=("self",), no_key=True).order_by("pk"))


def _end_former_proofs(proof: VerifiedEmail) -> None:
    """Mailboxes change hands: an account that has left this address keeps what it claimed, and claims nothing more."""
    others = VerifiedEmail.objects.filter(email_key=proof.email_key).exclude(user_id=proof.user_id)
    former = [
        other for other in others.select_related("user") if address_key_of(other.user) != proof.email_key
    ]
    if former:
        VerifiedEmail.objects.filter(pk__in=[other.pk for other in former]).delete()
        customers = Customer.objects.filter(user__in=[other.user_id for other in former])
        log_all(customers, END_PROOF, data={"email": proof.email})


def _throw_out(rivals: list[Any], email: str) -> None:
    for rival in rivals:
        _end_password(rival)
    EmailChange.objects.filter(customer__user__in=rivals).delete()
    names = {rival.pk: rival.get_username() for rival in rivals}
    for customer in Customer.objects.filter(user__in=rivals):
        log_all([customer], LOCK_OUT_ACCOUNT, data={"account": names[customer.user_id], "email": email})


def _end_what_a_stranger_knows(user: Any, proof: VerifiedEmail, is_proven_account: bool, actor: Any) -> None:
    """Whoever registered the account before its address was proven may have been somebody else."""
    if not is_proven_account and may_have_signed_in(user):
        # An account that nobody has signed in with yet, like those that staff make, holds nothing planted.
        user.addresses.update(is_default_for_shipping=False, is_default_for_billing=False)
    if proof.source != PASSWORD_RESET and user.has_usable_password() and not is_protected(user):
        _end_password(user)
        data = {"account": user.get_username(), "email": proof.email}
        log_all(Customer.objects.filter(user_id=user.pk), END_PASSWORD, actor=actor, data=data)


def _end_password(user: Any) -> None:
    user.set_unusable_password()  # ends the sessions as well: their hash hangs on it
    user.save(update_fields=["password"])


def _give(customer: Customer, user: Any, thrown_out: list[Any], *, email: str) -> None:
    free = customer.user_id is None or customer.user_id in {other.pk for other in thrown_out}
    if free and not Customer.objects.filter(user_id=user.pk).exists():
        attach_user(customer, user)
        log_all([customer], PROVE_ADDRESS, data={"account": user.get_username(), "email": email})
    elif customer.user_id == user.pk:
        claim_orders(customer)
