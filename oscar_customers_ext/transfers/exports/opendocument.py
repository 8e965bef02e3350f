"""ODS, through the library that tablib uses for it; tablib itself loses repeated blanks, tabs and line breaks."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

try:
    from odf import opendocument, table, text
except ImportError:  # the extra "formats" is not installed
    opendocument = None

#: Tabs and runs of blanks are elements, else programs make one blank of them.
BLANKS = re.compile("(\t| +)")
#: XML cannot hold these, and OpenDocument has no other way to write them.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def opendocument_file(header: list[str], chunks: Iterable[list[Sequence[Any]]]) -> Iterator[bytes]:
    document = opendocument.OpenDocumentSpreadsheet()
    sheet = table.Table(name="customers")
    document.spreadsheet.addElement(sheet)
    for columns in ([[name] for name in header], *chunks):
        for row in zip(*columns, strict=True):
            line = table.TableRow()
            for value in row:
                line.addElement(_cell(value))
            sheet.addElement(line)
    buffer = io.BytesIO()
    document.write(buffer)
    yield buffer.getvalue()


def _cell(value: Any) -> Any:
    if not isinstance(value, str):
        return table.TableCell(valuetype="float", value=str(value))
    if not value:
        return table.TableCell()
    cell = table.TableCell(valuetype="string")
    # Lines are paragraphs. A carriage return would become a blank.
    lines = UNWRITABLE.sub("\ufffd", value).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for line in lines:
        paragraph = text.P()
        for part in BLANKS.split(line):
            if part == "\t":
                paragraph.addElement(text.Tab())
            elif part.startswith(" ") and (part != " " or line[:1] == " " or line[-1:] == " "):
                paragraph.addElement(text.S(c=len(part)))
            elif part:
                paragraph.addText(part)
        cell.addElement(paragraph)
    return cell
