"""User accounts that are checked and not stored yet."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from oscar_customers_ext.exceptions import AccountRefused

from .user_names import clean_user_name, made_up_name, name_field


def draft_account(
    *, email: str, username: str = "", password: str | None = None, first_name: str = "", last_name: str = ""
) -> Any:
    """The account that these would make, checked and not stored. Raises ValidationError by field."""
    model = get_user_model()
    user = model()
    columns = {model.get_email_field_name(): email, "first_name": first_name, "last_name": last_name}
    for field in model._meta.concrete_fields:
        if field.name in columns:
            setattr(user, field.name, columns[field.name][: field.max_length])
    if not email and (name_field() is None or not username.strip() or password is None):
        raise AccountRefused(_without_address())
    if name_field() is not None:
        user.username = _name_of_new(username, email)
    if password is None:
        user.set_unusable_password()
    else:
        set_checked_password(user, password)
    return user


def _without_address() -> str:
    if name_field() is None:
        return _("Without an e-mail address the customer cannot sign in. Enter one first.")
    return _(
        "Without an e-mail address the customer cannot set a password. Enter an address first, or a user name and a "
        "password here."
    )


def _name_of_new(username: str, email: str) -> str:
    if not username.strip():
        return made_up_name(email)
    try:
        return clean_user_name(username, email=email)
    except ValidationError as error:
        raise ValidationError({"username": error}) from error


def set_checked_password(user: Any, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error}) from error
    user.set_password(password)
