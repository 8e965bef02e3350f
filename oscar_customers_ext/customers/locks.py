"""Work of ours within a page of a buyer, who must not notice it. Imports no model, see ``loader``."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from traceback import format_tb
from typing import Any

from django.db import connection, transaction

logger = logging.getLogger("oscar_customers_ext")


@contextmanager
def short_locks(seconds: int = 1) -> Iterator[None]:
    """A transaction that, on PostgreSQL, fails rather than let a buyer wait for an editor's bulk action.

    Within a transaction it is a savepoint; what comes after it waits as long as before.
    """
    before = _lock_timeout() if connection.in_atomic_block else ""
    with transaction.atomic():
        _set_lock_timeout(f"{seconds}s")
        yield
        if before:
            _set_lock_timeout(before)


def _lock_timeout() -> str:
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        return cursor.fetchone()[0]


def _set_lock_timeout(timeout: str) -> None:
    """For the rest of the transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [timeout])


@contextmanager
def unnoticed(sentence: str, *names: Any) -> Iterator[None]:
    """What fails in here is undone and logged under this sentence, and the buyer goes on. Locks are short.

    Only for what runs within a page of a buyer. The log says where it failed and with which kind of error, but not in
    the error's words: what a database says of a row may hold an address or a name.
    """
    try:
        with short_locks():
            yield
    except Exception as error:
        where = "".join(format_tb(error.__traceback__))
        logger.error(f"{sentence}: %s\n%s", *names, type(error).__name__, where)
