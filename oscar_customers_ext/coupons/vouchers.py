"""Oscar's rows of a coupon: a voucher with an offer of its own, as Oscar's dashboard makes them.

Each coupon has its own condition and benefit, too: what staff change of one in the dashboard changes no other.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from oscar_customers_ext.customers.ranges import everything

from .codes import make_mark
from .terms import Kind, Scope, Terms, Usage, Validity

Benefit = get_model("offer", "Benefit")
Condition = get_model("offer", "Condition")
ConditionalOffer = get_model("offer", "ConditionalOffer")
Voucher = get_model("voucher", "Voucher")

#: Rows of one statement.
BATCH = 500
#: Before the discounts that come by themselves: who types a code expects it to count. At equal priority Oscar does the
#: same, but a discount of higher priority would leave the coupon nothing.
PRIORITY = 100


def make_vouchers(names: Sequence[str], codes: Sequence[str], terms: Terms) -> list[Any]:
    """A voucher for each code, all with the same terms: a fixed number of statements per 500. Raises IntegrityError."""
    marks = [make_mark() for _code in codes]
    vouchers = [
        Voucher(
            name=name_of(name, mark),
            code=code,
            usage=usage_of(terms),
            start_datetime=terms.starts_at,
            end_datetime=terms.ends_at,
        )
        for name, mark, code in zip(names, marks, codes, strict=True)
    ]
    Voucher.objects.bulk_create(vouchers, batch_size=BATCH)
    link = Voucher.offers.through
    pairs = zip(vouchers, _make_offers(marks, terms), strict=True)
    links = [link(voucher=voucher, conditionaloffer=offer) for voucher, offer in pairs]
    link.objects.bulk_create(links, batch_size=BATCH)
    return vouchers


def _make_offers(marks: Sequence[str], terms: Terms) -> list[Any]:
    all_products = everything()
    applies_to = terms.product_range if terms.scope == Scope.RANGE else all_products
    conditions = [_condition(terms, applies_to, all_products) for _mark in marks]
    benefits = [_benefit(terms, applies_to) for _mark in marks]
    Condition.objects.bulk_create(conditions, batch_size=BATCH)
    Benefit.objects.bulk_create(benefits, batch_size=BATCH)
    offers = [
        ConditionalOffer(
            # Without the customer's name: the shop has a public page for each offer, at its name.
            name=nameless(mark),
            # Given, because Oscar else asks the database for each.
            slug=f"personal-coupon-{mark.lower()}",
            offer_type=ConditionalOffer.VOUCHER,
            condition=condition,
            benefit=benefit,
            priority=PRIORITY,
            max_basket_applications=1,
            max_global_applications=limit_of(terms),
        )
        for mark, condition, benefit in zip(marks, conditions, benefits, strict=True)
    ]
    ConditionalOffer.objects.bulk_create(offers, batch_size=BATCH)
    return offers


def change_validity(voucher: Any, validity: Validity) -> None:
    voucher.start_datetime, voucher.end_datetime = validity.starts_at, validity.ends_at
    voucher.usage = usage_of(validity)
    voucher.save()
    for offer in voucher.offers.all():
        offer.max_global_applications = limit_of(validity)
        offer.save()


def delete_voucher(voucher: Any) -> None:
    """With the offers that belong to no other voucher, and what belongs to no other offer."""
    offers = list(voucher.offers.all())
    voucher.delete()
    alone = ConditionalOffer.objects.filter(pk__in=[offer.pk for offer in offers], vouchers__isnull=True)
    alone.delete()
    for model, keys in (
        (Condition, [offer.condition_id for offer in offers]),
        (Benefit, [offer.benefit_id for offer in offers]),
    ):
        model.objects.filter(pk__in=keys, offers__isnull=True).delete()


def name_of(customer_name: str, mark: str) -> str:
    """The voucher's name, which the customer reads in the basket and staff in Oscar's dashboard."""
    longest = Voucher._meta.get_field("name").max_length
    template = _("Coupon for %(customer)s, %(mark)s")
    room = longest - len(template % {"customer": "", "mark": mark})
    return template % {"customer": customer_name[:room], "mark": mark}


def nameless(mark: str = "") -> str:
    """A name that does not say whose coupon it is."""
    return _("Personal coupon %(mark)s") % {"mark": mark or make_mark()}


def usage_of(validity: Validity) -> str:
    return Voucher.SINGLE_USE if validity.usage == Usage.ONCE else Voucher.MULTI_USE


def limit_of(validity: Validity) -> int | None:
    # Oscar counts the times that an offer was applied, and ours is applied once per order.
    return validity.times if validity.usage == Usage.TIMES else None


def _condition(terms: Terms, applies_to: Any, all_products: Any) -> Any:
    if terms.minimum is not None:
        # Of the whole basket, whatever part of it the coupon makes cheaper.
        return Condition(range=all_products, type=Condition.VALUE, value=terms.minimum)
    return Condition(range=applies_to, type=Condition.COUNT, value=1)


def _benefit(terms: Terms, applies_to: Any) -> Any:
    types = {
        (False, Kind.PERCENTAGE): Benefit.PERCENTAGE,
        (False, Kind.AMOUNT): Benefit.FIXED,
        (True, Kind.PERCENTAGE): Benefit.SHIPPING_PERCENTAGE,
        (True, Kind.AMOUNT): Benefit.SHIPPING_ABSOLUTE,
    }
    of_shipping = terms.scope == Scope.SHIPPING
    return Benefit(
        range=None if of_shipping else applies_to,
        type=types[of_shipping, Kind(terms.kind)],
        value=terms.value,
    )
