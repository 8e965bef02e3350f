"""Log entries about addresses. Their data: ``address`` in one line, and for a change ``changes`` by column."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ADD_ADDRESS = "oscar_customers_ext.add_address"
EDIT_ADDRESS = "oscar_customers_ext.edit_address"
DELETE_ADDRESS = "oscar_customers_ext.delete_address"


def _added(entry):
    return _("Address added: %(address)s") % {"address": entry.data.get("address", "")}


def _edited(entry):
    return _("Address changed: %(address)s") % {"address": entry.data.get("address", "")}


def _deleted(entry):
    return _("Address deleted: %(address)s") % {"address": entry.data.get("address", "")}


ACTIONS = {
    ADD_ADDRESS: (gettext_lazy("Add address"), _added),
    EDIT_ADDRESS: (gettext_lazy("Change address"), _edited),
    DELETE_ADDRESS: (gettext_lazy("Delete address"), _deleted),
}
