"""Dates with their time, by the clock of the shop: two members of staff with different clocks get the same file."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Func, TextField
from django.utils import timezone


class LocalText(Func):
    """The moment as text. PostgreSQL writes it far faster than Python does; elsewhere it stays a moment."""

    function = "TO_CHAR"
    template = "TO_CHAR(%(expressions)s AT TIME ZONE %%s, 'YYYY-MM-DD HH24:MI:SS')"
    arity = 1

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        sql, params = super().as_sql(compiler, connection, **context)
        return sql, [*params, timezone.get_default_timezone_name()]


class StoredText(Func):
    """The moment as SQLite keeps it: a text in UTC. To make a moment of it and a text again takes longer than the rest."""

    template = "SUBSTR(%(expressions)s, 1, 19)"
    arity = 1


def fetched(name: str) -> Any:
    """What to ask the database for."""
    if connection.vendor == "postgresql":
        return LocalText(name, output_field=TextField())
    if _is_kept_in_utc():
        return StoredText(name, output_field=TextField())
    return name


def _is_kept_in_utc() -> bool:
    return connection.vendor == "sqlite" and connection.timezone_name == "UTC"


def written(moments: Iterable[Any]) -> list[str]:
    """Whatever ``fetched`` brought, and moments from elsewhere; an empty text where there is none."""
    zone = timezone.get_default_timezone_name()
    if _is_kept_in_utc():
        return [moment and _local(moment, zone) or "" for moment in moments]
    return [moment if isinstance(moment, str) else _text_of(moment) for moment in moments]


def _local(moment: str | datetime, zone: str) -> str:
    if not isinstance(moment, str):
        return _text_of(moment)
    hour = _hours(moment[:10], zone)[int(moment[11:13])]
    return hour + moment[13:] if hour else _text_of(datetime.fromisoformat(moment).replace(tzinfo=UTC))


@lru_cache(maxsize=4096)
def _hours(day: str, zone: str) -> list[str]:
    """Day and hour here for each hour of a day in UTC; empty where minutes differ, too, or the clock is changed."""
    midnight = datetime.fromisoformat(day).replace(tzinfo=UTC)
    hours = []
    for number in range(24):
        begins = midnight + timedelta(hours=number)
        first, last = _text_of(begins), _text_of(begins + timedelta(minutes=59, seconds=59))
        hours.append(first[:13] if first[13:] == ":00:00" and last == f"{first[:13]}:59:59" else "")
    return hours


def _text_of(moment: datetime | None) -> str:
    if moment is None:
        return ""
    return moment.astimezone(timezone.get_default_timezone()).isoformat(" ", "seconds")[:19]
