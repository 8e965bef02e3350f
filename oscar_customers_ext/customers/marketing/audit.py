from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_customers_ext.contacts.models import ConsentState

SUBSCRIBE = "oscar_customers_ext.subscribe"
UNSUBSCRIBE = "oscar_customers_ext.unsubscribe"
OBJECT = "oscar_customers_ext.object"

ACTION_OF = {
    ConsentState.SUBSCRIBED: SUBSCRIBE,
    ConsentState.UNSUBSCRIBED: UNSUBSCRIBE,
    ConsentState.OBJECTED: OBJECT,
}


def _subscribed(entry):
    return _("Subscribed to %(list)s") % {"list": entry.data["list"]}


def _unsubscribed(entry):
    return _("Unsubscribed from %(list)s") % {"list": entry.data["list"]}


def _objected(entry):
    return _("Objected to %(list)s") % {"list": entry.data["list"]}


ACTIONS = {
    SUBSCRIBE: (gettext_lazy("Subscribe to a mailing list"), _subscribed),
    UNSUBSCRIBE: (gettext_lazy("Unsubscribe from a mailing list"), _unsubscribed),
    OBJECT: (gettext_lazy("Record an objection to a mailing list"), _objected),
}
