from django.contrib.admin.utils import quote
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages

from oscar_customers_ext.customers.pages import (
    ConfirmCustomerView,
    CustomerFormView,
    CustomerPageMixin,
    OfCustomerMixin,
    PagedSectionView,
)

from .actions import add_note, delete_note, edit_note, pin_note, remove_file, unpin_note
from .downloads import download
from .forms import NoteForm
from .models import CustomerNote, NoteFile
from .querysets import VIEW

ADD, CHANGE, DELETE = (f"oscar_customers_ext.{action}_customernote" for action in ("add", "change", "delete"))


class NotesSection(PagedSectionView):
    """The pinned note, then the newest."""

    template_name = "oscar_customers_ext/admin/notes/section.html"
    permission = VIEW

    def get_rows(self):
        notes = self.customer.notes.select_related("author", "modified_by")
        return notes.prefetch_related("files")

    def get_context_data(self, **kwargs):
        may = self.request.user.has_perm
        return super().get_context_data(
            may_add=may(ADD), may_change=may(CHANGE), may_delete=may(DELETE), **kwargs
        )


class NotePageMixin(CustomerPageMixin):
    tab_id = "notes"

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        try:
            return super().post(request, *args, **kwargs)
        except CustomerNote.DoesNotExist as error:
            # Somebody else deleted it at this moment.
            raise Http404 from error


class OfNoteMixin(NotePageMixin):
    """``self.note`` is the note of this customer that the URL names; who acts has its row alone until it is done."""

    @cached_property
    def note(self):
        notes = self.customer.notes.all()
        if self.request.method == "POST":
            notes = notes.select_for_update(of=("self",))
        return get_object_or_404(notes, pk=self.kwargs["note_pk"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(note=self.note, **kwargs)


class NoteFormMixin:
    form_class = NoteForm
    success_message = ""

    def form_valid(self, form):
        try:
            with transaction.atomic():
                self.save(form.cleaned_data["text"], form.cleaned_data["files"])
        except ValidationError as error:
            # What the form could not know: a full disk, or somebody who attached files at this moment.
            form.add_error("files", error)
            return self.form_invalid(form)
        messages.success(self.request, self.success_message)
        return redirect(self.back_url)


class AddNoteView(NoteFormMixin, NotePageMixin, CustomerFormView):
    page_title = gettext_lazy("Add a note")
    permission = ADD
    success_message = gettext_lazy("Note added.")

    def save(self, text, files):
        add_note(self.customer, text=text, files=files, actor=self.request.user)


class EditNoteView(NoteFormMixin, OfNoteMixin, CustomerFormView):
    page_title = gettext_lazy("Edit the note")
    permission = CHANGE
    template_name = "oscar_customers_ext/admin/notes/edit.html"
    success_message = gettext_lazy("Note saved.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "note": self.note}

    def save(self, text, files):
        edit_note(self.note, text=text, files=files, actor=self.request.user)


class ConfirmNoteView(OfNoteMixin, ConfirmCustomerView):
    template_name = "oscar_customers_ext/admin/notes/confirm.html"


class DeleteNoteView(ConfirmNoteView):
    page_title = gettext_lazy("Delete the note")
    question = gettext_lazy("Delete this note with its files? This cannot be undone.")
    button_label = gettext_lazy("Delete")
    button_classname = "serious"
    permission = DELETE

    def perform(self):
        delete_note(self.note, actor=self.request.user)
        messages.success(self.request, _("Note deleted."))


class PinNoteView(ConfirmNoteView):
    page_title = gettext_lazy("Pin the note")
    question = gettext_lazy(
        "Pin this note? It then stands above all others and on the customer card, in place of the one that is pinned "
        "now."
    )
    button_label = gettext_lazy("Pin")
    permission = CHANGE

    @cached_property
    def note(self):
        # Not locked: the action locks the customer first.
        return get_object_or_404(self.customer.notes, pk=self.kwargs["note_pk"])

    def perform(self):
        pin_note(self.note, actor=self.request.user)
        messages.success(self.request, _("Note pinned."))


class UnpinNoteView(ConfirmNoteView):
    page_title = gettext_lazy("Unpin the note")
    question = gettext_lazy("Unpin this note? It stays, among the others.")
    button_label = gettext_lazy("Unpin")
    permission = CHANGE

    def perform(self):
        unpin_note(self.note, actor=self.request.user)
        messages.success(self.request, _("Note unpinned."))


class FileOfCustomerMixin:
    @cached_property
    def note_file(self):
        files = NoteFile.objects.select_related("note").filter(note__customer=self.customer)
        return get_object_or_404(files, pk=self.kwargs["file_pk"])


class RemoveFileView(FileOfCustomerMixin, NotePageMixin, ConfirmCustomerView):
    page_title = gettext_lazy("Remove the file")
    button_label = gettext_lazy("Remove")
    button_classname = "serious"
    permission = CHANGE

    @property
    def back_url(self):
        return reverse(
            "oscar_customers:edit_note", args=[quote(self.customer.pk), quote(self.note_file.note_id)]
        )

    def get_question(self):
        return _("Remove the file “%(name)s” from the note? This cannot be undone.") % {
            "name": self.note_file.name
        }

    def perform(self):
        try:
            remove_file(self.note_file, actor=self.request.user)
        except ValidationError as error:
            messages.error(self.request, error.message)
        else:
            messages.success(self.request, _("File removed."))


class NoteFileView(FileOfCustomerMixin, CustomerPageMixin, OfCustomerMixin, View):
    """The file, always as a download."""

    permission = VIEW
    tab_id = "notes"

    def get(self, request, *args, **kwargs):
        found = self.note_file
        try:
            content = found.file.open("rb")
        except (OSError, ValueError):
            messages.error(
                request, _("The file “%(name)s” is no longer on the server.") % {"name": found.name}
            )
            return redirect(self.back_url)
        return download(content, found.name)
