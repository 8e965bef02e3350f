"""JSON and YAML: a list of objects, as our own export and most programs write it. One object at a time.

The text is gone through twice: for the names of all columns, then for the rows.
"""

import json
import re
from collections.abc import Callable, Iterator
from itertools import islice
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
BLANKS = re.compile(r"[ \t\r\n]*+")
#: How a value of JSON begins.
VALUES = set('[{"-0123456789tfn')
#: How YAML writes that there is nothing, without quotation marks.
NOTHING = {"", "~", "null", "Null", "NULL"}
#: What a value may claim to be. Each is taken as it is written: what looks like a number may be a telephone's.
TAGS = {
    None,
    "!",
    *(f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "timestamp")),
}


def json_rows(text: str, bounds: Bounds) -> Iterator[list[str]]:
    return _rows(lambda: _json_objects(text, bounds), bounds)


def yaml_rows(text: str, bounds: Bounds) -> Iterator[list[str]]:
    if yaml is None:
        raise TableRefused(_("This shop does not read YAML. Save the list as CSV, XLSX or JSON."))
    # It is slow, so it is read once; that it is no more than some is seen on the way.
    entries = list(_yaml_objects(text, bounds))
    return _rows(lambda: entries, bounds)


def _rows(objects: Callable[[], Any], bounds: Bounds) -> Iterator[list[str]]:
    places: dict[str, int] = {}
    for number, entry in enumerate(objects(), start=1):
        bounds.check_rows(number)
        for key in entry:
            places.setdefault(key, len(places))
        bounds.check_columns(len(places))
    if places:
        yield [str(key) for key in places]
    for entry in objects():
        cells = [""] * (max((places[key] for key in entry), default=-1) + 1)
        for key, value in entry.items():
            cells[places[key]] = _text(value)
        yield cells


def _json_objects(text: str, bounds: Bounds) -> Iterator[dict[str, Any]]:
    """Each is looked for in a piece of the text as long as an object may be: one may be the whole file."""
    decode = json.JSONDecoder().raw_decode
    piece, place = "", 0
    begin = _behind_blanks(text, 0)
    if text[begin : begin + 1] != "[":
        raise _no_list() if text[begin : begin + 1] in VALUES else unreadable()
    begin = _behind_blanks(text, begin + 1)
    number, is_first = 0, True
    while not (is_first and text[begin : begin + 1] == "]"):
        number, is_first = number + 1, False
        if text[begin : begin + 1] != "{":
            raise _no_list() if text[begin : begin + 1] in VALUES else unreadable()
        try:
            entry, end = decode(piece, begin - place)
        except (ValueError, RecursionError):
            # Cut off, perhaps.
            piece, place = text[begin : begin + bounds.row], begin
            try:
                entry, end = decode(piece, 0)
            except (ValueError, RecursionError) as error:
                raise bounds.long_row(number) if len(piece) == bounds.row else unreadable() from error
        yield entry
        begin = _behind_blanks(text, place + end)
        if text[begin : begin + 1] == "]":
            break
        if text[begin : begin + 1] != ",":
            raise unreadable()
        begin = _behind_blanks(text, begin + 1)
    if _behind_blanks(text, begin + 1) < len(text):
        raise unreadable()


def _yaml_objects(text: str, bounds: Bounds) -> Iterator[dict[str, Any]]:
    """From the events, because making objects of a whole document takes minutes and hundreds of megabytes."""
    events = _yaml_events(text, bounds)
    kinds = [type(event) for event in islice(events, 3)]
    if kinds != [yaml.StreamStartEvent, yaml.DocumentStartEvent, yaml.SequenceStartEvent]:
        raise _no_list()
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent):
            break
        if not isinstance(event, yaml.MappingStartEvent):
            raise _no_list()
        yield _yaml_mapping(events)
    if [type(event) for event in events] != [yaml.DocumentEndEvent, yaml.StreamEndEvent]:
        raise unreadable()


def _yaml_events(text: str, bounds: Bounds) -> Iterator[Any]:
    # The one that is written in C takes a tenth of the time; not every platform has it.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    depth = 0
    try:
        for event in yaml.parse(text, Loader=loader):
            bounds.check_time()
            # A few lines of aliases stand for billions of words.
            if isinstance(event, yaml.AliasEvent) or getattr(event, "tag", None) not in TAGS:
                raise unreadable()
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEPTH:
                raise unreadable()
            yield event
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise unreadable() from error


def _yaml_mapping(events: Iterator[Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            break
        if not isinstance(event, yaml.ScalarEvent):
            raise unreadable()
        entry[event.value] = _yaml_value(next(events), events)
    return entry


def _yaml_value(event: Any, events: Iterator[Any]) -> Any:
    if isinstance(event, yaml.ScalarEvent):
        return "" if event.implicit[0] and event.value in NOTHING else event.value
    if isinstance(event, yaml.MappingStartEvent):
        return _yaml_mapping(events)
    found = []
    for item in events:
        if isinstance(item, yaml.SequenceEndEvent):
            break
        found.append(_yaml_value(item, events))
    return found


def _behind_blanks(text: str, place: int) -> int:
    found = BLANKS.match(text, place)
    return found.end() if found else place


def _no_list() -> TableRefused:
    return TableRefused(_("The file must hold a list of objects, one for each customer."))


def _text(value: Any) -> str:
    """Lists become what is written into one cell; whatever is deeper is no cell of a table."""
    if isinstance(value, list):
        return ", ".join(as_text(item) for item in value if not isinstance(item, (dict, list)))
    if isinstance(value, dict):
        return ""
    return as_text(value)
