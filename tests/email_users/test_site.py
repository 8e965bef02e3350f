"""Runs the stories of accounts on this site, in a process of its own because settings are read once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.skipif(
    settings.SETTINGS_MODULE != "tests.settings", reason="these settings are in force already"
)
def test_accounts_work_on_a_site_without_user_names():
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    stories = ["--ds=tests.email_users.settings", "--create-db", "tests/email_users/test_accounts.py"]

    child = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *stories],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )

    assert child.returncode == 0, child.stdout[-5000:] + child.stderr[-2000:]
    assert " passed" in child.stdout
    assert " skipped" not in child.stdout
