from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from oscar.apps.address.abstract_models import AbstractShippingAddress


class CustomerAddress(AbstractShippingAddress):
    """An address of a customer without user account; with one, Oscar's ``UserAddress`` is the address book."""

    #: What two addresses of one customer may not have in common, in words.
    TWICE = _("This customer has this address already.")

    customer = models.ForeignKey(
        "oscar_customers_ext.Customer",
        verbose_name=_("customer"),
        on_delete=models.CASCADE,
        related_name="addresses",
    )
    company_name = models.CharField(_("company name"), max_length=255, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=32, blank=True)
    is_default_for_billing = models.BooleanField(_("default billing address"), default=False)
    is_default_for_shipping = models.BooleanField(_("default shipping address"), default=False)
    #: Oscar's own, over name, lines, postcode and country: equal ones are one address.
    hash = models.CharField(max_length=255, blank=True, editable=False)

    class Meta:
        app_label = "oscar_customers_ext"
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering = ["-is_default_for_shipping", "-is_default_for_billing", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "hash"], name="address_of_customer_once"),
            models.UniqueConstraint(
                fields=["customer"],
                condition=models.Q(is_default_for_billing=True),
                name="one_default_billing_address",
            ),
            models.UniqueConstraint(
                fields=["customer"],
                condition=models.Q(is_default_for_shipping=True),
                name="one_default_shipping_address",
            ),
        ]

    def save(self, *args, **kwargs):
        self.complete()
        super().save(*args, **kwargs)

    def complete(self):
        """Works out the columns that hang on the others; for ``bulk_create``, which does not call ``save``."""
        self.hash = str(self.generate_hash())
        self._update_search_text()

    def validate_unique(self, exclude=None):
        super().validate_unique(exclude)
        equal = CustomerAddress.objects.filter(customer=self.customer_id, hash=str(self.generate_hash()))
        if equal.exclude(pk=self.pk).exists():
            raise ValidationError(self.TWICE, code="unique")


class AddressCompany(models.Model):
    """The company of an address in Oscar's address book, which has no columns for it."""

    address = models.OneToOneField(
        "address.UserAddress",
        verbose_name=_("address"),
        on_delete=models.CASCADE,
        related_name="customer_company",
    )
    company_name = models.CharField(_("company name"), max_length=255, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=32, blank=True)

    class Meta:
        verbose_name = _("company of an address")
        verbose_name_plural = _("companies of addresses")

    def __str__(self):
        return self.company_name
