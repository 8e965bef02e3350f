from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oscar_customers_ext.customers.notes.files import private_storage

from .documents import upload_to
from .querysets import TaxExemptionQuerySet
from .vat.states import VatState


class ExemptionState(models.TextChoices):
    FUTURE = "future", _("Future")
    ACTIVE = "active", _("Active")
    EXPIRED = "expired", _("Expired")


class TaxExemption(models.Model):
    """Why, where and when the orders of a customer carry no tax."""

    customer = models.ForeignKey(
        "oscar_customers_ext.Customer",
        verbose_name=_("customer"),
        on_delete=models.CASCADE,
        related_name="tax_exemptions",
    )
    reason = models.CharField(
        _("reason"), max_length=255, help_text=_("The buyer reads it, and each order keeps a copy.")
    )
    document = models.FileField(_("document"), storage=private_storage, upload_to=upload_to, blank=True)
    document_name = models.CharField(_("name of the document"), max_length=255, blank=True)
    countries = models.ManyToManyField(
        "address.Country",
        verbose_name=_("countries"),
        related_name="+",
        blank=True,
        help_text=_("Where the goods are sent to. Leave it empty for all countries."),
    )
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The last day on which it holds.")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = TaxExemptionQuerySet.as_manager()

    #: Codes and names of the countries, read together with the rows by ``with_countries()`` of the queryset.
    country_codes: set[str]
    country_names: list[str]

    class Meta:
        verbose_name = _("tax exemption")
        verbose_name_plural = _("tax exemptions")
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_until__isnull=True)
                | models.Q(valid_from__lte=models.F("valid_until")),
                name="tax_exemption_begins_before_it_ends",
            ),
        ]

    def __str__(self):
        return self.reason

    @property
    def state(self):
        return self.state_on(timezone.localdate())

    def state_on(self, day):
        if self.valid_from and self.valid_from > day:
            return ExemptionState.FUTURE
        if self.valid_until and self.valid_until < day:
            return ExemptionState.EXPIRED
        return ExemptionState.ACTIVE

    def holds_on(self, day):
        return self.state_on(day) == ExemptionState.ACTIVE


class VatCheck(models.Model):
    """What the registry said about a VAT number. Another number has another row, or none."""

    State = VatState

    #: Compact and with the country's prefix, like "IT00743110157".
    number = models.CharField(_("VAT number"), max_length=32, unique=True)
    state = models.CharField(_("state"), max_length=16, choices=VatState)
    #: When the registry said so.
    checked_at = models.DateTimeField(_("checked"))
    #: When it was last asked; later than ``checked_at`` where it then gave no answer.
    asked_at = models.DateTimeField(_("asked"))
    #: Given by the registry as the proof of the question, where the shop's own number is set.
    consultation_number = models.CharField(_("consultation number"), max_length=64, blank=True)
    company_name = models.CharField(_("company name in the registry"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("check of a VAT number")
        verbose_name_plural = _("checks of VAT numbers")

    def __str__(self):
        return f"{self.number}: {self.get_state_display()}"


class OrderTaxIdentity(models.Model):
    """Who bought, for the tax office, as it was when the order was placed. Never changed afterwards."""

    order = models.OneToOneField(
        "order.Order", verbose_name=_("order"), on_delete=models.CASCADE, related_name="tax_identity"
    )
    company_name = models.CharField(_("company name"), max_length=255, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=32, blank=True)
    vat_state = models.CharField(_("state"), max_length=16, choices=VatState, blank=True)
    vat_checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    consultation_number = models.CharField(_("consultation number"), max_length=64, blank=True)
    is_exempt = models.BooleanField(_("tax exempt"), default=False)
    exemption = models.ForeignKey(
        "oscar_customers_ext.TaxExemption",
        verbose_name=_("tax exemption"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        # The database asks at the end of a checkout: one that staff delete meanwhile must not take the order along.
        db_constraint=False,
        related_name="order_identities",
    )
    exemption_reason = models.CharField(_("reason"), max_length=255, blank=True)
    #: ISO 3166-1 alpha-2 of the country that the exemption was decided for; empty where nothing is sent.
    country_code = models.CharField(_("country"), max_length=2, blank=True)

    class Meta:
        verbose_name = _("tax identity of an order")
        verbose_name_plural = _("tax identities of orders")

    def __str__(self):
        return f"{self.order}"
