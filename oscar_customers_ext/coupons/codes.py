"""Codes of coupons: made by the shop, or typed by staff."""

import secrets

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

#: As long as Oscar's.
MAX_LENGTH = 128

#: Without the letters and digits that look like others: 32 of them, five bits each.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
BLOCK, BLOCKS = 4, 4


def make_code() -> str:
    """Eighty random bits, like "K7QX-92LM-PB4V-JD3H"."""
    return "-".join(_random(BLOCK) for _block in range(BLOCKS))


def make_mark() -> str:
    """Tells the names of coupons apart, like "7QXK92LM"."""
    return _random(2 * BLOCK)


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _position in range(length))


def clean_code(typed: str) -> str:
    """As Oscar stores and compares codes. Raises ValidationError for what nobody could type in the basket."""
    code = typed.strip().upper()
    if not code.isprintable() or any(letter.isspace() for letter in code):
        raise ValidationError(_("A code has no spaces and no invisible characters."), code="invalid")
    if len(code) > MAX_LENGTH:
        raise ValidationError(
            _("A code has at most %(number)d characters."), code="max_length", params={"number": MAX_LENGTH}
        )
    return code


def end_of(code: str) -> str:
    """What of a code may stand in a log, which more people read than may use the coupon."""
    return f"…{code[-4:]}" if len(code) >= 3 * BLOCK else "…"
