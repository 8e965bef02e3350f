import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from oscar_customers_ext.transfers.fields import ADDRESSES_AT_MOST


def key_of(column: str) -> str:
    """Case, blanks and the star of required columns do not matter."""
    return " ".join(column.casefold().replace("*", " ").split())


@dataclass(frozen=True)
class KnownFile:
    key: str
    title: Any
    #: Columns that tell this file from every other.
    signature: tuple[str, ...]
    #: Column -> field (see ``transfers.fields``); columns that are not named here are left behind.
    mapping: Mapping[str, str]
    #: The columns of numbered address blocks, with "{}" for the number -> field.
    blocks: Mapping[str, str] = field(default_factory=dict)
    #: A row without e-mail address holds a further address of the customer in the row above.
    rows_continue: bool = False
    #: An apostrophe in front of a number only keeps spreadsheets from changing it.
    apostrophes: bool = False
    #: Everybody in the file is subscribed to the newsletter.
    all_subscribed: bool = False
    #: Street and further lines of an address stand in one cell, with line breaks.
    street_lines: bool = False
    #: A file with further columns is another one.
    is_whole: bool = False

    def recognises(self, columns: set[str]) -> bool:
        signature = {key_of(column) for column in self.signature}
        return signature == columns if self.is_whole else signature <= columns

    def fields_of(self, header: list[str]) -> list[str | None]:
        known = {key_of(column): target for column, target in self.mapping.items()}
        targets = [known.get(key_of(column)) or self._of_block(column) for column in header]
        return [target if target not in targets[:place] else None for place, target in enumerate(targets)]

    def _of_block(self, column: str) -> str | None:
        for pattern, target in self.blocks.items():
            before, after = map(re.escape, key_of(pattern).split("{}"))
            found = re.fullmatch(f"{before}([0-9]{{1,2}}){after}", key_of(column))
            if found and 1 <= int(found[1]) <= ADDRESSES_AT_MOST:
                return target if found[1] == "1" else f"{target}@{int(found[1])}"
        return None
