"""Every check is asked through Django's own registry, as ``manage.py check`` does."""

import pytest
from django.apps import apps
from django.core.checks import Error, Tags, Warning, run_checks
from django.db import connection

LOADER = "oscar_customers_ext.loader.class_loader"
MIDDLEWARE = "oscar_customers_ext.middleware.CustomerMiddleware"
BASKET = "oscar.apps.basket.middleware.BasketMiddleware"

# Django 6 asks the database already for the checks of models.
pytestmark = pytest.mark.django_db


def ours(**kwargs):
    return [
        message for message in run_checks(**kwargs) if (message.id or "").startswith("oscar_customers_ext.")
    ]


def the_one(id):
    [message] = ours()
    assert message.id == f"oscar_customers_ext.{id}"
    return message


def test_a_site_that_is_set_up_hears_nothing():
    assert ours() == []


EMAIL_BACKEND = "oscar.apps.customer.auth_backends.EmailBackend"


def test_oscars_backend_alone_knows_no_user_names(settings):
    settings.AUTHENTICATION_BACKENDS = [EMAIL_BACKEND]

    assert "django.contrib.auth.backends.ModelBackend" in the_one("W008").hint


def test_another_backend_beside_it_may_know_them(settings):
    settings.AUTHENTICATION_BACKENDS = [
        EMAIL_BACKEND,
        "django.contrib.auth.backends.AllowAllUsersModelBackend",
    ]

    assert ours() == []


def test_the_dashboard_must_know_the_type_of_discounts_of_groups(settings):
    settings.OSCAR_OFFERS_IMPLEMENTED_TYPES = ["SITE", "SESSION"]

    assert the_one("W020").hint.endswith("OSCAR_OFFERS_IMPLEMENTED_TYPES = ['SITE', 'SESSION', 'USER']")


def test_a_missing_class_loader_is_told_with_the_line_to_add(settings):
    settings.OSCAR_DYNAMIC_CLASS_LOADER = "oscar.core.loading.default_class_loader"

    warning = the_one("W001")

    assert isinstance(warning, Warning)
    assert f'OSCAR_DYNAMIC_CLASS_LOADER = "{LOADER}"' in warning.hint
    assert "OSCAR_CUSTOMERS_CLASS_LOADER" not in warning.hint


def test_a_site_with_its_own_class_loader_is_told_how_to_keep_it(settings):
    settings.OSCAR_DYNAMIC_CLASS_LOADER = "shop.loading.find"

    hint = the_one("W001").hint

    assert f'OSCAR_DYNAMIC_CLASS_LOADER = "{LOADER}"' in hint
    assert 'OSCAR_CUSTOMERS_CLASS_LOADER = "shop.loading.find"' in hint


@pytest.mark.parametrize("path", ["shop.missing.class_loader", "oscar.core.loading.missing", "nonsense"])
def test_a_class_loader_that_cannot_be_imported_is_an_error(path, settings):
    settings.OSCAR_CUSTOMERS_CLASS_LOADER = path

    error = the_one("E001")

    assert isinstance(error, Error)
    assert "OSCAR_CUSTOMERS_CLASS_LOADER" in error.msg
    assert "oscar.core.loading.default_class_loader" in error.hint


def test_a_missing_middleware_is_told_with_the_line_to_add(settings):
    settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if path != MIDDLEWARE]

    hint = the_one("W002").hint

    assert f'"{MIDDLEWARE}"' in hint
    assert f'"{BASKET}"' in hint


def test_a_middleware_before_the_basket_is_told_where_to_stand(settings):
    settings.MIDDLEWARE = [MIDDLEWARE, *[path for path in settings.MIDDLEWARE if path != MIDDLEWARE]]

    hint = the_one("W003").hint

    assert f'right after "{BASKET}"' in hint


def test_standing_behind_oscar_is_told(monkeypatch):
    configs = dict(apps.app_configs)
    configs["oscar_customers_ext"] = configs.pop("oscar_customers_ext")
    monkeypatch.setattr(apps, "app_configs", configs)

    warning = the_one("W004")

    assert '"oscar_customers_ext" before oscar.INSTALLED_APPS' in warning.hint


def test_missing_urls_are_told_with_the_line_to_add(settings):
    settings.ROOT_URLCONF = "wagtail.urls"

    warning = the_one("W006")

    assert 'path("shop/customer/", include("oscar_customers_ext.urls"))' in warning.hint


@pytest.mark.parametrize(
    "pattern",
    [
        "C{year}",
        "C{pk",
        "C{}",
        "CUSTOMER",
        "{pk:040d}",
        "C{pk:s}",
        "C{pk.missing}",
        "C{pk[0]}",
        "C1",
        "C{pk:x}",
    ],
)
def test_a_number_pattern_that_cannot_be_filled_in_is_an_error(pattern, settings):
    settings.OSCAR_CUSTOMERS_NUMBER_PATTERN = pattern

    error = the_one("E002")

    assert isinstance(error, Error)
    assert repr(pattern) in error.msg
    assert "C{pk:06d}" in error.hint


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has the trigram index")
def test_a_missing_search_index_is_told_with_the_statement_to_run():
    # The tests' database is made without migrations, so it has no such index.
    [warning] = ours(tags=[Tags.database], databases=["default"])

    assert warning.id == "oscar_customers_ext.W005"
    create = warning.hint[warning.hint.index("CREATE INDEX") :].rstrip(".")
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute(create)
    assert ours(tags=[Tags.database], databases=["default"]) == []


def test_a_database_that_is_not_asked_for_is_not_looked_at(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert ours(tags=[Tags.database], databases=[]) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DELETE_WITH_ORDERS", "purge"),
        ("PAYMENT_OF_STATUS", {"Paid": "payed"}),
        ("FULFILMENT_OF_STATUS", {"Shipped": "some"}),
    ],
)
def test_a_word_that_means_nothing_is_an_error(name, value, settings):
    setattr(settings, f"OSCAR_CUSTOMERS_{name}", value)

    error = the_one("E003")

    assert isinstance(error, Error)
    assert f"OSCAR_CUSTOMERS_{name}" in error.msg
    assert error.hint.startswith("Choose among: ")


@pytest.mark.parametrize("name", ["MEDIA_ROOT", "STATIC_ROOT"])
@pytest.mark.parametrize("below", ["", "customer_files", "other/../files"])
def test_private_files_below_a_public_directory_are_an_error(name, below, settings, tmp_path):
    setattr(settings, name, str(tmp_path / "public"))
    settings.OSCAR_CUSTOMERS_PRIVATE_ROOT = str(tmp_path / "public" / below)

    error = the_one("E010")

    assert isinstance(error, Error)
    assert name in error.msg
    assert "OSCAR_CUSTOMERS_PRIVATE_ROOT" in error.hint


def test_private_files_behind_a_link_into_a_public_directory_are_an_error(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "public")
    (tmp_path / "public").mkdir()
    (tmp_path / "private").symlink_to(tmp_path / "public")
    settings.OSCAR_CUSTOMERS_PRIVATE_ROOT = str(tmp_path / "private")

    assert the_one("E010")


def test_private_files_beside_the_public_ones_or_in_a_bucket_are_fine(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.OSCAR_CUSTOMERS_PRIVATE_ROOT = str(tmp_path / "media-private")
    assert ours() == []

    settings.OSCAR_CUSTOMERS_PRIVATE_ROOT = str(tmp_path / "media" / "x")
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = {**settings.STORAGES, "oscar_customers_private": memory}
    assert ours() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NOTE_FILE_SIZE", 0),
        ("NOTE_FILE_SIZE", "10 MB"),
        ("NOTE_FILES_AT_MOST", -1),
        ("ABANDONED_AFTER_HOURS", None),
        ("ABANDONED_AFTER_HOURS", True),
        ("CART_EMAIL_DAYS", 0),
        ("CART_EMAIL_DAYS", 1.5),
    ],
)
def test_a_number_that_does_not_fit_is_an_error(name, value, settings):
    setattr(settings, f"OSCAR_CUSTOMERS_{name}", value)

    error = the_one("E011")

    assert isinstance(error, Error)
    assert f"OSCAR_CUSTOMERS_{name} is {value!r}" in error.msg
    assert error.hint.startswith("Give a whole number, ")


def test_a_registry_that_cannot_be_imported_is_reported(settings):
    settings.OSCAR_CUSTOMERS_VAT_REGISTRY = "shop.registries.Missing"

    error = the_one("E020")

    assert error.msg == "OSCAR_CUSTOMERS_VAT_REGISTRY cannot be imported: No module named 'shop'."
    settings.OSCAR_CUSTOMERS_VAT_REGISTRY = ""
    assert ours() == []


@pytest.mark.parametrize("number", ["IT 00743110157", "00743110157", "IT00743110158", "12 34"])
def test_a_number_of_the_shop_that_is_none_is_reported(settings, number):
    settings.OSCAR_CUSTOMERS_VAT_NUMBER = number

    assert the_one("E021").msg == f"OSCAR_CUSTOMERS_VAT_NUMBER is {number!r}, which is no VAT number."
    settings.OSCAR_CUSTOMERS_VAT_NUMBER = "IT00743110157"
    assert ours() == []
