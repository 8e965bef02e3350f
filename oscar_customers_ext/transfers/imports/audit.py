"""What is logged about imports, and about the customers whom they touch. No entry holds a password."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

UPLOAD = "oscar_customers_ext.upload_import"
CHECK = "oscar_customers_ext.check_import"
RUN = "oscar_customers_ext.run_import"
FINISH = "oscar_customers_ext.finish_import"
CANCEL = "oscar_customers_ext.cancel_import"
UNDO = "oscar_customers_ext.undo_import"
FORGET = "oscar_customers_ext.forget_import"
#: Of customers.
IMPORT_CREATE = "oscar_customers_ext.import_create"
IMPORT_UPDATE = "oscar_customers_ext.import_update"
UNDO_UPDATE = "oscar_customers_ext.undo_import_update"


def _named(sentence):
    def message(entry):
        return str(sentence) % {"file": entry.data.get("file", ""), "row": entry.data.get("row", "")}

    return message


def _finished(entry):
    counts = {name: entry.data.get(name, 0) for name in ("created", "updated", "failed")}
    return _("Imported: %(created)s new, %(updated)s changed, %(failed)s failed") % counts


ACTIONS = {
    UPLOAD: (gettext_lazy("Upload file for import"), _named(gettext_lazy("File %(file)s uploaded"))),
    CHECK: (gettext_lazy("Check import"), gettext_lazy("Dry run started")),
    RUN: (gettext_lazy("Run import"), gettext_lazy("Import started")),
    FINISH: (gettext_lazy("Finish import"), _finished),
    CANCEL: (gettext_lazy("Cancel import"), gettext_lazy("Cancelled")),
    UNDO: (gettext_lazy("Undo import"), gettext_lazy("Import taken back")),
    FORGET: (gettext_lazy("Delete file of import"), gettext_lazy("File deleted")),
    IMPORT_CREATE: (
        gettext_lazy("Create customer by import"),
        _named(gettext_lazy("Created by the import of %(file)s, row %(row)s")),
    ),
    IMPORT_UPDATE: (
        gettext_lazy("Change customer by import"),
        _named(gettext_lazy("Changed by the import of %(file)s, row %(row)s")),
    ),
    UNDO_UPDATE: (
        gettext_lazy("Take back import of customer"),
        _named(gettext_lazy("Import of %(file)s taken back")),
    ),
}
