"""Asking the registry about VAT numbers. The question itself is asked in no transaction of ours."""

import logging

from django.db import transaction
from django.utils import timezone

from oscar_customers_ext.conf import conf
from oscar_customers_ext.tax.models import VatCheck

from .registries import INVALID, UNAVAILABLE, VALID, Answer, get_registry
from .verdicts import oldest_that_counts

logger = logging.getLogger("oscar_customers_ext")


def check_vat_number(number: str, *, timeout: float | None = None) -> VatCheck | None:
    """Asks the registry about a number as it is stored, and keeps the answer. None where no registry knows it.

    Waits for the registry, ``timeout`` seconds at the most (else OSCAR_CUSTOMERS_VAT_REGISTRY_TIMEOUT).
    """
    registry = get_registry()
    if registry is None or not registry.supports(number):
        return None
    try:
        answer = registry.ask(number, timeout=timeout or conf.VAT_REGISTRY_TIMEOUT)
    except Exception:
        # A site's own registry: what it did wrong says nothing about the number.
        logger.exception("The registry of VAT numbers failed")
        answer = Answer(UNAVAILABLE)
    return record_answer(number, answer)


@transaction.atomic
def record_answer(number: str, answer: Answer) -> VatCheck:
    """Keeps what the registry said about this number. No answer takes nothing from a verdict that still counts."""
    check = VatCheck.objects.select_for_update().filter(number=number).first()
    now = timezone.now()
    if answer.state == UNAVAILABLE and check is not None and _still_counts(check):
        check.asked_at = now
        check.save(update_fields=["asked_at"])
        return check
    check, _created = VatCheck.objects.update_or_create(
        number=number,
        defaults={
            "state": VatCheck.State(answer.state),
            "checked_at": now,
            "asked_at": now,
            "consultation_number": answer.consultation_number,
            "company_name": answer.company_name,
        },
    )
    return check


def _still_counts(check: VatCheck) -> bool:
    return check.state in (VALID, INVALID) and check.checked_at >= oldest_that_counts()
