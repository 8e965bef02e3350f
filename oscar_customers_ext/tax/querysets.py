from typing import Any

from django.db import models
from django.db.models import F, Q


class TaxExemptionQuerySet(models.QuerySet):
    def on(self, day: Any) -> Any:
        """Those that hold on this day."""
        return self.between(day, day)

    def between(self, first: Any, last: Any) -> Any:
        """Those that hold on a day of this period; None is without a beginning, or without an end."""
        found = self
        if last is not None:
            found = found.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=last))
        if first is not None:
            found = found.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=first))
        return found

    def in_state(self, state: str, day: Any) -> Any:
        if state == "future":
            return self.filter(valid_from__gt=day)
        if state == "expired":
            return self.filter(valid_until__lt=day)
        return self.on(day)

    def with_countries(self) -> list[Any]:
        """In one query, with ``country_codes`` and ``country_names``, which are empty where it holds everywhere."""
        rows = self.annotate(
            one_code=F("countries__iso_3166_1_a2"), one_name=F("countries__printable_name")
        ).order_by("pk", "one_name")
        exemptions: dict[int, Any] = {}
        for row in rows:
            found = exemptions.setdefault(row.pk, row)
            if found is row:
                found.country_codes, found.country_names = set(), []
            if row.one_code:
                found.country_codes.add(row.one_code)
                found.country_names.append(row.one_name)
        return list(exemptions.values())
