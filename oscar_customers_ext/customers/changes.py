"""The log's record of a change, in words."""

from contextlib import suppress

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from .addresses.books import DEFAULTS
from .addresses.models import CustomerAddress
from .models import Customer


def describe(changes, countries=None):
    """Label, old and new value for each column of a log entry's changes; a column that is gone keeps its name.

    ``countries`` are names by code, for those who describe many entries and have read them at once.
    """
    return [
        (_label(name), _value(name, old, countries), _value(name, new, countries))
        for name, (old, new) in changes.items()
    ]


def _label(name):
    for model in (Customer, CustomerAddress):
        with suppress(FieldDoesNotExist):
            return capfirst(model._meta.get_field(name).verbose_name)
    return name


def _value(name, text, countries=None):
    if name == "approved_buyer" or name in DEFAULTS:
        return _("Yes") if text == "True" else _("No")
    if name == "country" and text:
        if countries is not None:
            return countries.get(text, text)
        return str(get_model("address", "Country").objects.filter(pk=text).first() or text)
    return dict(settings.LANGUAGES).get(text, text) if name == "language" else text
