from django.conf import settings
from django.db import models
from django.db.models import Q
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
        ISO = "iso", "2026-12-31 (ISO)"
        DAY_FIRST = "day", _("31/12/2026")
        MONTH_FIRST = "month", _("12/31/2026")

    format = models.CharField(
        _("format"),
        max_length=8,
        choices=Format,
        default=Format.XLSX,
        help_text=_("Excel, LibreOffice and Google Sheets open XLSX without a question."),
    )
    delimiter = models.CharField(
        _("delimiter of CSV"),
        max_length=1,
        choices=Delimiter,
        default=Delimiter.COMMA,
        help_text=_("Excel expects a semicolon where numbers have a decimal comma, as in Italy."),
    )
    with_bom = models.BooleanField(
        _("byte-order mark in CSV and TSV"),
        default=True,
        help_text=_("Both are written in UTF-8. Excel needs the mark to read accented letters."),
    )
    dates = models.CharField(_("dates"), max_length=8, choices=Dates, default=Dates.ISO)
    #: Names of columns in their order; empty for the default ones.
    columns = models.JSONField(_("columns"), default=list, blank=True)

    #: What a profile keeps of another.
    FIELDS = ("format", "delimiter", "with_bom", "dates", "columns")

    class Meta:
        abstract = True

    @property
    def values(self):
        return {name: getattr(self, name) for name in self.FIELDS}


class ExportSettings(ExportShape, BaseGenericSetting):
    """What the Export button does when nobody chooses anything else."""

    class Meta:
        verbose_name = _("customer export")
        verbose_name_plural = _("customer exports")

    def __str__(self):
        return str(self._meta.verbose_name)

    @classmethod
    def present(cls):
        """Without storing anything where nobody ever saved the page of settings."""
        return cls.objects.first() or cls()


class ExportProfileQuerySet(models.QuerySet):
    def usable_by(self, user):
        """One's own, and what others share."""
        return self.filter(Q(owner=user) | Q(is_shared=True)).select_related("owner")


class ExportProfile(ExportShape):
    """An export that somebody needs again and again."""

    name = models.CharField(_("name"), max_length=100)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.CASCADE, related_name="+"
    )
    is_shared = models.BooleanField(_("everybody may use it"), default=False)

    objects = ExportProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("export profile")
        verbose_name_plural = _("export profiles")
        ordering = ["name", "pk"]
        # Whoever may export customers keeps profiles of one's own.
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="export_profile_of_owner_once")]

    def __str__(self):
        return self.name
