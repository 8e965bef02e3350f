"""What is to be said of an offer of a group: whether it is in force, and what it gives."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from oscar.core.loading import get_model
from oscar.templatetags.currency_filters import currency

from oscar_customers_ext.groups.models import GroupOffer

from .parts import PARTS, acting, is_complete

ConditionalOffer = get_model("offer", "ConditionalOffer")
#: How many discounts of a group stand on the screen of a customer.
IN_BRIEF = 5


class OfferState(models.TextChoices):
    ACTIVE = "active", gettext_lazy("Active")
    FUTURE = "future", gettext_lazy("Future")
    EXPIRED = "expired", gettext_lazy("Expired")
    SUSPENDED = "suspended", gettext_lazy("Suspended")
    USED_UP = "used-up", gettext_lazy("Used up")
    #: Somebody gave it another type in Oscar's dashboard.
    OTHER_TYPE = "other-type", gettext_lazy("Not for groups")
    INCOMPLETE = "incomplete", gettext_lazy("Incomplete")


def state_of(offer: Any) -> OfferState:
    """As Oscar's own manager of active offers sees it, with the first reason that keeps it from being given."""
    now = timezone.now()
    if offer.offer_type != offer.USER:
        return OfferState.OTHER_TYPE
    if not is_complete(offer):
        return OfferState.INCOMPLETE
    if offer.is_suspended:
        return OfferState.SUSPENDED
    if offer.end_datetime and offer.end_datetime < now:
        return OfferState.EXPIRED
    if not offer.is_open or offer.get_max_applications() == 0:
        return OfferState.USED_UP
    if offer.start_datetime and offer.start_datetime > now:
        return OfferState.FUTURE
    return OfferState.ACTIVE


def summary(offer: Any) -> str:
    """What it gives, in a line without markup."""
    if not is_complete(offer):
        return ""
    benefit, condition = offer.benefit, offer.condition
    if benefit.proxy_class or benefit.type not in (benefit.PERCENTAGE, benefit.FIXED):
        return str(acting(benefit))
    value = currency(benefit.value) if benefit.type == benefit.FIXED else percentage(benefit.value)
    facts = {"value": value, "range": benefit.range}
    if condition.type == condition.VALUE:
        return _("%(value)s off %(range)s, from %(minimum)s") % {
            **facts,
            "minimum": currency(condition.value),
        }
    return _("%(value)s off %(range)s") % facts


def percentage(value: Any) -> str:
    plain = value.normalize()
    # 10, not 1E+1
    return f"{number_format(plain.quantize(1) if plain == plain.to_integral() else plain)} %"


def with_parts(offers: Any) -> Any:
    """What ``state_of``, ``summary`` and ``terms.obstacle`` need, in one query."""
    others = ConditionalOffer.objects.exclude(pk=OuterRef("pk")).order_by()
    return offers.select_related(*PARTS).annotate(
        shares_condition=Exists(others.filter(condition=OuterRef("condition"))),
        shares_benefit=Exists(others.filter(benefit=OuterRef("benefit"))),
    )


def discounts_in_brief() -> Prefetch:
    """For groups: ``brief_links``, the first discounts of each, and one more where there are more."""
    links = GroupOffer.objects.select_related("offer", *(f"offer__{part}" for part in PARTS))
    first = links.order_by("-offer__priority", "offer")[: IN_BRIEF + 1]
    return Prefetch("offer_links", first, to_attr="brief_links")
