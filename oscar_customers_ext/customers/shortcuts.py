"""Items of the features in the menus of one customer: that of the row in the list, and that of the header of the card."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import quote
from django.urls import reverse
from wagtail.admin.widgets.button import Button


@dataclass(frozen=True)
class Shortcut:
    """Leads to ``url_name`` (with the customer's key), whose view asks for ``permission`` and for the customer."""

    label: Any
    url_name: str
    permission: str
    icon_name: str
    #: Before Archive and Delete.
    priority: int = 22


def buttons_for(shortcuts: Iterable[Shortcut], user: Any, customer: Any) -> list[Button]:
    """For staff who may read this customer."""
    return [
        Button(
            shortcut.label,
            url=reverse(shortcut.url_name, args=[quote(customer.pk)]),
            icon_name=shortcut.icon_name,
            priority=shortcut.priority,
        )
        for shortcut in shortcuts
        if user.has_perm(shortcut.permission)
    ]
