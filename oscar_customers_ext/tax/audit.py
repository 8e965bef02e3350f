"""What staff do about tax exemptions, in the customer's log."""

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ADD = "oscar_customers_ext.add_tax_exemption"
CHANGE = "oscar_customers_ext.change_tax_exemption"
END = "oscar_customers_ext.end_tax_exemption"
DELETE = "oscar_customers_ext.delete_tax_exemption"


def facts(exemption):
    """What an entry keeps: as it was then."""
    return {
        "exemption": exemption.pk,
        "reason": exemption.reason,
        "valid_from": exemption.valid_from.isoformat() if exemption.valid_from else None,
        "valid_until": exemption.valid_until.isoformat() if exemption.valid_until else None,
        "countries": sorted(exemption.countries.values_list("pk", flat=True)),
        "document": exemption.document_name,
    }


def _day(text):
    return date_format(parse_date(text), "SHORT_DATE_FORMAT") if text else ""


def _words(entry):
    data = entry.data
    return {
        "reason": data.get("reason", ""),
        "start": _day(data.get("valid_from")) or _("the beginning"),
        "end": _day(data.get("valid_until")) or _("further notice"),
        "countries": ", ".join(data.get("countries") or ()) or _("all countries"),
    }


def _added(entry):
    return _("Tax exemption “%(reason)s” added, from %(start)s to %(end)s, for %(countries)s") % _words(entry)


def _changed(entry):
    return _("Tax exemption changed to “%(reason)s”, from %(start)s to %(end)s, for %(countries)s") % _words(
        entry
    )


def _ended(entry):
    return _("Tax exemption “%(reason)s” ended with %(end)s") % _words(entry)


def _deleted(entry):
    return _("Tax exemption “%(reason)s” deleted") % _words(entry)


ACTIONS = {
    ADD: (gettext_lazy("Add tax exemption"), _added),
    CHANGE: (gettext_lazy("Change tax exemption"), _changed),
    END: (gettext_lazy("End tax exemption"), _ended),
    DELETE: (gettext_lazy("Delete tax exemption"), _deleted),
}
