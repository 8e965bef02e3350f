"""The site of docs/extend.md: the shop of the tests, with an app that extends the customer screen."""

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES, INSTALLED_APPS

INSTALLED_APPS = [
    "tests.neighbour.apps.ShopCustomersConfig" if app == "oscar_customers_ext" else app
    for app in INSTALLED_APPS
]
INSTALLED_APPS.append("tests.neighbour.apps.NeighbourConfig")

if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # These tests run while those of the other settings hold their own test database.
    DATABASES["default"]["TEST"] = {"NAME": f"test_neighbour_{DATABASES['default']['NAME']}"}
