from typing import Any

from django.db import models
from django.db.models import F, Q


class TaxExemptionQuerySet(models.QuerySet):
    def on(self, day: Any) -> Any:
        """Those that hold on this day."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_until__isnull=True) | Q(valid_until__gte=day),
        )

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
