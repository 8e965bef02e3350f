"""What this shop itself exports (see ``transfers.exports.columns``), so that it comes back as it went."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from oscar_customers_ext.transfers.fields import ALL

from .known import KnownFile


@dataclass(frozen=True)
class OwnFile(KnownFile):
    """Whatever columns were chosen: none is foreign, and one of those that every other file calls otherwise is there."""

    def recognises(self, columns: set[str]) -> bool:
        return columns <= self.mapping.keys() | FOR_READING and bool(columns & set(self.signature))


#: Columns of our own export that say something which no file can change.
FOR_READING = frozenset(
    {
        "memberships",
        "approval",
        "registered",
        "orders_count",
        "orders_total",
        "last_order_at",
        "modified_at",
        "archived_at",
        "sites",
        "sources",
        "external_ids",
        "notes",
    }
)

OWN = OwnFile(
    "own",
    _("Export of this shop"),
    ("register_id", "company_name", "vat_number", "created_at", "orders_count", "approval", "consent_at"),
    # Any other file may have a column "id", and means something else.
    {**{name: name for name in ALL if name not in ("id", "password")}, "register_id": "id"},
)
