"""What the search box looks through: one lower-cased column per customer, one form for text and question."""

import re
import unicodedata

import phonenumbers

MAX_WORDS = 8
MAX_WORD_LENGTH = 64
PHONE_WORD = re.compile(r"[+(]?[\d()./\-]*\d[\d()./\-]*")

#: The customer's columns that go in, by each name that ``update_fields`` knows them under.
SOURCES = (
    "number",
    "first_name",
    "last_name",
    "company_name",
    "organisation_id",
    "vat_number",
    "email",
    "phone",
    "country",
    "country_id",
)


def fold(text: str) -> str:
    """Without case and accents, so that "muller" finds Müller and the other way round."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def phone_digits(phone: str, country_code: str | None) -> list[str]:
    """The digits as typed and, where the country lets us know it, the international number without the plus sign."""
    typed = re.sub(r"\D", "", phone)
    if not typed:
        return []
    try:
        parsed = phonenumbers.parse(phone, country_code)
    except phonenumbers.NumberParseException:
        return [typed]
    international = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164).lstrip("+")
    return [typed] if international == typed else [typed, international]


def compose_search_text(
    *, pk: int, number: str | None, texts: list[str], phone: str, country_code: str | None
) -> str:
    """The column's value; words are separated by spaces, so a part never matches across two of them."""
    parts = [str(pk), number or "", *texts, *phone_digits(phone, country_code)]
    return " ".join(fold(part) for part in parts if part)


def search_words(question: str) -> list[str]:
    """The words to look for, each in the form of the column; what looks like a phone number is reduced to its digits.

    At most eight words of 64 characters count: nobody types more, and a pasted book must not keep the database busy.
    """
    words = question[: MAX_WORDS * MAX_WORD_LENGTH].split()[:MAX_WORDS]
    return [_searched(word[:MAX_WORD_LENGTH]) for word in words]


def _searched(word: str) -> str:
    word = word.replace("\x00", "")
    return re.sub(r"\D", "", word) if PHONE_WORD.fullmatch(word) else fold(word)
