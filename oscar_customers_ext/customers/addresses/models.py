from django.db import models
from django.utils.translation import gettext_lazy as _
from oscar.apps.address.abstract_models import AbstractShippingAddress


class CustomerAddress(AbstractShippingAddress):
    """An address of a customer without user account; with one, Oscar's ``UserAddress`` is the address book."""

    customer = models.ForeignKey(
        "oscar_customers_ext.Customer",
        verbose_name=_("customer"),
        on_delete=models.CASCADE,
        related_name="addresses",
    )
    company_name = models.CharField(_("company name"), max_length=255, blank=True)
    is_default_for_billing = models.BooleanField(_("default billing address"), default=False)
    is_default_for_shipping = models.BooleanField(_("default shipping address"), default=False)

    class Meta:
        app_label = "oscar_customers_ext"
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering = ["-is_default_for_shipping", "-is_default_for_billing", "pk"]
        constraints = [
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


class AddressCompany(models.Model):
    """The company of an address in Oscar's address book, which has no column for it."""

    address = models.OneToOneField(
        "address.UserAddress",
        verbose_name=_("address"),
        on_delete=models.CASCADE,
        related_name="customer_company",
    )
    company_name = models.CharField(_("company name"), max_length=255)

    class Meta:
        verbose_name = _("company of an address")
        verbose_name_plural = _("companies of addresses")

    def __str__(self):
        return self.company_name
