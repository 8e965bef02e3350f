"""What the site builder still has to set, each with the line to add."""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.checks import Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections
from django.urls import get_resolver
from django.utils.module_loading import import_string
from oscar.apps.customer.auth_backends import EmailBackend

from .accounts.user_names import name_field
from .conf import conf
from .customers.models import Customer
from .customers.notes.files import ALIAS, private_root
from .customers.numbers import computed_number
from .customers.staff import groups_of_staff
from .customers.vat_numbers import EU_PREFIXES, canonical, prefix_of_number
from .orders.states import Fulfilment, Payment
from .transfers.exports.settings_page import check_settings_app

LOADER = "oscar_customers_ext.loader.class_loader"
MIDDLEWARE = "oscar_customers_ext.middleware.CustomerMiddleware"
BASKET_MIDDLEWARE = "oscar.apps.basket.middleware.BasketMiddleware"
NAMESPACE = "oscar_customers_shop"
SEARCH_INDEX = "customer_search_text_trigram"


register(check_settings_app)


@register()
def check_class_loader(app_configs, **kwargs):
    current = settings.OSCAR_DYNAMIC_CLASS_LOADER
    if current == LOADER:
        return []
    hint = f'Add to your settings: OSCAR_DYNAMIC_CLASS_LOADER = "{LOADER}"'
    if current != "oscar.core.loading.default_class_loader":
        hint += (
            f' and OSCAR_CUSTOMERS_CLASS_LOADER = "{current}", which keeps your own loader in force below it.'
        )
    return [
        Warning(
            "Oscar's classes are not extended: Oscar uses another class loader.",
            hint=hint,
            id="oscar_customers_ext.W001",
        )
    ]


@register()
def check_site_class_loader(app_configs, **kwargs):
    try:
        import_string(conf.CLASS_LOADER)
    except ImportError as error:
        return [
            Error(
                f"OSCAR_CUSTOMERS_CLASS_LOADER cannot be imported: {error}.",
                hint="Give the dotted path of a function like oscar.core.loading.default_class_loader.",
                id="oscar_customers_ext.E001",
            )
        ]
    return []


@register()
def check_middleware(app_configs, **kwargs):
    middleware = list(settings.MIDDLEWARE)
    hint = f'Put "{MIDDLEWARE}" into MIDDLEWARE, right after "{BASKET_MIDDLEWARE}".'
    if MIDDLEWARE not in middleware:
        return [
            Warning("The middleware of customers is not installed.", hint=hint, id="oscar_customers_ext.W002")
        ]
    if BASKET_MIDDLEWARE in middleware and middleware.index(MIDDLEWARE) < middleware.index(BASKET_MIDDLEWARE):
        return [
            Warning(
                "The middleware of customers stands before Oscar's basket.",
                hint=hint,
                id="oscar_customers_ext.W003",
            )
        ]
    return []


@register()
def check_signing_in(app_configs, **kwargs):
    """Oscar's own backend takes what is typed for an e-mail address, and leaves user names to the next one."""
    backends = [import_string(path) for path in settings.AUTHENTICATION_BACKENDS]
    if name_field() is None or any(not issubclass(backend, EmailBackend) for backend in backends):
        return []
    return [
        Warning(
            "Customers cannot sign in to the shop with their user name.",
            hint='Add "django.contrib.auth.backends.ModelBackend" to AUTHENTICATION_BACKENDS, after Oscar\'s backend.',
            id="oscar_customers_ext.W008",
        )
    ]


@register()
def check_order_of_apps(app_configs, **kwargs):
    labels = [config.label for config in apps.get_app_configs()]
    if labels.index("oscar_customers_ext") < labels.index("oscar"):
        return []
    return [
        Warning(
            "oscar_customers_ext stands after Oscar, so Oscar's templates win over its own.",
            hint='Move "oscar_customers_ext" before oscar.INSTALLED_APPS in INSTALLED_APPS.',
            id="oscar_customers_ext.W004",
        )
    ]


@register(Tags.urls)
def check_urls(app_configs, **kwargs):
    if not getattr(settings, "ROOT_URLCONF", None) or NAMESPACE in get_resolver().namespace_dict:
        return []
    return [
        Warning(
            "The pages of customers for buyers are not mounted.",
            hint='Add to your urls.py, before Oscar and Wagtail: path("shop/customer/", include("oscar_customers_ext.urls"))',
            id="oscar_customers_ext.W006",
        )
    ]


@register()
def check_number_pattern(app_configs, **kwargs):
    try:
        computed_number(9_876_543)  # a small one could stand in the pattern's own text
    except ImproperlyConfigured as error:
        return [Error(str(error), hint='The default is "C{pk:06d}".', id="oscar_customers_ext.E002")]
    return []


@register()
def check_offer_types(app_configs, **kwargs):
    """Oscar's editor takes an offer of a type that it does not know for one of the others, so that everybody gets it."""
    types = list(settings.OSCAR_OFFERS_IMPLEMENTED_TYPES)
    if "USER" in types:
        return []
    return [
        Warning(
            "Discounts of customer groups cannot be changed in Oscar's dashboard: it does not offer their type.",
            hint=f"Add to your settings: OSCAR_OFFERS_IMPLEMENTED_TYPES = {[*types, 'USER']}",
            id="oscar_customers_ext.W020",
        )
    ]


@register(Tags.database)
def check_search_index(app_configs, databases=None, **kwargs):
    for alias in databases or []:
        connection = connections[alias]
        if connection.vendor != "postgresql":
            continue
        table = Customer._meta.db_table
        with connection.cursor() as cursor:
            if table not in connection.introspection.table_names(cursor):
                return []  # not migrated yet
            if SEARCH_INDEX in connection.introspection.get_constraints(cursor, table):
                return []
        return [
            Warning(
                "Searching customers reads the whole table: its trigram index is missing.",
                hint="Let an administrator run CREATE EXTENSION pg_trgm in this database, then "
                f"CREATE INDEX {SEARCH_INDEX} ON {table} USING gin (search_text gin_trgm_ops).",
                id="oscar_customers_ext.W005",
            )
        ]
    return []


@register()
def check_choices(app_configs, **kwargs):
    """Settings that take one of a few words."""
    choices = {
        "DELETE_WITH_ORDERS": ([conf.DELETE_WITH_ORDERS], ["archive", "refuse"]),
        "PAYMENT_OF_STATUS": (conf.PAYMENT_OF_STATUS.values(), Payment.values),
        "FULFILMENT_OF_STATUS": (conf.FULFILMENT_OF_STATUS.values(), Fulfilment.values),
    }
    return [
        Error(
            f"OSCAR_CUSTOMERS_{name} holds {word!r}, which means nothing here.",
            hint=f"Choose among: {', '.join(allowed)}.",
            id="oscar_customers_ext.E003",
        )
        for name, (words, allowed) in choices.items()
        for word in words
        if word not in allowed
    ]


@register()
def check_private_root(app_configs, **kwargs):
    if ALIAS in settings.STORAGES:
        return []
    private = private_root().resolve()
    public = {"MEDIA_ROOT": settings.MEDIA_ROOT, "STATIC_ROOT": settings.STATIC_ROOT}
    return [
        Error(
            f"The files of notes lie within {name}, where everybody can fetch them: {private}.",
            hint="Name a directory outside of it in OSCAR_CUSTOMERS_PRIVATE_ROOT, and move the files there.",
            id="oscar_customers_ext.E010",
        )
        for name, root in public.items()
        if root and private.is_relative_to(Path(root).resolve())
    ]


@register()
def check_numbers(app_configs, **kwargs):
    """Settings that are a number of something."""
    least = {
        "NOTE_FILE_SIZE": 1,
        "NOTE_FILES_AT_MOST": 0,
        "ABANDONED_AFTER_HOURS": 0,
        "CART_EMAIL_DAYS": 1,
        "EMAIL_CHANGE_HOURS": 1,
        "VAT_REGISTRY_TIMEOUT": 1,
        "VAT_VERDICT_DAYS": 1,
    }
    return [
        Error(
            f"OSCAR_CUSTOMERS_{name} is {getattr(conf, name)!r}, which is no number that fits.",
            hint=f"Give a whole number, {number} or more.",
            id="oscar_customers_ext.E011",
        )
        for name, number in least.items()
        if type(getattr(conf, name)) is not int or getattr(conf, name) < number
    ]


@register()
def check_vat_registry(app_configs, **kwargs):
    try:
        if conf.VAT_REGISTRY:
            import_string(conf.VAT_REGISTRY)
    except ImportError as error:
        return [
            Error(
                f"OSCAR_CUSTOMERS_VAT_REGISTRY cannot be imported: {error}.",
                hint="Give the dotted path of a class like oscar_customers_ext.tax.vat.registries.ViesRegistry, "
                "or an empty text to ask nobody.",
                id="oscar_customers_ext.E020",
            )
        ]
    return []


@register()
def check_vat_number_of_shop(app_configs, **kwargs):
    if not conf.VAT_NUMBER or canonical(conf.VAT_NUMBER) == conf.VAT_NUMBER:
        return []
    return [
        Error(
            f"OSCAR_CUSTOMERS_VAT_NUMBER is {conf.VAT_NUMBER!r}, which is no VAT number.",
            hint="Write it without spaces and with the letters of the country, like IT00743110157.",
            id="oscar_customers_ext.E021",
        )
    ]


@register()
def check_vat_rule(app_configs, **kwargs):
    if not conf.VAT_EXEMPTS_FOREIGN_COMPANIES or prefix_of_number(conf.VAT_NUMBER) in EU_PREFIXES:
        return []
    return [
        Error(
            "OSCAR_CUSTOMERS_VAT_EXEMPTS_FOREIGN_COMPANIES exempts nobody: it is not known in which EU country the shop is.",
            hint="Set OSCAR_CUSTOMERS_VAT_NUMBER to the shop's own VAT number, like IT00743110157.",
            id="oscar_customers_ext.E022",
        )
    ]


@register(Tags.database)
def check_roles(app_configs, databases=None, **kwargs):
    wanted = set(conf.ROLES)
    if not wanted or not databases or Group._meta.db_table not in connection.introspection.table_names():
        return []
    there = set(Group.objects.filter(name__in=wanted).values_list("name", flat=True))
    of_staff = set(groups_of_staff().filter(name__in=wanted).values_list("name", flat=True))
    faults = [(name, "does not exist") for name in sorted(wanted - there)]
    faults += [(name, "carries admin access") for name in sorted(of_staff)]
    return [
        Warning(
            f"OSCAR_CUSTOMERS_ROLES names a group that {fault}: {name}.",
            hint="It cannot be given to customers. Name groups without any permission of Wagtail, Oscar, accounts or customers.",
            id="oscar_customers_ext.W007",
        )
        for name, fault in faults
    ]
