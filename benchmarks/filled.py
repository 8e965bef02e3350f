"""Databases of filled shops, one for each size. They are kept: filling a big one takes minutes."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[1]
MANAGE = ROOT / "sandbox" / "manage.py"
#: Orders for each customer.
SHARE_OF_ORDERS = 0.3


def name_of(size):
    return f"customers_bench_{size}"


def url_of(server, size):
    return urlunsplit(urlsplit(server)._replace(path=f"/{name_of(size)}"))


def make_shop(server, size, *, fresh):
    """A migrated shop with so many customers; one that is there already is taken as it is, unless ``fresh``."""
    url = url_of(server, size)
    is_filled = not fresh and count_customers(server, size) >= size
    if not is_filled:
        administer(server, f"DROP DATABASE IF EXISTS {name_of(size)} WITH (FORCE)")
        administer(server, f"CREATE DATABASE {name_of(size)}")
    print(f"Shop with {size:,} customers: {'kept' if is_filled else 'filling'}", flush=True)
    manage(url, "migrate", "--verbosity", "0")
    if not is_filled:
        orders = int(size * SHARE_OF_ORDERS)
        # Everybody has an account, so that Oscar's own list of users shows the same people.
        manage(url, "seed_shop", "--customers", str(size), "--orders", str(orders), "--accounts", "100")


def manage(url, *arguments):
    environment = {**os.environ, "DATABASE_URL": url, "DEBUG": "0", "DJANGO_SETTINGS_MODULE": "shop.settings"}
    subprocess.run([sys.executable, MANAGE, *arguments], env=environment, check=True)


def administer(url, statement, parameters=()):
    import psycopg

    with psycopg.connect(
        urlunsplit(urlsplit(url)._replace(scheme="postgresql")), autocommit=True
    ) as connection:
        cursor = connection.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


def count_customers(server, size):
    """Of a shop that is there; 0 when the database or its tables are not."""
    if not administer(server, "SELECT 1 FROM pg_database WHERE datname = %s", [name_of(size)]):
        return 0
    url = url_of(server, size)
    if administer(url, "SELECT to_regclass('oscar_customers_ext_customer')") == [(None,)]:
        return 0
    return administer(url, "SELECT count(*) FROM oscar_customers_ext_customer")[0][0]
