from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .models import SavedView


class ColumnsForm(forms.Form):
    """A tick and a place for each column that this member of staff may choose."""

    def __init__(self, *args, columns, shown, **kwargs):
        super().__init__(*args, **kwargs)
        #: Those that are shown come first, in their order.
        self.keys = [*shown, *(key for key in columns if key not in shown)]
        for number, key in enumerate(self.keys, start=1):
            is_shown = key in shown
            self.fields[f"show-{key}"] = forms.BooleanField(
                label=columns[key].label, required=False, initial=is_shown
            )
            self.fields[f"place-{key}"] = forms.IntegerField(
                label=_("Place"),
                required=False,
                min_value=1,
                max_value=999,
                initial=number if is_shown else None,
                error_messages={
                    "invalid": _("Write the place as a number."),
                    "min_value": _("Places are counted from 1."),
                    "max_value": _("Write a place of at most 999."),
                },
            )

    @property
    def rows(self):
        return [(self[f"show-{key}"], self[f"place-{key}"]) for key in self.keys]

    @cached_property
    def chosen(self):
        """The keys in the order of their places; those without one come last."""
        ticked = [key for key in self.keys if self.cleaned_data.get(f"show-{key}")]
        return sorted(ticked, key=lambda key: self.cleaned_data.get(f"place-{key}") or 1000)

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self.chosen:
            raise ValidationError(_("Tick at least one column."))
        return cleaned


class SavedViewForm(forms.ModelForm):
    class Meta:
        model = SavedView
        fields = ["name", "shared"]
        labels = {"name": _("Name"), "shared": _("Share with everybody")}

    def __init__(self, *args, may_share, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["shared"]

    def clean_name(self):
        name = self.cleaned_data["name"]
        namesakes = SavedView.objects.filter(owner=self.instance.owner_id, name=name)
        if namesakes.exclude(pk=self.instance.pk).exists():
            raise ValidationError(self.name_is_taken())
        return name

    def name_is_taken(self):
        return gettext("You have a view with this name. Choose another name, or change that view.")

    def store(self):
        """Says whether it was stored; if not, a view of this name was stored a moment ago, and the form says so."""
        try:
            with transaction.atomic():
                self.save()
        except IntegrityError:
            self.add_error("name", self.name_is_taken())
            return False
        return True
