"""Many rows in one statement, for tables of which nobody needs the new keys back.

As ``bulk_create`` and ``bulk_update``, in a third of the time: Django compiles every value of every row by itself, and
cuts what it has compiled into pieces that SQLite takes. Both lead to the same rows; no signal is sent by either.

PostgreSQL gets the rows as one text of JSON, because drivers write lists value by value, too.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.db import connections, models, router

FAST = ("postgresql", "sqlite")


def insert_rows(model: Any, instances: Iterable[Any]) -> None:
    """Rows with a key of their own keep it, the others get one, which they are not told."""
    rows = list(instances)
    connection = connections[router.db_for_write(model)]
    if not rows:
        return
    if connection.vendor not in FAST:
        model._base_manager.bulk_create(rows)
        return
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    if rows[0].pk is None:
        fields.remove(model._meta.pk)
    columns = [_prepared(field, rows, connection, is_new=True) for field in fields]
    names = ", ".join(_quoted(connection, field.column) for field in fields)
    table = _quoted(connection, model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            signs = ", ".join(["%s"] * len(fields))
            statement = f"INSERT INTO {table} ({names}) VALUES ({signs})"  # noqa: S608
            cursor.executemany(statement, list(zip(*columns, strict=True)))
        else:
            statement = f"INSERT INTO {table} ({names}) {_selection(fields, connection)}"
            cursor.execute(statement, [_as_json(fields, columns)])


def insert_with_keys(model: Any, rows: list[Any]) -> None:
    """The same for rows whose keys are needed afterwards."""
    if reserve_keys(model, rows):
        insert_rows(model, rows)
    else:
        model._base_manager.bulk_create(rows)


def reserve_keys(model: Any, rows: list[Any]) -> bool:
    """Gives the rows their keys before they are inserted. False where the database does not let us."""
    connection, table = connections[router.db_for_write(model)], model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), model._meta.pk.column, len(rows)],
            )
            keys = [key for (key,) in cursor.fetchall()]
        elif connection.vendor == "sqlite":
            # The transaction has written before, so nobody else inserts.
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            last = (cursor.fetchone() or [0])[0]
            keys = list(range(last + 1, last + 1 + len(rows)))
        else:
            return False
    for row, key in zip(rows, keys, strict=True):
        row.pk = key
    return True


def update_rows(model: Any, instances: Iterable[Any], names: Iterable[str]) -> None:
    """These fields of these stored rows, each by its key."""
    rows = list(instances)
    connection = connections[router.db_for_write(model)]
    if not rows:
        return
    if connection.vendor not in FAST:
        model._base_manager.bulk_update(rows, list(names))
        return
    fields = [model._meta.get_field(name) for name in sorted(names)]
    columns = [_prepared(field, rows, connection, is_new=False) for field in (*fields, model._meta.pk)]
    quoted = [_quoted(connection, field.column) for field in fields]
    key, table = (_quoted(connection, name) for name in (model._meta.pk.column, model._meta.db_table))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            changes = ", ".join(f"{name} = %s" for name in quoted)
            statement = f"UPDATE {table} SET {changes} WHERE {key} = %s"  # noqa: S608
            cursor.executemany(statement, list(zip(*columns, strict=True)))
        else:
            changes = ", ".join(f"{name} = new.{name}" for name in quoted)
            given = _selection([*fields, model._meta.pk], connection)
            statement = f"UPDATE {table} SET {changes} FROM ({given}) AS new WHERE {table}.{key} = new.{key}"  # noqa: S608
            cursor.execute(statement, [_as_json([*fields, model._meta.pk], columns)])


def _prepared(field: Any, rows: list[Any], connection: Any, *, is_new: bool) -> list[Any]:
    """What is stored for each row."""
    values = [field.pre_save(row, is_new) for row in rows]
    if isinstance(field, models.CharField | models.TextField):
        # Choices and translated texts are texts that no driver knows.
        return [value if value is None or type(value) is str else str(value) for value in values]
    if isinstance(field, models.JSONField):
        return [None if value is None else json.dumps(value, cls=field.encoder) for value in values]
    return [field.get_db_prep_save(value, connection) for value in values]


def _selection(fields: list[Any], connection: Any) -> str:
    """The rows of a parameter of JSON. Types without lengths: what is too long is refused, and not cut."""
    types = [field.db_type(connection).partition("(")[0] for field in fields]
    quoted = [_quoted(connection, field.column) for field in fields]
    pairs = list(zip(quoted, types, strict=True))
    values = ", ".join(f"{name}::jsonb AS {name}" if kind == "jsonb" else name for name, kind in pairs)
    given = ", ".join(f"{name} {'text' if kind == 'jsonb' else kind}" for name, kind in pairs)
    return f"SELECT {values} FROM json_to_recordset(%s::json) AS given ({given})"  # noqa: S608


def _as_json(fields: list[Any], columns: list[list[Any]]) -> str:
    names = [field.column for field in fields]
    # Whatever JSON has no form for, moments and the like, PostgreSQL reads as they are written.
    return json.dumps([dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)], default=str)


def _quoted(connection: Any, name: str) -> str:
    return connection.ops.quote_name(name)
