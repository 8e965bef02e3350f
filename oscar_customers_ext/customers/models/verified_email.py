from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oscar_customers_ext.contacts.identity import MAX_LENGTH as EMAIL_MAX_LENGTH
from oscar_customers_ext.contacts.identity import email_key


class VerifiedEmail(models.Model):
    """A user has proved to read mail at this address. Written by what proves it, never by an order or registration."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.CASCADE,
        related_name="verified_emails",
    )
    email = models.EmailField(_("e-mail address"), max_length=EMAIL_MAX_LENGTH)
    email_key = models.CharField(max_length=EMAIL_MAX_LENGTH, editable=False, db_index=True)
    verified_at = models.DateTimeField(_("verified"), default=timezone.now)
    source = models.CharField(_("source"), max_length=64)

    class Meta:
        verbose_name = _("verified e-mail address")
        verbose_name_plural = _("verified e-mail addresses")
        constraints = [models.UniqueConstraint(fields=["user", "email_key"], name="verified_email_once")]

    #: Words for the sources that are ours; a site's own are shown as they are.
    LABELS = {
        "email_change": _("by a link that was mailed there when staff entered the address"),
        "password_reset": _("by a link that was mailed there for setting a password"),
        "staff": _("vouched for by staff"),
    }

    def __str__(self):
        return self.email

    def save(self, *args, **kwargs):
        self.email_key = email_key(self.email)
        super().save(*args, **kwargs)

    @property
    def label(self):
        return self.LABELS.get(self.source, self.source)
