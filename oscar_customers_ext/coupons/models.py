from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oscar_customers_ext.contacts.identity import MAX_LENGTH as EMAIL_MAX_LENGTH

from .codes import MAX_LENGTH as CODE_MAX_LENGTH
from .querysets import CustomerVoucherQuerySet
from .states import CouponState, state_of


class CustomerVoucher(models.Model):
    """Ties a voucher of Oscar's to the one customer who may use it. Made by ``coupons.actions`` only."""

    voucher = models.OneToOneField(
        "voucher.Voucher", verbose_name=_("voucher"), on_delete=models.CASCADE, related_name="customer_link"
    )
    #: None once the customer is deleted: then nobody may use it, rather than everybody.
    customer = models.ForeignKey(
        "oscar_customers_ext.Customer",
        verbose_name=_("customer"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="voucher_links",
    )
    #: The code as the shop made it, empty where staff typed one. Kept apart, because Oscar's dashboard can change the
    #: voucher's: then it is one that somebody may guess, and that was never mailed.
    made_code = models.CharField(
        _("code made by the shop"), max_length=CODE_MAX_LENGTH, blank=True, editable=False
    )
    #: The key of the address (see ``contacts.identity``) to which the code was mailed: a guest may use it there.
    mailed_to_key = models.CharField(_("mailed to"), max_length=EMAIL_MAX_LENGTH, blank=True, editable=False)
    mailed_at = models.DateTimeField(_("mailed"), null=True, editable=False)
    #: When staff ended it before its time.
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = CustomerVoucherQuerySet.as_manager()

    class Meta:
        verbose_name = _("personal coupon")
        verbose_name_plural = _("personal coupons")
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"{self.voucher}"

    @property
    def has_random_code(self) -> bool:
        """Whether nobody guesses the code: it has at least 60 random bits."""
        return bool(self.made_code) and self.made_code == self.voucher.code

    @property
    def state(self) -> CouponState:
        """Of a row that was read ``with_use()``."""
        return state_of(self, timezone.now())
