from datetime import date

import django_filters
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget

#: The first day and the last: those at the ends of the calendar have no moment in UTC.
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2999, 12, 31)
OUT_OF_RANGE = _("Choose a date between 1970 and 2999.")


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
