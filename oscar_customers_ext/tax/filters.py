import django_filters
from django import forms
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from .models import ExemptionState, TaxExemption

CHOICES = [
    (ExemptionState.ACTIVE, _("Exempt today")),
    (ExemptionState.FUTURE, _("Exempt later")),
    (ExemptionState.EXPIRED, _("Exempt in the past")),
    ("none", _("Never exempt")),
]


class TaxExemptionFilters(WagtailFilterSet):
    tax_exempt = django_filters.ChoiceFilter(
        label=_("Tax exempt"), choices=CHOICES, method="filter_exempt", widget=forms.RadioSelect
    )

    def filter_exempt(self, queryset, name, value):
        exemptions = TaxExemption.objects.filter(customer=OuterRef("pk")).order_by()
        if value == "none":
            return queryset.filter(~Exists(exemptions))
        return queryset.filter(Exists(exemptions.in_state(value, timezone.localdate())))
