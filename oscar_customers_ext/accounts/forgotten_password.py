"""Oscar's "forgotten password" for accounts that have none yet. Laid over Oscar's form; imports no model at the top."""

import logging
from collections.abc import Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q
from oscar.core.loading import get_model

from oscar_customers_ext.contacts.identity import email_key, other_spellings
from oscar_customers_ext.customers.protected_users import is_protected
from oscar_customers_ext.exceptions import InvalidEmail

logger = logging.getLogger("oscar_customers_ext")


class PasswordResetFormMixin:
    """Over ``customer.forms.PasswordResetForm``. Whoever asks gets the same answer, whatever happens here."""

    def get_users(self, email: str) -> Iterator[Any]:
        """Django leaves out accounts without a usable password in silence: those that staff made for a customer, too."""
        yield from super().get_users(email)
        try:
            key = email_key(email)
        except InvalidEmail:
            return
        yield from (user for user in self._without_password(email, key) if not is_protected(user))

    def _without_password(self, email: str, key: str | None) -> Iterator[Any]:
        users = get_user_model()._default_manager.filter(is_active=True)
        field = get_user_model().get_email_field_name()
        spelled = Q()
        for spelling in {email, key, *other_spellings(key)}:
            spelled |= Q(**{f"{field}__iexact": spelling})
        for user in users.filter(spelled).order_by("pk"):
            if user.has_usable_password() or not self._is_at(getattr(user, field), key):
                continue
            if not self._was_thrown_out(user, key):
                yield user

    def _is_at(self, address: str, key: str | None) -> bool:
        try:
            return email_key(address) == key
        except InvalidEmail:
            return False

    def _was_thrown_out(self, user: Any, key: str | None) -> bool:
        """Another account proved the address, this one did not: whoever reads mail there has that one.

        Only while that account can sign in with the address: else nobody could who reads mail there.
        """
        proofs = get_model("oscar_customers_ext", "VerifiedEmail")._default_manager.filter(email_key=key)
        field = user.get_email_field_name()
        active = proofs.filter(user__is_active=True).values_list("user_id", f"user__{field}")
        owners = {pk for pk, address in active if self._is_at(address, key)}
        return bool(owners) and user.pk not in owners

    def send_password_reset_email(self, site: Any, user: Any, request: Any = None) -> None:
        try:
            super().send_password_reset_email(site, user, request)
        except Exception:
            # An error page would tell that there is an account with this address.
            logger.exception("The link to set a password could not be sent to user %s", user.pk)
