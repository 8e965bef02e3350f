from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.forms import WagtailAdminModelForm

from .columns import COLUMNS, DEFAULT, Column
from .formats import format_choices
from .models import ExportProfile, ExportSettings, ExportShape
from .selections import Scope
from .widgets import ColumnsField


class ShapeFormMixin:
    def offer(self, columns: dict[str, Column]) -> None:
        """Only the formats that can be written, and these columns; the ticks are those of the shape, or the default."""
        self.fields["format"].choices = format_choices()
        self.fields["columns"].offer({name: column.label for name, column in columns.items()})
        chosen = [name for name in self.initial.get("columns") or [] if name in columns]
        self.initial["columns"] = chosen or [name for name in DEFAULT if name in columns]


class ExportSettingsForm(ShapeFormMixin, WagtailAdminModelForm):
    """The page of settings."""

    columns = ColumnsField(label=_("Columns"))

    class Meta:
        model = ExportSettings
        fields = ExportShape.FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(COLUMNS)


class ExportForm(ShapeFormMixin, forms.ModelForm):
    """What is exported and how, for once; ``instance`` is a profile, stored or not, with what counts until then.

    ``counts`` says how many customers each scope has that can be chosen.
    """

    #: The names of the two buttons.
    EXPORT, SAVE_PROFILE = "export", "save_profile"

    scope = forms.ChoiceField(label=_("Which customers"), widget=forms.RadioSelect)
    columns = ColumnsField(label=_("Columns"))
    name = forms.CharField(label=_("Name"), max_length=100, required=False)
    is_shared = forms.BooleanField(label=_("Everybody who exports may use it"), required=False)

    class Meta:
        model = ExportProfile
        fields = ExportShape.FIELDS

    def __init__(self, *args: Any, counts: dict[str, int], columns: dict[str, Column], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(columns)
        self.fields["scope"].choices = [
            (scope, scope_label(scope, number)) for scope, number in counts.items()
        ]
        self.initial["scope"] = next(iter(counts))

    @property
    def is_for_profile(self) -> bool:
        return self.SAVE_PROFILE in self.data

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.is_for_profile and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", ValidationError(_("Give the profile a name.")))
        return cleaned

    @property
    def shape_values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ExportShape.FIELDS}


def scope_label(scope: str, number: int) -> str:
    shown = {"number": number_format(number, force_grouping=True)}
    if scope == Scope.SELECTION:
        return ngettext("The selected customer", "The %(number)s selected customers", number) % shown
    if scope == Scope.LIST:
        return (
            ngettext(
                "The customer whom the list finds with its search and filters",
                "The %(number)s customers whom the list finds with its search and filters, in its order",
                number,
            )
            % shown
        )
    return (
        ngettext(
            "The only customer; archived ones are left out",
            "All %(number)s customers; archived ones are left out",
            number,
        )
        % shown
    )
