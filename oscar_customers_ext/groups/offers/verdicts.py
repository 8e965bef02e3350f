"""Why a customer has a discount of a group, or has it not."""

from collections.abc import Callable, Iterator
from copy import copy
from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from oscar.core.loading import get_model
from oscar.templatetags.currency_filters import currency

from oscar_customers_ext.customers.currencies import is_foreign, is_money
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.groups.models import GroupOffer
from oscar_customers_ext.verdicts import Verdict

from .parts import PARTS, made_to_act, share_ranges
from .states import OfferState, state_of, summary

ConditionalOffer = get_model("offer", "ConditionalOffer")
OrderDiscount = get_model("order", "OrderDiscount")
RULE = "group-offer"


def verdicts(customer: Customer, basket: Any = None, *, others: bool = False) -> list[Verdict]:
    """One for each offer of the customer's groups, in the order in which Oscar applies them.

    With ``basket``, to which the shop's offers have been applied, whether it got the offer; without, whether the offer
    is in force. ``others`` adds the offers of groups that the customer is not in. Two queries, and with a basket two
    more for each range of products of offers that it did not get.
    """
    own, found = _offers(customer, others)
    share_ranges(offer for offer in found if state_of(offer) != OfferState.INCOMPLETE)
    used = _uses(customer, found)
    return [_verdict(customer, offer, basket, offer.pk in own, used.get(offer.pk, 0)) for offer in found]


def _offers(customer: Customer, others: bool) -> tuple[set[int], list[Any]]:
    own = set(GroupOffer.objects.of_groups_of(customer).values_list("offer", flat=True))
    offers = (
        ConditionalOffer.objects.filter(group_links__isnull=False)
        if others
        else (ConditionalOffer.objects.filter(pk__in=own))
    )
    return own, list(offers.select_related(*PARTS).order_by("-priority", "pk").distinct())


def _uses(customer: Customer, offers: list[Any]) -> dict[int, int]:
    """How often the customer's orders used those that are limited per user."""
    limited = [offer.pk for offer in offers if offer.max_user_applications]
    if not limited or customer.user_id is None:
        return {}
    discounts = OrderDiscount.objects.filter(offer_id__in=limited, order__user=customer.user_id).order_by()
    return dict(discounts.values_list("offer_id").annotate(Sum("frequency")))


def _verdict(customer: Customer, offer: Any, basket: Any, is_own: bool, used: int) -> Verdict:
    reason, sentence = (
        _obstacle(customer, offer, basket, is_own, used)
        or (_in_force(offer) if basket is None else _applied(offer, basket))
        or _missing(offer, basket)
    )
    return Verdict(RULE, reason in APPLYING, reason, sentence, about=offer)


APPLYING = {"in-force", "applied"}


def _obstacle(customer: Customer, offer: Any, basket: Any, is_own: bool, used: int) -> tuple[str, str] | None:
    """What has nothing to do with what is in the basket."""
    if customer.user_id is None or (basket is not None and basket.owner_id != customer.user_id):
        return "no-account", _("Only buyers who are signed in get it.")
    if not is_own:
        return "not-in-group", _("It is for certain customers only.")
    state = state_of(offer)
    if state != OfferState.ACTIVE:
        return STATES[state](offer)
    if offer.max_user_applications and used >= offer.max_user_applications:
        return "used-by-customer", _("It has been used as often as one customer may.")
    return None


def _day(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")


STATES: dict[OfferState, Callable[[Any], tuple[str, str]]] = {
    OfferState.FUTURE: lambda offer: (
        "not-started",
        _("It begins on %(date)s.") % {"date": _day(offer.start_datetime)},
    ),
    OfferState.EXPIRED: lambda offer: (
        "expired",
        _("It ended on %(date)s.") % {"date": _day(offer.end_datetime)},
    ),
    OfferState.SUSPENDED: lambda offer: ("suspended", _("It is suspended at the moment.")),
    OfferState.USED_UP: lambda offer: ("used-up", _("It has been used as often as it can be.")),
    OfferState.OTHER_TYPE: lambda offer: ("other-type", _("It is no longer an offer for certain users.")),
    OfferState.INCOMPLETE: lambda offer: ("incomplete", _("It is not complete, so nobody gets it.")),
}


def _in_force(offer: Any) -> tuple[str, str]:
    return "in-force", _("In force: %(summary)s.") % {"summary": summary(offer)}


def _applied(offer: Any, basket: Any) -> tuple[str, str] | None:
    for application in basket.offer_applications:
        if application["offer"].pk != offer.pk:
            continue
        if application["result"].affects_shipping:
            return "applied", _("It lowers the shipping costs of this cart.")
        if application["result"].affects_post_order:
            return "applied", str(application["description"] or _("It takes effect after the order."))
        amount = currency(application["discount"], basket.currency)
        return "applied", _("It takes %(amount)s off this cart.") % {"amount": amount}
    return None


def _missing(offer: Any, basket: Any) -> tuple[str, str]:
    """Why this basket did not get an offer that is in force."""
    if basket.is_empty:
        return "empty", _("The cart is empty.")
    if is_foreign(basket.currency) and is_money(offer):
        return "other-currency", _("Amounts are taken off carts in %(currency)s only.") % {
            "currency": settings.OSCAR_DEFAULT_CURRENCY
        }
    untouched = _untouched(basket)
    acting = made_to_act(offer, untouched)
    if not acting.condition.is_satisfied(acting, untouched):
        hint = acting.condition.get_upsell_message(acting, untouched) or ""
        return "condition", " ".join([_("The cart does not fulfil its condition."), *_sentence(hint)])
    if acting.benefit.range is not None and not acting.benefit.get_applicable_lines(acting, untouched):
        return "no-products", _("Nothing in the cart is what it takes something off.")
    names = sorted({application["offer"].name for application in basket.offer_applications})
    if names:
        return "other-offer", _("Other discounts took what is in the cart: %(names)s.") % {
            "names": ", ".join(names)
        }
    return "nothing-off", _("It takes nothing off this cart.")


def _sentence(hint: str) -> Iterator[str]:
    if hint:
        yield f"{str(hint).rstrip('.')}."


def _untouched(basket: Any) -> Any:
    """The same basket as it was before any offer took items of it. Only in memory."""
    untouched = copy(basket)
    untouched._lines = [copy(line) for line in basket.all_lines()]
    for line in untouched._lines:
        line.clear_discount()
    return untouched
