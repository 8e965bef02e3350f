"""What one cell of a file says, whoever wrote it. Each reader raises ValidationError with a sentence."""

import csv
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import is_naive
from django.utils.translation import gettext as _

YES = {"1", "y", "yes", "true", "t", "x", "on", "si", "sì", "s", "ja", "oui", "vero", "active", "subscribed"}
NO = {"0", "n", "no", "false", "f", "off", "nein", "non", "falso", "inactive", "unsubscribed", "-"}
#: What shops write where there is no date.
NO_DATES = {"0000-00-00", "0000-00-00 00:00:00", "00/00/0000"}
NUMERIC_DATE = re.compile(
    r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?:[ T]+(\d{1,2}:\d{2}(?::\d{2})?))?\Z"
)
#: Half a character, and what ends a text in other languages.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
#: Years before that are what other systems write for "never".
FIRST_YEAR = 1900
#: In one cell a name with these would be read as several.
NEEDS_QUOTES = re.compile(r'[,;|"\n]')


class Newsletter(StrEnum):
    """What a file says of the newsletter; the first three are the words of our own export."""

    SUBSCRIBED = "subscribed"
    UNSUBSCRIBED = "unsubscribed"
    OBJECTED = "objected"
    #: Not subscribed, and perhaps never asked.
    NO = "no"


class DateOrder(StrEnum):
    """What 01/02/2024 means in this file."""

    DAY_FIRST = "day"
    MONTH_FIRST = "month"


def storable(text: str) -> str:
    """For what is kept of a row as it stood in the file: no database takes all that a file may hold."""
    return UNSTORABLE.sub("\ufffd", text)


def read_line(text: str) -> str:
    """One line: blanks and line breaks become one blank each. Invisible signs are refused."""
    line = " ".join(text.split())
    if not line.isprintable() and any(unicodedata.category(character) in ("Cc", "Cs") for character in line):
        raise ValidationError(_("This contains characters that cannot be stored. Type it anew."))
    return line


def read_text(text: str) -> str:
    """Several lines, without anything invisible but line breaks and tabs."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in lines):
        raise ValidationError(_("This contains characters that cannot be stored. Type it anew."))
    return lines


def read_yes_or_no(text: str) -> bool | None:
    """None for an empty cell."""
    word = read_line(text).casefold()
    if not word:
        return None
    if word in YES:
        return True
    if word in NO:
        return False
    raise ValidationError(_("“%(text)s” is neither yes nor no.") % {"text": word[:50]})


def read_consent(text: str) -> str:
    """One of Newsletter; empty for somebody who was never asked."""
    word = read_line(text).casefold().replace(" ", "_")
    if word in (
        "",
        "never_subscribed",
        "not_subscribed",
        "pending",
        "none",
        "transactional",
        "non-subscribed",
    ):
        return ""
    if word == Newsletter.OBJECTED:
        return Newsletter.OBJECTED
    if word in (Newsletter.UNSUBSCRIBED, "opted_out"):
        return Newsletter.UNSUBSCRIBED
    if word in ("cleaned", "suppressed"):
        return Newsletter.NO
    if word in ("opted_in", "confirmed") or read_yes_or_no(word):
        return Newsletter.SUBSCRIBED
    return Newsletter.NO


def read_moment(text: str, *, order: DateOrder, timezone: tzinfo) -> datetime | None:
    """A date, or a date with time, as an aware moment; a date alone is its midnight. None for an empty cell."""
    stamp = read_line(text)
    if not stamp or stamp in NO_DATES:
        return None
    try:
        found = parse_datetime(stamp) or _midnight(parse_date(stamp)) or _numeric(stamp, order)
    except ValueError:
        found = None
    if found is not None and found.year == 1:
        return None
    if found is None or found.year < FIRST_YEAR:
        raise ValidationError(_("“%(text)s” is no date.") % {"text": stamp[:50]})
    try:
        return (found.replace(tzinfo=timezone) if is_naive(found) else found).astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise ValidationError(_("“%(text)s” is no date.") % {"text": stamp[:50]}) from error


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, datetime.min.time())


def _numeric(stamp: str, order: DateOrder) -> datetime | None:
    found = NUMERIC_DATE.match(stamp)
    if not found:
        return None
    first, second, year, clock = found.groups()
    day, month = (first, second) if order is DateOrder.DAY_FIRST else (second, first)
    century = "" if len(year) == 4 else "20" if int(year) < 70 else "19"
    iso = f"{century}{year}-{month:0>2}-{day:0>2}"
    return parse_datetime(f"{iso} {clock:0>5}") if clock else _midnight(parse_date(iso))


def read_names(text: str) -> list[str]:
    """Several names in one cell, separated by commas (or by semicolons or bars where there are no commas)."""
    cell = read_text(text).replace("\n", ",")
    delimiter = next((sign for sign in ",;|" if sign in cell), ",")
    [names] = csv.reader([cell], delimiter=delimiter, skipinitialspace=True) if cell else [[]]
    return list(dict.fromkeys(name for name in map(read_line, names) if name))


def write_names(names: Iterable[str]) -> str:
    """Several names in one cell, so that ``read_names`` finds the same ones."""
    return ", ".join(_quoted(name) if NEEDS_QUOTES.search(name) else name for name in names)


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def split_name(name: str) -> tuple[str, str]:
    """First and last name: the last word is the last name, and "Rossi, Ann" the other way round."""
    line = read_line(name)
    last, comma, first = line.partition(",")
    if comma and first.strip() and all(sign.isalpha() or sign in " .'’-" for sign in last + first):
        return first.strip(), last.strip()
    first, _blank, last = line.rpartition(" ")
    return first, last
