"""The shop's own customer numbers: computed from the primary key, or typed by an editor."""

import re
from collections.abc import Iterator
from string import Formatter

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from oscar_customers_ext.conf import conf
from oscar_customers_ext.exceptions import InvalidNumber

MAX_LENGTH = 32


def computed_number(pk: int) -> str:
    """The number that the pattern gives to this primary key. Raises ImproperlyConfigured for a broken pattern."""
    try:
        number = conf.NUMBER_PATTERN.format(pk=pk)
    except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
        raise ImproperlyConfigured(
            f'OSCAR_CUSTOMERS_NUMBER_PATTERN is {conf.NUMBER_PATTERN!r}, which cannot be filled in. Write it like "C{{pk:06d}}".'
        ) from error
    if str(pk) not in number or len(number) > MAX_LENGTH:
        raise ImproperlyConfigured(
            f"OSCAR_CUSTOMERS_NUMBER_PATTERN is {conf.NUMBER_PATTERN!r}, which gives no number of its own to each customer "
            f'in at most {MAX_LENGTH} characters. Write it like "C{{pk:06d}}".'
        )
    return number


def computed_numbers(pk: int) -> Iterator[str]:
    """The number of this primary key, then a few with a suffix, should somebody hold it already."""
    number = computed_number(pk)
    yield number
    for suffix in range(2, 6):
        yield f"{number}-{suffix}"


def looks_computed(number: str) -> bool:
    """Whether the shop could give this number to some customer, now or later. Upper and lower case count as equal."""
    parts = [
        re.escape(literal) + ("" if field is None else r"\d+")
        for literal, field, _spec, _conversion in Formatter().parse(conf.NUMBER_PATTERN)
    ]
    return re.fullmatch("".join(parts), number, re.IGNORECASE | re.ASCII) is not None


def validate_number(number: str, *, pk: int | None) -> None:
    """Refuses a typed number that the shop may compute for somebody else. Raises InvalidNumber."""
    own = pk is not None and number == computed_number(pk)
    if looks_computed(number) and not own:
        raise InvalidNumber(
            _(
                "The number %(number)s looks like one that the shop gives out itself. Choose another form, or leave it empty."
            )
            % {"number": number},
            code="computed",
        )
