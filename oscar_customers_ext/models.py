"""The public import path of all models."""

from .accounts.models import EmailChange
from .baskets.models import BasketContact
from .contacts.models import ConsentEntry, ConsentState, Contact, MailingList, Subscription
from .customers.addresses.models import AddressCompany, CustomerAddress
from .customers.listing.models import ColumnChoice, SavedView
from .customers.models import Customer, CustomerOrder, CustomerSource, VerifiedEmail
from .customers.notes.models import CustomerNote, NoteFile
from .customers.staff_sites.models import StaffSite
from .customers.tags.models import CustomerTag, TaggedCustomer
from .groups.models import CustomerGroup
from .memberships.models import Membership, MembershipPlan

__all__ = [
    "AddressCompany",
    "BasketContact",
    "ColumnChoice",
    "ConsentEntry",
    "ConsentState",
    "Contact",
    "Customer",
    "CustomerAddress",
    "CustomerGroup",
    "CustomerNote",
    "CustomerOrder",
    "CustomerSource",
    "CustomerTag",
    "EmailChange",
    "MailingList",
    "Membership",
    "MembershipPlan",
    "NoteFile",
    "SavedView",
    "StaffSite",
    "Subscription",
    "TaggedCustomer",
    "VerifiedEmail",
]
