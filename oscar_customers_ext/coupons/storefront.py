"""The public page of an offer. Imports no model at the top: Oscar asks for its classes while the apps are loading."""

from importlib import import_module
from typing import Any

from django.http import Http404

BUYING = "oscar_customers_ext.coupons.buying"


class CouponOfferDetailMixin:
    """Over Oscar's ``offer.views.OfferDetailView``: for others than its customer a coupon's offer is not there."""

    def get_queryset(self) -> Any:
        if self.offer.offer_type == self.offer.VOUCHER and not self._has_open_voucher():  # type: ignore[attr-defined]
            raise Http404
        return super().get_queryset()  # type: ignore[misc]

    def _has_open_voucher(self) -> bool:
        """Whether one of its vouchers is nobody's own or this buyer's; an offer without any is as Oscar has it."""
        request = self.request  # type: ignore[attr-defined]
        vouchers = list(self.offer.vouchers.all())  # type: ignore[attr-defined]
        known = import_module(BUYING).known_verdicts(request.basket, vouchers, request.user, request)
        asked = [known[voucher.pk] for voucher in vouchers]
        return not asked or any(found is None or found.applies for found in asked)
