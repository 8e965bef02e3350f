"""Which discounts a group has. Each action is one transaction and is logged for every group that it concerns.

A discount is an offer of Oscar's, of the type "User", and can be changed in Oscar's dashboard as well. ``actor`` is
the member of staff who acts, None when the shop itself does.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from oscar_customers_ext.audit import log_all
from oscar_customers_ext.customers.ranges import everything
from oscar_customers_ext.groups.models import CustomerGroup, GroupOffer

from .audit import (
    CHANGE_DISCOUNT,
    CREATE_DISCOUNT,
    DELETE_DISCOUNT,
    LINK_OFFER,
    SUSPEND_DISCOUNT,
    UNLINK_OFFER,
    UNSUSPEND_DISCOUNT,
)
from .ranges import is_everything
from .states import with_parts
from .terms import Terms, name_taken, obstacle, terms_of

Benefit = get_model("offer", "Benefit")
Condition = get_model("offer", "Condition")
ConditionalOffer = get_model("offer", "ConditionalOffer")


@transaction.atomic
def create_discount(group: CustomerGroup, terms: Terms, *, actor: Any) -> Any:
    """A new offer for the members of this group. Raises ValidationError with a sentence per field."""
    _lock_group(group)
    terms.check()
    offer = ConditionalOffer(offer_type=ConditionalOffer.USER, condition=Condition(), benefit=Benefit())
    _save(offer, terms)
    GroupOffer.objects.create(group=group, offer=offer)
    _log(offer, CREATE_DISCOUNT, actor, groups=[group])
    return offer


@transaction.atomic
def change_discount(offer: Any, terms: Terms, *, actor: Any) -> Any:
    """Raises ValidationError with a sentence per field, and where the offer is no longer of the simple shape."""
    offer = _locked(offer)
    reason = obstacle(offer)
    if reason:
        raise ValidationError(reason, code="not-simple")
    terms.check(offer)
    before = terms_of(offer)
    _save(offer, terms)
    changes = terms.changes(before)
    if changes:
        _log(offer, CHANGE_DISCOUNT, actor, changes=changes)
    return offer


@transaction.atomic
def link_offer(group: CustomerGroup, offer: Any, *, actor: Any) -> GroupOffer:
    """Gives the members of the group an offer that is there. Idempotent."""
    _lock_group(group)
    offer = _locked(offer)
    if offer.offer_type != ConditionalOffer.USER:
        raise ValidationError(
            _("Only offers of the type “User” can be for a group. Change its type in Oscar's dashboard.")
        )
    link, is_new = GroupOffer.objects.get_or_create(group=group, offer=offer)
    if is_new:
        _log(offer, LINK_OFFER, actor, groups=[group])
    return link


@transaction.atomic
def unlink_offer(group: CustomerGroup, offer: Any, *, actor: Any) -> Any:
    """The offer stays; the members of this group have it no more. Idempotent."""
    deleted, _by_model = GroupOffer.objects.filter(group=group, offer=offer).delete()
    if deleted:
        _log(offer, UNLINK_OFFER, actor, groups=[group])
    return offer


@transaction.atomic
def suspend_discount(offer: Any, *, actor: Any) -> Any:
    """Nobody gets it until it is reinstated, in whatever group. Idempotent."""
    offer = _locked(offer)
    if not offer.is_suspended:
        offer.suspend()
        _log(offer, SUSPEND_DISCOUNT, actor)
    return offer


@transaction.atomic
def unsuspend_discount(offer: Any, *, actor: Any) -> Any:
    """Idempotent."""
    offer = _locked(offer)
    if offer.is_suspended:
        offer.unsuspend()
        _log(offer, UNSUSPEND_DISCOUNT, actor)
    return offer


@transaction.atomic
def delete_discount(offer: Any, *, actor: Any) -> None:
    """Takes the offer out of the shop. Orders keep what they were given. Refused while vouchers give it."""
    offer = _locked(offer)
    if offer.vouchers.exists():
        raise ValidationError(_("Vouchers give this offer, too. Take it out of them first."))
    _log(offer, DELETE_DISCOUNT, actor)
    offer.delete()


def _locked(offer: Any) -> Any:
    """Fresh from the database: Oscar saves whole rows, and orders count in this one. Raises ValidationError."""
    rows = with_parts(ConditionalOffer.objects.select_for_update(of=("self",)))
    found = rows.filter(pk=offer.pk).first()
    if found is None:
        raise ValidationError(_("This offer was deleted meanwhile."), code="gone")
    return found


def _lock_group(group: CustomerGroup) -> None:
    if CustomerGroup.objects.select_for_update().filter(pk=group.pk).first() is None:
        raise ValidationError(_("This group was deleted meanwhile."), code="gone")


def _save(offer: Any, terms: Terms) -> None:
    benefit, condition = offer.benefit, offer.condition
    keeps_range = terms.range is None and benefit.range is not None and is_everything(benefit.range)
    benefit.range = condition.range = benefit.range if keeps_range else terms.range or everything()
    benefit.type, benefit.value = terms.kind, terms.value
    condition.type = Condition.COUNT if terms.minimum is None else Condition.VALUE
    condition.value = 1 if terms.minimum is None else terms.minimum
    for part in (benefit, condition):
        part.clean()
        part.save()
    offer.benefit, offer.condition = benefit, condition
    offer.name = terms.name
    offer.start_datetime, offer.end_datetime = terms.starts_at, terms.ends_at
    try:
        with transaction.atomic():
            offer.save()
    except IntegrityError as error:
        raise ValidationError({"name": name_taken()}) from error


def _log(offer: Any, action: str, actor: Any, *, groups: Any = None, **facts: Any) -> None:
    if groups is None:
        groups = CustomerGroup.objects.filter(offer_links__offer=offer)
    data = {"offer": offer.name, "offer_pk": offer.pk, **facts}
    log_all(list(groups), action, actor=actor, data=data)
