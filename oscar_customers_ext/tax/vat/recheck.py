"""Which VAT numbers the registry is to be asked about, for the command."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from oscar_customers_ext.conf import conf
from oscar_customers_ext.customers.addresses.models import AddressCompany, CustomerAddress
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.vat_numbers import canonical, prefix_of_number
from oscar_customers_ext.tax.models import VatCheck

from .actions import check_vat_number
from .registries import get_registry

#: After so many failures in a row of one country, its other numbers wait for the next run.
PATIENCE = 3
#: Of this part of its days a verdict is left when it is asked for again, so that a registry may be out for some days.
LEFT = 4
#: A number may be typed for an order alone, and belong to nobody: its verdict is kept so long.
KEPT = timedelta(days=2)


class Recheck:
    """Asks about numbers in use, the ones that were never asked about first, then those asked longest ago."""

    def __init__(self, *, limit: int | None = None) -> None:
        self.limit = limit
        self.states: Counter[str] = Counter()
        self.forgotten = 0
        #: Due, but not asked about in this run: beyond the limit, or of a country that does not answer.
        self.left = 0

    @property
    def failed(self) -> int:
        return self.states[VatCheck.State.UNAVAILABLE]

    def run(self) -> None:
        in_use = numbers_in_use()
        self.forgotten = forget_unused(in_use)
        due = due_numbers(in_use)
        self.left = len(due)
        failures: Counter[str] = Counter()
        for number in due:
            if self.limit is not None and self.states.total() >= self.limit:
                break
            prefix = prefix_of_number(number)
            if failures[prefix] < PATIENCE:
                failures[prefix] = failures[prefix] + 1 if self._ask(number) else 0

    def _ask(self, number: str) -> bool:
        """Says whether the registry gave no answer."""
        begun = timezone.now()
        check = check_vat_number(number)
        if check is None:
            return False
        self.left -= 1
        failed = check.checked_at < begun or check.state == VatCheck.State.UNAVAILABLE
        self.states[VatCheck.State.UNAVAILABLE if failed else check.state] += 1
        return failed


def numbers_in_use() -> set[str]:
    """All numbers of customers and addresses that the registry knows, as they are stored now."""
    registry = get_registry()
    if registry is None:
        return set()
    found = {canonical(text, country or "") for text, country in _stored()}
    return {number for number in found if number and registry.supports(number)}


def _stored() -> Iterator[Any]:
    columns: dict[Any, str] = {
        Customer: "country",
        CustomerAddress: "country",
        AddressCompany: "address__country",
    }
    for model, country in columns.items():
        rows = model._default_manager.exclude(vat_number="").order_by()
        yield from rows.values_list("vat_number", country).distinct().iterator(chunk_size=2000)


def due_numbers(in_use: set[str]) -> list[str]:
    now = timezone.now()
    settled = Q(state__in=[VatCheck.State.VALID, VatCheck.State.INVALID])
    settled &= Q(checked_at__gte=now - timedelta(days=conf.VAT_VERDICT_DAYS) * (LEFT - 1) / LEFT)
    known = set(VatCheck.objects.values_list("number", flat=True))
    again = VatCheck.objects.exclude(settled).order_by(F("asked_at"), "pk").values_list("number", flat=True)
    return [*sorted(in_use - known), *(number for number in again if number in in_use)]


def forget_unused(in_use: set[str]) -> int:
    """Deletes verdicts about numbers that nobody has any more."""
    old = VatCheck.objects.filter(asked_at__lt=timezone.now() - KEPT).values_list("pk", "number")
    unused = [pk for pk, number in old if number not in in_use]
    for start in range(0, len(unused), 500):
        VatCheck.objects.filter(pk__in=unused[start : start + 500]).delete()
    return len(unused)
