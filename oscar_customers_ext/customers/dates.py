from datetime import UTC, date, datetime

import django_filters
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.widgets import AdminDateTimeInput

#: The first day and the last: those at the ends of the calendar have no moment in UTC.
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2999, 12, 31)
OUT_OF_RANGE = _("Choose a date between 1970 and 2999.")
FIRST_MOMENT, LAST_MOMENT = (datetime(year, 1, 1, tzinfo=UTC) for year in (1970, 3000))


def moment_field(label, **kwargs):
    """For a form of the admin: a date with its time."""
    return forms.DateTimeField(
        label=label,
        widget=AdminDateTimeInput,
        validators=[
            MinValueValidator(FIRST_MOMENT, OUT_OF_RANGE),
            MaxValueValidator(LAST_MOMENT, OUT_OF_RANGE),
        ],
        error_messages={"invalid": _("Write date and time like 2026-12-31 18:00.")},
        **kwargs,
    )


class DaysField(django_filters.fields.DateRangeField):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for day in self.fields:
            day.validators += [
                MinValueValidator(FIRST_DAY, OUT_OF_RANGE),
                MaxValueValidator(LAST_DAY, OUT_OF_RANGE),
            ]


class DaysFilter(django_filters.DateFromToRangeFilter):
    """From one day to another, whatever somebody writes into the address."""

    field_class = DaysField

    def __init__(self, **options):
        super().__init__(**{"widget": DateRangePickerWidget, **options})
