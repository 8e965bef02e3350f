"""Asking the registry in the background. A slow registry never makes a buyer, or staff who save, wait."""

import logging

from django.db import transaction
from django_tasks import task

from oscar_customers_ext.tax.models import VatCheck

from .actions import check_vat_number
from .limits import may_ask
from .registries import get_registry
from .verdicts import oldest_that_counts

logger = logging.getLogger("oscar_customers_ext")


@task()
def ask_registry(number: str) -> None:
    """Idempotent: the answer replaces the one before it."""
    check_vat_number(number)


def check_later(number: str, *, is_ordered: bool = False) -> None:
    """Asks about this number once the running transaction is committed, unless its verdict still counts.

    What is only typed in the shop is asked about within limits, see ``limits``; with an order it always is. Where tasks run at once, in the request itself, nobody is asked: ``manage.py check_vat_numbers`` does it.
    """
    if number and not _runs_at_once() and (is_ordered or may_ask(number)):
        # A lambda, never a partial: a failing partial raises on Django 5.2 in spite of robust=True.
        transaction.on_commit(lambda: _enqueue(number), robust=True)


def _runs_at_once() -> bool:
    """Wagtail's tasks and Django's own have a backend of this name each."""
    return any(base.__name__ == "ImmediateBackend" for base in type(ask_registry.get_backend()).__mro__)


def _enqueue(number: str) -> None:
    registry = get_registry()
    if registry is None or not registry.supports(number):
        return
    known = VatCheck.objects.filter(number=number, checked_at__gte=oldest_that_counts())
    if not known.exclude(state=VatCheck.State.UNAVAILABLE).exists():
        ask_registry.enqueue(number)
