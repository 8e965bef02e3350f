"""How long a membership lasts, by the calendar on the shop's wall."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

DAY = timedelta(days=1)


class Unit(models.TextChoices):
    DAYS = "days", _("days")
    MONTHS = "months", _("months")
    YEARS = "years", _("years")


def add_period(start: datetime, number: int, unit: str) -> datetime:
    """The same time of day in the shop's time zone; a day that the month lacks becomes its last one."""
    local = start.astimezone(timezone.get_default_timezone())
    if unit == Unit.DAYS:
        return (local + number * DAY).astimezone(UTC)
    months = local.month - 1 + number * (12 if unit == Unit.YEARS else 1)
    year, month = local.year + months // 12, months % 12 + 1
    return local.replace(year=year, month=month, day=min(local.day, monthrange(year, month)[1])).astimezone(
        UTC
    )
