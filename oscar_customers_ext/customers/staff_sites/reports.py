"""Wagtail's own report of all that was changed anywhere, which names every customer and asks no policy."""

from typing import Any

from wagtail.admin.auth import permission_denied

from .policies import sites_of_staff

MENU_ITEM = "site-history"
PAGES = ("wagtailadmin_reports:site_history", "wagtailadmin_reports:site_history_results")


def refuse_report(request: Any) -> Any:
    """The answer to who is limited to sites; None for everybody else, and on every other page."""
    if request.resolver_match.view_name in PAGES and sites_of_staff(request.user) is not None:
        return permission_denied(request)
    return None


def hide_report(user: Any, items: list[Any]) -> list[Any]:
    return [item for item in items if item.name != MENU_ITEM or sites_of_staff(user) is None]
