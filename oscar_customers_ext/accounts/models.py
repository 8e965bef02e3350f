from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oscar_customers_ext.conf import conf
from oscar_customers_ext.contacts.identity import MAX_LENGTH, email_key


class EmailChange(models.Model):
    """A new address that staff entered for a registered customer, pending until confirmed from there."""

    customer = models.OneToOneField(
        "oscar_customers_ext.Customer",
        verbose_name=_("customer"),
        on_delete=models.CASCADE,
        related_name="email_change",
    )
    email = models.EmailField(_("new e-mail address"), max_length=MAX_LENGTH)
    email_key = models.CharField(max_length=MAX_LENGTH, editable=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("requested by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    requested_at = models.DateTimeField(_("requested"), default=timezone.now)

    class Meta:
        verbose_name = _("pending change of an e-mail address")
        verbose_name_plural = _("pending changes of e-mail addresses")

    def __str__(self):
        return self.email

    def save(self, *args, **kwargs):
        self.email_key = email_key(self.email)
        super().save(*args, **kwargs)

    @property
    def expires_at(self):
        return self.requested_at + timedelta(hours=conf.EMAIL_CHANGE_HOURS)

    @property
    def has_expired(self):
        return self.expires_at <= timezone.now()
