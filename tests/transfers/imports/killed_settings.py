"""Of the worker process that a test kills: the tests' own, with the private files of that test."""

import os

from tests.settings import *  # noqa: F403

OSCAR_CUSTOMERS_PRIVATE_ROOT = os.environ["PRIVATE_ROOT"]
