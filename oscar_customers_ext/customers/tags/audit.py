"""What is logged about the tags of customers, and about tags."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

ADD_TAG = "oscar_customers_ext.add_tag"
REMOVE_TAG = "oscar_customers_ext.remove_tag"
MERGE_TAGS = "oscar_customers_ext.merge_tags"


def _added(entry):
    return _("Tag %(tag)s added") % {"tag": entry.data.get("tag", "")}


def _removed(entry):
    return _("Tag %(tag)s taken away") % {"tag": entry.data.get("tag", "")}


def _merged(entry):
    names = entry.data.get("merged", [])
    return ngettext("Tag %(tags)s merged into this one", "Tags %(tags)s merged into this one", len(names)) % {
        "tags": ", ".join(names)
    }


ACTIONS = {
    ADD_TAG: (gettext_lazy("Add tag"), _added),
    REMOVE_TAG: (gettext_lazy("Take tag away"), _removed),
    MERGE_TAGS: (gettext_lazy("Merge tags"), _merged),
}
