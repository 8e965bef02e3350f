from hashlib import sha256

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SOURCE_LENGTH = 64


def source_name(text):
    """The name under which a source is kept. A longer one is cut, and told from its like by what it was."""
    name = text.strip()
    if not name:
        raise ValueError("A source needs a name.")
    if len(name) <= SOURCE_LENGTH:
        return name
    digest = sha256(name.encode()).hexdigest()[:8]
    return f"{name[: SOURCE_LENGTH - 9]}~{digest}"


class CustomerSource(models.Model):
    """Where a customer was met: "shop", "registration", "staff", or the word that a site gives to touch_customer()."""

    customer = models.ForeignKey(
        "oscar_customers_ext.Customer",
        verbose_name=_("customer"),
        on_delete=models.CASCADE,
        related_name="sources",
    )
    source = models.CharField(_("source"), max_length=SOURCE_LENGTH)
    first_seen = models.DateTimeField(_("first seen"), default=timezone.now)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["first_seen", "pk"]
        constraints = [models.UniqueConstraint(fields=["customer", "source"], name="customer_source_once")]
        indexes = [models.Index(fields=["source", "-first_seen"], name="customer_source_seen")]

    #: Words for the sources that are ours; a site's own are shown as they are.
    LABELS = {
        "shop": _("Order in the shop"),
        "registration": _("Registration"),
        "staff": _("Entered by staff"),
        "newsletter": _("Newsletter"),
        "import": _("Import"),
    }

    def __str__(self):
        return self.source

    @property
    def label(self):
        return self.LABELS.get(self.source, self.source)
