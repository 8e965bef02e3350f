"""The company of an address: a column of our own table, and a row beside each address of Oscar's address book.

The loader imports this module through ``storefront``, so it imports no model at the top.
"""

from typing import Any

from oscar.core.loading import get_model

MAX_LENGTH = 255


def company_of(address: Any) -> str:
    """The company of a CustomerAddress or a UserAddress, empty when there is none."""
    if isinstance(address, get_model("oscar_customers_ext", "CustomerAddress")):
        return address.company_name
    row = getattr(address, "customer_company", None) if address.pk else None
    return row.company_name if row else ""


def keep_company(address: Any, company_name: str) -> None:
    """Stores the company of an address that is stored already; an empty name deletes it."""
    if isinstance(address, get_model("oscar_customers_ext", "CustomerAddress")):
        if address.company_name != company_name:
            address.company_name = company_name
            address.save(update_fields=["company_name"])
        return
    rows = get_model("oscar_customers_ext", "AddressCompany").objects
    if company_name:
        rows.update_or_create(address=address, defaults={"company_name": company_name})
    else:
        rows.filter(address=address).delete()


def companies_of(addresses: list[Any]) -> dict[int, str]:
    """The companies of these addresses of Oscar's address book, by the address's key, with one query."""
    rows = get_model("oscar_customers_ext", "AddressCompany").objects.filter(address__in=addresses)
    return dict(rows.values_list("address", "company_name"))
