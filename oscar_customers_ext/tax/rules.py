"""Which rules free a customer from tax. They take what they need and ask neither the request nor the session.

Each rule answers with a Verdict that says also why it does not hold, or with None where the shop does not have the
rule. The first that holds decides.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_noop
from oscar.core.loading import get_model

from oscar_customers_ext.verdicts import Verdict

from .sentences import sentence
from .vat.identity import Identity, identity_of_customer
from .vat.rule import VAT_NUMBER, reason_for_order, vat_number_rule

EXEMPTION = "tax-exemption"


@dataclass
class Purchase:
    """What the rules are asked about: who buys, on which day in the shop's time zone, and where it is sent to."""

    customer: Any
    day: date
    find_country: Callable[[], str]
    find_identity: Callable[[], Identity] | None = None

    @cached_property
    def country(self) -> str:
        """ISO 3166-1 alpha-2, empty when it is not known. Looked up when a rule asks for it, as it may cost a query."""
        return self.find_country()

    @property
    def asked_country(self) -> str:
        """The same where a rule asked; else empty."""
        return self.__dict__.get("country", "")

    @cached_property
    def identity(self) -> Identity:
        """Company and VAT number: of this order, else the customer's own."""
        return self.find_identity() if self.find_identity else identity_of_customer(self.customer)

    @cached_property
    def exemptions(self) -> list[Any]:
        exemptions = get_model("oscar_customers_ext", "TaxExemption").objects
        return exemptions.filter(customer=self.customer).with_countries()


def no_exemption(reason: str, text: str, about: Any = None, **values: Any) -> Verdict:
    if about is not None:
        values["reason"] = about.reason
    return Verdict(EXEMPTION, False, reason, sentence(text, values), about)


GUEST = no_exemption("guest", gettext_noop("A tax exemption holds for customers who are signed in."))
UNATTACHED = no_exemption(
    "unattached", gettext_noop("This account belongs to no customer, so no tax exemption holds for it.")
)
NONE = no_exemption("none", gettext_noop("This customer has no tax exemption."))
FAILED = no_exemption(
    "failed", gettext_noop("It could not be found out whether a tax exemption holds, so tax is charged.")
)


def exemption_rule(purchase: Purchase) -> Verdict:
    return exemption_verdict(purchase.exemptions, purchase.day, lambda: purchase.country)


def exemption_verdict(exemptions: Iterable[Any], day: date, find_country: Callable[[], str]) -> Verdict:
    """``exemptions`` come from ``TaxExemptionQuerySet.with_countries``."""
    exemptions = list(exemptions)
    in_force = [found for found in exemptions if found.holds_on(day)]
    regional = [found for found in in_force if found.country_codes]
    everywhere = [found for found in in_force if not found.country_codes]
    if everywhere:
        return _exempt(everywhere[0])
    if regional:
        country = find_country()
        for found in regional:
            if country in found.country_codes:
                return _exempt(found)
        return _elsewhere(regional[0], country)
    if future := [found for found in exemptions if found.valid_from and found.valid_from > day]:
        first = min(future, key=lambda found: found.valid_from)
        text = gettext_noop("The tax exemption “%(reason)s” begins on %(day)s.")
        return no_exemption("not-yet", text, first, day=first.valid_from)
    if exemptions:
        last = max(exemptions, key=lambda found: found.valid_until)
        text = gettext_noop("The tax exemption “%(reason)s” ended on %(day)s.")
        return no_exemption("expired", text, last, day=last.valid_until)
    return NONE


def _exempt(found: Any) -> Verdict:
    text = gettext_noop("No tax is charged: %(reason)s")
    return Verdict(EXEMPTION, True, "exempt", sentence(text, {"reason": found.reason}), found)


def _elsewhere(found: Any, country: str) -> Verdict:
    if country:
        text = gettext_noop(
            "The tax exemption “%(reason)s” holds for deliveries to these countries: %(names)s."
        )
    else:
        text = gettext_noop(
            "The tax exemption “%(reason)s” holds for deliveries to these countries, and no address is known yet: "
            "%(names)s."
        )
    return no_exemption("other-country", text, found, names=", ".join(found.country_names))


Rule = Callable[[Purchase], Verdict | None]

#: In the order in which they are asked.
RULES: Sequence[Rule] = (exemption_rule, vat_number_rule)


def verdicts_for(purchase: Purchase) -> list[Verdict]:
    """What every rule of the shop says, for those who want to know why."""
    return [verdict for rule in RULES if (verdict := rule(purchase)) is not None]


def judge(purchase: Purchase) -> Verdict:
    """The first rule that holds; where none does, what the first one says."""
    refusals = []
    for rule in RULES:
        verdict = rule(purchase)
        if verdict:
            return verdict
        if verdict is not None:
            refusals.append(verdict)
    return refusals[0]


def reason_of(verdict: Verdict) -> str:
    """Why no tax is charged, in the words that an order keeps."""
    if verdict.rule == EXEMPTION:
        return verdict.about.reason
    return reason_for_order(verdict) if verdict.rule == VAT_NUMBER else str(verdict.sentence)
