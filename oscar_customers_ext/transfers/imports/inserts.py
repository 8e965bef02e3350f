"""New customers, many at once: as ``customers.actions.create_customer`` makes one, without a statement for each."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from oscar_customers_ext.contacts.models import Contact
from oscar_customers_ext.customers.models import Customer, CustomerSource
from oscar_customers_ext.customers.numbers import computed_numbers
from oscar_customers_ext.signals import contact_created, customer_created

from .statements import insert_rows, insert_with_keys, reserve_keys

SOURCE = "import"


def insert_customers(customers: list[Customer], contacts: dict[str, Contact], *, sites: list[int]) -> None:
    """``contacts`` are those that are there already, by the key of the address."""
    if not customers:
        return
    made = _give_contacts(customers, contacts)
    if reserve_keys(Customer, customers):
        _complete(customers)
        insert_rows(Customer, customers)
    else:
        Customer.objects.bulk_create(customers)
        for customer in customers:
            customer.complete()
    now = timezone.now()
    sources = (CustomerSource(customer=customer, source=SOURCE, first_seen=now) for customer in customers)
    insert_rows(CustomerSource, sources)
    visits = Customer.sites.through
    visits.objects.bulk_create(
        visits(customer=customer, site_id=site) for customer in customers for site in sites
    )
    _tell(customers, made)


def _give_contacts(customers: list[Customer], contacts: dict[str, Contact]) -> list[Contact]:
    made, found = [], []
    for customer in customers:
        contact = contacts.get(customer.email_key)
        if contact is None:
            contact = Contact(email=customer.email, email_key=customer.email_key)
            made.append(contact)
        found.append(contact)
    insert_with_keys(Contact, made)
    for customer, contact in zip(customers, found, strict=True):
        customer.contact = contact
    return made


def _complete(customers: list[Customer]) -> None:
    candidates = {customer.pk: list(computed_numbers(customer.pk)) for customer in customers}
    wanted = [number for numbers in candidates.values() for number in numbers[:1]]
    wanted += [customer.number for customer in customers if customer.number]
    taken = set(Customer.objects.filter(number__in=wanted).values_list("number", flat=True))
    taken |= {customer.number for customer in customers if customer.number}
    if taken.intersection(wanted):
        more = [number for numbers in candidates.values() for number in numbers]
        taken |= set(Customer.objects.filter(number__in=more).values_list("number", flat=True))
    for customer in customers:
        if not customer.number:
            customer.number = next((one for one in candidates[customer.pk] if one not in taken), None)
        customer.search_text = customer.composed_search_text()


def _tell(customers: list[Customer], contacts: list[Contact]) -> None:
    """Only where somebody listens: a hundred thousand calls cost something."""
    if contact_created.has_listeners(Contact):
        transaction.on_commit(lambda: _send(contact_created, Contact, "contact", contacts), robust=True)
    if customer_created.has_listeners(Customer):
        extra = {"source": SOURCE}
        transaction.on_commit(
            lambda: _send(customer_created, Customer, "customer", customers, **extra), robust=True
        )


def _send(signal: Any, sender: Any, name: str, instances: list[Any], **extra: Any) -> None:
    for instance in instances:
        signal.send_robust(sender=sender, **{name: instance}, **extra)
