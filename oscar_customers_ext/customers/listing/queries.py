"""The query string of the list, as far as it may be stored: search, filters and order."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

MAX_LENGTH = 4_000


def parameters_of(list_view: Any) -> set[str]:
    """The names that mean something to the list, apart from its page and the like."""
    names = {list_view.search_kwarg, "ordering"}
    for name, field in list_view.filters.form.fields.items():
        names.add(name)
        names.update(f"{name}_{suffix}" for suffix in getattr(field.widget, "suffixes", ()))
    return names


def clean_query(asked: QueryDict, names: Iterable[str]) -> str:
    """The query string with these parameters only, in their order and without empty ones."""
    cleaned = QueryDict(mutable=True)
    for name, values in asked.lists():
        if name in names and any(values):
            cleaned.setlist(name, [value for value in values if value])
    return cleaned.urlencode()


def check_length(query: str) -> str:
    if len(query) > MAX_LENGTH:
        raise ValidationError(_("These are more filters than a view can keep. Take some away."))
    return query
