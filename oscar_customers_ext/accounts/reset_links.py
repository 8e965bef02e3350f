"""Which links for setting a password were mailed to the address that the account had then. Imports no model at the top.

Oscar mails such links to other addresses, too: when an account's address changes, the old one gets a link that is made
from the new one. So a link proves something only with a signature of ours, which hangs on account, address and token.
"""

import copy
import re
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from oscar_customers_ext.contacts.identity import email_key
from oscar_customers_ext.exceptions import InvalidEmail

MARKER = "mailed"
SALT = "oscar_customers_ext.accounts.reset_links"
_MARKED = re.compile(rf"\?{MARKER}=[\w-]+")


def reset_path(user: Any, route: str = "password-reset-confirm") -> str:
    """A link for setting a password, marked as mailed to the address of ``user``. ``route`` takes the same arguments."""
    names = [urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)]
    return marked(reverse(route, args=names), user)


def marked(path: str, user: Any) -> str:
    """The same link, for a mail that goes to the address of ``user`` as it is in memory."""
    token = path.rstrip("/").rpartition("/")[2]
    signature = _signature(user, token)
    return f"{path}?{MARKER}={signature}" if signature else path


def is_ours(user: Any, token: str, marker: str) -> bool:
    """Whether a link with this token and marker was mailed to the address that the account has now."""
    signature = _signature(user, token)
    return bool(signature and marker) and constant_time_compare(signature, marker)


def _signature(user: Any, token: str) -> str:
    try:
        key = email_key(getattr(user, user.get_email_field_name()))
    except InvalidEmail:
        return ""
    return signing.Signer(salt=SALT).signature(f"{user.pk}\n{key}\n{token}") if key else ""


class CustomerDispatcherMixin:
    """Over ``customer.utils.CustomerDispatcher``, which mails the link of the forgotten password to ``user.email``."""

    def send_password_reset_email_for_user(self, user: Any, extra_context: dict[str, Any]) -> Any:
        link = extra_context.get("reset_url")
        if link:
            extra_context = {**extra_context, "reset_url": marked(link, user)}
        return super().send_password_reset_email_for_user(user, extra_context)


class DispatcherMixin:
    """Over ``communication.utils.Dispatcher``: the mails that an account shows under "email history" hold no marker.

    Whoever registered somebody else's address, and is signed in, could read the mail there.
    """

    def create_email(self, user: Any, messages: dict[str, Any], email: Any) -> Any:
        if email:
            email = copy.copy(email)
            email.body = _MARKED.sub("", email.body or "")
            messages = {**messages, "html": _MARKED.sub("", messages["html"] or "")}
        return super().create_email(user, messages, email)
