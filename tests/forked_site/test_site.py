"""Runs the main stories on this site, in a process of its own because settings are read once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
FLOWS = "tests/flows/"
STORIES = [
    "tests/forked_site/test_loader.py",
    "tests/approval/test_steps.py",
    "tests/approval/test_detours.py",
    "tests/approval/test_newcomers.py",
    "tests/approval/test_failures.py",
    "tests/forked_site/test_offers.py",
    FLOWS + "test_buying.py",
    FLOWS + "test_doors.py",
    FLOWS + "test_ownership.py",
    FLOWS + "test_faults.py::test_linking_may_fail_at_its_commit",
    FLOWS + "test_faults.py::test_the_second_order_is_linked_after_the_first_was_not",
    FLOWS + "test_faults.py::test_a_receiver_of_the_site_may_fail",
]


@pytest.mark.slow
@pytest.mark.skipif(
    settings.SETTINGS_MODULE != "tests.settings", reason="these settings are in force already"
)
def test_the_main_stories_hold_on_a_site_that_forked_oscar():
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--ds=tests.forked_site.settings",
        "--create-db",
        *STORIES,
    ]

    child = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)

    assert child.returncode == 0, child.stdout[-5000:] + child.stderr[-2000:]
    assert " passed" in child.stdout
    assert " skipped" not in child.stdout
