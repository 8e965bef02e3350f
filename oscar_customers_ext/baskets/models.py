from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oscar_customers_ext.contacts.identity import MAX_LENGTH, email_key

from .querysets import BasketContactQuerySet


class BasketContact(models.Model):
    """The address that a visitor typed at the start of a checkout. Nobody proved it."""

    basket = models.OneToOneField(
        "basket.Basket", verbose_name=_("basket"), on_delete=models.CASCADE, related_name="customer_contact"
    )
    email = models.EmailField(_("e-mail address"), max_length=MAX_LENGTH)
    email_key = models.CharField(max_length=MAX_LENGTH, editable=False, db_index=True)
    site = models.ForeignKey(
        "sites.Site", verbose_name=_("site"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    captured_at = models.DateTimeField(_("captured"), default=timezone.now, db_index=True)

    objects = BasketContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("address of a cart")
        verbose_name_plural = _("addresses of carts")

    def __str__(self):
        return self.email

    def save(self, *args, **kwargs):
        self.email_key = email_key(self.email)
        super().save(*args, **kwargs)
