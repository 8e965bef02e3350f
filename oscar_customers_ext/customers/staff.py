"""Which groups and accounts reach a back office: what is offered here for customers never touches them."""

from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db.models import Exists, OuterRef, Q, QuerySet
from oscar.core.application import OscarConfigMixin
from wagtail.models import GroupCollectionPermission, GroupPagePermission, GroupSitePermission

from .protected_users import is_protected

#: Permissions that open Wagtail's admin and Oscar's dashboard, in whatever app a site has put them.
DOORS = ("access_admin", "dashboard_access")
FRAMEWORKS = ("django", "wagtail", "oscar", "oscar_customers_ext")


@cache
def apps_of_staff() -> frozenset[str]:
    """The apps whose permissions are for staff: those of the frameworks, a fork of one, accounts, and our own."""
    labels = {
        config.label
        for config in apps.get_app_configs()
        if config.name.partition(".")[0] in FRAMEWORKS or isinstance(config, OscarConfigMixin)
    }
    return frozenset({*labels, get_user_model()._meta.app_label})


def permissions_of_staff() -> QuerySet[Permission]:
    return Permission.objects.filter(
        Q(codename__in=DOORS) | Q(content_type__app_label__in=apps_of_staff())
    ).order_by()


def groups_of_staff() -> QuerySet[Group]:
    """Those with a permission that means something in a back office, or with one for pages, collections or sites."""
    granted = Group.permissions.through.objects.filter(permission__in=permissions_of_staff())
    found = Q(Exists(granted.filter(group=OuterRef("pk"))))
    for model in (GroupPagePermission, GroupCollectionPermission, GroupSitePermission):
        found |= Exists(model.objects.filter(group=OuterRef("pk")))
    return Group.objects.filter(found)


def is_staff_account(user: Any) -> bool:
    """Whether the account reaches a back office, or might as soon as somebody opens one of its doors."""
    return (
        is_protected(user)
        or user.groups.filter(pk__in=groups_of_staff().values("pk")).exists()
        or user.user_permissions.filter(pk__in=permissions_of_staff().values("pk")).exists()
    )
