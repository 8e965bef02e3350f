from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MembershipPlan(models.Model):
    """What a membership is called, how long it lasts, and what it opens."""

    class Unit(models.TextChoices):
        DAYS = "days", _("days")
        MONTHS = "months", _("months")
        YEARS = "years", _("years")

    name = models.CharField(_("name"), max_length=100, unique=True)
    description = models.TextField(_("description"), blank=True)
    duration = models.PositiveSmallIntegerField(
        _("duration"), null=True, blank=True, help_text=_("Leave empty for a membership without an end.")
    )
    duration_unit = models.CharField(_("unit"), max_length=6, choices=Unit.choices, default=Unit.MONTHS)
    auth_group = models.ForeignKey(
        "auth.Group",
        verbose_name=_("group for private pages"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="membership_plans",
        help_text=_("Members see the pages and documents that are private to this group."),
    )
    customer_group = models.ForeignKey(
        "oscar_customers_ext.CustomerGroup",
        verbose_name=_("customer group"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="membership_plans",
        help_text=_("Members count as customers of this group."),
    )
    notice_days = models.PositiveSmallIntegerField(
        _("notice before the end, in days"), null=True, blank=True, help_text=_("Leave empty for no notice.")
    )

    class Meta:
        verbose_name = _("membership plan")
        verbose_name_plural = _("membership plans")
        ordering = ["name"]

    def __str__(self):
        return self.name


class Membership(models.Model):
    """A plan granted to a customer, from ``starts_at`` until just before ``ends_at`` (None: without an end)."""

    customer = models.ForeignKey(
        "oscar_customers_ext.Customer",
        verbose_name=_("customer"),
        on_delete=models.CASCADE,
        related_name="memberships",
    )
    plan = models.ForeignKey(
        "oscar_customers_ext.MembershipPlan",
        verbose_name=_("plan"),
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(_("to"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    noticed_at = models.DateTimeField(_("notice sent"), null=True, blank=True, editable=False)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("granted by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="membership_ends_after_start",
                condition=models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=models.F("starts_at")),
            ),
        ]

    def __str__(self):
        return f"{self.plan} – {self.customer}"
