"""What a file of customers may hold: the whole list. Passwords, keys and what belongs to the machine are not in it.

The names are those of ``transfers.fields`` wherever the importer knows the same thing, so that a file of ours maps
itself when it comes back.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from import_export.fields import Field

from oscar_customers_ext.transfers.fields import ALL
from oscar_customers_ext.transfers.shops.own import OWN

from .chunks import Chunk

YES, NO = "yes", "no"


class Column(Field):
    """A field of the Resource that is read for a whole chunk at once."""

    def __init__(
        self,
        name: str,
        read: Callable[[Chunk], Iterable[Any]],
        *,
        label: Any = None,
        needs: tuple[str, ...] = (),
        permission: str = "",
        is_default: bool = True,
        is_moment: bool = False,
    ) -> None:
        # What the importer does not know is for reading only.
        super().__init__(attribute=name, column_name=name, readonly=name not in OWN.mapping)
        self.name = name
        self.label = label or ALL[name].label
        self.read = read
        #: Attributes of the customer that are fetched for it.
        self.needs = needs
        #: Like "oscar_customers_ext.view_membership": who lacks it has no such column.
        self.permission = permission
        self.is_default = is_default
        self.is_moment = is_moment

    def is_for(self, user: Any) -> bool:
        """Nobody, which is the command line, may have everything."""
        return not self.permission or user is None or user.has_perm(self.permission)


def attribute(name: str, *, of: str = "", **options: Any) -> Column:
    source = of or name
    return Column(name, lambda chunk: chunk[source], needs=(source,), **options)


def relation(name: str, *, of: str = "", **options: Any) -> Column:
    """Words that hang on the customer, by the primary key."""
    return Column(name, lambda chunk: chunk.looked_up(getattr(chunk, of or name)), **options)


def _full_names(chunk: Chunk) -> Iterable[str]:
    names = zip(chunk["first_name"], chunk["last_name"], strict=True)
    return [f"{first} {last}".strip() for first, last in names]


def _words(values: Iterable[bool]) -> list[str]:
    return [YES if value else NO for value in values]


def _approval(chunk: Chunk) -> Iterable[str]:
    decided = zip(chunk["approved_buyer"], chunk["approval_decided_at"], strict=True)
    return ["approved" if approved else "declined" if at else "pending" for approved, at in decided]


def _newsletter(chunk: Chunk) -> Iterable[str]:
    said = chunk.newsletter
    return [said[key][0] if key in said else "" for key in chunk["contact_id"]]


def _consent_at(chunk: Chunk) -> Iterable[Any]:
    said = chunk.newsletter
    return [said[key][1] if key in said else None for key in chunk["contact_id"]]


def _first_note(chunk: Chunk) -> Iterable[str]:
    notes = chunk.notes
    return [notes[pk][0] if pk in notes else "" for pk in chunk.pks]


def _all_notes(chunk: Chunk) -> Iterable[str]:
    notes = chunk.notes
    return ["\n\n".join(notes[pk]) if pk in notes else "" for pk in chunk.pks]


def of_address(name: str, key: str, **options: Any) -> Column:
    def read(chunk: Chunk) -> Iterable[str]:
        addresses = chunk.addresses
        if not addresses:
            return [""] * len(chunk)
        return [str(addresses[pk][key] or "") if pk in addresses else "" for pk in chunk.pks]

    return Column(name, read, needs=("user_id",), **options)


def of_company(name: str, place: int) -> Column:
    def read(chunk: Chunk) -> Iterable[str]:
        companies = chunk.companies
        return [companies[pk][place] if pk in companies else "" for pk in chunk.pks]

    return Column(name, read, needs=("user_id",), is_default=False)


def default_address(name: str, key: str) -> Column:
    def read(chunk: Chunk) -> Iterable[str]:
        addresses = chunk.addresses
        return [(YES if addresses[pk][key] else NO) if pk in addresses else "" for pk in chunk.pks]

    return Column(name, read, needs=("user_id",), is_default=False)


def _second_lines(chunk: Chunk) -> Iterable[str]:
    """The importer knows two lines, Oscar three."""
    addresses = chunk.addresses
    if not addresses:
        return [""] * len(chunk)
    lines = [(addresses[pk]["line2"], addresses[pk]["line3"]) if pk in addresses else () for pk in chunk.pks]
    return [", ".join(filter(None, pair)) for pair in lines]


def _countries(chunk: Chunk) -> Iterable[str]:
    """Of the address; of the customer where there is none."""
    addresses = chunk.addresses
    own = zip(chunk.pks, chunk["country_id"], strict=True)
    return [(addresses[pk]["country"] if pk in addresses else code) or "" for pk, code in own]


NOTES = "oscar_customers_ext.view_customernote"

#: In the order of the file.
COLUMNS = {
    column.name: column
    for column in (
        attribute("register_id", of="pk", label=ALL["id"].label, is_default=False),
        attribute("number"),
        attribute("email"),
        Column("name", _full_names, needs=("first_name", "last_name"), is_default=False),
        attribute("first_name"),
        attribute("last_name"),
        attribute("phone"),
        attribute("language"),
        attribute("company_name"),
        attribute("vat_number"),
        attribute("organisation_id"),
        of_address("address_first_name", "first_name", is_default=False),
        of_address("address_last_name", "last_name", is_default=False),
        of_company("address_company", 0),
        of_address("line1", "line1"),
        Column("line2", _second_lines, needs=("user_id",)),
        of_address("postcode", "postcode"),
        of_address("city", "line4"),
        of_address("state", "state"),
        Column("country", _countries, needs=("user_id", "country_id")),
        of_address("address_phone", "phone_number", is_default=False),
        of_company("address_vat_number", 1),
        default_address("default_billing", "is_default_for_billing"),
        default_address("default_shipping", "is_default_for_shipping"),
        relation("tags"),
        relation("groups"),
        relation(
            "memberships",
            label=_("Memberships"),
            permission="oscar_customers_ext.view_membership",
            is_default=False,
        ),
        Column("newsletter", _newsletter, needs=("contact_id",)),
        Column("consent_at", _consent_at, needs=("contact_id",), is_moment=True),
        Column("approval", _approval, label=_("Approval"), needs=("approved_buyer", "approval_decided_at")),
        Column(
            "registered",
            lambda chunk: _words(key is not None for key in chunk["user_id"]),
            label=_("Has a user account"),
            needs=("user_id",),
        ),
        relation(
            "username",
            of="user_names",
            needs=("user_id",),
            permission="oscar_customers_ext.manage_account_customer",
            is_default=False,
        ),
        attribute("orders_count", label=_("Orders")),
        attribute("orders_total", label=_("Total")),
        attribute("last_order_at", label=_("Last order"), is_moment=True),
        attribute("created_at", is_moment=True),
        attribute("modified_at", label=_("Modified"), is_default=False, is_moment=True),
        attribute("archived_at", label=_("Archived"), is_default=False, is_moment=True),
        Column(
            "tax_exempt",
            lambda chunk: [YES if pk in chunk.exempt else "" for pk in chunk.pks],
            permission="oscar_customers_ext.view_taxexemption",
            is_default=False,
        ),
        relation("sites", label=_("Sites"), is_default=False),
        relation("sources", label=_("Met through"), is_default=False),
        relation("external_ids", label=_("Numbers in other systems"), is_default=False),
        Column("note", _first_note, permission=NOTES, is_default=False),
        Column("notes", _all_notes, label=_("All notes"), permission=NOTES, is_default=False),
    )
}
DEFAULT = [column.name for column in COLUMNS.values() if column.is_default]


def columns_for(user: Any) -> dict[str, Column]:
    return {name: column for name, column in COLUMNS.items() if column.is_for(user)}
