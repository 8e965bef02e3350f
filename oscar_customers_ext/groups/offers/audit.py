"""What is logged about a group and its discounts."""

from datetime import datetime
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .terms import KINDS

CREATE_DISCOUNT = "oscar_customers_ext.create_discount"
CHANGE_DISCOUNT = "oscar_customers_ext.change_discount"
LINK_OFFER = "oscar_customers_ext.link_offer"
UNLINK_OFFER = "oscar_customers_ext.unlink_offer"
SUSPEND_DISCOUNT = "oscar_customers_ext.suspend_discount"
UNSUSPEND_DISCOUNT = "oscar_customers_ext.unsuspend_discount"
DELETE_DISCOUNT = "oscar_customers_ext.delete_discount"

FIELDS = {
    "name": gettext_lazy("name"),
    "kind": gettext_lazy("kind of discount"),
    "value": gettext_lazy("value"),
    "range": gettext_lazy("products"),
    "minimum": gettext_lazy("minimum"),
    "starts_at": gettext_lazy("start"),
    "ends_at": gettext_lazy("end"),
}


def _with_name(sentence):
    return lambda entry: sentence % {"offer": entry.data.get("offer", "")}


def _changed(entry):
    sentence = _("Discount %(offer)s changed") % {"offer": entry.data.get("offer", "")}
    changes = [
        _("%(field)s from “%(before)s” to “%(after)s”")
        % {"field": FIELDS.get(field, field), "before": _shown(field, before), "after": _shown(field, after)}
        for field, (before, after) in entry.data.get("changes", {}).items()
    ]
    return f"{sentence}: {', '.join(changes)}" if changes else sentence


def _shown(field, value):
    """The text that was kept, as staff of this language write it."""
    if not value:
        return "–"
    if field in ("starts_at", "ends_at"):
        return date_format(localtime(datetime.fromisoformat(value)), "SHORT_DATETIME_FORMAT")
    if field in ("value", "minimum"):
        return number_format(Decimal(value), decimal_pos=2)
    return KINDS.get(value, value) if field == "kind" else value


ACTIONS = {
    CREATE_DISCOUNT: (gettext_lazy("Make discount"), _with_name(gettext_lazy("Discount %(offer)s made"))),
    CHANGE_DISCOUNT: (gettext_lazy("Change discount"), _changed),
    LINK_OFFER: (
        gettext_lazy("Give offer to group"),
        _with_name(gettext_lazy("Offer %(offer)s given to the group")),
    ),
    UNLINK_OFFER: (
        gettext_lazy("Take offer from group"),
        _with_name(gettext_lazy("Offer %(offer)s taken from the group")),
    ),
    SUSPEND_DISCOUNT: (
        gettext_lazy("Suspend discount"),
        _with_name(gettext_lazy("Discount %(offer)s suspended")),
    ),
    UNSUSPEND_DISCOUNT: (
        gettext_lazy("Reinstate discount"),
        _with_name(gettext_lazy("Discount %(offer)s reinstated")),
    ),
    DELETE_DISCOUNT: (
        gettext_lazy("Delete discount"),
        _with_name(gettext_lazy("Discount %(offer)s deleted")),
    ),
}
