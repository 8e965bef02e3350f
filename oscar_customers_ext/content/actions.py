"""What staff do to what groups see."""

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from oscar_customers_ext.audit import log_all
from oscar_customers_ext.groups.models import CustomerGroup

from .audit import CHANGE_STYLES
from .classes import group_class
from .styles import compile_styles

#: Told at once; the others are told when these are mended.
MOST_FAULTS = 20


@transaction.atomic
def change_styles(group: CustomerGroup, styles: str, *, actor: Any) -> CustomerGroup:
    """Keeps what was typed, and only where nothing in it is refused. Idempotent. Raises ValidationError."""
    locked = CustomerGroup.objects.select_for_update().filter(pk=group.pk).first()
    if locked is None:
        raise ValidationError(_("This group was deleted meanwhile."), code="gone")
    styles = normal(styles)
    faults = faults_of(locked, styles)
    if faults:
        raise ValidationError([ValidationError(fault, code="styles") for fault in faults])
    if styles != locked.styles:
        locked.styles = styles
        locked.save(update_fields=["styles"])
        log_all([locked], CHANGE_STYLES, actor=actor)
    return locked


def faults_of(group: CustomerGroup, styles: str) -> list[str]:
    """A sentence for each, the first ones."""
    faults = compile_styles(styles, group_class(group.slug)).faults
    return [str(fault) for fault in faults[:MOST_FAULTS]]


def normal(styles: str) -> str:
    """With the line ends of Unix; nothing but white space is no style sheet."""
    styles = "\n".join(styles.splitlines())
    return styles if styles.strip() else ""


def digest_of(styles: str) -> str:
    """What a page keeps to notice that somebody else changed the sheet meanwhile."""
    return hashlib.sha256(styles.encode()).hexdigest()
