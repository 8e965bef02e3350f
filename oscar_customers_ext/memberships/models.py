from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from oscar_customers_ext.customers.staff import groups_of_staff

from .periods import Unit, add_period
from .querysets import MembershipPlanQuerySet, MembershipQuerySet

#: About a hundred years: beyond them the calendar of computers ends somewhere.
LONGEST = {Unit.DAYS: 32_767, Unit.MONTHS: 1_200, Unit.YEARS: 100}
STAFF_GROUP = _(
    "This group belongs to staff: it carries permissions of the admin. Choose a group without any."
)


class MembershipPlan(models.Model):
    """What a membership is called, how long it lasts, and what it opens."""

    Unit = Unit

    name = models.CharField(_("name"), max_length=100, unique=True)
    description = models.TextField(_("description"), blank=True)
    duration = models.PositiveSmallIntegerField(
        _("duration"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1, _("A membership lasts at least one day. Leave empty for no end."))],
        help_text=_("Leave empty for a membership without an end."),
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

    objects = MembershipPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership plan")
        verbose_name_plural = _("membership plans")
        ordering = ["name"]

    def __str__(self):
        return self.name

    def clean(self):
        super().clean()
        errors = {}
        if self.auth_group_id and groups_of_staff().filter(pk=self.auth_group_id).exists():
            errors["auth_group"] = ValidationError(STAFF_GROUP, code="staff")
        if self.duration and self.duration > LONGEST[self.duration_unit]:
            errors["duration"] = ValidationError(
                _("A membership lasts at most a hundred years. Leave empty for no end."), code="too_long"
            )
        if errors:
            raise ValidationError(errors)

    @property
    def lasts(self):
        """The duration in words."""
        if self.duration is None:
            return _("Without an end")
        number = self.duration
        texts = {
            Unit.DAYS: ngettext("%(number)d day", "%(number)d days", number),
            Unit.MONTHS: ngettext("%(number)d month", "%(number)d months", number),
            Unit.YEARS: ngettext("%(number)d year", "%(number)d years", number),
        }
        return texts[self.duration_unit] % {"number": number}

    def end_of(self, starts_at: datetime) -> datetime | None:
        """When a membership that starts then ends by this plan; None when it does not."""
        return None if self.duration is None else add_period(starts_at, self.duration, self.duration_unit)


class MembershipState(models.TextChoices):
    ACTIVE = "active", _("Active")
    FUTURE = "future", _("Future")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")


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
    #: When the site was told by a signal that this membership is over.
    end_told_at = models.DateTimeField(_("end told"), null=True, blank=True, editable=False)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("granted by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = MembershipQuerySet.as_manager()

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
        indexes = [
            # For the filters of the list, and for who may see a private page.
            models.Index(
                fields=["customer", "plan", "revoked_at", "starts_at", "ends_at"], name="membership_states"
            ),
            # For expire_memberships: a shop has many that ended long ago.
            models.Index(
                fields=["ends_at"],
                condition=models.Q(revoked_at__isnull=True, end_told_at__isnull=True, ends_at__isnull=False),
                name="membership_running",
            ),
        ]

    def __str__(self):
        return f"{self.plan} – {self.customer}"

    def state_at(self, moment: datetime) -> MembershipState:
        if self.revoked_at is not None:
            return MembershipState.REVOKED
        if moment < self.starts_at:
            return MembershipState.FUTURE
        if self.ends_at is not None and self.ends_at <= moment:
            return MembershipState.EXPIRED
        return MembershipState.ACTIVE

    @property
    def state(self) -> MembershipState:
        return self.state_at(timezone.now())

    @property
    def effective_end(self) -> datetime | None:
        """When it is over, or was: at its end, or when it was revoked."""
        return self.ends_at if self.revoked_at is None else self.revoked_at

    @property
    def is_running(self) -> bool:
        """Whether it is active or will be: what can be revoked."""
        return self.state in (MembershipState.ACTIVE, MembershipState.FUTURE)
