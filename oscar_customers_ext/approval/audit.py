"""What the log says about approval."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

APPROVE = "oscar_customers_ext.approve"
DECLINE = "oscar_customers_ext.decline"


def _approved(entry):
    told = entry.data.get("mail")
    return gettext("Approved as buyer and told by mail") if told else gettext("Approved as buyer")


def _declined(entry):
    told = entry.data.get("mail")
    return gettext("Declined as buyer and told by mail") if told else gettext("Declined as buyer")


ACTIONS = {
    APPROVE: (_("Approve customer"), _approved),
    DECLINE: (_("Decline customer"), _declined),
}
