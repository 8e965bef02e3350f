"""Whoever set a password by a link that we mailed to the account's address reads mail there, see ``reset_links``.

Oscar's page is Django's own view with Django's own form (oscar/config.py), which no class loader reaches. So the
middleware looks before and after: the session holds a token that is good for the account, and then the account has
another password.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView

from oscar_customers_ext.contacts.identity import email_key
from oscar_customers_ext.customers.locks import unnoticed

from .proof import PASSWORD_RESET, prove_address
from .reset_links import MARKER, is_ours

SESSION_KEY = "oscar_customers_reset_link"


class PasswordReset:
    """A reset that is about to be completed, by somebody who has the link."""

    def __init__(self, user: Any) -> None:
        self.user = user

    def finish(self) -> None:
        """Proves the address that the link was made for, if the password is another one now. Never fails."""
        with unnoticed("User %s has set a password, but the address stays unproven", self.user.pk):
            user = get_user_model()._default_manager.get(pk=self.user.pk)
            email = getattr(self.user, self.user.get_email_field_name())
            now = getattr(user, user.get_email_field_name())
            is_set = user.password != self.user.password and user.has_usable_password()
            if is_set and email_key(now) == email_key(email):
                prove_address(user, email, PASSWORD_RESET)


def reset_begun_by(request: Any, view_func: Any, view_kwargs: dict[str, Any]) -> PasswordReset | None:
    """The reset that this POST will complete and that proves the address, if the form that comes with it is valid.

    The GET of the link takes its marker into the session; a link without a good one takes away what was there.
    """
    view_class = getattr(view_func, "view_class", None)
    if not (view_class and issubclass(view_class, PasswordResetConfirmView)):
        return None
    view = view_class(**view_func.view_initkwargs)
    user = view.get_user(view_kwargs.get("uidb64", ""))
    if request.method != "POST":
        _remember(request, view, user, view_kwargs.get("token", ""))
        return None
    token = request.session.get(INTERNAL_RESET_SESSION_TOKEN)
    # The token is made from the e-mail address, too: it is good only while the account has that address.
    if user is None or not view.token_generator.check_token(user, token):
        return None
    # The marker is good for this account, this address and this token only.
    return PasswordReset(user) if is_ours(user, token, request.session.get(SESSION_KEY, "")) else None


def _remember(request: Any, view: Any, user: Any, token: str) -> None:
    if token == view.reset_url_token:
        return
    marker = request.GET.get(MARKER, "")
    if user is not None and is_ours(user, token, marker) and view.token_generator.check_token(user, token):
        request.session[SESSION_KEY] = marker
    else:
        request.session.pop(SESSION_KEY, None)
