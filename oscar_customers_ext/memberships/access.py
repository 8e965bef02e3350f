"""Who may see what is private to the groups of membership plans, asked at each request.

Nobody is put into such a group. While Wagtail checks a private page or document, ``request.user.groups.all()`` lists
the groups of the user's active memberships beside the user's own; permissions never count them. So a membership ends
at its very end, whatever runs or does not run in the background.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode
from wagtail.models import PageViewRestriction

from .models import Membership, MembershipPlan

#: Where Django's related managers look first.
CACHE, NAME = "_prefetched_objects_cache", "groups"


class GroupsOfMember(QuerySet):
    """A user's own groups in every query, so that permissions are not widened; who lists it finds all of them.

    Read when it is first listed, in place of the query for the own groups.
    """

    member: Any = None
    listed: list[Group] | None = None

    def __iter__(self) -> Iterator[Any]:
        if self.member is None:  # what was made from this one, by filter() say
            return super().__iter__()
        if self.listed is None:
            granted = Membership.objects.active().filter(customer__user=self.member.pk)
            opened = Q(pk__in=granted.values("plan__auth_group")) | Q(pk__in=self.values("pk"))
            self.listed = list(Group.objects.filter(opened))
        return iter(self.listed)


def let_in(user: Any) -> None:
    """From now on ``user.groups.all()`` lists the groups of the user's active memberships, too."""
    if not (user.is_authenticated and user.is_active):
        return
    if not hasattr(user, CACHE):
        setattr(user, CACHE, {})
    own = user.groups.all()
    groups = GroupsOfMember(own.model, query=own.query.chain(), using=own.db)
    groups.member = user
    getattr(user, CACHE)[NAME] = groups


def let_out(user: Any) -> None:
    cache = getattr(user, CACHE, {})
    if isinstance(cache.get(NAME), GroupsOfMember):
        del cache[NAME]


def refusal(request: HttpRequest, restrictions: Iterable[Any]) -> HttpResponse | None:
    """The page that says which membership is missing, for the first of these that no group of this user opens.

    None where no plan would help: what happens then is Wagtail's.
    """
    for restriction in restrictions:
        if restriction.restriction_type == PageViewRestriction.GROUPS and not restriction.accept_request(
            request
        ):
            plans = MembershipPlan.objects.filter(auth_group__in=restriction.groups.all())
            return membership_needed(request, plans) if plans else None
    return None


def membership_needed(request: HttpRequest, plans: Iterable[MembershipPlan]) -> HttpResponse:
    """Says nothing about what is private: not even its title."""
    context = {"plans": plans, "login_url": _login_url(request), "memberships": _own(request, plans)}
    response = render(request, "oscar_customers_ext/shop/membership_needed.html", context, status=403)
    add_never_cache_headers(response)
    return response


def _own(request: HttpRequest, plans: Iterable[MembershipPlan]) -> list[Membership]:
    """What this customer had, or will have, of these plans."""
    if not request.user.is_authenticated:
        return []
    own = Membership.objects.filter(customer__user=request.user.pk, plan__in=plans)
    return list(own.select_related("plan")[:5])


def _login_url(request: HttpRequest) -> str:
    """The shop's, never the admin's; empty for those who are signed in."""
    if request.user.is_authenticated:
        return ""
    return f"{reverse('customer:login')}?{urlencode({'next': request.get_full_path()})}"
