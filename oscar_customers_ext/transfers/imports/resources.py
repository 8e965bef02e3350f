"""The columns of a customer as a Resource of django-import-export: which there are, and how a cell becomes a value."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import Widget

from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.vat_numbers import parse_vat_number
from oscar_customers_ext.transfers import cells
from oscar_customers_ext.transfers.cells import DateOrder


class LineWidget(Widget):
    """One line of text that fits into its column."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        line = cells.read_line(value)
        if len(line) > self.limit:
            raise ValidationError(
                _("This has %(length)d characters; at most %(limit)d fit.")
                % {"length": len(line), "limit": self.limit}
            )
        return line


class LanguageWidget(Widget):
    """A language of the shop, by its code or by its name."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        word = cells.read_line(value)
        wanted = word.casefold().replace("_", "-")
        by_word = {code.casefold(): code for code, _name in settings.LANGUAGES}
        by_word |= {str(name).casefold(): code for code, name in settings.LANGUAGES}
        found = by_word.get(wanted) or by_word.get(wanted.partition("-")[0])
        if found is None:
            raise ValidationError(_("“%(text)s” is no language of this shop.") % {"text": word[:50]})
        return found


class VatNumberWidget(Widget):
    def clean(self, value: str, row: Any = None, *, country: str = "", **kwargs: Any) -> str:
        number = parse_vat_number(cells.read_line(value), country)
        if len(number) > 32:
            raise ValidationError(_("A VAT number has at most %(limit)d characters.") % {"limit": 32})
        return number


class MomentWidget(Widget):
    def clean(self, value: str, row: Any = None, *, date_order: str = "", **kwargs: Any) -> Any:
        moment = cells.read_moment(
            value, order=DateOrder(date_order), timezone=timezone.get_default_timezone()
        )
        if moment is not None and moment > timezone.now():
            raise ValidationError(_("This date lies in the future."))
        return moment


def _line(name: str) -> Field:
    limit = Customer._meta.get_field(name).max_length
    return Field(attribute=name, column_name=name, widget=LineWidget(limit))


class CustomerResource(ModelResource):
    """One row to one customer's own columns. What hangs on a customer beside them is not among these."""

    first_name = _line("first_name")
    last_name = _line("last_name")
    phone = _line("phone")
    language = Field(attribute="language", column_name="language", widget=LanguageWidget())
    company_name = _line("company_name")
    organisation_id = _line("organisation_id")
    vat_number = Field(attribute="vat_number", column_name="vat_number", widget=VatNumberWidget())
    number = _line("number")
    created_at = Field(attribute="created_at", column_name="created_at", widget=MomentWidget())

    class Meta:
        model = Customer
        fields = (
            "first_name",
            "last_name",
            "phone",
            "language",
            "company_name",
            "organisation_id",
            "vat_number",
            "number",
            "created_at",
        )
        import_order = fields
