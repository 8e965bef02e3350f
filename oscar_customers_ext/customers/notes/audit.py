"""What the log keeps of notes: that they were written, never what they say."""

from django.utils.translation import gettext_lazy as _

ADD_NOTE = "oscar_customers_ext.add_note"
EDIT_NOTE = "oscar_customers_ext.edit_note"
DELETE_NOTE = "oscar_customers_ext.delete_note"
PIN_NOTE = "oscar_customers_ext.pin_note"
UNPIN_NOTE = "oscar_customers_ext.unpin_note"
REMOVE_NOTE_FILE = "oscar_customers_ext.remove_note_file"

ACTIONS = {
    ADD_NOTE: (_("Add note"), _("Note added")),
    EDIT_NOTE: (_("Edit note"), _("Note changed")),
    DELETE_NOTE: (_("Delete note"), _("Note deleted")),
    PIN_NOTE: (_("Pin note"), _("Note pinned")),
    UNPIN_NOTE: (_("Unpin note"), _("Note unpinned")),
    REMOVE_NOTE_FILE: (_("Remove file of a note"), _("File of a note removed")),
}
