"""Who owns a customer row. An e-mail address that somebody only typed opens nothing and changes nothing.

``Customer.user`` is set when the row is born with that user's own registration or signed-in order, or on proof
of the address. Registering or ordering under the address of an existing row leaves that row alone.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q

from oscar_customers_ext.contacts.identity import email_key, other_spellings
from oscar_customers_ext.exceptions import InvalidEmail

from .addresses.actions import hand_over_addresses
from .models import Customer, VerifiedEmail


def usable_address(*addresses: str) -> tuple[str, str | None]:
    """The first of these that can identify a person, as typed and as key; ``("", None)`` when none can."""
    for email in addresses:
        try:
            key = email_key(email or "")
        except InvalidEmail:
            continue
        if key is not None:
            return email.strip(), key
    return "", None


def address_key_of(user: Any) -> str | None:
    """The key of the address that the account has now."""
    return usable_address(getattr(user, user.get_email_field_name()))[1]


def has_proved(user: Any, key: str) -> bool:
    return VerifiedEmail.objects.filter(user_id=user.pk, email_key=key).exists()


def may_prove(user: Any) -> bool:
    """Whether the user has an address that is not proven yet; it may be anybody's, and nothing says whose."""
    key = address_key_of(user)
    return key is not None and not has_proved(user, key)


def users_at(key: str, *, spelled: str = "") -> list[Any]:
    """All users whose e-mail address has this key, active or not, oldest first.

    The database narrows the search (Oscar compares addresses the same way at login); the key decides. ``spelled`` is
    the address as somebody wrote it.
    """
    user_model = get_user_model()
    field = user_model.get_email_field_name()
    wanted = Q()
    for spelling in {spelled or key, key, *other_spellings(key)}:
        wanted |= Q(**{f"{field}__iexact": spelling})
    users = user_model._default_manager.filter(wanted).order_by("pk")
    return [user for user in users if usable_address(getattr(user, field))[1] == key]


def shares_address(user: Any, key: str) -> bool:
    """Whether another active user has the same address. Then nobody knows whose it is, and none of them gets the row."""
    address = getattr(user, user.get_email_field_name())
    return any(other.is_active and other.pk != user.pk for other in users_at(key, spelled=address))


def shared_addresses() -> dict[str, list[int]]:
    """The keys that several active users have, each with their primary keys. Reads all users once."""
    user_model = get_user_model()
    field = user_model.get_email_field_name()
    users = user_model._default_manager.filter(is_active=True).order_by("pk").values_list("pk", field)
    first: dict[int, int] = {}  # by hash: a million addresses need not stay in memory
    shared: dict[str, list[int]] = {}
    for pk, address in users.iterator():
        key = usable_address(address)[1]
        if key is None:
            continue
        earlier = first.setdefault(hash(key), pk)
        if earlier != pk:
            shared.setdefault(key, [earlier]).append(pk)
    return shared


def find_customer(user: Any, key: str | None) -> tuple[Customer | None, bool]:
    """The locked row for this buyer, and whether it is the buyer's own. ``user`` is None for guests.

    A user who has proved the address of an unowned row becomes its owner here.
    """
    wanted = Q(email_key=key) if key is not None else Q()
    if user is not None:
        wanted |= Q(user_id=user.pk)
    if not wanted:
        return None, False
    # In the order of the keys, so that two buyers never wait for each other.
    rows = list(Customer.objects.locked().filter(wanted).order_by("pk"))
    own = next((row for row in rows if user is not None and row.user_id == user.pk), None)
    if own:
        return own, True
    customer = rows[0] if rows else None
    if customer and user is not None and customer.user_id is None and key and has_proved(user, key):
        attach_user(customer, user)
        return customer, True
    return customer, False


@transaction.atomic
def attach_user(customer: Customer, user: Any, *, by_staff: bool = False) -> None:
    """Makes the customer this user's own. Who calls this knows that the address is the user's, or is staff.

    ``customer`` is a locked row without a user; ``modified_at`` stays. The addresses move into the user's address
    book. They stay defaults only where staff attach the user: a stranger may have typed them into an order. Which
    orders are proven hangs on the user, so it is found out anew.
    """
    hand_over_addresses(customer, user, keep_defaults=by_staff)
    customer.user = user
    customer.save(update_fields=["user"])
    customer.order_links.filter(proven=True).update(proven=False)
    claim_orders(customer)


def claim_orders(customer: Customer) -> None:
    """Makes orders proven: those that the customer's account placed, and those without an account under its address.

    The latter only where the account has proved the address that it has now.
    """
    user = customer.user
    if user is None:
        return
    links = customer.order_links.filter(proven=False)
    links.filter(order__user_id=user.pk).update(proven=True)
    key = address_key_of(user)
    if key is None or not has_proved(user, key):
        return
    # Those of an account that was deleted are a guest's, too: the link keeps the address that they were placed with.
    nobodys = links.filter(order__user__isnull=True)
    addresses = nobodys.order_by().values_list("email", flat=True).distinct()
    nobodys.filter(email__in=[found for found in addresses if usable_address(found)[1] == key]).update(
        proven=True
    )
