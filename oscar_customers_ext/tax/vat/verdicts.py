"""What is known about a VAT number. A verdict belongs to its number: another number has another one, or none yet.

Imports no model at the top, see ``loader``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from oscar_customers_ext.conf import conf

from .registries import get_registry
from .states import VatState

#: No registry was asked yet.
UNKNOWN = ""


@dataclass(frozen=True)
class VatVerdict:
    number: str
    state: str = UNKNOWN
    checked_at: datetime | None = None
    consultation_number: str = ""
    #: As the registry has it, which may be anything: to be escaped.
    company_name: str = ""

    def __str__(self) -> str:
        return self.number

    @property
    def label(self) -> Any:
        return VatState(self.state).label if self.state else _("Not checked yet")

    @property
    def is_fresh(self) -> bool:
        """Whether the registry's word still counts."""
        return self.checked_at is not None and self.checked_at >= oldest_that_counts()


def oldest_that_counts() -> datetime:
    return timezone.now() - timedelta(days=conf.VAT_VERDICT_DAYS)


def verdict_of(number: str) -> VatVerdict:
    """Of a number as it is stored, see ``vat_numbers``. One query, none for a number that no registry knows."""
    return verdicts_of([number])[number]


def verdicts_of(numbers: Iterable[str]) -> dict[str, VatVerdict]:
    numbers, registry = list(numbers), get_registry()
    asked = [number for number in numbers if registry is not None and registry.supports(number)]
    checks = get_model("oscar_customers_ext", "VatCheck").objects
    known = checks.filter(number__in=asked) if asked else ()
    found = {check.number: _verdict(check) for check in known}
    rest = {
        number: VatVerdict(number, UNKNOWN if number in asked else VatState.UNSUPPORTED) for number in numbers
    }
    return {**rest, **found}


def _verdict(check: Any) -> VatVerdict:
    return VatVerdict(
        check.number, check.state, check.checked_at, check.consultation_number, check.company_name
    )
