"""Staff who see and touch only what belongs to their sites.

Who is in a group that has sites (StaffSite) is limited to the sites of all such groups together; superusers never are.
Without any such group nobody is limited.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, QuerySet, Value
from wagtail.permission_policies import ModelPermissionPolicy

from oscar_customers_ext.customers.models import Customer

from .models import StaffSite


def sites_of_staff(user: Any) -> frozenset[int] | None:
    """The primary keys of the sites that this member of staff is limited to; None for who is not limited.

    One query, kept on the user object, which lives as long as the request.
    """
    if not user.is_authenticated or (user.is_active and user.is_superuser):
        return None
    if not hasattr(user, "_customer_sites"):
        found = StaffSite.objects.filter(group__in=user.groups.all()).values_list("site", flat=True)
        user._customer_sites = frozenset(found) or None
    return user._customer_sites


class SiteLimitedPolicy(ModelPermissionPolicy):
    """The model's own permissions, and for limited staff only rows of their sites. A child says which those are."""

    def only_of(self, queryset: QuerySet, sites: frozenset[int]) -> QuerySet:
        raise NotImplementedError

    def is_of(self, user: Any, instance: Any, sites: frozenset[int]) -> bool:
        raise NotImplementedError

    def _covers(self, user, instance):
        sites = sites_of_staff(user)
        # What is not stored yet belongs to nobody.
        return sites is None or instance.pk is None or self.is_of(user, instance, sites)

    def user_has_permission_for_instance(self, user, action, instance):
        return super().user_has_permission_for_instance(user, action, instance) and self._covers(
            user, instance
        )

    def instances_user_has_any_permission_for(self, user, actions):
        allowed = super().instances_user_has_any_permission_for(user, actions)
        sites = sites_of_staff(user)
        return allowed if sites is None else self.only_of(allowed, sites)

    def users_with_any_permission_for_instance(self, actions, instance):
        everybody = get_user_model()._default_manager.all()
        limited = everybody.filter(groups__customer_sites__isnull=False, is_superuser=False)
        here = everybody.filter(groups__customer_sites__site__in=self.sites_of(instance))
        elsewhere = limited.exclude(pk__in=here.values("pk"))
        return self.users_with_any_permission(actions).exclude(pk__in=elsewhere.values("pk"))

    def sites_of(self, instance: Any) -> list[int]:
        raise NotImplementedError


def _key(sites: frozenset[int]) -> str:
    return ",".join(map(str, sorted(sites)))


class CustomersOfSites(SiteLimitedPolicy):
    """A customer of several sites is seen by the staff of each; one without any only by who is not limited."""

    def only_of(self, queryset, sites):
        visits = Customer.sites.through.objects.filter(customer=OuterRef("pk"), site__in=sites)
        # Rows that were found here need not be asked for again, one by one: see is_of().
        return queryset.filter(Exists(visits)).annotate(found_for_sites=Value(_key(sites)))

    def is_of(self, user, instance, sites):
        """Asked of the database once for each customer in a request; not at all where that is known with the row."""
        if getattr(instance, "found_for_sites", None) == _key(sites):
            return True
        if "sites" in getattr(instance, "_prefetched_objects_cache", {}):
            return any(site.pk in sites for site in instance.sites.all())
        known = user.__dict__.setdefault("_customers_of_sites", {})
        if instance.pk not in known:
            visits = Customer.sites.through.objects.filter(customer=instance.pk, site__in=sites)
            known[instance.pk] = visits.exists()
        return known[instance.pk]

    def sites_of(self, instance):
        return list(instance.sites.values_list("pk", flat=True))


class RowsOfSite(SiteLimitedPolicy):
    """For a model with a foreign key ``site``, like Oscar's orders; a row without site is for who is not limited."""

    def only_of(self, queryset, sites):
        return queryset.filter(site__in=sites)

    def is_of(self, user, instance, sites):
        return instance.site_id in sites

    def sites_of(self, instance):
        return [instance.site_id]


#: Policies that show every row to whoever is not limited.
OPEN = (ModelPermissionPolicy, CustomersOfSites, RowsOfSite)


def shows_all(policy: Any, user: Any) -> bool:
    """Whether nothing is hidden from this member of staff who may read at all; never said of a policy of the site's own."""
    return type(policy) in OPEN and (type(policy) is ModelPermissionPolicy or sites_of_staff(user) is None)
