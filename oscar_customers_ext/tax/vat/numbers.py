"""The VAT numbers of one customer: the own one, and those of addresses."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from oscar_customers_ext.customers.addresses.models import AddressCompany, CustomerAddress
from oscar_customers_ext.customers.models import Customer

from .identity import stored_number
from .verdicts import VatVerdict, verdicts_of

#: More are not listed: each of an address is seen there, too.
MOST = 20


@dataclass(frozen=True)
class NumberOfCustomer:
    verdict: VatVerdict
    #: Whether it is the customer's own, or that of an address.
    is_own: bool

    @property
    def number(self) -> str:
        return self.verdict.number


def numbers_of(customer: Customer) -> list[NumberOfCustomer]:
    """Each number once, the customer's own first. Two queries."""
    found: dict[str, bool] = {}
    for number, is_own in _stored(customer):
        found.setdefault(number, is_own)
    verdicts = verdicts_of(found)
    return [NumberOfCustomer(verdicts[number], is_own) for number, is_own in found.items()]


def _stored(customer: Customer) -> Iterator[tuple[str, bool]]:
    if customer.vat_number:
        yield stored_number(customer.vat_number, customer.country_id), True
    rows: Any
    if customer.user_id:
        rows = AddressCompany.objects.filter(address__user=customer.user_id)
        columns = ("vat_number", "address__country")
    else:
        rows = CustomerAddress.objects.filter(customer=customer)
        columns = ("vat_number", "country")
    for text, country in rows.exclude(vat_number="").order_by("pk").values_list(*columns)[:MOST]:
        yield stored_number(text, country), False
