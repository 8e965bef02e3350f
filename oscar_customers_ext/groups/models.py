from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .querysets import CustomerGroupQuerySet, GroupOfferQuerySet


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

    #: Clean: only what ``content.styles`` let through is ever stored here.
    styles = models.TextField(_("style sheet"), blank=True, editable=False)

    objects = CustomerGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer group")
        verbose_name_plural = _("customer groups")
        ordering = ["name"]
        permissions = [("change_styles_customergroup", _("Can change the style sheets of customer groups"))]

    def __str__(self):
        return self.name

    @property
    def customers_url(self):
        """The list of the customers in it."""
        return f"{reverse('oscar_customers:index')}?group={self.pk}"


class GroupOffer(models.Model):
    """An offer of Oscar's, of the type "User", that the members of a group get."""

    group = models.ForeignKey(
        "oscar_customers_ext.CustomerGroup",
        verbose_name=_("customer group"),
        on_delete=models.CASCADE,
        related_name="offer_links",
    )
    offer = models.ForeignKey(
        "offer.ConditionalOffer",
        verbose_name=_("offer"),
        on_delete=models.CASCADE,
        related_name="group_links",
    )

    objects = GroupOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("discount of a group")
        verbose_name_plural = _("discounts of groups")
        constraints = [models.UniqueConstraint(fields=["group", "offer"], name="offer_of_group_once")]

    def __str__(self):
        return f"{self.offer} – {self.group}"
