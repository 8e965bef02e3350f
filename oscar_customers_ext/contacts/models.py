from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oscar_customers_ext.exceptions import InvalidEmail

from .identity import MAX_LENGTH, email_key


class Addressed(models.Model):
    """Something that one e-mail address stands for: the address as typed, and the key that says whose it is."""

    email = models.EmailField(_("e-mail address"), max_length=MAX_LENGTH, blank=True)
    email_key = models.CharField(max_length=MAX_LENGTH, unique=True, null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_email_has_key",
                condition=models.Q(email="", email_key__isnull=True)
                | (~models.Q(email="") & models.Q(email_key__isnull=False)),
            ),
        ]

    def save(self, *args: Any, update_fields: Any = None, **kwargs: Any) -> None:
        """Raises InvalidEmail when the address is none."""
        self.email = self.email.strip()
        self.email_key = email_key(self.email)
        if update_fields is not None and "email" in update_fields:
            update_fields = {*update_fields, "email_key"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def clean(self) -> None:
        super().clean()
        try:
            self.email_key = email_key(self.email)
        except InvalidEmail as error:
            raise ValidationError({"email": error}) from error


class Contact(Addressed):
    """Somebody who can be written to. Consent hangs on the contact; there is none until it is given."""

    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(Addressed.Meta):
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def __str__(self) -> str:
        return self.email or str(_("Contact without e-mail address"))
