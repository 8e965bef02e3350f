"""Further addresses of some people: what staff enter beside those that come with orders."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model

from demo.logins import BUYER, EDITOR
from oscar_customers_ext.customers.addresses.actions import save_address
from oscar_customers_ext.customers.addresses.books import address_book, new_address
from oscar_customers_ext.models import Customer


@dataclass(frozen=True)
class FurtherAddress:
    customer: str
    company_name: str
    line1: str
    city: str
    postcode: str
    country: str
    notes: str = ""
    is_default_for_billing: bool = False


FURTHER_ADDRESSES = (
    FurtherAddress(
        BUYER, "Trattoria da Bianca S.r.l.", "Piazza Santo Spirito 9", "Firenze", "50125", "IT", "", True
    ),
    FurtherAddress(
        *("giulia.ferrari@example.com", "Studio Ferrari", "Corso Francia 101", "Torino", "10138", "IT"),
        notes="Second courtyard, ring at “Studio”.",
        is_default_for_billing=True,
    ),
    FurtherAddress("soren@example.net", "Kjær Keramik GmbH", "Wörther Straße 22", "Berlin", "10405", "DE"),
)


def load_addresses():
    """Idempotent, like the rest."""
    editor = get_user_model().objects.get(username=EDITOR)
    for further in FURTHER_ADDRESSES:
        customer = Customer.objects.for_email(further.customer).get()
        if address_book(customer).filter(line1=further.line1).exists():
            continue
        address = new_address(
            customer,
            first_name=customer.first_name,
            last_name=customer.last_name,
            line1=further.line1,
            line4=further.city,
            postcode=further.postcode,
            country_id=further.country,
            notes=further.notes,
            is_default_for_billing=further.is_default_for_billing,
        )
        save_address(customer, address, company_name=further.company_name, actor=editor)
