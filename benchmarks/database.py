"""A database of its own for the benchmarks, made before and dropped afterwards. No other is touched."""

import os
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

NAME = "customers_bench"
HOW_TO = f"""\
The benchmarks need a PostgreSQL server in which they may create the database {NAME!r}.

Start one and name it, for example with Docker:
    docker run --rm -d -p 5432:5432 -e POSTGRES_PASSWORD=bench postgres:16
    DATABASE_URL=postgres://postgres:bench@127.0.0.1:5432/postgres make bench

or with Debian's packages:
    sudo apt-get install postgresql
    sudo -u postgres createuser --createdb --pwprompt bench
    DATABASE_URL=postgres://bench:PASSWORD@127.0.0.1:5432/postgres make bench
"""


def names_a_server(url):
    return urlsplit(url).scheme in {"postgres", "postgresql"}


def _administer(url, *statements):
    import psycopg

    server = urlunsplit(urlsplit(url)._replace(scheme="postgresql"))
    with psycopg.connect(server, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


@contextmanager
def own_database(url):
    """Points DATABASE_URL to the new database for this process and those it starts."""
    _administer(url, f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)", f"CREATE DATABASE {NAME}")
    os.environ["DATABASE_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{NAME}"))
    try:
        yield
    finally:
        _administer(url, f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
