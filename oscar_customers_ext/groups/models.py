from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .querysets import CustomerGroupQuerySet


class CustomerGroup(models.Model):
    """Customers whom the shop treats alike. Nothing to do with the groups that carry permissions."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    slug = models.CharField(
        _("slug"),
        max_length=64,
        unique=True,
        validators=[
            RegexValidator(
                r"^[a-z][a-z0-9_-]{0,63}\Z",
                _("Begin with a letter; use small letters, digits, hyphens and underscores only."),
            )
        ],
        help_text=_("The name of the group in addresses and style sheets, like “trade”."),
    )
    description = models.TextField(_("description"), blank=True)
    colour = models.CharField(
        _("colour"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-f]{6}\Z", _("Write the colour like #1f7e9a."))],
    )

    objects = CustomerGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer group")
        verbose_name_plural = _("customer groups")
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def customers_url(self):
        """The list of the customers in it."""
        return f"{reverse('oscar_customers:index')}?group={self.pk}"
