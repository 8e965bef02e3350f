"""User names, on sites whose user model has them beside the e-mail address."""

import re
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from oscar_customers_ext.customers.ownership import usable_address

#: Room for a number behind the name that is made from an e-mail address.
LONGEST_PART = 100


def name_field() -> Any:
    """The field of the user name; None where people sign in with their e-mail address only."""
    fields = {field.name: field for field in get_user_model()._meta.fields}
    return fields.get("username")


def clean_user_name(name: str, *, email: str, user: Any = None) -> str:
    """The name as it would be stored. Raises ValidationError with a sentence.

    ``email`` is the address of the person who gets the name, ``user`` the account that has one now.
    """
    model = get_user_model()
    name = model.normalize_username(name.strip())
    name = name_field().clean(name, user)
    if "@" in name and usable_address(name)[1] != usable_address(email)[1]:
        # At sign-in it would stand for the person who has that address.
        raise ValidationError(
            _(
                "A user name with “@” looks like an e-mail address: take the customer's own, or leave the “@” out."
            )
        )
    others = model._default_manager.filter(username__iexact=name)
    if others.exclude(pk=user.pk if user else None).exists():
        raise name_is_taken(name)
    return name


def name_is_taken(name: str) -> ValidationError:
    return ValidationError(
        _("The user name %(name)s is taken. Choose another one."), params={"name": name}, code="unique"
    )


def made_up_name(email: str) -> str:
    """The part before the @, as far as user names may have its letters; with a number when that is taken."""
    part = re.sub(r"[^a-zA-Z0-9_.+-]", "", email.rpartition("@")[0])[:LONGEST_PART] or "customer"
    users = get_user_model()._default_manager
    name = part
    while users.filter(username__iexact=name).exists():
        name = f"{part}{get_random_string(6, '0123456789')}"
    return name
