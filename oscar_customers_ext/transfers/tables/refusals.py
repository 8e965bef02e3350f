from typing import Any

from oscar_customers_ext.exceptions import CustomersError


class TableRefused(CustomersError):
    """The file as a whole cannot be read. The message says why, and what to do about it."""

    def __init__(self, sentence: Any) -> None:
        self.sentence = sentence
        super().__init__(sentence)
