"""The migrations, run for real: the rest of the suite makes its tables without them."""

import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from django.db import connection

from oscar_customers_ext.checks import SEARCH_INDEX

ROOT = Path(__file__).resolve().parents[1]

INDEX_IS_THERE = f"""
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    found = connection.introspection.get_constraints(cursor, "oscar_customers_ext_customer")
print("{SEARCH_INDEX}" in found)
"""


@pytest.fixture
def empty_database(tmp_path, request):
    """The URL of a new database on the server of this run, or of a new file."""
    if connection.vendor != "postgresql":
        yield f"sqlite:///{tmp_path}/db.sqlite3"
        return
    name = f"migrations_{uuid.uuid4().hex[:12]}"
    request.getfixturevalue("db")
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    yield f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(url, *arguments):
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_migrations_run_forwards_backwards_and_forwards_again(empty_database):
    django = ("-m", "django")
    run(empty_database, *django, "migrate", "--verbosity", "0")
    on_postgresql = connection.vendor == "postgresql"
    assert run(empty_database, "-c", INDEX_IS_THERE).strip() == str(on_postgresql)

    run(empty_database, *django, "migrate", "oscar_customers_ext", "zero", "--verbosity", "0")
    run(empty_database, *django, "migrate", "oscar_customers_ext", "--verbosity", "0")
    assert run(empty_database, "-c", INDEX_IS_THERE).strip() == str(on_postgresql)
    assert "No changes detected" in run(
        empty_database, *django, "makemigrations", "--check", "--dry-run", "oscar_customers_ext"
    )
