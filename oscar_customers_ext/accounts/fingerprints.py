"""Keyed hashes that a later request is compared with, and that outlive a change of the secret key.

As with Django's own sessions and signatures, what was made with one of SECRET_KEY_FALLBACKS still counts.
"""

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac


def fingerprint(salt: str, value: str) -> str:
    return _made_with(settings.SECRET_KEY, salt, value)


def is_fingerprint(found: str, salt: str, value: str) -> bool:
    """Whether ``found`` was made of this value, with the secret key or one that it had before."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(found, _made_with(key, salt, value)) for key in keys)


def _made_with(key: str | bytes, salt: str, value: str) -> str:
    return salted_hmac(salt, value, secret=key, algorithm="sha256").hexdigest()
