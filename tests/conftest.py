import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.sites.models import Site
from django.db import connection
from django.template import engines
from django.urls import get_resolver
from django.utils import translation
from wagtail.models import Locale

from tests.factories import make_country, make_product, make_user


@pytest.fixture(autouse=True, scope="session")
def _everything_loaded(django_db_setup, django_db_blocker):
    """Templates and URLs load on first use, and stay: under the settings of a test, were it the first to use them."""
    with django_db_blocker.unblock():
        engines.all()
        get_resolver().url_patterns  # noqa: B018


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Ids start in the thousands, elsewhere in each table.

    On PostgreSQL they go on over all tests of a process: a test that needs small or equal ones would fail only when
    many ran before it.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        # None where no test of this run needs a database: then there is no database of tests.
        there = set(connection.introspection.table_names(cursor))
        tables = sorted(
            there & {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
        )
        for position, table in enumerate(tables):
            for sequence in connection.introspection.get_sequences(cursor, table):
                start_sequence(cursor, sequence, at=1000 + 137 * position)


def start_sequence(cursor, sequence, at):
    if connection.vendor == "postgresql":
        cursor.execute("SELECT setval(%s, %s)", [sequence["name"], at])
    else:
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [sequence["table"], at])


@pytest.fixture(autouse=True)
def _clean_caches():
    """Sites are cached by id in the process; a rolled back test would leave a stale one behind."""
    Site.objects.clear_cache()
    yield
    Site.objects.clear_cache()


@pytest.fixture(autouse=True)
def _language_of_the_tests():
    """A request leaves its language active in the thread, and the next test would speak it."""
    with translation.override("en"):
        yield


@pytest.fixture
def shop(db):
    """What a shop needs before somebody can buy: a country and a product (migrations do not run in tests)."""
    Locale.objects.get_or_create(language_code="en")
    Site.objects.get_or_create(pk=1, defaults={"domain": "testserver", "name": "Tests"})
    make_country()
    return make_product()


@pytest.fixture
def sign_in(client, shop):
    """A client signed in as staff of the Wagtail admin with exactly these permissions, like "view_customer"."""

    def _sign_in(*codenames, superuser=False, email="staff@example.org"):
        user = make_user(email, is_superuser=superuser)
        group = Group.objects.create(name=f"Staff {user.pk}")
        group.permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
        user.groups.add(group)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return _sign_in


@pytest.fixture
def editor(sign_in):
    return sign_in("add_customer", "change_customer", "delete_customer", "view_customer", "view_order")


@pytest.fixture
def viewer(sign_in):
    return sign_in("view_customer", "view_order")
