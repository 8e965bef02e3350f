"""The mail with a code. Where it went decides at which address a guest may use the coupon."""

import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.sites.models import Site
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from oscar_customers_ext import mail
from oscar_customers_ext.audit import log_each
from oscar_customers_ext.customers.models import Customer

from .audit import MAIL, MAIL_FAILED, facts
from .models import CustomerVoucher
from .wording import words_of

logger = logging.getLogger("oscar_customers_ext")


def send_codes(coupons: Iterable[CustomerVoucher], *, actor: Any) -> list[CustomerVoucher]:
    """Mails each code to its customer once the transaction is committed; those without an address are left out.

    The customers are locked, so that the addresses written down are those that are mailed to. What the mail
    server does not take counts as not mailed.
    """
    pks = [coupon.pk for coupon in coupons]
    sent = list(
        CustomerVoucher.objects.for_list()
        .filter(pk__in=pks, customer__email_key__isnull=False)
        .order_by("pk")
    )
    now = timezone.now()
    keys = Customer.objects.filter(pk=OuterRef("customer")).values("email_key")
    CustomerVoucher.objects.filter(pk__in=[coupon.pk for coupon in sent]).update(
        mailed_to_key=Subquery(keys), mailed_at=now
    )
    log_each(
        ((coupon.customer, {**facts(coupon), "email": coupon.customer.email}) for coupon in sent),
        MAIL,
        actor=actor,
    )
    shop = {"shop": getattr(settings, "OSCAR_SHOP_NAME", ""), "url": _basket_url()}
    for coupon in sent:
        coupon.mailed_to_key, coupon.mailed_at = coupon.customer.email_key, now
        _send(coupon, shop)
    return sent


def _send(coupon: CustomerVoucher, shop: dict[str, str]) -> None:
    # In the shop's time zone: the one in force is that of the member of staff.
    with timezone.override(timezone.get_default_timezone()):
        mail.send(
            "coupon",
            to=coupon.customer.email,
            language=coupon.customer.language,
            context={**shop, "customer": coupon.customer, "coupon": coupon, "words": words_of(coupon)},
            failed=_take_back(coupon),
        )


def _take_back(coupon: CustomerVoucher) -> Any:
    def forget() -> None:
        with transaction.atomic():
            mailed = CustomerVoucher.objects.filter(pk=coupon.pk, mailed_at=coupon.mailed_at)
            if mailed.update(mailed_to_key="", mailed_at=None):
                data = {**facts(coupon), "email": coupon.customer.email}
                log_each([(coupon.customer, data)], MAIL_FAILED)

    return forget


def _basket_url() -> str:
    try:
        path = reverse("basket:summary")
    except NoReverseMatch:
        return ""
    scheme = getattr(settings, "OSCAR_URL_SCHEMA", "http")
    return f"{scheme}://{Site.objects.get_current().domain}{path}"
