"""What an order or an account tells about a person, in the columns of Customer."""

from typing import Any


def profile_of_order(order: Any) -> dict[str, Any]:
    """Name, phone and country: of the billing address, where that is silent of the shipping address; else the account's name.

    Oscar's billing address has no phone, and a stock checkout stores no billing address at all.
    """
    addresses = [address for address in (order.billing_address, order.shipping_address) if address]
    return {
        **_name_in([*addresses, order.user]),
        "phone": str(_first(addresses, "phone_number")),
        "country_id": _first(addresses, "country_id") or None,
    }


def profile_of_user(user: Any) -> dict[str, Any]:
    return _name_in([user])


def _name_in(places: list[Any]) -> dict[str, str]:
    """First and last name from the same place: halves of two names would make a third person."""
    names = ((getattr(place, "first_name", ""), getattr(place, "last_name", "")) for place in places)
    first_name, last_name = next(((first, last) for first, last in names if first or last), ("", ""))
    return {"first_name": first_name or "", "last_name": last_name or ""}


def _first(places: list[Any], name: str) -> Any:
    values = (getattr(place, name, None) for place in places)
    return next((value for value in values if value), "")


def blanks_to_fill(customer: Any, profile: dict[str, Any]) -> dict[str, Any]:
    """What the profile knows and the customer lacks; the two names count as one thing."""
    known = {name: value for name, value in profile.items() if value}
    if customer.first_name or customer.last_name:
        known.pop("first_name", None)
        known.pop("last_name", None)
    return {name: value for name, value in known.items() if not getattr(customer, name)}
