"""Who an e-mail address stands for.

The key is computed in Python and compared by the database as it is: UPPER() and LIKE fold other letters on
PostgreSQL than on SQLite (both differ from Unicode), and "iexact" has let strangers into accounts elsewhere
(Django CVE-2019-19844). Mail always goes to the address as it was typed, never to the key.
"""

import unicodedata
from functools import lru_cache

import idna

from oscar_customers_ext.exceptions import InvalidEmail

MAX_LENGTH = 320  # 64 for the local part, 255 for the domain (RFC 5321 4.5.3.1), and the @

# Control, format, surrogate and separator characters: invisible, so two addresses that look alike would be two persons.
REFUSED_CATEGORIES = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}


def email_key(email: str) -> str | None:
    """The key of the person who owns this address; None when there is no address at all.

    Equal for addresses that differ in case, surrounding space, Unicode composition or the spelling of an
    international domain (IDNA 2008 with UTS 46 mapping, non-transitional). Plus-tags and dots are kept: they are
    different persons. Raises InvalidEmail for what cannot be an address.
    """
    address = email.strip()
    if not address:
        return None
    if any(unicodedata.category(character) in REFUSED_CATEGORIES for character in address):
        raise InvalidEmail
    local, at, domain = address.rpartition("@")
    if not (local and at and domain):
        raise InvalidEmail
    key = f"{_fold(local)}@{_domain_key(domain)}"
    if len(key) > MAX_LENGTH:
        raise InvalidEmail
    return key


def other_spellings(key: str) -> set[str]:
    """The address of this key with its international domain in letters, where it has one."""
    local, _at, domain = key.rpartition("@")
    try:
        decoded = idna.decode(domain)
    except (idna.IDNAError, UnicodeError):
        return set()
    return set() if decoded == domain else {f"{local}@{decoded}"}


def _fold(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())


@lru_cache(maxsize=1024)
def _domain_key(domain: str) -> str:
    try:
        return idna.encode(domain, uts46=True, transitional=False).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        # Names with an underscore and address literals ("[192.0.2.1]") are no international domain names, but
        # mail is delivered to them.
        if domain.isascii():
            return domain.lower()
        raise InvalidEmail from None
