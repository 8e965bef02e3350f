"""VAT numbers as people type them, and as they are stored. Pure: asks no database and no registry.

A number that can be checked (European Union, Northern Ireland, United Kingdom, Switzerland, Norway) is stored compact
and with the letters of its country, like "IT00743110157". Any other one is stored as it was typed.
"""

import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum.eu import vat as eu
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as InvalidFormat
from stdnum.util import get_cc_module

MAX_LENGTH = 32

#: Letters that a number begins with -> how one looks.
EXAMPLES = {
    "AT": "ATU57194903",
    "BE": "BE0697449992",
    "BG": "BG175074752",
    "CY": "CY10259033P",
    "CZ": "CZ25123891",
    "DE": "DE136695976",
    "DK": "DK13585628",
    "EE": "EE100931558",
    "EL": "EL094259216",
    "ES": "ESB58378431",
    "FI": "FI20774740",
    "FR": "FR61954506077",
    "HR": "HR33392005961",
    "HU": "HU12892312",
    "IE": "IE6433435F",
    "IT": "IT00743110157",
    "LT": "LT119511515",
    "LU": "LU15027442",
    "LV": "LV40003521600",
    "MT": "MT11679112",
    "NL": "NL004495445B01",
    "PL": "PL8567346215",
    "PT": "PT501964843",
    "RO": "RO18547290",
    "SE": "SE123456789701",
    "SI": "SI50223054",
    "SK": "SK2022749619",
    "XI": "XI980780684",
    "GB": "GB980780684",
    "CH": "CHE107787577MWST",
    "NO": "NO995525828MVA",
}
#: Member states; Northern Ireland's companies are in the registry, but its country is the United Kingdom.
EU_PREFIXES = frozenset(EXAMPLES) - {"XI", "GB", "CH", "NO"}

#: Countries by ISO code whose numbers begin with other letters than the code's.
PREFIX_OF_COUNTRY = {"GR": "EL", "MC": "FR", "IM": "GB"}
#: Companies of a country may have a number with these letters, too.
ALSO_IN = {"GB": {"XI"}, "IM": {"XI"}}

SEPARATORS = re.compile(r"[\s.,:;/\\_\-‐-―−]+")


def prefix_of_country(country_code: str | None) -> str:
    """The letters that numbers of this country (ISO 3166-1 alpha-2) begin with; empty where none can be checked."""
    code = (country_code or "").upper()
    prefix = PREFIX_OF_COUNTRY.get(code, code)
    # Greece alone has another prefix than its code, so "EL" is no country.
    return prefix if prefix in EXAMPLES and code not in {"EL", "XI"} else ""


def prefix_of_number(number: str) -> str:
    """The letters of the country in a stored number; empty for one that was stored as it was typed."""
    prefix = _written_prefix(_compact(number))
    return prefix if prefix and _validated(prefix, number) == number else ""


def country_of_prefix(prefix: str) -> str:
    """The ISO code of the country; Northern Ireland is a part of the United Kingdom."""
    return {"EL": "GR", "XI": "GB"}.get(prefix, prefix)


def parse_vat_number(text: str, country_code: str | None = "", *, any_country: bool = True) -> str:
    """The number as it is stored; empty for an empty text. Raises ValidationError with a sentence.

    The letters of the country may be typed, or are those of ``country_code``. With ``any_country=False`` a number of
    another country is refused: for a form in which both can be corrected.
    """
    typed = " ".join(text.split())
    compact = _compact(typed)
    if not compact:
        return ""
    own, written = prefix_of_country(country_code), _written_prefix(compact)
    if written:
        number = _validated(written, compact)
        if number:
            if own and not any_country and written not in {own, *ALSO_IN.get(country_code or "", ())}:
                raise _foreign(written, own)
            return number
    if own:
        number = _validated(own, compact)
        if number:
            return number
    if own or (written and not country_code):
        raise _refusal(written or own, compact)
    return typed


def canonical(text: str, country_code: str | None = "") -> str:
    """The same for what is stored already, perhaps since before numbers were checked: empty where it is no number."""
    try:
        number = parse_vat_number(text, country_code)
    except ValidationError:
        return ""
    return number if prefix_of_number(number) else ""


def _compact(text: str) -> str:
    return SEPARATORS.sub("", text).upper()


def _written_prefix(compact: str) -> str:
    letters = compact[:2]
    if letters == "GR":
        return "EL"
    if letters == "CH" and not compact.startswith("CHE"):
        return ""
    return letters if letters in EXAMPLES else ""


def _validated(prefix: str, text: str) -> str:
    """The stored form of a number of this country, whether its letters are written or not; empty if it is none."""
    try:
        return _validate(prefix, _compact(text))
    except InvalidFormat:
        return ""


def _validate(prefix: str, compact: str) -> str:
    if not compact.isascii():
        raise InvalidFormat
    if prefix in {"GB", "CH", "NO"}:
        # python-stdnum's module for the European Union knows none of these.
        number = _module_of(prefix)(compact)
        return number if prefix == "CH" else f"{prefix}{number}"
    letters = ("EL", "GR") if prefix == "EL" else (prefix,)
    digits = compact[2:] if compact.startswith(letters) else compact
    return eu.validate(f"{prefix}{digits}")


def _module_of(prefix: str) -> Callable[[str], str]:
    module: Any = get_cc_module(prefix.lower(), "vat")
    return module.validate


def _refusal(prefix: str, compact: str) -> ValidationError:
    """Why this is no number of the country with these letters."""
    try:
        _validate(prefix, compact)
    except InvalidChecksum:
        return ValidationError(
            _("The check digits of this VAT number are wrong. Is a digit mistyped?"), code="checksum"
        )
    except InvalidFormat:
        pass
    sentence = _(
        "This is no VAT number of the country %(letters)s; one looks like %(example)s. A number of another country "
        "begins with the letters of that country."
    )
    return ValidationError(sentence, code="format", params={"letters": prefix, "example": EXAMPLES[prefix]})


def _foreign(written: str, own: str) -> ValidationError:
    sentence = _(
        "This is a VAT number of another country (%(letters)s); one of the chosen country looks like %(example)s. "
        "Correct the number, or the country."
    )
    return ValidationError(sentence, code="country", params={"letters": written, "example": EXAMPLES[own]})
