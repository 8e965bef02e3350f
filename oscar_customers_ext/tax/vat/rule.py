"""A company in another country of the European Union pays no tax on what is sent there. Imports no model, see ``loader``."""

from typing import Any

from django.utils.translation import gettext_noop

from oscar_customers_ext.conf import conf
from oscar_customers_ext.customers.vat_numbers import EU_PREFIXES, prefix_of_country, prefix_of_number
from oscar_customers_ext.tax.sentences import sentence
from oscar_customers_ext.verdicts import Verdict

from .states import VatState

VAT_NUMBER = "vat-number"

#: What an exempt order keeps.
REASON = gettext_noop("Company in another EU country, VAT number %(number)s")

#: Why a state of the number is not enough.
NOT_ENOUGH = {
    VatState.INVALID: ("invalid", gettext_noop("The registry does not know the VAT number %(number)s.")),
    VatState.UNAVAILABLE: (
        "unavailable",
        gettext_noop("The registry gave no answer about the VAT number %(number)s, so tax is charged."),
    ),
    VatState.UNSUPPORTED: (
        "unsupported",
        gettext_noop("No registry is asked about the VAT number %(number)s, so tax is charged."),
    ),
    "": ("not-checked", gettext_noop("The VAT number %(number)s is not checked yet, so tax is charged.")),
}


def vat_number_rule(purchase: Any) -> Verdict | None:
    """None where the shop does not have the rule, see OSCAR_CUSTOMERS_VAT_EXEMPTS_FOREIGN_COMPANIES."""
    shop = prefix_of_number(conf.VAT_NUMBER)
    if not conf.VAT_EXEMPTS_FOREIGN_COMPANIES or shop not in EU_PREFIXES:
        return None
    identity = purchase.identity
    refusal = _why_not_this_number(identity, shop) or _why_not_there(purchase, shop)
    if refusal is None:
        text = gettext_noop("No tax is charged: company in another EU country, VAT number %(number)s.")
        return Verdict(VAT_NUMBER, True, "valid", _say(text, identity), identity.verdict)
    reason, text = refusal
    return Verdict(VAT_NUMBER, False, reason, _say(text, identity), identity.verdict)


def reason_for_order(verdict: Verdict) -> str:
    return str(sentence(REASON, {"number": verdict.about.number}))


def _say(text: str, identity: Any) -> Any:
    return sentence(text, {"number": identity.vat_number})


def _why_not_this_number(identity: Any, shop: str) -> tuple[str, str] | None:
    prefix = prefix_of_number(identity.vat_number)
    if not identity.vat_number:
        return "no-number", gettext_noop("There is no VAT number.")
    if not identity.company_name:
        return "no-company", gettext_noop("There is a VAT number, but no company name.")
    if prefix == shop:
        return "same-country", gettext_noop("The VAT number %(number)s is one of the shop's own country.")
    if prefix not in EU_PREFIXES:
        return "not-eu", gettext_noop("The VAT number %(number)s is none of the European Union.")
    if identity.verdict.state != VatState.VALID:
        return NOT_ENOUGH[identity.verdict.state]
    if not identity.verdict.is_fresh:
        return "outdated", gettext_noop("The VAT number %(number)s was checked too long ago.")
    return None


def _why_not_there(purchase: Any, shop: str) -> tuple[str, str] | None:
    country = purchase.country
    there = prefix_of_country(country)
    if not country:
        return "no-address", gettext_noop("It is not known yet which country the goods are sent to.")
    if there == shop:
        return "sent-within", gettext_noop("The goods stay in the shop's own country.")
    if there not in EU_PREFIXES:
        return "sent-outside", gettext_noop("The goods are not sent to a country of the European Union.")
    return None
