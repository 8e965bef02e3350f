from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.translation import gettext


def _compose(text: str, values: dict[str, Any]) -> str:
    words = {name: date_format(value) if isinstance(value, date) else value for name, value in values.items()}
    return gettext(text) % words


#: A sentence in the language of whoever reads it.
sentence = lazy(_compose, str)
