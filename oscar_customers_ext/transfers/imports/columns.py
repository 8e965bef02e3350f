"""Which field each column of a file is, as an editor chooses it."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_customers_ext.transfers.fields import (
    ACCOUNT,
    ADDRESS,
    ADDRESSES_AT_MOST,
    CONSENT,
    PERSON,
    label_of,
)
from oscar_customers_ext.transfers.shops.files import BY_KEY

from . import rights
from .access import limited_mapping
from .actions import IDENTITIES
from .files import lines_of
from .models import ImportJob
from .records import GUARDED, SECRET

#: First values that are shown of each column, and how much of each.
SAMPLE_ROWS = 3
SAMPLE_LENGTH = 40
GROUPS = (
    (gettext_lazy("Customer"), PERSON),
    (gettext_lazy("Address"), ADDRESS),
    (gettext_lazy("User account"), ACCOUNT),
    (gettext_lazy("Newsletter"), CONSENT),
)
HIDDEN = "••••••"


def is_secret(column: str, target: str | None) -> bool:
    return target == "password" or bool(SECRET.search(column))


def first_values(job: ImportJob, targets: list[str | None]) -> list[list[str]]:
    """Of each column the first values that there are, shortened; never a password."""
    rows = [line.row.cells for line in islice(lines_of(job), 50)]
    known = BY_KEY.get(job.shop)
    has_apostrophes = bool(known and known.apostrophes)
    samples = []
    for place, column in enumerate(job.header):
        values = [" ".join(cells[place].split()) for cells in rows if cells[place].strip()][:SAMPLE_ROWS]
        if has_apostrophes:
            values = [value[1:] if GUARDED.match(value) else value for value in values]
        if is_secret(column, targets[place]):
            values = [HIDDEN for _value in values[:1]]
        samples.append([shortened(value) for value in values])
    return samples


def shortened(value: str) -> str:
    return value if len(value) <= SAMPLE_LENGTH else value[: SAMPLE_LENGTH - 1] + "…"


def target_choices(mapping: list[str | None], user: Any) -> list[Any]:
    """All fields in groups, with one address more than the file has until now."""
    numbers = [int(target.partition("@")[2]) for target in mapping if target and "@" in target]
    left_out = rights.fields_left_out(user)
    addresses = min(max([1, *numbers]) + 1, ADDRESSES_AT_MOST)
    choices: list[Any] = [("", _("Leave it behind"))]
    for title, fields in GROUPS:
        choices.append((title, [(field.name, field.label) for field in fields if field.name not in left_out]))
        if fields is ADDRESS:
            for number in range(2, addresses + 1):
                further = [(f"{field.name}@{number}", label_of(f"{field.name}@{number}")) for field in fields]
                choices.append((_("Address %(number)d") % {"number": number}, further))
    return [choice for choice in choices if choice[1]]


class ColumnsForm(forms.Form):
    """One select per column, named by its place: names of columns may be anything."""

    def __init__(self, *args: Any, job: ImportJob, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.job = job
        mapping = limited_mapping(job.mapping, user)
        choices = target_choices(mapping, user)
        for place, target in enumerate(mapping):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=self.title_of(place),
                choices=choices,
                required=False,
                initial=target or "",
                error_messages={"invalid_choice": gettext_lazy("Choose a field of the list.")},
            )
        #: Columns that have a field which this member of staff may not fill.
        self.refused = [
            self.title_of(place) for place, target in enumerate(job.mapping) if target != mapping[place]
        ]

    def title_of(self, place: int) -> str:
        return self.job.header[place] or _("Column %(number)d") % {"number": place + 1}

    @cached_property
    def mapping(self) -> list[str | None]:
        return [self.cleaned_data.get(f"column_{place}") or None for place in range(len(self.job.header))]

    def clean(self) -> Any:
        cleaned = super().clean()
        first: dict[str, int] = {}
        for place, target in enumerate(self.mapping):
            if target and target in first:
                sentence = _(
                    "“%(field)s” is chosen for the column %(column)s, too. Leave one of the two behind."
                )
                values = {"field": label_of(target), "column": self.title_of(first[target])}
                self.add_error(f"column_{place}", sentence % values)
            elif target:
                first[target] = place
        if not self.errors and IDENTITIES.isdisjoint(first):
            raise ValidationError(_("Choose the column that holds the e-mail address."))
        return cleaned

    def chosen(self) -> list[str | None]:
        """What the selects show now, typed or not."""
        return [self[f"column_{place}"].value() or None for place in range(len(self.job.header))]

    def rows(self) -> Iterator[Any]:
        """Each column as (its select, its title, its first values)."""
        samples = first_values(self.job, self.chosen())
        for place, values in enumerate(samples):
            yield self[f"column_{place}"], self.title_of(place), values

    def left_behind(self) -> list[str]:
        return [self.title_of(place) for place, target in enumerate(self.chosen()) if not target]
