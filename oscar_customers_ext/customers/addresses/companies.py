"""The company of an address and its VAT number: columns of our own table, and a row beside each address of Oscar's book.

The loader imports this module through ``storefront``, so it imports no model at the top.
"""

from dataclasses import dataclass
from typing import Any

from oscar.core.loading import get_model

MAX_LENGTH = 255


@dataclass(frozen=True)
class Company:
    company_name: str = ""
    vat_number: str = ""

    def __bool__(self) -> bool:
        return bool(self.company_name or self.vat_number)


#: What an address has beyond Oscar's columns.
COLUMNS = ("company_name", "vat_number")


def company_of(address: Any) -> Company:
    """The company of a CustomerAddress or a UserAddress; an empty one when there is none."""
    row = address
    if not isinstance(address, get_model("oscar_customers_ext", "CustomerAddress")):
        row = getattr(address, "customer_company", None) if address.pk else None
    return Company(row.company_name, row.vat_number) if row else Company()


def keep_company(address: Any, **columns: str) -> None:
    """Stores ``company_name`` and ``vat_number`` of an address that is stored already; one that is not named stays.

    Where both are empty, nothing is kept.
    """
    if isinstance(address, get_model("oscar_customers_ext", "CustomerAddress")):
        changed = {name: text for name, text in columns.items() if getattr(address, name) != text}
        for name, text in changed.items():
            setattr(address, name, text)
        if changed:
            address.save(update_fields=list(changed))
        return
    rows = get_model("oscar_customers_ext", "AddressCompany").objects
    if any(columns.values()):
        rows.update_or_create(address=address, defaults=columns)
    elif len(columns) == len(COLUMNS):
        rows.filter(address=address).delete()
    elif columns:
        rows.filter(address=address).update(**columns)
        rows.filter(address=address, company_name="", vat_number="").delete()


def companies_of(addresses: list[Any]) -> dict[int, Company]:
    """The companies of these addresses of Oscar's address book, by the address's key, with one query."""
    rows = get_model("oscar_customers_ext", "AddressCompany").objects.filter(address__in=addresses)
    return {pk: Company(*columns) for pk, *columns in rows.values_list("address", *COLUMNS)}
