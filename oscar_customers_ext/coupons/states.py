"""What became of a coupon, in words."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class CouponState(models.TextChoices):
    UNUSED = "unused", _("Unused")
    #: Used before, and may be used again.
    IN_USE = "in_use", _("Used, still valid")
    USED = "used", _("Used")
    NOT_YET = "not_yet", _("Not yet valid")
    EXPIRED = "expired", _("Expired")
    ENDED = "ended", _("Ended")

    @property
    def is_open(self) -> bool:
        """Whether the coupon can be used, now or later."""
        return self in (CouponState.UNUSED, CouponState.IN_USE, CouponState.NOT_YET)


def state_of(coupon: Any, now: datetime) -> CouponState:
    """Of a CustomerVoucher that was read ``with_use()``."""
    voucher = coupon.voucher
    if is_used_up(coupon):
        return CouponState.USED
    # Whoever moves the end in Oscar's dashboard afterwards opens the coupon again.
    if coupon.ended_at is not None and voucher.end_datetime <= coupon.ended_at:
        return CouponState.ENDED
    if voucher.end_datetime < now:
        return CouponState.EXPIRED
    if now < voucher.start_datetime:
        return CouponState.NOT_YET
    return CouponState.IN_USE if coupon.uses else CouponState.UNUSED


def is_used_up(coupon: Any) -> bool:
    """Whether it was in as many orders as it may be."""
    limit = uses_at_most(coupon)
    return limit is not None and coupon.uses >= limit


def uses_at_most(coupon: Any) -> int | None:
    """In how many orders it may be; None is any number."""
    voucher = coupon.voucher
    return coupon.limit if voucher.usage == voucher.MULTI_USE else 1
