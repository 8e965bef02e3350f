"""The ways in and out of the list of customers that are files: entries of the menu beside the button "New customer"."""

from django.utils.translation import gettext_lazy as _

from oscar_customers_ext.transfers.exports.selections import may_export
from oscar_customers_ext.transfers.imports.access import may_import

#: Who may, label, name of the URL, icon, and whether it is about what the list finds.
FILE_LINKS = [
    (may_import, _("Import"), "oscar_customers:import_file", "upload", False),
    (may_export, _("Export"), "oscar_customers:export", "download", True),
]
