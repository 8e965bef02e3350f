"""A site that forks two of Oscar's apps and has its own class loader, with the package on top."""

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES, INSTALLED_APPS

FORKED_APPS = {
    "oscar.apps.checkout.apps.CheckoutConfig": "tests.forked_site.checkout.apps.CheckoutConfig",
    "oscar.apps.partner.apps.PartnerConfig": "tests.forked_site.partner.apps.PartnerConfig",
}
INSTALLED_APPS = [FORKED_APPS.get(app, app) for app in INSTALLED_APPS]
OSCAR_CUSTOMERS_CLASS_LOADER = "tests.forked_site.loader.class_loader"
OSCAR_OFFERS_INCL_TAX = True

if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # Tests of the other settings may be running in the same server.
    DATABASES["default"]["TEST"] = {"NAME": f"test_{DATABASES['default']['NAME']}_forked"}
