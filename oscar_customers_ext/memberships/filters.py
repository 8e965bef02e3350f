import django_filters
from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from oscar_customers_ext.customers.filters import KeysFilter

from .models import Membership, MembershipPlan, MembershipState

STATES = [*MembershipState.choices, ("none", _("Never a member"))]


class MembershipFilters(WagtailFilterSet):
    """Plan and state are asked of one and the same membership."""

    membership = KeysFilter(
        label=_("Membership"),
        queryset=MembershipPlan.objects.all(),
        method="filter_memberships",
    )
    membership_state = django_filters.ChoiceFilter(
        label=_("State of membership"), choices=STATES, method="filter_memberships", widget=forms.RadioSelect
    )

    def filter_memberships(self, queryset, name, value):
        asked = self.form.cleaned_data
        plans, state = asked.get("membership"), asked.get("membership_state")
        # Both filters lead here, and the first of them does the work for both.
        if not value or (name == "membership_state" and plans):
            return queryset
        memberships = Membership.objects.filter(customer=OuterRef("pk"))
        if plans:
            memberships = memberships.filter(plan__in=plans)
        if state == "none":
            return queryset.filter(~Exists(memberships))
        return queryset.filter(Exists(memberships.in_state(state) if state else memberships))
