"""The public import path of all models."""

from .accounts.models import EmailChange
from .baskets.models import BasketContact
from .contacts.models import ConsentEntry, ConsentState, Contact, MailingList, Subscription
from .coupons.models import CustomerVoucher
from .customers.addresses.models import AddressCompany, CustomerAddress
from .customers.listing.models import ColumnChoice, SavedView
from .customers.models import Customer, CustomerOrder, CustomerSource, VerifiedEmail
from .customers.notes.models import CustomerNote, NoteFile
from .customers.staff_sites.models import StaffSite
from .customers.tags.models import CustomerTag, TaggedCustomer
from .groups.models import CustomerGroup, GroupOffer
from .memberships.models import Membership, MembershipPlan
from .tax.models import OrderTaxIdentity, TaxExemption, VatCheck
from .transfers.models import (
    ExportProfile,
    ExportSettings,
    ExternalId,
    ImportJob,
    ImportMapping,
    ImportRow,
)

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
    "CustomerVoucher",
    "EmailChange",
    "ExportProfile",
    "ExportSettings",
    "ExternalId",
    "GroupOffer",
    "ImportJob",
    "ImportMapping",
    "ImportRow",
    "MailingList",
    "Membership",
    "MembershipPlan",
    "NoteFile",
    "OrderTaxIdentity",
    "SavedView",
    "StaffSite",
    "Subscription",
    "TaggedCustomer",
    "TaxExemption",
    "VatCheck",
    "VerifiedEmail",
]
