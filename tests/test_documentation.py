"""What the documentation says is what the code does."""

import ast
import importlib
import inspect
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from django.dispatch import Signal

import oscar_customers_ext
from oscar_customers_ext import signals
from oscar_customers_ext.conf import Conf, conf
from oscar_customers_ext.customers.reconciliation import Reconciliation
from tests.test_architecture import LAYERS

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
NEIGHBOUR = "tests.neighbour.settings"

PYTHON_BLOCK = re.compile(r"^( *)```python\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
CODE_BLOCK = re.compile(r"^```\S+\n(?:# |\{# )(tests/\S+)(?: #\})?\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def text_of(path):
    return (ROOT / path).read_text()


def table_rows(text):
    """The cells of each row of all tables, headings included."""
    for line in text.splitlines():
        if line.startswith("|") and not line.startswith("|---"):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def code(cell):
    return cell.strip().removeprefix("`").removesuffix("`")


# Settings


def documented_in_code():
    """Name -> (type, default, sentence) of every property of Conf."""
    unset = Conf("NO_SETTING_HAS_THIS_PREFIX_")
    return {
        conf.prefix + name: (type_of(found), getattr(unset, name), inspect.getdoc(found))
        for name, found in vars(Conf).items()
        if isinstance(found, property)
    }


def type_of(found):
    annotation = inspect.signature(found.fget).return_annotation
    return annotation.__name__ if isinstance(annotation, type) else str(annotation).rpartition("abc.")[2]


def test_the_readme_lists_every_setting():
    listed = {
        code(name): (code(type_), ast.literal_eval(code(default)), sentence)
        for name, type_, default, sentence in (
            row for row in table_rows(text_of("README.md")) if row[0].startswith("`OSCAR_CUSTOMERS_")
        )
    }

    assert listed == documented_in_code()


def test_the_settings_page_lists_every_setting():
    sections = re.findall(
        r"^## (OSCAR_CUSTOMERS_\w+)\n\nType: `(.+?)`\. Default: `(.+?)`\.\n\n(.+?)\n",
        text_of("docs/settings.md"),
        re.MULTILINE,
    )
    listed = {
        name: (type_, ast.literal_eval(default), sentence) for name, type_, default, sentence in sections
    }

    assert listed == documented_in_code()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_names_a_setting_that_does_not_exist(page):
    assert set(re.findall(r"OSCAR_CUSTOMERS_[A-Z_]+[A-Z]", page.read_text())) <= set(documented_in_code())


# Everything else that is listed


def test_the_page_of_signals_lists_every_signal():
    rows = [row for row in table_rows(text_of("docs/signals.md")) if row[0].startswith("`")]

    assert {code(name) for name, *_rest in rows} == {
        name for name, found in vars(signals).items() if isinstance(found, Signal)
    }


def test_the_page_of_the_command_lists_every_key_of_the_report():
    rows = [row for row in table_rows(text_of("docs/reconcile.md")) if row[0].startswith("`")]

    assert {code(key) for key, _meaning in rows} == set(Reconciliation(dry_run=True).as_dict())


def test_the_page_of_the_installation_lists_every_check():
    rows = [
        row for row in table_rows(text_of("docs/install.md")) if row[0].startswith("`oscar_customers_ext.")
    ]
    package = Path(oscar_customers_ext.__file__).parent
    found = [
        re.findall(r'id="(oscar_customers_ext\.[EW]\d+)"', path.read_text()) for path in package.rglob("*.py")
    ]
    in_code = {name for names in found for name in names}

    assert {code(check) for check, _meaning in rows} == in_code


def test_the_table_of_layers_is_the_one_that_is_tested():
    rows = [row for row in table_rows(text_of("CONTRIBUTING.md")) if row[0].isdigit()]

    assert {int(layer): set(modules.split()) for layer, modules, _rule in rows} == LAYERS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_code_can_be_read_and_imports_what_is_there(page):
    for _indent, block in PYTHON_BLOCK.findall(page.read_text()):
        for node in ast.walk(ast.parse(textwrap.dedent(block))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("oscar_customers_ext"):
                module = importlib.import_module(node.module)
                assert [alias.name for alias in node.names if not hasattr(module, alias.name)] == []


# The example app


def test_the_code_of_the_example_is_the_code_that_runs():
    blocks = CODE_BLOCK.findall(text_of("docs/extend.md"))

    assert {path.removeprefix("tests/neighbour/") for path, _code in blocks} == {
        "apps.py",
        "models.py",
        "templates/neighbour/loyalty_tab.html",
        "views.py",
        "viewsets.py",
    }
    for path, shown in blocks:
        assert shown == text_of(path), path


EXCERPT = re.compile(r"^```python\n# (sandbox/\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def test_excerpts_from_the_sandbox_are_what_it_runs():
    excerpts = EXCERPT.findall(text_of("docs/sources.md"))

    assert [path for path, _code in excerpts] == ["sandbox/pages/forms.py", "sandbox/pages/models.py"]
    for path, shown in excerpts:
        indented = [textwrap.indent(shown, "    " * depth) for depth in range(4)]
        assert any(code in text_of(path) for code in indented), path


def run_python(*arguments):
    # Without what the outer pytest leaves in the environment for its own workers.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_the_example_works():
    run = run_python("-m", "pytest", f"--ds={NEIGHBOUR}", "tests/neighbour", "-q")

    assert run.returncode == 0, run.stdout + run.stderr
    assert re.search(r"^\d+ passed in ", run.stdout, re.MULTILINE), run.stdout


@pytest.mark.slow
def test_the_example_lacks_no_migration():
    check = ("makemigrations", "neighbour", "--check", "--dry-run")
    run = run_python("-m", "django", *check, "--settings", NEIGHBOUR, "--pythonpath", ".")

    assert run.returncode == 0, run.stdout + run.stderr
