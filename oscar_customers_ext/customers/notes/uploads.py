"""What may be attached to a note: few types, none of which a browser or a computer would run, told by name and content."""

import unicodedata
import zipfile
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oscar_customers_ext.conf import conf

LONGEST_NAME = 150
HEAD = 1024

#: How files of a type begin.
BEGINNINGS = {
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    "zip": (b"PK\x03\x04",),
}
#: What lies in the archive that an office document is.
MEMBERS = {"docx": "word/", "xlsx": "xl/", "odt": "content.xml", "ods": "content.xml"}
TEXTS = {"txt", "csv", "eml"}
MARKUP = ("<!doctype", "<html", "<head", "<body", "<script", "<svg", "<iframe", "<?xml", "<?php")
PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe")
UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}

#: Characters that a name loses: control, format (those that turn the direction, too), surrogates, line separators.
STRIPPED_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def allowed_types() -> list[str]:
    return [name.lower().lstrip(".") for name in conf.NOTE_FILE_TYPES]


def clean_name(name: str) -> str:
    """The name as it may be shown and offered for download: no path, nothing invisible, not too long."""
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(" " if character.isspace() else character for character in last)
    visible = "".join(c for c in visible if unicodedata.category(c) not in STRIPPED_CATEGORIES)
    cleaned = " ".join(unicodedata.normalize("NFC", visible).split()).lstrip(". ") or "file"
    path = PurePath(cleaned)
    suffix = path.suffix if len(path.suffix) <= 10 else ""
    return cleaned.removesuffix(suffix)[: LONGEST_NAME - len(suffix)] + suffix


def type_of(name: str) -> str:
    return PurePath(clean_name(name)).suffix.lower().lstrip(".")


def check_upload(upload: Any) -> None:
    """Raises ValidationError with a sentence where the file is refused."""
    if sentence := _refusal(upload):
        raise ValidationError(sentence)


def check_uploads(uploads: Sequence[Any], *, already: int = 0) -> None:
    """Raises ValidationError with a sentence for each file that is refused. ``already``: files that the note has."""
    sentences = [sentence for upload in uploads if (sentence := _refusal(upload))]
    if already + len(uploads) > conf.NOTE_FILES_AT_MOST:
        sentences.append(
            ngettext(
                "A note holds %(limit)d file at the most.",
                "A note holds %(limit)d files at the most.",
                conf.NOTE_FILES_AT_MOST,
            )
            % {"limit": conf.NOTE_FILES_AT_MOST}
        )
    if sentences:
        raise ValidationError(sentences)


def _refusal(upload: Any) -> str:
    """Why this file is not accepted; empty when it is."""
    name, kind, limit = clean_name(upload.name), type_of(upload.name), conf.NOTE_FILE_SIZE
    values = {"name": name, "type": kind, "allowed": ", ".join(allowed_types())}
    if kind not in allowed_types():
        return _("“%(name)s” is of a type that cannot be attached. Allowed are: %(allowed)s.") % values
    if upload.size > limit:
        sizes = {"size": filesizeformat(upload.size), "limit": filesizeformat(limit)}
        return _("“%(name)s” is too big: it has %(size)s, and %(limit)s are allowed.") % {**values, **sizes}
    if not upload.size:
        return _("“%(name)s” is empty.") % values
    if not _looks_like(kind, upload):
        return (
            _(
                "What is in “%(name)s” is not a file of the type %(type)s, so it cannot be attached. Allowed are: "
                "%(allowed)s."
            )
            % values
        )
    return ""


def _looks_like(kind: str, upload: Any) -> bool:
    """No proof, but what was renamed to get in stays out."""
    upload.seek(0)
    head = upload.read(HEAD)
    try:
        if kind == "pdf":
            return b"%PDF-" in head and not _is_markup(head)
        if kind == "webp":
            return head.startswith(b"RIFF") and head[8:12] == b"WEBP"
        if kind in BEGINNINGS:
            return head.startswith(BEGINNINGS[kind])
        if kind in MEMBERS:
            return _has_member(upload, MEMBERS[kind])
        if kind in TEXTS and b"\0" in head and head[:2] not in UTF_16:
            return False
        return not (_is_markup(head) or (kind not in TEXTS and head.startswith(PROGRAMS)))
    finally:
        upload.seek(0)


def _has_member(upload: Any, beginning: str) -> bool:
    # Reads the table of contents only: nothing is unpacked.
    try:
        with zipfile.ZipFile(upload) as archive:
            return any(name.startswith(beginning) for name in archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def _is_markup(head: bytes) -> bool:
    text = head.decode(UTF_16.get(head[:2], "utf-8"), "ignore")
    return text.lstrip("\ufeff \t\r\n\f\v\0").lower().startswith(MARKUP)
