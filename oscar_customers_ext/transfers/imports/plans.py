"""What is to be written for one row of the file."""

from dataclasses import dataclass, field
from typing import Any

from oscar_customers_ext.contacts.models import Contact
from oscar_customers_ext.customers.models import Customer

from .addresses import Draft
from .consents import Said
from .meanings import Meaning
from .records import Record


@dataclass
class Plan:
    """One row of the file, and what is to be written for it."""

    record: Record
    outcome: str
    meaning: Meaning | None = None
    customer: Customer | None = None
    is_new: bool = False
    message: str = ""
    column: str = ""
    changes: dict[str, list[str]] = field(default_factory=dict)
    #: Columns of the customer that change.
    columns: set[str] = field(default_factory=set)
    #: The address of an existing customer changes, which is more than a column.
    new_email: str = ""
    tags: list[str] = field(default_factory=list)
    groups: list[Any] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    note: str = ""
    is_exempt: bool = False
    external_id: tuple[str, str] | None = None
    said: Said | None = None
    contact: Contact | None = None
    wants_account: bool = False
    made: dict[str, Any] = field(default_factory=dict)
    email_digest: str = ""
    id_digest: str = ""
