"""Who buys, for the tax office. Imports no model at the top, see ``loader``."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from oscar_customers_ext.customers.vat_numbers import canonical

from .verdicts import VatVerdict, verdict_of


@dataclass
class Identity:
    company_name: str = ""
    #: As it is stored; one from before numbers were checked is as it was typed.
    vat_number: str = ""

    def __bool__(self) -> bool:
        return bool(self.company_name or self.vat_number)

    @cached_property
    def verdict(self) -> VatVerdict | None:
        """What the registry said, looked up when somebody asks: one query, none where there is no number."""
        return verdict_of(self.vat_number) if self.vat_number else None


def identity_of_customer(customer: Any) -> Identity:
    if customer is None:
        return Identity()
    return Identity(customer.company_name, stored_number(customer.vat_number, customer.country_id))


def stored_number(text: str, country_code: str | None = "") -> str:
    """A number from before numbers were checked in the form that a check knows, where it has one."""
    return canonical(text, country_code) or text
