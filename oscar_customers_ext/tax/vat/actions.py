"""Asking the registry about VAT numbers, and what buyers say about their company.

The registry itself is asked in no transaction of ours. ``actor`` is the member of staff who acts, None for the buyer.
"""

import logging
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from oscar_customers_ext.audit import log_all
from oscar_customers_ext.conf import conf
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.tax.models import VatCheck

from .audit import CHANGE_COMPANY, CHECK_VAT_NUMBERS
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


#: Staff wait for the answer.
SHORT = 5.0
#: So many numbers of one customer are asked about at once.
AT_ONCE = 5


def check_now(customer: Customer, numbers: Iterable[str], *, actor: Any = None) -> dict[str, str]:
    """Asks about these numbers of the customer while staff wait, and says the state of each that was asked about.

    Ends with the first that gets no answer: the others would get none either, and each is waited for.
    """
    states: dict[str, str] = {}
    for number in list(numbers)[:AT_ONCE]:
        begun = timezone.now()
        check = check_vat_number(number, timeout=min(SHORT, conf.VAT_REGISTRY_TIMEOUT))
        if check is None:
            continue
        failed = check.checked_at < begun or check.state == UNAVAILABLE
        states[number] = UNAVAILABLE if failed else check.state
        if failed:
            break
    if states:
        log_all([customer], CHECK_VAT_NUMBERS, actor=actor, data={"numbers": states})
    return states


@transaction.atomic
def save_company(customer: Customer, *, company_name: str, vat_number: str, actor: Any = None) -> Customer:
    """Changes the two columns of the customer alone, and logs what was changed. ``vat_number`` is as it is stored.

    Raises ValidationError with a sentence per column.
    """
    locked = Customer.objects.locked().filter(pk=customer.pk).first()
    if locked is None:
        raise ValidationError(_("This customer was deleted meanwhile."), code="gone")
    wanted = {"company_name": company_name, "vat_number": vat_number}
    before = {name: getattr(locked, name) for name in wanted}
    changes = {name: [before[name], text] for name, text in wanted.items() if before[name] != text}
    if not changes:
        return locked
    for name, (_old, text) in changes.items():
        setattr(locked, name, text)
        setattr(customer, name, text)
    locked.clean_fields(exclude=[field.name for field in locked._meta.fields if field.name not in wanted])
    locked.save(update_fields={*changes, "modified_at"})
    log_all([locked], CHANGE_COMPANY, actor=actor, data={"changes": changes})
    return locked
