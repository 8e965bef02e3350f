from django.db import models
from django.utils.translation import gettext_lazy as _


class LoyaltyCard(models.Model):
    customer = models.OneToOneField(
        "oscar_customers_ext.Customer",
        verbose_name=_("customer"),
        on_delete=models.CASCADE,
        related_name="loyalty_card",
    )
    points = models.PositiveIntegerField(_("points"), default=0)

    class Meta:
        verbose_name = _("loyalty card")
        verbose_name_plural = _("loyalty cards")

    def __str__(self):
        return f"{self.customer}: {self.points}"
