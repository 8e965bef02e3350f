from typing import Any


def may_have_signed_in(user: Any) -> bool:
    """Whether somebody signed in with the account at any time; a model of users that does not tell leaves it possible."""
    is_told = any(field.name == "last_login" for field in user._meta.concrete_fields)
    return not is_told or user.last_login is not None
