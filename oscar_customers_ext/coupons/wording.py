"""What a coupon gives, in words, read from Oscar's rows: staff may change them in Oscar's dashboard."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from oscar.templatetags.currency_filters import currency

from .models import CustomerVoucher
from .states import uses_at_most


@dataclass(frozen=True)
class Words:
    """Put into words when they are read, in the language of then. ``coupon`` was read ``for_list()``."""

    coupon: CustomerVoucher

    @property
    def gives(self) -> str:
        return "; ".join(_gives(offer.benefit) for offer in self.coupon.voucher.offers.all()) or "–"

    @property
    def needs(self) -> str:
        """What the basket must hold; empty where anything will do."""
        needed = (_needs(offer.condition) for offer in self.coupon.voucher.offers.all())
        return "; ".join(text for text in needed if text)

    @property
    def starts(self) -> str:
        return _moment(self.coupon.voucher.start_datetime)

    @property
    def ends(self) -> str:
        """An end at midnight is that of the day before."""
        end = self.coupon.voucher.end_datetime
        return _day(end - timedelta(microseconds=1)) if _is_midnight(end) else _moment(end)

    @property
    def uses_at_most(self) -> int | None:
        return uses_at_most(self.coupon)


def words_of(coupon: CustomerVoucher) -> Words:
    return Words(coupon)


def _gives(benefit: Any) -> str:
    sentences = {
        benefit.PERCENTAGE: _("%(value)s%% off %(range)s"),
        benefit.FIXED: _("%(value)s off %(range)s"),
        benefit.SHIPPING_PERCENTAGE: _("%(value)s%% off the shipping costs"),
        benefit.SHIPPING_ABSOLUTE: _("%(value)s off the shipping costs"),
    }
    if benefit.proxy_class or benefit.type not in sentences or benefit.value is None:
        return str(benefit)
    is_percentage = benefit.type in (benefit.PERCENTAGE, benefit.SHIPPING_PERCENTAGE)
    return sentences[benefit.type] % {
        "value": _plain(benefit.value) if is_percentage else currency(benefit.value),
        "range": _range(benefit.range),
    }


def _needs(condition: Any) -> str:
    if condition.proxy_class or condition.type not in (condition.COUNT, condition.VALUE):
        return str(condition)
    if condition.type == condition.VALUE:
        sentence = _("for carts of %(value)s or more")
        if condition.range and not condition.range.includes_all_products:
            sentence = _("for carts with %(value)s or more of %(range)s")
        return sentence % {"value": currency(condition.value), "range": _range(condition.range)}
    return "" if condition.value == 1 else str(condition)


def _moment(moment: datetime) -> str:
    return _day(moment) if _is_midnight(moment) else date_format(localtime(moment), "DATETIME_FORMAT")


def _day(moment: datetime) -> str:
    return date_format(localtime(moment), "DATE_FORMAT")


def _is_midnight(moment: datetime) -> bool:
    return localtime(moment).time() == time.min


def _range(products: Any) -> str:
    if products is None or products.includes_all_products:
        return _("all products")
    return products.name


def _plain(value: Decimal) -> str:
    """Without zeros that say nothing."""
    return number_format(value.normalize() if value % 10 else value.to_integral_value(), use_l10n=True)
