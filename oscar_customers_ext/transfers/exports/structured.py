"""JSON and YAML: a list with an object for each customer."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import tablib

try:
    import yaml
except ImportError:  # the extra "formats" is not installed
    yaml = None  # type: ignore[assignment]


def plain(value: Any) -> Any:
    """Amounts as texts: numbers of these formats are inexact."""
    return value if isinstance(value, (str, int)) else str(value)


def json_file(header: list[str], chunks: Iterable[list[Sequence[Any]]]) -> Iterator[bytes]:
    separator = "[\n"
    for columns in chunks:
        rows = zip(*columns, strict=True)
        objects = [
            json.dumps(dict(zip(header, map(plain, row), strict=True)), ensure_ascii=False) for row in rows
        ]
        if objects:
            yield (separator + ",\n".join(objects)).encode()
            separator = ",\n"
    yield b"[]\n" if separator == "[\n" else b"\n]\n"


def yaml_file(header: list[str], chunks: Iterable[list[Sequence[Any]]]) -> Iterator[bytes]:
    table = tablib.Dataset(headers=header)
    for columns in chunks:
        for row in zip(*columns, strict=True):
            table.append(tuple(map(plain, row)))
    # Without any row tablib would write nothing at all.
    yield table.export("yaml").encode() if table.height else b"[]\n"
