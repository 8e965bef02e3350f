from urllib.parse import urlencode

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class ColumnChoice(models.Model):
    """Which columns a member of staff sees in the list, in which order."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.CASCADE, related_name="+"
    )
    columns = models.JSONField(_("columns"), default=list)

    class Meta:
        verbose_name = _("choice of columns")
        verbose_name_plural = _("choices of columns")

    def __str__(self):
        return ", ".join(self.columns)


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and what others share."""
        return self.filter(models.Q(owner=user) | models.Q(shared=True)).select_related("owner")


class SavedView(models.Model):
    """A list of customers under a name: search, filters and order as the query string has them, and the columns."""

    name = models.CharField(_("name"), max_length=100)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.CASCADE, related_name="+"
    )
    shared = models.BooleanField(
        _("shared with everybody"),
        default=False,
        help_text=_("Everybody who may see customers can choose this view; only you can change it."),
    )
    query = models.TextField(_("search, filters and order"), blank=True)
    columns = models.JSONField(_("columns"), default=list)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "pk"]
        # Whoever may read customers keeps views of one's own.
        default_permissions = ()
        permissions = [("share_savedview", _("Can share saved views of the customer list with everybody"))]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name_of_owner")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """The list, as this view has it."""
        parameters = f"{self.query}&" if self.query else ""
        return f"{reverse('oscar_customers:index')}?{parameters}{urlencode({'view': self.pk})}"
