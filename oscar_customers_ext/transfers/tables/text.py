"""Text files with delimiters: which encoding, which delimiter, and their rows, one at a time."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from .bounds import Bounds, unreadable
from .refusals import TableRefused

DELIMITERS = ",;\t|"
#: Rows that the guess at the delimiter looks at.
SAMPLE_ROWS = 50
SAMPLE_CHARACTERS = 200_000
BLOCK = 1 << 20

#: Byte-order mark -> how Python calls that encoding; the longer ones first.
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: What an editor may choose, the likeliest first.
ENCODINGS = ("utf-8", "cp1252", "cp1250", "iso-8859-15", "utf-16", "mac_roman")
FALLBACK = "cp1252"
#: Bytes that Windows never writes, but an old Macintosh for è or ù, among others.
NOT_OF_WINDOWS = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
LAST_FALLBACK = "mac_roman"


def find_encoding(path: str) -> str:
    """By the byte-order mark, else UTF-8 where every byte fits, else Windows' own. Short files make guessers err.

    Where not even that fits it is that of the Macintosh, in which every byte is a letter: a file of another encoding
    has to be let in before somebody can choose that.
    """
    with open(path, "rb") as file:
        beginning = file.read(4)
        for mark, encoding in MARKS:
            if beginning.startswith(mark):
                return encoding
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while block := file.read(BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            file.seek(0)
            while block := file.read(BLOCK):
                if any(byte in block for byte in NOT_OF_WINDOWS):
                    return LAST_FALLBACK
            return FALLBACK
    return "utf-8"


def named_delimiter(line: str) -> str:
    """Excel's own first line "sep=;" names it; empty for any other line."""
    stripped = line.rstrip("\r\n").strip('"')
    if len(stripped) != 5 or not stripped.lower().startswith("sep="):
        return ""
    return stripped[4] if stripped[4].isprintable() or stripped[4] == "\t" else ""


def find_delimiter(sample: str) -> str:
    """The one that cuts all rows of the sample into the same number of cells, more than one; a comma when none does.

    Sniffing for the commonest sign takes commas within the names of columns for delimiters.
    """
    best, found = (0.0, 0), ","
    for delimiter in DELIMITERS:
        counts = Counter(_cells_per_row(sample, delimiter))
        if not counts:
            continue
        cells, rows = counts.most_common(1)[0]
        if cells > 1:
            quality = (rows / counts.total(), cells)
            if quality > best:
                best, found = quality, delimiter
    return found


def _cells_per_row(sample: str, delimiter: str) -> list[int]:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        # The last row of a sample may be cut off.
        return [len(row) for row in islice(reader, SAMPLE_ROWS) if row][
            : -1 if len(sample) >= SAMPLE_CHARACTERS else None
        ]
    except csv.Error:
        return []


def read_sample(path: str, encoding: str) -> str:
    with open(path, encoding=encoding, newline="") as file:
        try:
            return file.read(SAMPLE_CHARACTERS)
        except (UnicodeError, LookupError) as error:
            raise _wrong_encoding() from error


def text_rows(path: str, encoding: str, delimiter: str, bounds: Bounds) -> Iterator[list[str]]:
    """Rows as they stand in the file, blank lines included as empty lists, the line that names the delimiter left out.

    The csv module's strict mode tells of a quotation mark that is not closed, which else would swallow customers.
    """
    csv.field_size_limit(bounds.cell * 4)
    with open(path, encoding=encoding, newline="") as file:
        lines = Lines(file, bounds)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        try:
            if not named_delimiter(file.readline(bounds.row)):
                file.seek(0)
            for row in reader:
                bounds.check_columns(len(row))
                yield row
                lines.next_row()
        except csv.Error as error:
            raise _bad_quotes(reader.line_num) from error
        except UnicodeError as error:
            raise _wrong_encoding() from error
        except OSError as error:
            raise unreadable() from error


class Lines:
    """The lines of a file, and how long the row is that they make: a single line may be the whole file."""

    def __init__(self, file: Any, bounds: Bounds) -> None:
        self.file, self.bounds = file, bounds
        self.number, self.length = 1, 0

    def next_row(self) -> None:
        self.number, self.length = self.number + 1, 0

    def __iter__(self) -> Iterator[str]:
        while line := self.file.readline(self.bounds.row + 1):
            self.length += len(line)
            if self.length > self.bounds.row:
                raise self.bounds.long_row(self.number)
            yield line


def _bad_quotes(line: int) -> TableRefused:
    return TableRefused(
        _(
            "Near line %(line)s a quotation mark is not closed, or stands where none may be. Mend it, and try again."
        )
        % {"line": number_format(line)}
    )


def _wrong_encoding() -> TableRefused:
    return TableRefused(_("The file does not have this encoding. Choose another one."))
