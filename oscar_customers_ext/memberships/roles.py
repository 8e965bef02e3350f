"""Roles: the Django groups that OSCAR_CUSTOMERS_ROLES allows for customers. Admin access is out of reach from here."""

from typing import Any

from django.contrib.auth.models import Group
from django.db.models import QuerySet

from oscar_customers_ext.conf import conf
from oscar_customers_ext.customers.staff import groups_of_staff


def allowed_roles() -> QuerySet[Group]:
    """Those that the setting names, without any that carries admin access by now."""
    return (
        Group.objects.filter(name__in=conf.ROLES)
        .exclude(pk__in=groups_of_staff().values("pk"))
        .order_by("name")
    )


def roles_of(user: Any) -> list[Group]:
    return list(allowed_roles().filter(pk__in=user.groups.values("pk")))
