from django.db import models
from django.utils.translation import gettext_lazy as _


class StaffSite(models.Model):
    """Who is in this group sees and touches only customers of its sites. Without any row nobody is limited."""

    group = models.ForeignKey(
        "auth.Group", verbose_name=_("group"), on_delete=models.CASCADE, related_name="customer_sites"
    )
    site = models.ForeignKey("sites.Site", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("site of a group of staff")
        verbose_name_plural = _("sites of groups of staff")
        constraints = [models.UniqueConstraint(fields=["group", "site"], name="staff_site_once")]

    def __str__(self):
        return f"{self.group}: {self.site}"
