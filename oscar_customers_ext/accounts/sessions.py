"""A change of the user name ends the sessions of before.

Django ends sessions when the password changes, and a password cannot be stored anew without knowing it. So each
session remembers the user name that it began with, in a form that tells nothing, and counts for nothing once the
account has another. That costs no query, works with every kind of session, and whoever changes the name.
"""

from typing import Any

from django.contrib.auth.models import AnonymousUser

from .fingerprints import fingerprint, is_fingerprint
from .user_names import name_field

NAME_HASH = "oscar_customers_ext_user_name"


def remember_name(request: Any, user: Any) -> None:
    """At every log-in."""
    session = getattr(request, "session", None)
    if session is not None and name_field() is not None:
        session[NAME_HASH] = fingerprint(NAME_HASH, _name_of(user))


def user_if_same_name(request: Any, user: Any) -> Any:
    """The user of the request, or nobody, with the session at its end, when the user was renamed since the log-in.

    A session that began before this package was installed remembers from now on. Staff keep theirs: they rename
    themselves in the admin.
    """
    session = getattr(request, "session", None)
    if (
        session is None
        or not user.is_authenticated
        or getattr(user, "is_staff", False)
        or name_field() is None
    ):
        return user
    remembered = session.get(NAME_HASH)
    if remembered is None:
        remember_name(request, user)
    elif not is_fingerprint(remembered, NAME_HASH, _name_of(user)):
        session.flush()
        return AnonymousUser()
    elif remembered != fingerprint(NAME_HASH, _name_of(user)):
        # Made with a former secret key, which may be forgotten one day.
        remember_name(request, user)
    return user


def _name_of(user: Any) -> str:
    return f"{user.pk}/{user.username}"
