"""English and Italian are complete: nothing untranslated, and the compiled catalogue is the written one."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import oscar_customers_ext

PACKAGE = Path(oscar_customers_ext.__file__).parent
CATALOGUE = PACKAGE / "locale" / "it" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def read(path):
    with path.open("rb") as file:
        return read_po(file, locale="it")


def texts(message):
    return tuple(message.string) if isinstance(message.string, list | tuple) else (message.string,)


def sources(message):
    return tuple(message.id) if isinstance(message.id, list | tuple) else (message.id,)


def messages(catalogue):
    return [message for message in catalogue if message.id]


def test_every_text_is_translated():
    catalogue = messages(read(CATALOGUE))
    assert len(catalogue) > 100
    assert [message.id for message in catalogue if message.fuzzy or not all(texts(message))] == []


def test_placeholders_survive_translation():
    for message in messages(read(CATALOGUE)):
        wanted = set(PLACEHOLDER.findall(sources(message)[-1]))
        assert set(PLACEHOLDER.findall(texts(message)[-1])) == wanted, message.id


def test_the_compiled_catalogue_is_the_written_one():
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = {sources(message): texts(message) for message in messages(read_mo(file))}
    assert compiled == {sources(message): texts(message) for message in messages(read(CATALOGUE))}


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("xgettext") is None, reason="gettext is not installed")
def test_the_catalogue_holds_every_text_of_the_code(tmp_path):
    package = tmp_path / PACKAGE.name
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("*.pyc", "locale"))
    (package / "locale").mkdir()
    command = [sys.executable, "-m", "django", "makemessages", "--locale", "it", "--no-wrap"]
    # Without the settings of the tests, which cannot be imported from there.
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=package, check=True, capture_output=True, env=environment)

    in_code = {sources(message) for message in messages(read(package / "locale/it/LC_MESSAGES/django.po"))}
    in_catalogue = {sources(message) for message in messages(read(CATALOGUE))}
    assert in_code == in_catalogue
