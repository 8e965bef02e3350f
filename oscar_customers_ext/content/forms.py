from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .actions import digest_of, faults_of, normal


class StylesForm(forms.Form):
    styles = forms.CharField(
        label=_("Style sheet"),
        required=False,
        strip=False,
        widget=forms.Textarea(
            attrs={
                "rows": 16,
                "spellcheck": "false",
                "autocapitalize": "off",
                "autocomplete": "off",
                "class": "customers-code",
            }
        ),
        help_text=_(
            "CSS for the members of this group. Each rule acts on their pages only. It can load nothing: "
            "addresses, @import and fonts are refused."
        ),
    )
    #: What the sheet was when the page was opened.
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, group, **kwargs):
        super().__init__(*args, **kwargs)
        self.group = group
        self.fields["styles"].initial = group.styles
        self.fields["version"].initial = digest_of(group.styles)

    def clean_styles(self):
        styles = normal(self.cleaned_data["styles"])
        if faults_of(self.group, styles):
            raise ValidationError(_("Some of it is refused, see above. Nothing is saved."), code="styles")
        return styles

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("version") not in ("", digest_of(self.group.styles)):
            # What was typed stays there, and is saved by the next attempt.
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = digest_of(self.group.styles)
            raise ValidationError(
                _(
                    "Somebody else has changed this style sheet since you opened it. Save again to overwrite it."
                ),
                code="changed",
            )
        return cleaned
