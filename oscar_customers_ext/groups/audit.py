"""What is logged about customers and their groups."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ADD_TO_GROUP = "oscar_customers_ext.add_to_group"
REMOVE_FROM_GROUP = "oscar_customers_ext.remove_from_group"


def _added(entry):
    return _("Put into the group %(group)s") % {"group": entry.data.get("group", "")}


def _removed(entry):
    return _("Taken out of the group %(group)s") % {"group": entry.data.get("group", "")}


ACTIONS = {
    ADD_TO_GROUP: (gettext_lazy("Put into group"), _added),
    REMOVE_FROM_GROUP: (gettext_lazy("Take out of group"), _removed),
}
