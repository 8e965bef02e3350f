"""The XML of worksheets and of the texts that they share, piece by piece and never as a whole.

Written by hand, because openpyxl takes a minute for as many cells as a hundred thousand customers have, while somebody
waits for the page. What a file claims about itself is looked at where it stands, before anything is kept of it.
"""

import re
from collections.abc import Callable, Iterator
from typing import IO, Any
from xml.parsers.expat import ParserCreate

from openpyxl.utils import column_index_from_string

from .bounds import Bounds, unreadable

BLOCK = 1 << 16
#: Bytes of one tag; no program writes more.
LONGEST_TAG = 1 << 20
DIGITS = "0123456789"
NUMBER = re.compile(rb'<row [^>]*?\br="([0-9]+)"')


class _LocalNames(dict[str, str]):
    """Names of elements without their namespace, of which there are two."""

    def __missing__(self, name: str) -> str:
        self[name] = name.rpartition(" ")[2]
        return self[name]


class _Elements:
    """Reads a file to its end. Subclasses say what is done with ``<name>`` and with ``</name>``."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.parts: list[str] = []
        #: Within the pronunciation of a text, which is no part of it.
        self.is_phonetic = False
        self.starts: dict[str, Callable[[dict[str, str]], None]] = {"rPh": self._begin_phonetic}
        self.ends: dict[str, Callable[[], None]] = {"rPh": self._end_phonetic}

    def read(self, file: IO[bytes]) -> Iterator[None]:
        """Stops after each block, so that what was found until then can be taken away."""
        self.parser: Any = ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.buffer_size = BLOCK
        # Entities need one; workbooks have none.
        self.parser.StartDoctypeDeclHandler = _refuse
        names, starts, ends = _LocalNames(), self.starts, self.ends

        def start(name: str, attributes: dict[str, str]) -> None:
            if handle := starts.get(names[name]):
                handle(attributes)

        def end(name: str) -> None:
            if handle := ends.get(names[name]):
                handle()

        self.parser.StartElementHandler, self.parser.EndElementHandler = start, end
        fed = 0
        while block := file.read(BLOCK):
            self.parser.Parse(block, False)
            fed += len(block)
            if fed - self.parser.CurrentByteIndex > LONGEST_TAG or len(self.parts) > BLOCK:
                raise unreadable()
            if sum(map(len, self.parts)) > self.bounds.cell * 2:
                raise unreadable()
            self.bounds.check_time()
            yield
        self.parser.Parse(b"", True)
        yield

    def listen(self) -> None:
        if not self.is_phonetic:
            self.parser.CharacterDataHandler = self.parts.append

    def cease(self) -> None:
        self.parser.CharacterDataHandler = None

    def _begin_phonetic(self, _attributes: dict[str, str]) -> None:
        self.is_phonetic = True

    def _end_phonetic(self) -> None:
        self.is_phonetic = False

    def taken(self) -> str:
        text = "".join(self.parts)
        self.parts.clear()
        return text


class _SharedTexts(_Elements):
    def __init__(self, bounds: Bounds, unescape: Callable[[str], str]) -> None:
        super().__init__(bounds)
        self.texts: list[str] = []
        self.unescape = unescape
        self.starts["t"] = lambda _attributes: self.listen()
        self.ends |= {"t": self.cease, "si": self._keep}

    def _keep(self) -> None:
        self.texts.append(self.unescape(self.taken()))
        if len(self.texts) > self.bounds.shared_texts:
            raise unreadable()


class _Rows(_Elements):
    def __init__(self, bounds: Bounds, read_value: Callable[[str, str, str], str]) -> None:
        super().__init__(bounds)
        self.read_value = read_value
        self.rows: list[list[str]] = []
        self.cells: list[str] = []
        self.column = 0
        self.kind, self.style = "n", "0"
        self.columns: dict[str, int] = {}
        self.starts |= {"row": self._begin_row, "c": self._begin_cell}
        self.starts |= {"v": self._begin_value, "t": self._begin_text}
        self.ends |= {"row": self._end_row, "c": self._end_cell, "v": self.cease, "t": self.cease}

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self.cells, self.column = [], 0
        if number := attributes.get("r"):
            self.bounds.check_rows(int(number[:9]) - 1)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference:
            letters = reference.rstrip(DIGITS)
            self.column = self.columns.get(letters) or self._place_of(letters)
        else:
            self.column += 1
            self.bounds.check_columns(self.column)
        self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "0")

    def _place_of(self, letters: str) -> int:
        place = column_index_from_string(letters) if len(letters) <= 3 else self.bounds.columns + 1
        self.bounds.check_columns(place)
        self.columns[letters] = place
        return place

    def _begin_value(self, _attributes: dict[str, str]) -> None:
        if self.kind != "inlineStr":
            self.listen()

    def _begin_text(self, _attributes: dict[str, str]) -> None:
        if self.kind == "inlineStr":
            self.listen()

    def _end_cell(self) -> None:
        if not self.parts:
            return
        cells, place = self.cells, self.column - 1
        if len(cells) <= place:
            cells.extend([""] * (place + 1 - len(cells)))
        cells[place] = self.read_value(self.kind, self.style, self.taken())

    def _end_row(self) -> None:
        if any(self.cells):
            self.rows.append(self.cells)


def _refuse(*_declaration: Any) -> None:
    raise unreadable()


def check_claims(file: IO[bytes], bounds: Bounds) -> None:
    """Refuses a sheet by the numbers of its rows before any is read: of each block the last one is looked at."""
    while block := file.read(LONGEST_TAG):
        place = block.rfind(b"<row ")
        if place >= 0 and (found := NUMBER.match(block, place)):
            bounds.check_rows(int(found[1][:9]) - 1)


def shared_texts(file: IO[bytes], bounds: Bounds, unescape: Callable[[str], str]) -> list[str]:
    elements = _SharedTexts(bounds, unescape)
    for _block in elements.read(file):
        pass
    return elements.texts


def sheet_rows(
    file: IO[bytes], bounds: Bounds, read_value: Callable[[str, str, str], str]
) -> Iterator[list[str]]:
    """Rows that are not empty; ``read_value`` makes a text of a cell's type, style and content."""
    elements = _Rows(bounds, read_value)
    for _block in elements.read(file):
        yield from elements.rows
        elements.rows.clear()
