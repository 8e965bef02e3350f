from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminAutoHeightTextInput

from oscar_customers_ext.conf import conf

from .uploads import allowed_types, check_uploads

LONGEST_TEXT = 20_000


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; their names and sizes are judged by ``check_uploads``, which says each by its name."""

    widget = FilesInput

    def clean(self, data, initial=None):
        return [upload for upload in data or [] if upload]


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Text"), required=False, max_length=LONGEST_TEXT, widget=AdminAutoHeightTextInput
    )
    files = FilesField(label=_("Attach files"), required=False)
    #: The note as the editor saw it.
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, note=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.note = note
        self.already = note.files.count() if note else 0
        files = self.fields["files"]
        files.widget.attrs["accept"] = ",".join(f".{name}" for name in allowed_types())
        files.help_text = gettext("Up to %(number)d files of at most %(size)s each: %(types)s.") % {
            "number": conf.NOTE_FILES_AT_MOST,
            "size": filesizeformat(conf.NOTE_FILE_SIZE),
            "types": ", ".join(allowed_types()),
        }
        if note:
            self.fields["text"].initial = note.text
            self.fields["version"].initial = note.version

    def clean_files(self):
        uploads = self.cleaned_data["files"]
        check_uploads(uploads, already=self.already)
        return uploads

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not cleaned["text"] and not cleaned["files"] and not self.already:
            self.add_error("text", gettext("Write something, or attach a file."))
        if self.note and cleaned.get("version") != self.note.version:
            self._refuse_overwriting()
        if self.errors and self.files:
            # No browser fills in a choice of files again.
            self.add_error("files", gettext("Nothing is saved yet. Please choose the files again."))
        return cleaned

    def _refuse_overwriting(self):
        """Somebody stored the note since this form was opened; the second try is then a decision."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = self.note.version
        sentence = gettext(
            "This note was changed while you were editing. Stored now is: “%(text)s”. Your text is still here: save "
            "again to keep it, or cancel to give it up."
        )
        self.add_error(None, ValidationError(sentence % {"text": self.note.text}))
