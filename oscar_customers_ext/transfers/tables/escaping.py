"""Spreadsheets take a cell that begins like a formula for one. A leading apostrophe tells them that it is text.

Writing and reading belong together: what ``escaped`` wrote, ``unescaped`` gives back unchanged.
"""

import re

#: What makes a program calculate (CWE-1236), also behind blanks that programs strip.
FORMULA = re.compile(r"\s*[=+\-@\uff0b\uff0d\uff1d\uff20]|[\t\r\n]")
#: Numbers of telephones are no formulas, and people read them. With a hyphen or a slash a program would calculate.
PHONE = re.compile(r"\+[0-9][0-9 ]{5,20}\Z")


def escaped(text: str) -> str:
    """For CSV and TSV. A text that begins with an apostrophe already gets another, so that nothing is ambiguous."""
    if text.startswith("'") or (FORMULA.match(text) and not PHONE.match(text)):
        return f"'{text}"
    return text


def unescaped(text: str) -> str:
    """The text as it was, for cells that ``escaped`` or another shop's export has marked so."""
    if text.startswith("'") and (text[1:2] == "'" or FORMULA.match(text[1:])):
        return text[1:]
    return text
