"""Settings of the sandbox: what a site builder writes to get Wagtail, Oscar and this package together."""

import os
from pathlib import Path

import django
from django.utils.translation import gettext_lazy as _
from oscar import INSTALLED_APPS as OSCAR_APPS
from oscar.defaults import *  # noqa: F403 - how Oscar's documentation sets it up

from shop.database import POSTGRESQL, database_from_environment

SANDBOX = Path(__file__).resolve().parent.parent

DEBUG = os.environ.get("DEBUG", "1").lower() not in {"0", "false", "no", "off"}
# Known to everybody who reads this file: right for a demo on localhost, wrong for a shop on the internet.
SECRET_KEY = "sandbox-only-not-a-secret"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
INTERNAL_IPS = ["127.0.0.1"]

DATABASES = {"default": database_from_environment(SANDBOX / "db.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

WAGTAIL_APPS = [
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
]
FORKED_APPS = {
    "oscar.apps.basket.apps.BasketConfig": "basket.apps.BasketConfig",
    "oscar.apps.checkout.apps.CheckoutConfig": "checkout.apps.CheckoutConfig",
    "oscar.apps.partner.apps.PartnerConfig": "partner.apps.PartnerConfig",
    "oscar.apps.search.apps.SearchConfig": "search.apps.SearchConfig",
    "oscar.apps.shipping.apps.ShippingConfig": "shipping.apps.ShippingConfig",
}
INSTALLED_APPS = [
    "oscar_customers_ext",
    "pages",
    "demo",
    *WAGTAIL_APPS,
    *[FORKED_APPS.get(app, app) for app in OSCAR_APPS],
]
if DATABASES["default"]["ENGINE"] == POSTGRESQL:
    INSTALLED_APPS.append("django.contrib.postgres")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
    "oscar_customers_ext.middleware.CustomerMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SANDBOX / "shop" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "oscar.apps.search.context_processors.search_form",
                "oscar.apps.checkout.context_processors.checkout",
                "oscar.apps.communication.notifications.context_processors.notifications",
                "oscar.core.context_processors.metadata",
            ],
        },
    },
]

AUTHENTICATION_BACKENDS = [
    "oscar.apps.customer.auth_backends.EmailBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "customer:login"
LOGIN_REDIRECT_URL = "customer:summary"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("it", _("Italian"))]
LOCALE_PATHS = [SANDBOX / "shop" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Rome"

STATIC_URL = "/static/"
STATIC_ROOT = SANDBOX / "static_root"
STATICFILES_DIRS = [SANDBOX / "shop" / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = SANDBOX / "media"

# Mail lands in files, so that it can be read and a checkout never waits for a mail server.
MAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
MAIL_FOLDER = SANDBOX / "mail"
if django.VERSION >= (6, 1):
    MAILERS = {"default": {"BACKEND": MAIL_BACKEND, "OPTIONS": {"file_path": MAIL_FOLDER}}}
else:
    EMAIL_BACKEND = MAIL_BACKEND
    EMAIL_FILE_PATH = MAIL_FOLDER

SITE_ID = 1
# Oscar will not start without this; products are listed from the database, see search/views/base.py.
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
# The simple engine has no index; the default processor would warn at each save that it cannot update one.
HAYSTACK_SIGNAL_PROCESSOR = "haystack.signals.BaseSignalProcessor"

OSCAR_DYNAMIC_CLASS_LOADER = "oscar_customers_ext.loader.class_loader"
# Django groups without any permission: what a customer is to the shop, not what a member of staff may do.
OSCAR_CUSTOMERS_ROLES = ["Dealers", "Press"]
OSCAR_SHOP_NAME = "Bottega Sandbox"
OSCAR_SHOP_TAGLINE = _("Ceramics and kitchenware from Italy")
OSCAR_HOMEPAGE = "/"
OSCAR_DEFAULT_CURRENCY = "EUR"
# Room for the whole assortment on one page.
OSCAR_PRODUCTS_PER_PAGE = 24
OSCAR_FROM_EMAIL = "bottega@example.com"
OSCAR_ALLOW_ANON_CHECKOUT = True
# Prices include tax here, so an offer must be worked out on the price including tax, too.
OSCAR_OFFERS_INCL_TAX = True
# The discounts of customer groups can be changed in the dashboard as well.
OSCAR_OFFERS_IMPLEMENTED_TYPES = ["SITE", "VOUCHER", "USER"]
OSCAR_THUMBNAILER = "shop.thumbnails.OriginalPicture"

OSCAR_INITIAL_ORDER_STATUS = "Pending"
OSCAR_INITIAL_LINE_STATUS = "Pending"
OSCAR_ORDER_STATUS_PIPELINE = {
    "Pending": ("Paid", "Cancelled"),
    "Paid": ("Shipped", "Complete", "Cancelled"),
    "Shipped": ("Complete",),
    "Complete": (),
    "Cancelled": (),
}
OSCAR_LINE_STATUS_PIPELINE = OSCAR_ORDER_STATUS_PIPELINE
OSCAR_ORDER_STATUS_CASCADE = {status: status for status in OSCAR_ORDER_STATUS_PIPELINE}

# The shop says so in its privacy notice, and forgets the addresses after a month.
OSCAR_CUSTOMERS_CAPTURE_CART_EMAIL = True

# Companies of other EU countries pay no tax, once the registry has confirmed their number. This one is invented.
OSCAR_CUSTOMERS_VAT_NUMBER = "IT09999990014"
OSCAR_CUSTOMERS_VAT_EXEMPTS_FOREIGN_COMPANIES = True
OSCAR_CUSTOMERS_VAT_REGISTRY = "demo.registry.DemoRegistry"

WAGTAIL_SITE_NAME = "Bottega Sandbox"
WAGTAILADMIN_BASE_URL = "http://localhost:8000"
# Nothing of the demo asks another host: no portraits by e-mail address, no look for newer versions.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
