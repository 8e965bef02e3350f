"""What the search box looks through: one lower-cased column per customer, one form for text and question."""

import re
import unicodedata

import phonenumbers

MAX_WORDS = 8
MAX_WORD_LENGTH = 64
PHONE = re.compile(r"[+\d\s()./\-]+")
SHORTEST_PHONE = 6

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
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def compacted(text: str) -> str:
    """Numbers without their punctuation, so that "556677-8899" and "5566778899" find each other; other text as it is."""
    if "@" in text or not any(character.isdigit() for character in text):
        return text
    return re.sub(r"[\W_]", "", text)


def forms(text: str) -> list[str]:
    """How a word stands in the column, and is looked for: folded and, where that differs, compacted."""
    folded = fold(text.replace("\x00", ""))
    return list(dict.fromkeys([folded, *(compacted(word) for word in folded.split())]))


def phone_digits(phone: str, country_code: str | None) -> list[str]:
    """The digits as typed and, as far as the country lets us know, of the national and the international number."""
    found = [re.sub(r"\D", "", phone)]
    try:
        parsed = phonenumbers.parse(phone, country_code)
    except phonenumbers.NumberParseException:
        return found
    formats = (phonenumbers.PhoneNumberFormat.NATIONAL, phonenumbers.PhoneNumberFormat.E164)
    found += [re.sub(r"\D", "", phonenumbers.format_number(parsed, kind)) for kind in formats]
    return list(dict.fromkeys(found))


def compose_search_text(
    *, pk: int, number: str | None, texts: list[str], phone: str, country_code: str | None
) -> str:
    """The column's value; words are separated by spaces, so a part never matches across two of them."""
    written = [form for text in [number or "", *texts] for form in forms(text)]
    return " ".join(part for part in [str(pk), *written, *phone_digits(phone, country_code)] if part)


def search_words(question: str) -> list[list[str]]:
    """The words to look for, each in the forms that may stand in the column. What is all one phone number is one word.

    At most eight words of 64 characters count: nobody types more, and a pasted book must not keep the database busy.
    """
    question = question[: MAX_WORDS * MAX_WORD_LENGTH]
    is_phone = PHONE.fullmatch(question.strip()) and sum(map(str.isdigit, question)) >= SHORTEST_PHONE
    words = ["".join(question.split())] if is_phone else question.split()[:MAX_WORDS]
    return [forms(word[:MAX_WORD_LENGTH]) for word in words]
