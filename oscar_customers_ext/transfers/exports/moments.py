"""Dates with their time, by the clock of the shop: two members of staff with different clocks get the same file."""

from datetime import datetime
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


def fetched(name: str) -> Any:
    """What to ask the database for."""
    return LocalText(name, output_field=TextField()) if connection.vendor == "postgresql" else name


def written(moment: datetime | str) -> str:
    if isinstance(moment, str):
        return moment
    return moment.astimezone(timezone.get_default_timezone()).isoformat(" ", "seconds")[:19]
