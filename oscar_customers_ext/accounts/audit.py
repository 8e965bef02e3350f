"""What was done to the user accounts of customers. No entry holds a password, a link or a token."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

CREATE_ACCOUNT = "oscar_customers_ext.create_account"
ATTACH_ACCOUNT = "oscar_customers_ext.attach_account"
SET_PASSWORD = "oscar_customers_ext.set_password"  # noqa: S105
SEND_PASSWORD_LINK = "oscar_customers_ext.send_password_link"  # noqa: S105
RENAME_ACCOUNT = "oscar_customers_ext.rename_account"
ACTIVATE_ACCOUNT = "oscar_customers_ext.activate_account"
DEACTIVATE_ACCOUNT = "oscar_customers_ext.deactivate_account"
VOUCH_FOR_ADDRESS = "oscar_customers_ext.vouch_for_address"
PROVE_ADDRESS = "oscar_customers_ext.prove_address"
LOCK_OUT_ACCOUNT = "oscar_customers_ext.lock_out_account"
END_PASSWORD = "oscar_customers_ext.end_password"  # noqa: S105
END_PROOF = "oscar_customers_ext.end_proof"


def _created(entry):
    if entry.data.get("left_open"):
        return _("User account %(account)s created, without a password") % entry.data
    return _("User account %(account)s created, with a password") % entry.data


def _attached(entry):
    return _("User account %(account)s attached") % entry.data


def _link_sent(entry):
    return _("Link to set a password sent to %(email)s") % entry.data


def _renamed(entry):
    return _("User name changed from %(old)s to %(new)s") % entry.data


def _vouched(entry):
    return _("Vouched for the e-mail address %(email)s") % entry.data


def _proven(entry):
    return (
        _("The user account %(account)s proved the e-mail address %(email)s and is the customer's now")
        % entry.data
    )


def _locked_out(entry):
    return (
        _("Password of the user account %(account)s voided: somebody else proved the address %(email)s")
        % entry.data
    )


def _password_ended(entry):
    return (
        _("Password of the user account %(account)s voided with the first proof of the address %(email)s")
        % entry.data
    )


def _proof_ended(entry):
    return (
        _(
            "Proof of the e-mail address %(email)s ended: the account has another one, and somebody else proved it"
        )
        % entry.data
    )


ACTIONS = {
    CREATE_ACCOUNT: (gettext_lazy("Create user account"), _created),
    ATTACH_ACCOUNT: (gettext_lazy("Attach user account"), _attached),
    SET_PASSWORD: (gettext_lazy("Set password"), gettext_lazy("Password set")),
    SEND_PASSWORD_LINK: (gettext_lazy("Send link to set a password"), _link_sent),
    RENAME_ACCOUNT: (gettext_lazy("Change user name"), _renamed),
    ACTIVATE_ACCOUNT: (gettext_lazy("Activate user account"), gettext_lazy("User account activated")),
    DEACTIVATE_ACCOUNT: (gettext_lazy("Deactivate user account"), gettext_lazy("User account deactivated")),
    VOUCH_FOR_ADDRESS: (gettext_lazy("Vouch for e-mail address"), _vouched),
    PROVE_ADDRESS: (gettext_lazy("Prove e-mail address"), _proven),
    LOCK_OUT_ACCOUNT: (gettext_lazy("Void password"), _locked_out),
    END_PASSWORD: (gettext_lazy("Void own password"), _password_ended),
    END_PROOF: (gettext_lazy("End proof of e-mail address"), _proof_ended),
}
