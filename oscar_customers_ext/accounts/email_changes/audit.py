"""What became of e-mail addresses of registered customers. No entry holds a link or a token."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

REQUEST = "oscar_customers_ext.request_email_change"
RESEND = "oscar_customers_ext.resend_email_change"
CANCEL = "oscar_customers_ext.cancel_email_change"
STOP = "oscar_customers_ext.stop_email_change"
CONFIRM = "oscar_customers_ext.confirm_email_change"
FOLLOW = "oscar_customers_ext.follow_account_address"


def _requested(entry):
    return _("New e-mail address %(email)s entered; it waits for confirmation") % entry.data


def _resent(entry):
    return _("Mail to confirm %(email)s sent again") % entry.data


def _cancelled(entry):
    return _("Change of the e-mail address to %(email)s cancelled") % entry.data


def _stopped(entry):
    return _("Change of the e-mail address to %(email)s stopped from the old address") % entry.data


ACTIONS = {
    REQUEST: (gettext_lazy("Enter new e-mail address"), _requested),
    RESEND: (gettext_lazy("Send mail to confirm an e-mail address again"), _resent),
    CANCEL: (gettext_lazy("Cancel change of the e-mail address"), _cancelled),
    STOP: (gettext_lazy("Stop change of the e-mail address"), _stopped),
    CONFIRM: (
        gettext_lazy("Confirm new e-mail address"),
        gettext_lazy("New e-mail address confirmed by the customer"),
    ),
    FOLLOW: (
        gettext_lazy("Follow e-mail address of the account"),
        gettext_lazy("The account's owner changed the e-mail address"),
    ),
}
