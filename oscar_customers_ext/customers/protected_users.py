"""Accounts that nobody who only manages customers may touch: whoever could, would be one step from being admin."""

from typing import Any

from django.db.models import Q

#: Who has one of these works behind the shop: in Wagtail's admin, or in Oscar's dashboard.
ADMIN_PERMISSIONS = (("wagtailadmin", "access_admin"), ("partner", "dashboard_access"))


def is_protected(user: Any) -> bool:
    """Staff, superusers, and whoever may enter an admin, even while the account is deactivated."""
    if getattr(user, "is_staff", False) or getattr(user, "is_superuser", False):
        return True
    if not hasattr(user, "groups"):
        return False
    if user.is_active:
        return any(user.has_perm(f"{app}.{codename}") for app, codename in ADMIN_PERMISSIONS)
    # has_perm() knows of nothing while the account is deactivated.
    return _may_enter_when_active(user)


def _may_enter_when_active(user: Any) -> bool:
    wanted, wanted_in_group = Q(), Q()
    for app, codename in ADMIN_PERMISSIONS:
        wanted |= Q(content_type__app_label=app, codename=codename)
        wanted_in_group |= Q(permissions__content_type__app_label=app, permissions__codename=codename)
    return user.user_permissions.filter(wanted).exists() or user.groups.filter(wanted_in_group).exists()
