"""The countries of the shop, by whatever a file calls them."""

import unicodedata
from collections.abc import Iterator

from django.conf import settings
from oscar.core.loading import get_model
from phonenumbers.geodata.locale import LOCALE_DATA

#: What people write beside code and name.
ALIASES = {
    "US": ("usa", "unitedstatesofamerica", "america", "statiunitidamerica"),
    "GB": (
        "uk",
        "greatbritain",
        "england",
        "scotland",
        "wales",
        "northernireland",
        "inghilterra",
        "granbretagna",
    ),
    "DE": ("deutschland", "brd"),
    "AT": ("osterreich",),
    "CH": ("schweiz", "suisse", "svizzera"),
    "NL": ("holland", "thenetherlands", "nederland", "olanda"),
    "BE": ("belgie", "belgique"),
    "ES": ("espana",),
    "FR": ("france",),
    "IT": ("italia",),
    "SE": ("sverige",),
    "DK": ("danmark",),
    "NO": ("norge",),
    "PL": ("polska",),
    "GR": ("el", "hellas"),
    "CZ": ("czechrepublic", "repubblicaceca"),
    "IE": ("republicofireland", "eire"),
    "KR": ("southkorea", "republicofkorea", "coreadelsud"),
    "RU": ("russia", "russianfederation"),
    "TR": ("turkey", "turkiye", "turchia"),
    "VN": ("vietnam",),
    "AE": ("uae",),
    "MK": ("macedonia",),
    "VA": ("vatican", "vaticano"),
}


def key_of(text: str) -> str:
    """Without case, accents, blanks and signs."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if sign.isalnum())


class Countries:
    def __init__(self) -> None:
        self.found = list(get_model("address", "Country")._default_manager.all())
        self.by_code = {country.pk: country for country in self.found}
        self.by_key = {}
        languages = {"en", *(code.partition("-")[0] for code, _name in settings.LANGUAGES)}
        for country in self.found:
            code = country.pk.upper()
            for name in ALIASES.get(code, ()):
                self.by_key.setdefault(name, country)
            for name in _names(code, languages):
                self.by_key.setdefault(key_of(name), country)
        # What the shop itself calls its countries counts before what others call them, and codes before all.
        for attributes in (("name", "printable_name"), ("iso_3166_1_numeric", "iso_3166_1_a3"), ("pk",)):
            for country in self.found:
                for attribute in attributes:
                    if text := key_of(str(getattr(country, attribute) or "")):
                        self.by_key[text] = country

    def find(self, text: str):
        return self.by_key.get(key_of(text))

    @property
    def only(self):
        """The country of a shop that has one alone."""
        return self.found[0] if len(self.found) == 1 else None


def _names(code: str, languages: set[str]) -> Iterator[str]:
    names = LOCALE_DATA.get(code, {})
    for language in languages:
        name = names.get(language, "")
        # "*en" means: as in English.
        name = names.get(name[1:], "") if name.startswith("*") else name
        if name and not name.startswith("*"):
            yield name
