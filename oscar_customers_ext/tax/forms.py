from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from wagtail.admin.widgets import AdminDateInput

from oscar_customers_ext.conf import conf
from oscar_customers_ext.customers.dates import FIRST_DAY, LAST_DAY, OUT_OF_RANGE
from oscar_customers_ext.customers.keys import KeysChoiceField
from oscar_customers_ext.customers.notes.uploads import allowed_types, check_upload

from .models import TaxExemption

NO_COUNTRY = _("A country that was chosen is not among those of the shop.")


def day_field(label, help_text):
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=False,
        widget=AdminDateInput,
        validators=[MinValueValidator(FIRST_DAY, OUT_OF_RANGE), MaxValueValidator(LAST_DAY, OUT_OF_RANGE)],
        error_messages={"invalid": _("Write the date like 2026-12-31.")},
    )


class ExemptionForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=TaxExemption._meta.get_field("reason").max_length,
        help_text=_("The buyer reads it, and each order keeps a copy."),
        error_messages={"required": _("Say why this customer pays no tax. The buyer reads it.")},
    )
    valid_from = day_field(_("From"), _("The first day. Leave it empty for an exemption that holds already."))
    valid_until = day_field(_("Until"), _("The last day. Leave it empty for an exemption without an end."))
    countries = KeysChoiceField(
        label=_("Countries"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "customers-countries"}),
        help_text=_("Where the goods are sent to. Choose none for all countries."),
        error_messages={
            "invalid_choice": NO_COUNTRY,
            "invalid_pk_value": NO_COUNTRY,
            "invalid_list": NO_COUNTRY,
        },
    )
    document = forms.FileField(label=_("Document"), required=False, widget=forms.FileInput, max_length=255)
    remove_document = forms.BooleanField(label=_("Remove the document"), required=False)

    def __init__(self, *args, exemption=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["countries"].queryset = get_model("address", "Country")._default_manager.all()
        document = self.fields["document"]
        document.widget.attrs["accept"] = ",".join(f".{name}" for name in allowed_types())
        document.error_messages["empty"] = gettext("The document is empty.")
        document.help_text = gettext("For the shop's own files, at most %(size)s: %(types)s.") % {
            "size": filesizeformat(conf.NOTE_FILE_SIZE),
            "types": ", ".join(allowed_types()),
        }
        if exemption is None or not exemption.document:
            del self.fields["remove_document"]
        else:
            document.label = gettext("Another document")
            self.fields["remove_document"].help_text = exemption.document_name

    def clean_document(self):
        document = self.cleaned_data["document"]
        if document:
            check_upload(document)
        return document

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("valid_from"), cleaned.get("valid_until")
        if start and end and end < start:
            sentence = gettext("The end must not lie before the start.")
            self.add_error("valid_until", ValidationError(sentence, code="order"))
        return cleaned

    def refuse(self, error):
        """Shows what an action refused, each sentence at its field."""
        for name, errors in getattr(error, "error_dict", {None: error}).items():
            self.add_error(name if name in self.fields else None, errors)

    def ask_for_document_again(self):
        """No browser fills in the choice of a file again."""
        if self.errors and self.files.get(self.add_prefix("document")):
            self.add_error("document", gettext("Nothing is saved yet. Please choose the document again."))
