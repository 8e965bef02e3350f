"""Why a customer pays what he pays: what each rule of the shop says, in the words that the rule has for the buyer."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oscar_customers_ext.approval import verdicts as approval
from oscar_customers_ext.coupons import verdicts as coupons
from oscar_customers_ext.groups.offers import verdicts as group_offers
from oscar_customers_ext.tax.decisions import decide
from oscar_customers_ext.tax.rules import EXEMPTION, VAT_NUMBER
from oscar_customers_ext.verdicts import Verdict

from .buyers import Buyer


@dataclass(frozen=True)
class Rule:
    title: Any
    #: Who may read what this rule says, beside who may read the customer; None for all of them.
    permission: str | None
    verdicts: Callable[[Buyer], Iterable[Verdict]]


def _may_buy(buyer: Buyer) -> Iterator[Verdict]:
    email = "" if buyer.user.is_authenticated else buyer.customer.email
    yield approval.verdict(buyer.user, email=email, request=buyer.request)


def _exemption(buyer: Buyer) -> Iterator[Verdict]:
    return (verdict for verdict in decide(request=buyer.request).verdicts if verdict.rule == EXEMPTION)


def _vat_number(buyer: Buyer) -> Iterator[Verdict]:
    return (verdict for verdict in decide(request=buyer.request).verdicts if verdict.rule == VAT_NUMBER)


def _group_offers(buyer: Buyer) -> Iterable[Verdict]:
    # Guests have the discounts of no group, whatever address they give.
    if buyer.basket and buyer.request.customer is None:
        return []
    return group_offers.verdicts(buyer.customer, buyer.basket)


def _coupons(buyer: Buyer) -> Iterable[Verdict]:
    return coupons.verdicts(buyer.customer, buyer.basket, as_guest=not buyer.user.is_authenticated)


VIEW_OFFERS, VIEW_VOUCHERS = "offer.view_conditionaloffer", "oscar_customers_ext.view_customervoucher"

RULES = (
    Rule(_("Buying"), None, _may_buy),
    Rule(_("Discounts of groups"), VIEW_OFFERS, _group_offers),
    Rule(_("Personal coupons"), VIEW_VOUCHERS, _coupons),
    Rule(_("Tax"), "oscar_customers_ext.view_taxexemption", _exemption),
    Rule(_("VAT number"), None, _vat_number),
)


@dataclass(frozen=True)
class PricedLine:
    """One line of the basket; prices of all its pieces, with tax where the tax is known."""

    product: Any
    quantity: int
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True)
class Explanation:
    buyer: Buyer
    #: Rule and what it says; rules that say nothing are left out.
    rules: list[tuple[Rule, list[Verdict]]]
    may: Callable[[str], bool]

    @property
    def basket(self) -> Any:
        return self.buyer.basket

    @property
    def lines(self) -> list[PricedLine]:
        return [_priced(line) for line in self.basket.all_lines()] if self.basket else []

    @property
    def discounts(self) -> list[tuple[str, Decimal]]:
        """Name and amount of each discount that the basket gets; those that may not be read are one sum."""
        applied = self.basket.offer_applications
        named, hidden = [], Decimal(0)
        for permission, entries in (
            (VIEW_OFFERS, applied.offer_discounts),
            (VIEW_VOUCHERS, applied.voucher_discounts),
        ):
            if self.may(permission):
                named += [(entry["name"], entry["discount"]) for entry in entries]
            else:
                hidden += sum(entry["discount"] for entry in entries)
        return [*named, (gettext("Discounts"), hidden)] if hidden else named

    @property
    def total(self) -> Decimal | None:
        """None where a product has no price any more: Oscar cannot add that up."""
        if any(line.before is None for line in self.lines):
            return None
        return self.basket.total_incl_tax if self.basket.is_tax_known else self.basket.total_excl_tax


def explain(buyer: Buyer, *, may: Callable[[str], bool]) -> Explanation:
    """What the rules say to this buyer, those only that ``may(permission)`` lets this member of staff read."""
    if buyer.basket:
        buyer.price_basket()
    readable = [rule for rule in RULES if rule.permission is None or may(rule.permission)]
    said = [(rule, list(rule.verdicts(buyer))) for rule in readable]
    return Explanation(buyer, [(rule, verdicts) for rule, verdicts in said if verdicts], may)


def _priced(line: Any) -> PricedLine:
    price = line.purchase_info.price
    known = price.exists and price.excl_tax is not None
    if known and price.is_tax_known:
        before, after = line.line_price_incl_tax, line.line_price_incl_tax_incl_discounts
    elif known:
        before, after = line.line_price_excl_tax, line.line_price_excl_tax_incl_discounts
    else:
        before = after = None
    return PricedLine(line.product, line.quantity, before, after)
