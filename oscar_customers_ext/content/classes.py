"""The names of the CSS classes on the body. They are stable: style sheets of shops hang on them."""

import hashlib

from .visitors import Visitor

GUEST, SIGNED_IN, APPROVED = "customer-guest", "customer-signed-in", "customer-approved"
PREFIX = "customer-group-"

#: What a class may have, as promised: ^[a-z][a-z0-9_-]{0,63}$
LONGEST = 64


def group_class(slug: str) -> str:
    """``customer-group-`` and the slug. One of more than 49 characters is cut, and ends in a digest of all of it."""
    name = PREFIX + slug
    if len(name) <= LONGEST:
        return name
    digest = hashlib.sha256(slug.encode()).hexdigest()[:8]
    return f"{name[: LONGEST - 9]}-{digest}"


def classes_of(visitor: Visitor | None) -> list[str]:
    """None at all for somebody about whom nothing is known."""
    if visitor is None:
        return []
    if not visitor.is_signed_in:
        return [GUEST]
    classes = [SIGNED_IN]
    if visitor.is_approved:
        classes.append(APPROVED)
    return classes + [group_class(group.slug) for group in visitor.groups]
