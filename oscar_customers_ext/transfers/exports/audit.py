"""What is logged about exports: who, how many, as what, by which filters; nothing about the customers."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

EXPORT = "oscar_customers_ext.export"


def _exported(entry):
    number = entry.data.get("number", 0)
    sentence = ngettext(
        "%(shown)s customer exported as %(format)s", "%(shown)s customers exported as %(format)s", number
    ) % {"shown": number_format(number, force_grouping=True), "format": entry.data.get("format", "").upper()}
    filters = entry.data.get("filters", [])
    if not filters:
        return sentence
    return _("%(sentence)s (filtered by: %(filters)s)") % {
        "sentence": sentence,
        "filters": ", ".join(filters),
    }


ACTIONS = {EXPORT: (gettext_lazy("Export customers"), _exported)}
