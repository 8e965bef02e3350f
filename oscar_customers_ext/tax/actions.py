"""Exempting customers from tax. Each action is one transaction and is logged; prices follow on the buyer's next page.

What an order was charged stays: it has a copy of its own. The exemptions of a customer never overlap in time and
region, and the customer is locked meanwhile. ``actor`` is the member of staff who acts.
"""

import logging
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from oscar_customers_ext.audit import log_all
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.notes.uploads import check_upload, clean_name

from .audit import ADD, CHANGE, DELETE, END, facts
from .models import ExemptionState, TaxExemption

logger = logging.getLogger("oscar_customers_ext")


@transaction.atomic
def add_exemption(
    customer: Customer,
    *,
    reason: str,
    countries: Iterable[Any] = (),
    valid_from: date | None = None,
    valid_until: date | None = None,
    document: Any = None,
    actor: Any,
) -> TaxExemption:
    """For deliveries to these countries, or to all; ``document`` is an uploaded file of Django.

    Raises ValidationError with a sentence per field: for an end before the start, another exemption of the same time
    and region, and a document that is refused.
    """
    exemption = TaxExemption(customer=customer, created_by=actor)
    return _store(exemption, reason, countries, valid_from, valid_until, document, ADD, actor)


@transaction.atomic
def change_exemption(
    exemption: TaxExemption,
    *,
    reason: str,
    countries: Iterable[Any],
    valid_from: date | None,
    valid_until: date | None,
    document: Any = None,
    remove_document: bool = False,
    actor: Any,
) -> TaxExemption:
    """A new ``document`` takes the place of the old one. Raises ValidationError like ``add_exemption``."""
    exemption = _locked(exemption)
    if document or remove_document:
        _forget_document(exemption)
    return _store(exemption, reason, countries, valid_from, valid_until, document, CHANGE, actor)


@transaction.atomic
def end_exemption(exemption: TaxExemption, *, actor: Any) -> TaxExemption:
    """At once: yesterday was the last day. Raises ValidationError for one that is over, or did not begin before today."""
    exemption = _locked(exemption)
    today = timezone.localdate()
    if exemption.state_on(today) == ExemptionState.EXPIRED:
        raise ValidationError(_("This tax exemption is over already."), code="over")
    if exemption.valid_from and exemption.valid_from >= today:
        raise ValidationError(
            _("This tax exemption did not begin before today. Delete it instead, or change its dates."),
            code="young",
        )
    exemption.valid_until = today - timedelta(days=1)
    exemption.save(update_fields=["valid_until"])
    log_all([exemption.customer], END, actor=actor, data=facts(exemption))
    return exemption


@transaction.atomic
def delete_exemption(exemption: TaxExemption, *, actor: Any) -> None:
    """With its document, which leaves the disk after the commit. Orders keep their copy."""
    exemption = _locked(exemption)
    log_all([exemption.customer], DELETE, actor=actor, data=facts(exemption))
    exemption.delete()


def _locked(exemption: TaxExemption) -> TaxExemption:
    Customer.objects.locked().get(pk=exemption.customer_id)
    return TaxExemption.objects.select_related("customer").get(pk=exemption.pk)


def _store(
    exemption: TaxExemption,
    reason: str,
    countries: Iterable[Any],
    valid_from: date | None,
    valid_until: date | None,
    document: Any,
    action: str,
    actor: Any,
) -> TaxExemption:
    customer = Customer.objects.locked().get(pk=exemption.customer_id)
    countries = list(countries)
    exemption.reason, exemption.valid_from, exemption.valid_until = _clean(reason), valid_from, valid_until
    _check(exemption, countries)
    if document:
        _attach(exemption, document)
    try:
        exemption.save()
        exemption.countries.set(countries)
        log_all([customer], action, actor=actor, data=facts(exemption))
    except Exception:
        if document:
            exemption.document.storage.delete(str(exemption.document.name))
        raise
    return exemption


def _clean(reason: str) -> str:
    # PostgreSQL has no place for the character zero.
    return " ".join(reason.replace("\0", "").split())


def _check(exemption: TaxExemption, countries: list[Any]) -> None:
    if not exemption.reason:
        raise ValidationError({"reason": _("Say why this customer pays no tax. The buyer reads it.")})
    if exemption.valid_from and exemption.valid_until and exemption.valid_until < exemption.valid_from:
        raise ValidationError(
            {"valid_until": ValidationError(_("The end must not lie before the start."), code="order")}
        )
    others = TaxExemption.objects.filter(customer=exemption.customer_id).exclude(pk=exemption.pk)
    codes = {country.pk for country in countries}
    for other in others.between(exemption.valid_from, exemption.valid_until).with_countries():
        if codes and other.country_codes and codes.isdisjoint(other.country_codes):
            continue
        raise ValidationError(_overlapping(other), code="overlap")


def _overlapping(other: TaxExemption) -> str:
    if other.country_codes:
        sentence = _(
            "The exemption “%(reason)s” holds in that time for these countries already: %(names)s. Change or end it "
            "first, or choose other dates or countries."
        )
    else:
        sentence = _(
            "The exemption “%(reason)s” holds in that time for all countries already. Change or end it first, or "
            "choose other dates."
        )
    return sentence % {"reason": other.reason, "names": ", ".join(other.country_names)}


def _attach(exemption: TaxExemption, upload: Any) -> None:
    try:
        check_upload(upload)
    except ValidationError as error:
        raise ValidationError({"document": error}) from error
    exemption.document_name = clean_name(upload.name)
    try:
        exemption.document.save(exemption.document_name, upload, save=False)
    except OSError as error:
        logger.exception("The document of a tax exemption could not be stored")
        sentence = _("The document could not be stored. Try again later, or save without it.")
        raise ValidationError({"document": sentence}) from error


def _forget_document(exemption: TaxExemption) -> None:
    """The file goes after the commit, so that a transaction that fails loses nothing."""
    storage, name = exemption.document.storage, exemption.document.name
    exemption.document, exemption.document_name = "", ""
    if name:
        transaction.on_commit(lambda: _delete_file(storage, name), robust=True)


def _delete_file(storage: Any, name: str) -> None:
    try:
        storage.delete(name)
    except OSError:
        logger.exception("The document %s of a tax exemption, which was replaced, is still there", name)
