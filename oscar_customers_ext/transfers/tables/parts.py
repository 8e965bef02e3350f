"""Parts of zipped documents that a parser keeps as a whole: looked at in one pass, a block at a time, before it may.

Some kilobytes can unpack to a million styles, or to a row of a million cells.
"""

import re
from collections.abc import Iterator
from typing import Any
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

from .bounds import Bounds, unreadable

BLOCK = 1 << 20
#: What lies between two blocks: no tag that matters is longer.
OVERLAP = 256
ROW = re.compile(rb"<(?:\w+:)?table-row\b")
ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
#: Tags of styles, names and relations, each of which becomes an object.
TAGS_OF_PART = 20_000
#: Tags between two rows: of a few hundred cells.
TAGS_OF_ROW = 50_000
BROKEN = (BadZipFile, ZlibError, EOFError, OSError, ValueError, RuntimeError, NotImplementedError)


class CheckedArchive(ZipFile):
    """Refuses to read a part as a whole that no list of customers has. Raises TableRefused."""

    def __init__(self, path: str, bounds: Bounds, size: int) -> None:
        self.bounds = bounds
        try:
            super().__init__(path)
        except BROKEN as error:
            raise unreadable() from error
        bounds.check_archive(self, size)

    def read(self, name: Any, *args: Any, **kwargs: Any) -> bytes:
        self.check(getattr(name, "filename", name))
        return super().read(name, *args, **kwargs)

    def check(self, name: str, *, has_rows: bool = False) -> None:
        if name not in self.NameToInfo:
            return
        rest, tags = b"", 0
        for block in self._blocks(name):
            # A cell is far shorter than a block, so without any tag this is no text of anybody.
            if ENTITIES.search(rest + block) or (len(block) == BLOCK and b"<" not in block):
                raise unreadable()
            rest = block[-OVERLAP:]
            first, *rows = ROW.split(block) if has_rows else [block]
            tags += first.count(b"<")
            for row in rows:
                self._check_tags(tags, TAGS_OF_ROW)
                tags = row.count(b"<")
            self._check_tags(tags, TAGS_OF_ROW if has_rows else TAGS_OF_PART)

    def _check_tags(self, number: int, most: int) -> None:
        if number > most:
            raise self.bounds.too_big()

    def _blocks(self, name: str) -> Iterator[bytes]:
        try:
            with super().open(name) as file:
                while block := file.read(BLOCK):
                    yield block
        except BROKEN as error:
            raise unreadable() from error
