"""JSON and YAML: a list of objects, as our own export and most programs write it. Read as a whole, so bounded."""

import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

try:
    import yaml
except ImportError:  # the extra "formats" is not installed
    yaml = None  # type: ignore[assignment]

from .bounds import Bounds, unreadable
from .refusals import TableRefused
from .spreadsheets import as_text

#: Levels of brackets; a list of objects needs two.
DEPTH = 20


def json_rows(text: str, bounds: Bounds) -> Iterator[list[str]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise unreadable() from error
    return _rows(found, bounds)


def yaml_rows(text: str, bounds: Bounds) -> Iterator[list[str]]:
    if yaml is None:
        raise TableRefused(_("This shop does not read YAML. Save the list as CSV, XLSX or JSON."))
    try:
        depth = 0
        # The one that is written in C takes a tenth of the time; not every platform has it.
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        for event in yaml.parse(text, Loader=loader):
            bounds.check_time()
            # A few lines of aliases stand for billions of words.
            if isinstance(event, yaml.AliasEvent):
                raise unreadable()
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEPTH:
                raise unreadable()
        found = yaml.load(text, Loader=loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise unreadable() from error
    return _rows(found, bounds)


def _rows(found: Any, bounds: Bounds) -> Iterator[list[str]]:
    if not (isinstance(found, list) and all(isinstance(entry, dict) for entry in found)):
        raise TableRefused(_("The file must hold a list of objects, one for each customer."))
    bounds.check_rows(len(found))
    header = list(dict.fromkeys(key for entry in found for key in entry))
    bounds.check_columns(len(header))
    if header:
        yield [str(key) for key in header]
    for entry in found:
        yield [_text(entry.get(key)) for key in header]


def _text(value: Any) -> str:
    """Lists become what is written into one cell; whatever is deeper is no cell of a table."""
    if isinstance(value, list):
        return ", ".join(as_text(item) for item in value if not isinstance(item, (dict, list)))
    if isinstance(value, dict):
        return ""
    return as_text(value)
