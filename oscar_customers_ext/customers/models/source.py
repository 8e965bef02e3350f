from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class CustomerSource(models.Model):
    """Where a customer was met: "shop", "registration", "staff", or the word that a site gives to touch_customer()."""

    customer = models.ForeignKey(
        "oscar_customers_ext.Customer",
        verbose_name=_("customer"),
        on_delete=models.CASCADE,
        related_name="sources",
    )
    source = models.CharField(_("source"), max_length=64, db_index=True)
    first_seen = models.DateTimeField(_("first seen"), default=timezone.now)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["first_seen", "pk"]
        constraints = [models.UniqueConstraint(fields=["customer", "source"], name="customer_source_once")]

    #: Words for the sources that are ours; a site's own are shown as they are.
    LABELS = {
        "shop": _("Order in the shop"),
        "registration": _("Registration"),
        "staff": _("Entered by staff"),
        "newsletter": _("Newsletter"),
    }

    def __str__(self):
        return self.source

    @property
    def label(self):
        return self.LABELS.get(self.source, self.source)
