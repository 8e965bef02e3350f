import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from oscar_customers_ext.customers.models import Customer


class ApprovalFilterSet(WagtailFilterSet):
    #: Without it those are shown who wait: see ApprovalListView.
    approved = django_filters.ChoiceFilter(
        label=_("Approval"),
        choices=[("declined", _("Declined"))],
        empty_label=_("Waiting for approval"),
        method="keep",
        widget=forms.RadioSelect,
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind"),
        choices=[("registered", _("Registered")), ("guest", _("Guest"))],
        method="filter_kind",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Customer
        fields = ["approved", "kind"]

    def keep(self, queryset, name, value):
        return queryset

    def filter_kind(self, queryset, name, value):
        return queryset.registered() if value == "registered" else queryset.guests()
