"""A signed-in buyer proves the own address: by setting the password anew, with a link that is mailed there."""

from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from oscar_customers_ext import mail
from oscar_customers_ext.customers.ownership import may_prove
from oscar_customers_ext.exceptions import AccountRefused

from .reset_links import reset_path
from .sites import site_of

PAUSE_IN_MINUTES = 5


def send_proof_link(user: Any, *, language: str = "") -> str:
    """Mails the link to the address that the account has, and returns that; at most one in PAUSE_IN_MINUTES.

    Raises AccountRefused with a sentence for the buyer.
    """
    if not may_prove(user):
        raise AccountRefused(_("There is no e-mail address of yours that needs to be proven."))
    # By the account and not by the address: else one account could have mail sent to many.
    if not cache.add(f"oscar_customers_ext.proof_link.{user.pk}", True, PAUSE_IN_MINUTES * 60):
        raise AccountRefused(
            _(
                "We have sent you a link just now. Look into your mailbox, also among the spam; after %(minutes)d minutes "
                "you can ask for another one."
            )
            % {"minutes": PAUSE_IN_MINUTES}
        )
    email = getattr(user, user.get_email_field_name())
    path = reset_path(user, "oscar_customers_shop:proof_link")
    context = {"user": user, "email": email, "site": site_of(None), "path": path}
    mail.send("prove_address", to=email, context=context, language=language)
    return email
