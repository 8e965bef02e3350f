"""A registered customer signs in with the e-mail address, so a new one counts only when it is confirmed from there.

``actor`` is the member of staff who acts. Each action is one transaction and writes the log; the mails go out after the
commit. Accounts of staff are never touched. Refuses with AccountRefused, which is a sentence.
"""

from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from oscar_customers_ext import mail
from oscar_customers_ext.accounts.actions import account_of, send_password_link
from oscar_customers_ext.accounts.models import EmailChange
from oscar_customers_ext.accounts.proof import prove_address
from oscar_customers_ext.accounts.sites import site_of
from oscar_customers_ext.audit import log_all
from oscar_customers_ext.conf import conf
from oscar_customers_ext.contacts.identity import email_key
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.ownership import has_proved, users_at
from oscar_customers_ext.exceptions import AccountRefused, InvalidEmail

from . import audit
from .tokens import CONFIRM, STOP, change_of, make_token

SOURCE = "email_change"


class Confirmed(NamedTuple):
    customer: Customer
    #: The old address was never proven: the account gets a new password by a link that is mailed to the new one.
    password_voided: bool


@transaction.atomic
def request_email_change(customer: Customer, *, email: str, actor: Any) -> EmailChange:
    """Keeps the new address until it is confirmed by the link that is mailed there; the old address gets a notice.

    Replaces a change that was pending, whose links die. Raises InvalidEmail.
    """
    customer, user = _locked(customer)
    email = email.strip()
    _check(customer, user, email)
    EmailChange.objects.filter(customer=customer).delete()
    change = EmailChange.objects.create(customer=customer, email=email, requested_by=actor)
    _mail_link(change)
    _mail_notice(change, to=_address_of(user))
    log_all([customer], audit.REQUEST, actor=actor, data={"email": email})
    return change


@transaction.atomic
def resend_email_change(customer: Customer, *, actor: Any) -> EmailChange:
    """Mails a new link to the new address; the one that was mailed before dies."""
    customer, user = _locked(customer)
    change = _pending(customer)
    _check(customer, user, change.email)
    change.requested_at = timezone.now()
    change.save(update_fields=["requested_at"])
    _mail_link(change)
    log_all([customer], audit.RESEND, actor=actor, data={"email": change.email})
    return change


@transaction.atomic
def cancel_email_change(customer: Customer, *, actor: Any) -> None:
    """The address stays as it is, and the links die. Nothing happens when no change is pending."""
    customer = Customer.objects.locked().get(pk=customer.pk)
    _give_up(customer, audit.CANCEL, actor)


@transaction.atomic
def stop_email_change(token: str) -> Customer:
    """The same, by the link in the notice to the old address."""
    customer, _user = _customer_of(token, STOP)
    _give_up(customer, audit.STOP, None)
    return customer


@transaction.atomic
def confirm_email_change(token: str) -> Confirmed:
    """Account, customer and contact get the new address, which is proven by this. The old proof stays with the old one.

    Where the old address was unproven, whoever registered the account loses password and sessions.
    The caller has asked that nobody else is signed in.
    """
    customer, user = _customer_of(token, CONFIRM)
    change = _pending(customer)
    _check(customer, user, change.email)
    old, new = customer.email, change.email
    old_key = email_key(_address_of(user))
    was_proven = old_key is not None and has_proved(user, old_key)
    field = user.get_email_field_name()
    account_had = _address_of(user)
    setattr(user, field, new)
    customer.email = new
    try:
        with transaction.atomic():
            user.save(update_fields=[field])
            customer.save(update_fields={"email", "modified_at"})
    except IntegrityError:
        # Somebody took the address at this very moment.
        raise AccountRefused(_taken()) from None
    change.delete()
    prove_address(user, new, SOURCE, holder_is_known=was_proven)
    _mail_done(customer, to=account_had, instead=new)
    log_all([customer], audit.CONFIRM, data={"changes": {"email": [old, new]}})
    if not was_proven:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        send_password_link(customer)
    return Confirmed(customer, password_voided=not was_proven)


def why_not_changeable(customer: Customer) -> str:
    """A sentence; empty when staff may enter a new address for this registered customer."""
    if not conf.STAFF_MAY_CHANGE_EMAIL:
        return _("In this shop e-mail addresses are not changed by staff.")
    if customer.user is not None and not customer.user.is_active:
        return _("This user account is deactivated. Activate it before you change the address.")
    return ""


def _locked(customer: Customer) -> tuple[Customer, Any]:
    # The account first, as all who need both do: they never wait for each other.
    user = account_of(customer)
    customer = Customer.objects.locked().get(pk=customer.pk)
    customer.user = user
    return customer, user


def _customer_of(token: str, purpose: str) -> tuple[Customer, Any]:
    """Locked; the link is looked at again when nobody can change any more what it hangs on."""
    change = change_of(token, purpose)
    if change is None:
        raise AccountRefused(dead_link(purpose))
    customer, user = _locked(change.customer)
    if change_of(token, purpose) is None:
        raise AccountRefused(dead_link(purpose))
    return customer, user


def dead_link(purpose: str) -> str:
    if purpose == STOP:
        return _(
            "This link has expired, was used already, or was replaced by a newer one. If the e-mail address of your"
            " account has changed already, contact the shop."
        )
    return _("This link has expired, was used already, or was replaced by a newer one. Nothing was changed.")


def _check(customer: Customer, user: Any, email: str) -> None:
    refusal = why_not_changeable(customer)
    if refusal:
        raise AccountRefused(refusal)
    key = email_key(email)
    if key is None:
        raise InvalidEmail
    if key == customer.email_key and email_key(_address_of(user)) == key:
        raise AccountRefused(_("This is the customer's address already."))
    others = Customer.objects.filter(email_key=key).exclude(pk=customer.pk)
    if others.exists() or any(found.pk != user.pk for found in users_at(key, spelled=email)):
        raise AccountRefused(_taken())


def _taken() -> str:
    return _("Another customer or user account has this e-mail address.")


def _pending(customer: Customer) -> EmailChange:
    change = EmailChange.objects.filter(customer=customer).first()
    if change is None:
        raise AccountRefused(_("No change of the e-mail address is pending."))
    return change


def _give_up(customer: Customer, action: str, actor: Any) -> None:
    change = EmailChange.objects.filter(customer=customer).first()
    if change:
        change.delete()
        log_all([customer], action, actor=actor, data={"email": change.email})


def _address_of(user: Any) -> str:
    return getattr(user, user.get_email_field_name()) or ""


def _mail_link(change: EmailChange) -> None:
    _mail("email_change_confirm", change, to=change.email, purpose=CONFIRM)


def _mail_notice(change: EmailChange, *, to: str) -> None:
    if to:
        _mail("email_change_notice", change, to=to, purpose=STOP)


def _mail_done(customer: Customer, *, to: str, instead: str) -> None:
    if to and email_key(to) != email_key(instead):
        context = {"customer": customer, "site": site_of(customer)}
        mail.send("email_change_done", to=to, context=context, language=customer.language)


def _mail(name: str, change: EmailChange, *, to: str, purpose: str) -> None:
    customer = change.customer
    with translation.override(customer.language or None):
        path = reverse(
            f"oscar_customers_shop:email_change_{purpose}_link", args=[make_token(change, purpose)]
        )
    context = {
        "customer": customer,
        "site": site_of(customer),
        "path": path,
        "hours": conf.EMAIL_CHANGE_HOURS,
    }
    mail.send(name, to=to, context=context, language=customer.language)
