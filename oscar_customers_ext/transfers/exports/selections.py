"""Which customers are exported: those that were ticked, those that the list finds, or all."""

from copy import copy
from enum import StrEnum
from typing import Any

from django.http import QueryDict
from django.utils.functional import cached_property

from oscar_customers_ext.compat import policy_for
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.staff_sites.policies import shows_all
from oscar_customers_ext.policies import READ, seen_and_allowed

PERMISSION = "export"


def may_export(user: Any) -> bool:
    """Whoever exports must see what is exported."""
    policy = policy_for(Customer)
    return policy.user_has_permission(user, PERMISSION) and policy.user_has_any_permission(user, READ)


class Scope(StrEnum):
    SELECTION = "selection"
    LIST = "list"
    ALL = "all"


class Selection:
    """``query`` is the list's query string, with the keys of ticked customers as "id"; ``listing`` makes the list's view."""

    def __init__(self, request: Any, query: str, *, listing: Any) -> None:
        self.request = request
        self.asked = QueryDict(query)
        self.listing = listing

    @cached_property
    def list_view(self) -> Any:
        request = copy(self.request)
        request.GET = self.asked
        view = self.listing()
        view.setup(request)
        return view

    @cached_property
    def pks(self) -> list[int]:
        keys = self.asked.getlist("id")
        return [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 19]

    @property
    def query(self) -> str:
        """The same again, made of what is known only."""
        cleaned = QueryDict(self.list_view.list_query, mutable=True)
        cleaned.setlist("id", [str(pk) for pk in self.pks])
        return cleaned.urlencode()

    @property
    def is_broken(self) -> bool:
        """A filter cannot be understood. The list leaves it out then, which is no ground to export everybody."""
        return bool(self.list_view.lost_filters)

    @property
    def filters(self) -> list[str]:
        """Names of search and filters that narrow the list."""
        names = QueryDict(self.list_view.list_query).keys() - {"ordering"}
        search = self.list_view.search_kwarg
        return sorted("search" if name == search else name for name in names)

    def customers(self, scope: str) -> Any:
        """In the order of the list; whom this member of staff may both see and export."""
        policy, user = policy_for(Customer), self.request.user
        # Without search and filters the list is all there is, and all that is left is its order.
        if scope == Scope.LIST or (scope == Scope.ALL and not self.filters):
            found = self.list_view.get_queryset()
        elif scope == Scope.SELECTION:
            found = Customer.objects.filter(pk__in=self.pks)
        else:
            found = Customer.objects.active()
        if shows_all(policy, user):
            return found
        return found.filter(pk__in=seen_and_allowed(policy, user, PERMISSION).order_by().values("pk"))

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many customers each scope has, the likeliest scope first."""
        scopes = [Scope.SELECTION] if self.pks else []
        scopes += [Scope.LIST, Scope.ALL] if self.filters else [Scope.ALL]
        return {scope: self.customers(scope).count() for scope in scopes}
