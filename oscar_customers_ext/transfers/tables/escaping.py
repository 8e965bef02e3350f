"""Spreadsheets take a cell that begins like a formula for one. A leading apostrophe tells them that it is text.

Writing and reading belong together: what ``escaped`` wrote, ``unescaped`` gives back unchanged, whatever it was.
"""

import re
from collections.abc import Sequence

#: Behind blanks, too, which programs strip; and the wide signs of East Asian keyboards.
SIGNS = "=+\\-@\uff0b\uff0d\uff1d\uff20"
#: What makes a program calculate (CWE-1236).
FORMULA = re.compile(rf"\s*[{SIGNS}]|[\t\r\n]")
#: Numbers of telephones are no formulas, and people read them. With a hyphen or a slash a program would calculate.
PHONE = re.compile(r"\+[0-9][0-9 ]{5,20}\Z")
#: A program that splits at another delimiter than the file's makes a cell of its own of what stands behind one, and
#: takes away quotation marks there.
#: The whole run of delimiters, blanks and marks, and possessively: somebody may send thousands of them.
WITHIN = re.compile(rf"(?<![,;|\s\"])([,;|\s\"]++)('*+)(?=[{SIGNS}])")
DELIMITERS = frozenset(",;|\t\r\n")


def _mark(found: re.Match[str]) -> str:
    return found[0] if DELIMITERS.isdisjoint(found[1]) else f"{found[1]}'{found[2]}"


def _unmark(found: re.Match[str]) -> str:
    return found[0] if DELIMITERS.isdisjoint(found[1]) else f"{found[1]}{found[2][1:]}"


def escaped(text: str) -> str:
    """For CSV and TSV. A text that begins with an apostrophe already gets another, so that nothing is ambiguous."""
    if PHONE.match(text):
        return text
    marked = WITHIN.sub(_mark, text)
    if text.startswith("'") or FORMULA.match(text):
        return f"'{marked}"
    return marked


def unescaped(text: str) -> str:
    """The text as it was, for cells that ``escaped`` or another shop's export has marked so."""
    text = WITHIN.sub(_unmark, text)
    if text.startswith("'") and (text[1:2] == "'" or FORMULA.match(text[1:])):
        return text[1:]
    return text


#: Joins many texts to one that is searched at once: most columns hold nothing that has to be marked.
JOINT = "\0"
#: Finds more than is marked, and never less; telephone numbers, of which there are columns full, it leaves out.
SUSPICIOUS = re.compile(
    rf"[{SIGNS}](?<=[{JOINT},;|\s'\"][{SIGNS}])(?!(?<={JOINT}\+)[0-9][0-9 ]{{5,20}}(?:{JOINT}|\Z))"
)
SUSPICIOUS_BEGINNING = re.compile(rf"{JOINT}['\t\r\n]")


def all_escaped(texts: Sequence[str], joined: str) -> Sequence[str]:
    """The same for a whole column at once; ``joined`` is the column with the joint between its cells."""
    searched = f"{JOINT}{joined}"
    if SUSPICIOUS.search(searched) or SUSPICIOUS_BEGINNING.search(searched):
        return [escaped(text) for text in texts]
    return texts
