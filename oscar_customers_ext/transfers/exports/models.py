from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseGenericSetting


class ExportShape(models.Model):
    """How customers are written into a file."""

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        TSV = "tsv", "TSV"
        XLSX = "xlsx", _("Excel (XLSX)")
        ODS = "ods", _("OpenDocument (ODS)")
        JSON = "json", "JSON"
        YAML = "yaml", "YAML"

    class Delimiter(models.TextChoices):
        COMMA = ",", _("Comma")
        SEMICOLON = ";", _("Semicolon")

    class Dates(models.TextChoices):
        ISO = "iso", _("2026-12-31, which every program reads")
        DAY_FIRST = "day", _("31/12/2026")
        MONTH_FIRST = "month", _("12/31/2026")

    format = models.CharField(_("format"), max_length=8, choices=Format, default=Format.XLSX)
    delimiter = models.CharField(
        _("delimiter of CSV"), max_length=1, choices=Delimiter, default=Delimiter.COMMA
    )
    with_bom = models.BooleanField(
        _("byte-order mark in CSV and TSV"),
        default=True,
        help_text=_("Excel needs it to read accented letters."),
    )
    dates = models.CharField(_("dates"), max_length=8, choices=Dates, default=Dates.ISO)
    #: Names of columns in their order; empty for the default ones.
    columns = models.JSONField(_("columns"), default=list, blank=True)

    class Meta:
        abstract = True


class ExportSettings(ExportShape, BaseGenericSetting):
    """What the Export button does when nobody chooses anything else."""

    class Meta:
        verbose_name = _("export of customers")
        verbose_name_plural = _("exports of customers")

    def __str__(self):
        return str(self._meta.verbose_name)


class ExportProfile(ExportShape):
    """An export that somebody needs again and again."""

    name = models.CharField(_("name"), max_length=100)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.CASCADE, related_name="+"
    )
    is_shared = models.BooleanField(_("everybody may use it"), default=False)

    class Meta:
        verbose_name = _("export profile")
        verbose_name_plural = _("export profiles")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="export_profile_of_owner_once")]

    def __str__(self):
        return self.name
