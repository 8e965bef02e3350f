"""The countries of the shop, by whatever a file calls them."""

import json
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from oscar.core.loading import get_model

#: By code, their names in many languages as ``key_of`` writes them, from the Unicode CLDR.
NAMES = Path(__file__).with_name("country_names.json")

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


@cache
def known_names() -> dict[str, list[str]]:
    return json.loads(NAMES.read_text(encoding="utf-8"))


class Countries:
    def __init__(self) -> None:
        self.found = list(get_model("address", "Country")._default_manager.all())
        self.by_code = {country.pk: country for country in self.found}
        self.by_key: dict[str, Any] = {}
        for country in self.found:
            code = country.pk.upper()
            for name in (*known_names().get(code, ()), *ALIASES.get(code, ())):
                self.by_key.setdefault(name, country)
        # What the shop itself calls its countries counts before what others call them, and codes before all.
        for attributes in (("name", "printable_name"), ("iso_3166_1_numeric", "iso_3166_1_a3"), ("pk",)):
            for country in self.found:
                for attribute in attributes:
                    if text := key_of(str(getattr(country, attribute) or "")):
                        self.by_key[text] = country

    def find(self, text: str) -> Any:
        return self.by_key.get(key_of(text))

    @property
    def only(self) -> Any:
        """The country of a shop that has one alone."""
        return self.found[0] if len(self.found) == 1 else None
