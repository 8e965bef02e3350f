from django.db import IntegrityError, transaction

from oscar_customers_ext.signals import contact_created

from .identity import email_key
from .models import Contact


def get_or_create_contact(*, email: str) -> Contact:
    """The contact of this address, made when there is none; without an address always a new one.

    Safe under concurrency. Gives no consent. Raises InvalidEmail.
    """
    key = email_key(email)
    try:
        # Not looked for first: hardly anybody who becomes a customer is a contact already, and the buyer waits.
        with transaction.atomic():
            contact = Contact.objects.create(email=email)
    except IntegrityError:
        return Contact.objects.get(email_key=key)
    transaction.on_commit(lambda: contact_created.send_robust(sender=Contact, contact=contact), robust=True)
    return contact


@transaction.atomic
def contact_at(email: str, *, following: Contact) -> Contact:
    """The contact for a customer whose address is now this one: the same contact, which follows to the address.

    Where somebody at the new address is a contact already, that one is returned instead, and the old contact stays
    what it was to its own address: consent is never carried from one address to another. Raises InvalidEmail.
    """
    key = email_key(email)
    if following.email_key == key and following.email == email.strip():
        return following
    there = Contact.objects.filter(email_key=key).exclude(pk=following.pk).first() if key else None
    if there:
        return there
    following.email = email
    following.save()
    return following
