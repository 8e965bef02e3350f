"""A site whose users have no user names."""

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES, INSTALLED_APPS

INSTALLED_APPS = ["tests.email_users", *INSTALLED_APPS]
AUTH_USER_MODEL = "email_users.User"

if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # Tests of the other settings may be running in the same server.
    DATABASES["default"]["TEST"] = {"NAME": f"test_{DATABASES['default']['NAME']}_email_users"}
