"""Where the addresses of a customer are kept: one address book, never two.

A customer with a user account has the rows of Oscar's ``UserAddress``, which the buyer sees in the shop; a customer
without has ``CustomerAddress``. Which of the two is in force hangs on ``Customer.user`` alone.
"""

from typing import Any

from django.db.models import QuerySet
from oscar.core.loading import get_model

from .models import CustomerAddress

#: What an address of either kind is the default for.
DEFAULTS = ("is_default_for_billing", "is_default_for_shipping")


def address_model(customer: Any) -> Any:
    return get_model("address", "UserAddress") if customer.user_id else CustomerAddress


def address_book(customer: Any) -> QuerySet:
    """The addresses of this customer, the defaults first; ``companies.company_of`` tells an address's company."""
    if customer.user_id:
        addresses = address_model(customer)._default_manager.filter(user=customer.user_id)
        addresses = addresses.select_related("country", "customer_company")
    else:
        addresses = CustomerAddress.objects.filter(customer=customer).select_related("country")
    return addresses.order_by("-is_default_for_shipping", "-is_default_for_billing", "pk")


def new_address(customer: Any, **columns: Any) -> Any:
    """An address of this customer that is not stored yet, see ``actions.save_address``."""
    owner = {"user_id": customer.user_id} if customer.user_id else {"customer": customer}
    return address_model(customer)(**owner, **columns)


def is_in_book_of(customer: Any, address: Any) -> bool:
    """Whether the address, stored or new, is of the kind that is in force for the customer, and the customer's own."""
    if not isinstance(address, address_model(customer)):
        return False
    return address.user_id == customer.user_id if customer.user_id else address.customer_id == customer.pk


def copied(address: Any, onto: Any) -> Any:
    """``onto`` with all that the two kinds of address have in common, the defaults left out. It is not stored.

    A text is cut where a site's own address has longer columns: what an order brings never fails for that.
    """
    address.populate_alternative_model(onto)
    onto.code = None  # unique in the table that it came from
    for field in onto._meta.concrete_fields:
        text = getattr(onto, field.attname)
        if isinstance(text, str) and field.max_length:
            setattr(onto, field.attname, text[: field.max_length])
    for name in DEFAULTS:
        setattr(onto, name, False)
    return onto
