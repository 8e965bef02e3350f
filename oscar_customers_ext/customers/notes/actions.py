"""Notes about a customer, with their files. Each action is one transaction and is logged without what the note says.

``files`` are uploaded files of Django. ``actor`` is the member of staff who acts.
"""

import logging
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from oscar_customers_ext.audit import log_all
from oscar_customers_ext.customers.models import Customer

from .audit import ADD_NOTE, DELETE_NOTE, EDIT_NOTE, PIN_NOTE, REMOVE_NOTE_FILE, UNPIN_NOTE
from .models import CustomerNote, NoteFile
from .uploads import check_uploads, clean_name

logger = logging.getLogger("oscar_customers_ext")


@transaction.atomic
def add_note(customer: Customer, *, text: str, files: Sequence[Any] = (), actor: Any) -> CustomerNote:
    """A new note. Raises ValidationError with a sentence per file that is refused; then nothing is stored."""
    text = _clean_text(text)
    if not text and not files:
        raise ValidationError(_("Write something, or attach a file."))
    note = CustomerNote.objects.create(customer=customer, author=actor, text=text)
    log_all([customer], ADD_NOTE, actor=actor, data={"note": note.pk, "files": len(files)})
    _attach(note, files)
    return note


@transaction.atomic
def edit_note(note: CustomerNote, *, text: str, files: Sequence[Any] = (), actor: Any) -> CustomerNote:
    """Another text, and more files; the author stays. Raises ValidationError like ``add_note``."""
    note = _locked(note)
    text = _clean_text(text)
    if text == note.text and not files:
        return note
    if not text and not files and not note.files.exists():
        raise ValidationError(_("Write something, or attach a file."))
    note.text = text
    _save_as_modified(note, actor)
    log_all([note.customer], EDIT_NOTE, actor=actor, data={"note": note.pk, "files": len(files)})
    _attach(note, files)
    return note


@transaction.atomic
def delete_note(note: CustomerNote, *, actor: Any) -> None:
    """The note and its files; they leave the disk after the commit."""
    log_all([note.customer], DELETE_NOTE, actor=actor, data={"note": note.pk})
    note.delete()


@transaction.atomic
def remove_file(note_file: NoteFile, *, actor: Any) -> CustomerNote:
    """One file of a note; it leaves the disk after the commit. Raises ValidationError where nothing would be left."""
    note = _locked(note_file.note)
    if not note.text and not note.files.exclude(pk=note_file.pk).exists():
        raise ValidationError(
            _("This file is all that the note holds. Write something first, or delete the note.")
        )
    note_file.delete()
    _save_as_modified(note, actor)
    log_all([note.customer], REMOVE_NOTE_FILE, actor=actor, data={"note": note.pk})
    return note


@transaction.atomic
def pin_note(note: CustomerNote, *, actor: Any) -> CustomerNote:
    """Puts the note on top and on the customer card, in place of the one that was there. Idempotent."""
    # Of two who pin at once the second waits, and takes the pin from the first.
    customer = Customer.objects.locked().get(pk=note.customer_id)
    note = _locked(note)
    if not note.pinned:
        customer.notes.pinned().update(pinned=False)
        note.pinned = True
        note.save(update_fields=["pinned"])
        log_all([customer], PIN_NOTE, actor=actor, data={"note": note.pk})
    return note


@transaction.atomic
def unpin_note(note: CustomerNote, *, actor: Any) -> CustomerNote:
    """Idempotent."""
    note = _locked(note)
    if note.pinned:
        note.pinned = False
        note.save(update_fields=["pinned"])
        log_all([note.customer], UNPIN_NOTE, actor=actor, data={"note": note.pk})
    return note


def _locked(note: CustomerNote) -> CustomerNote:
    return CustomerNote.objects.select_for_update(of=("self",)).get(pk=note.pk)


def _clean_text(text: str) -> str:
    # PostgreSQL has no place for the character zero.
    return text.replace("\0", "").replace("\r\n", "\n").strip()


def _save_as_modified(note: CustomerNote, actor: Any) -> None:
    note.modified_at, note.modified_by = timezone.now(), actor
    note.save(update_fields=["text", "modified_at", "modified_by"])


def _attach(note: CustomerNote, uploads: Sequence[Any]) -> None:
    """Comes last in a transaction: of what cannot be stored nothing stays on the disk."""
    if not uploads:
        return
    check_uploads(uploads, already=note.files.count())
    stored = []
    try:
        for upload in uploads:
            found = NoteFile(note=note, name=clean_name(upload.name), size=upload.size)
            found.file.save(found.name, upload, save=False)
            stored.append(found.file)
            found.save()
    except Exception as error:
        for file in stored:
            file.storage.delete(str(file.name))
        if not isinstance(error, OSError):
            raise
        logger.exception("A file of a note could not be stored")
        raise ValidationError(_("The files could not be stored. Try again later.")) from error
