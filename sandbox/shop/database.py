"""Which database the sandbox uses: an SQLite file, or whatever DATABASE_URL says."""

import importlib.util
import os

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

SQLITE = "django.db.backends.sqlite3"
POSTGRESQL = "django.db.backends.postgresql"
SUPPORTED_SCHEMES = {"sqlite": SQLITE, "postgres": POSTGRESQL, "postgresql": POSTGRESQL}

# Writers queue up instead of failing with "database is locked": a transaction takes its lock when it
# begins, a second writer waits for up to 20 seconds, and readers are never held up (WAL).
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;",
}

RIGHT_ONES = "use postgres://USER:PASSWORD@HOST:5432/NAME or sqlite:////absolute/path/db.sqlite3"


def database_from_environment(default_sqlite_path):
    """Return the entry for DATABASES["default"]; an empty DATABASE_URL counts as none."""
    url = os.environ.get("DATABASE_URL", "").strip()
    if not url:
        return {"ENGINE": SQLITE, "NAME": str(default_sqlite_path), "OPTIONS": SQLITE_OPTIONS}
    engine = engine_of(url)
    config = parse(url)
    if engine == SQLITE:
        return with_sqlite_options(config)
    check_postgresql(config)
    return config


def engine_of(url):
    scheme, separator, _rest = url.partition("://")
    if not separator:
        raise ImproperlyConfigured(f"DATABASE_URL is no database address: it has no '://'; {RIGHT_ONES}.")
    try:
        return SUPPORTED_SCHEMES[scheme.lower()]
    except KeyError:
        raise ImproperlyConfigured(
            f"DATABASE_URL asks for the database '{scheme}', which the sandbox does not support; {RIGHT_ONES}."
        ) from None


def parse(url):
    try:
        return dj_database_url.parse(url)
    except ValueError:
        # The original error is cut off: it may quote the address, and with it the password.
        raise ImproperlyConfigured(
            "DATABASE_URL cannot be read, probably because the port is no number or a special character in "
            f"the password is not percent-encoded; {RIGHT_ONES}."
        ) from None


def with_sqlite_options(config):
    if config["NAME"] == ":memory:":
        raise ImproperlyConfigured(
            f"DATABASE_URL names no file, and the sandbox cannot live in memory; {RIGHT_ONES}."
        )
    return {**config, "OPTIONS": {**config.get("OPTIONS", {}), **SQLITE_OPTIONS}}


def check_postgresql(config):
    if not config["NAME"]:
        raise ImproperlyConfigured(f"DATABASE_URL names no database after the host; {RIGHT_ONES}.")
    if importlib.util.find_spec("psycopg") is None:
        raise ImproperlyConfigured(
            "DATABASE_URL asks for PostgreSQL, but its driver is not installed; "
            "run pip install 'psycopg[binary]' or leave DATABASE_URL empty to use SQLite."
        )


def check_connection():
    """Say in one sentence why the database cannot be opened, before a command runs into it."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        reason = str(error).strip().partition("\n")[0].rstrip(".")
        password = connection.settings_dict.get("PASSWORD")
        if password:
            reason = reason.replace(password, "***")
        raise ImproperlyConfigured(
            f"The database cannot be opened ({reason}); start it, or correct DATABASE_URL: {RIGHT_ONES}."
        ) from None
    finally:
        connection.close()
