"""The owner of an account changed its e-mail address in the shop, and proved nothing by that."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from oscar_customers_ext.accounts.models import EmailChange
from oscar_customers_ext.audit import log_all
from oscar_customers_ext.contacts.models import ConsentEntry, Contact
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.ownership import has_proved, shares_address, usable_address

from .audit import FOLLOW


def address_differs(user_pk: Any) -> bool:
    """Whether the account has another address than its customer. One query."""
    user_model = get_user_model()
    found = Customer.objects.filter(user_id=user_pk)
    row = found.values_list("email_key", f"user__{user_model.get_email_field_name()}").first()
    return row is not None and usable_address(row[1])[1] != row[0]


@transaction.atomic
def follow_account_address(user_pk: Any) -> Customer | None:
    """Gives the customer the address of its account, unproven; None where that could touch somebody else.

    It follows only to an address that is nobody's: no customer's, no contact's, no other account's. And only where the
    old address is the account's own: consents given there by somebody else must not end or move.
    """
    user = get_user_model()._default_manager.select_for_update(of=("self",), no_key=True).get(pk=user_pk)
    customer = Customer.objects.locked().select_related("contact").filter(user_id=user_pk).first()
    email, key = usable_address(getattr(user, user.get_email_field_name()))
    if customer is None or key is None or key == customer.email_key or not _is_free(user, key):
        return None
    spoken = ConsentEntry.objects.filter(contact=customer.contact_id).exists()
    if spoken and customer.email_key is not None and not has_proved(user, customer.email_key):
        return None
    old, customer.email = customer.email, email
    try:
        with transaction.atomic():
            customer.save(update_fields={"email", "modified_at"})
    except IntegrityError:
        # Taken at this very moment.
        return None
    EmailChange.objects.filter(customer=customer).delete()
    log_all([customer], FOLLOW, data={"changes": {"email": [old, email]}})
    return customer


def _is_free(user: Any, key: str) -> bool:
    taken = Customer.objects.filter(email_key=key).exists() or Contact.objects.filter(email_key=key).exists()
    return not taken and not shares_address(user, key)
