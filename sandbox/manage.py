#!/usr/bin/env python
"""Runs the sandbox shop from any working directory."""

import os
import sys
from pathlib import Path

SANDBOX = Path(__file__).resolve().parent
sys.path[:0] = [str(SANDBOX), str(SANDBOX.parent)]

#: A wrong database is explained before these run; others, like makemessages, do without one.
USE_DATABASE = {"load_demo_shop", "migrate", "prepare_shop", "runserver", "seed_shop"}


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        check_configuration()
    except ImproperlyConfigured as error:
        # A mistyped DATABASE_URL needs one sentence, not forty lines of traceback.
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    execute_from_command_line(sys.argv)


def check_configuration():
    from django.conf import settings

    from shop.database import check_connection

    settings.INSTALLED_APPS  # noqa: B018 - reading any setting loads them all
    if USE_DATABASE.intersection(sys.argv[1:2]):
        check_connection()


if __name__ == "__main__":
    main()
