"""What is wrong with a style sheet, in sentences for the person who typed it."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

#: Half of a pair of UTF-16. An escape can name one; no page and no file can hold it.
SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Fault:
    line: int
    reason: str

    def __str__(self) -> str:
        return _("Line %(line)d: %(reason)s") % {"line": self.line, "reason": self.reason}


class Refused(Exception):
    """Carries the fault to whoever lists them."""

    def __init__(self, token, reason):
        super().__init__(reason)
        self.fault = Fault(token.source_line, reason)


def shown(text, length=40):
    """What was typed, short enough for a sentence."""
    text = SURROGATE.sub("\ufffd", str(text)).strip()
    return text if len(text) <= length else f"{text[:length]}…"
