from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oscar_customers_ext.contacts.identity import MAX_LENGTH as EMAIL_MAX_LENGTH
from oscar_customers_ext.customers.querysets import CustomerOrderQuerySet


class CustomerOrder(models.Model):
    """The link of an order to its customer, with a copy of the e-mail: deleting a user in Oscar blanks both there."""

    order = models.OneToOneField(
        "order.Order", verbose_name=_("order"), on_delete=models.CASCADE, related_name="customer_link"
    )
    customer = models.ForeignKey(
        "oscar_customers_ext.Customer",
        verbose_name=_("customer"),
        on_delete=models.PROTECT,
        related_name="order_links",
    )
    email = models.EmailField(_("e-mail address of the order"), max_length=EMAIL_MAX_LENGTH, blank=True)
    proven = models.BooleanField(
        _("proven"),
        default=False,
        help_text=_("Placed by the customer's own account, or claimed after proof of the address."),
    )
    linked_at = models.DateTimeField(_("linked"), default=timezone.now)

    objects = CustomerOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order of a customer")
        verbose_name_plural = _("orders of customers")

    def __str__(self):
        return f"{self.order} – {self.customer}"
