"""User accounts of customers. ``customer`` is the one whose account it is, ``actor`` the member of staff who acts.

Each action is one transaction, writes the log, and refuses with AccountRefused, or with a ValidationError that names
``username`` or ``password``. Accounts of staff are never changed here.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from oscar_customers_ext import mail
from oscar_customers_ext.audit import log_all
from oscar_customers_ext.customers.models import Customer, VerifiedEmail
from oscar_customers_ext.customers.ownership import address_key_of, attach_user, users_at
from oscar_customers_ext.customers.protected_users import is_protected
from oscar_customers_ext.exceptions import AccountRefused, AddressHasAccount

from . import audit
from .drafts import draft_account, set_checked_password
from .proof import STAFF, lock_users_at, prove_address
from .reset_links import reset_path
from .sites import site_of
from .user_names import clean_user_name, name_field, name_is_taken

__all__ = [
    "activate_account",
    "attach_account",
    "create_account",
    "deactivate_account",
    "prove_address",
    "rename_account",
    "send_password_link",
    "set_account_password",
    "vouch_for_address",
]


@transaction.atomic
def create_account(
    customer: Customer,
    *,
    username: str = "",
    password: str | None = None,
    vouched: bool = False,
    actor: Any = None,
) -> Any:
    """A user account for a customer who has none; sends no mail.

    Without a user name one is made from the e-mail address, without a password the customer sets one by "forgotten
    password". With ``vouched`` the member of staff says that the address is this person's own, as whoever hands out a
    password does: the account then sees the orders placed with it. Raises AddressHasAccount (``error.users``) where
    users with the address exist.
    """
    customer = Customer.objects.locked().get(pk=customer.pk)
    if customer.user_id is not None:
        raise AccountRefused(_("This customer has a user account already."))
    users = users_of(customer)
    if users:
        raise AddressHasAccount(users)
    user = draft_account(
        email=customer.email,
        username=username,
        password=password,
        first_name=customer.first_name,
        last_name=customer.last_name,
    )
    _insert(user)
    attach_user(customer, user, by_staff=True)
    data = {"account": user.get_username(), "left_open": password is None}
    log_all([customer], audit.CREATE_ACCOUNT, actor=actor, data=data)
    if vouched and customer.email:
        prove_address(user, customer.email, STAFF, holder_is_known=True, actor=actor)
    return user


def users_of(customer: Customer) -> list[Any]:
    """All users who have the customer's e-mail address."""
    return users_at(customer.email_key, spelled=customer.email) if customer.email_key else []


def _insert(user: Any) -> None:
    """Somebody may have taken the name since it was checked."""
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        if name_field() is None:
            raise AddressHasAccount([]) from None
        raise ValidationError({"username": name_is_taken(user.username)}) from None


@transaction.atomic
def attach_account(customer: Customer, user: Any, *, actor: Any = None) -> Any:
    """Makes an existing user with the customer's address the customer's own: the word of staff for who that is.

    The address stays unproven, and with it what guests ordered under it.
    """
    user = get_user_model()._default_manager.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    customer = Customer.objects.locked().get(pk=customer.pk)
    sentence = why_not_attachable(customer, user)
    if sentence:
        raise AccountRefused(sentence)
    attach_user(customer, user, by_staff=True)
    log_all([customer], audit.ATTACH_ACCOUNT, actor=actor, data={"account": user.get_username()})
    return user


def why_not_attachable(customer: Customer, user: Any) -> str:
    """A sentence; empty when this user may be attached to the customer."""
    if customer.user_id is not None:
        return _("This customer has a user account already.")
    if customer.email_key is None or address_key_of(user) != customer.email_key:
        return _("This user account has another e-mail address than the customer.")
    if is_protected(user):
        return _("This user account may work in the admin, so it is not touched here.")
    if not user.is_active:
        return _("This user account is deactivated, so it cannot be attached.")
    if Customer.objects.filter(user_id=user.pk).exists():
        return _("This user account belongs to another customer.")
    return ""


def account_of(customer: Customer) -> Any:
    """The customer's user, locked, to be changed. Raises AccountRefused when there is none that may be touched."""
    users = get_user_model()._default_manager.select_for_update(of=("self",), no_key=True)
    user = users.filter(oscar_customer=customer.pk).first()
    sentence = why_not_touchable(user)
    if sentence:
        raise AccountRefused(sentence)
    return user


def why_not_touchable(user: Any) -> str:
    """A sentence; empty when staff who manage accounts may change this user."""
    if user is None:
        return _("This customer has no user account.")
    if is_protected(user):
        return _("This user account may work in the admin, so it is not touched here.")
    return ""


@transaction.atomic
def set_account_password(customer: Customer, *, password: str, actor: Any = None) -> Any:
    """Ends the account's sessions, and proves nothing about the address."""
    user = account_of(customer)
    set_checked_password(user, password)
    user.save(update_fields=["password"])
    log_all([customer], audit.SET_PASSWORD, actor=actor)
    return user


@transaction.atomic
def rename_account(customer: Customer, *, username: str, actor: Any = None) -> Any:
    """Gives the account another user name; the same name again is no change. Ends the account's sessions."""
    user = account_of(customer)
    if name_field() is None:
        raise AccountRefused(
            _("In this shop people sign in with their e-mail address; there are no user names.")
        )
    old = user.username
    try:
        with transaction.atomic():
            user.username = clean_user_name(username, email=customer.email, user=user)
            if user.username != old:
                user.save(update_fields=["username"])
    except ValidationError as error:
        raise ValidationError({"username": error}) from error
    except IntegrityError:
        raise ValidationError({"username": name_is_taken(username)}) from None
    if user.username != old:
        log_all([customer], audit.RENAME_ACCOUNT, actor=actor, data={"old": old, "new": user.username})
    return user


def activate_account(customer: Customer, *, actor: Any = None) -> Any:
    return _set_active(customer, True, audit.ACTIVATE_ACCOUNT, actor)


def deactivate_account(customer: Customer, *, actor: Any = None) -> Any:
    """Nobody can sign in with the account, and sessions that are open count for nothing, until it is activated."""
    return _set_active(customer, False, audit.DEACTIVATE_ACCOUNT, actor)


@transaction.atomic
def _set_active(customer: Customer, is_active: bool, action: str, actor: Any) -> Any:
    user = account_of(customer)
    if user.is_active != is_active:
        user.is_active = is_active
        user.save(update_fields=["is_active"])
        log_all([customer], action, actor=actor)
    return user


@transaction.atomic
def send_password_link(customer: Customer, *, actor: Any = None) -> Any:
    """Mails the customer's account a link of Oscar's own page for setting a password, to the stored address."""
    user = account_of(customer)
    email = getattr(user, user.get_email_field_name())
    if not email:
        raise AccountRefused(_("This user account has no e-mail address to send a link to."))
    if not user.is_active:
        raise AccountRefused(_("This user account is deactivated. Activate it before you send a link."))
    context = {"customer": customer, "user": user, "site": site_of(customer), "path": reset_path(user)}
    mail.send("set_password", to=email, context=context, language=customer.language)
    log_all([customer], audit.SEND_PASSWORD_LINK, actor=actor, data={"email": email})
    return user


@transaction.atomic
def vouch_for_address(
    customer: Customer,
    *,
    holder_is_known: bool = False,
    refuse_rivals: Callable[[list[Any]], str] | None = None,
    actor: Any,
) -> VerifiedEmail:
    """Staff say that the customer reads mail at the customer's address, which is the account's.

    That does not say who registered the account, so its password and sessions end, unless with ``holder_is_known``
    staff say that it was the customer. ``refuse_rivals`` as in ``prove_address``.
    """
    lock_users_at(customer.email)
    user = account_of(customer)
    sentence = why_not_vouchable(customer, user)
    if sentence:
        raise AccountRefused(sentence)
    return prove_address(
        user,
        customer.email,
        STAFF,
        holder_is_known=holder_is_known,
        refuse_rivals=refuse_rivals,
        actor=actor,
    )


def why_not_vouchable(customer: Customer, user: Any) -> str:
    """A sentence; empty when staff may vouch for the address of this account, which they may touch."""
    if not customer.email:
        return _("This customer has no e-mail address.")
    if address_key_of(user) != customer.email_key:
        return _("This user account has another e-mail address than the customer.")
    return ""
