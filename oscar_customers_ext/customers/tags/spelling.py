"""Which spellings of a tag are one tag, and what a tag may be called."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MAX_LENGTH = 100
#: Folding may make three letters of one.
MAX_KEY_LENGTH = 3 * MAX_LENGTH

#: Without width of their own, but scripts and emoji need them to join letters.
JOINERS = "\u200c\u200d"


def tag_name(text: str) -> str:
    """The text as it is kept and shown. Raises ValidationError with a sentence when it cannot be a tag."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not tag_key(name):
        raise ValidationError(_("A tag needs at least one character that can be seen."), code="empty")
    if "," in name or '"' in name:
        raise ValidationError(
            _("“%(name)s” is no tag: commas separate tags, and quotation marks hold one together."),
            code="separator",
            params={"name": _shortened(name)},
        )
    if any(_is_invisible(character) for character in name):
        raise ValidationError(
            _("“%(name)s” holds control characters, which cannot be seen. Type it anew."),
            code="invisible",
            params={"name": _shortened("".join(part for part in name if not _is_invisible(part)))},
        )
    if len(name) > MAX_LENGTH:
        raise ValidationError(
            _("“%(name)s” has %(length)d characters; a tag has at most %(limit)d."),
            code="max_length",
            params={"name": _shortened(name), "length": len(name), "limit": MAX_LENGTH},
        )
    return name


def tag_key(name: str) -> str:
    """The same for all spellings of one tag: case, white space, composed or not, any letter i of Turkish."""
    name = re.sub(f"[{JOINERS}]", "", " ".join(name.split()))
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFC", name).casefold())
    # The dot is left by the capital İ alone: of other letters it is a part, as in ż.
    return unicodedata.normalize("NFC", folded.replace("i\u0307", "i").replace("ı", "i")).strip()


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs"} and character not in JOINERS


def _shortened(name: str) -> str:
    return name if len(name) <= 40 else f"{name[:39]}…"
