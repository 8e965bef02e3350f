import django_filters
from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from wagtail.admin.filters import WagtailFilterSet

from .models import Customer


def countries_of_customers(request):
    # One index look-up per country; DISTINCT would read the whole table.
    customers = Customer.objects.filter(country=OuterRef("pk"))
    return get_model("address", "Country").objects.filter(Exists(customers))


class CustomerFilterSet(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(
        label=_("Kind"),
        choices=[("registered", _("Registered")), ("guest", _("Guest"))],
        method="filter_kind",
        widget=forms.RadioSelect,
    )
    orders = django_filters.ChoiceFilter(
        label=_("Orders"),
        choices=[("yes", _("With orders")), ("no", _("Prospects, without orders"))],
        method="filter_orders",
        widget=forms.RadioSelect,
    )
    country = django_filters.ModelMultipleChoiceFilter(
        label=_("Country"),
        queryset=countries_of_customers,
        distinct=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Customer
        fields = ["kind", "orders", "country"]

    def filter_kind(self, queryset, name, value):
        return queryset.registered() if value == "registered" else queryset.guests()

    def filter_orders(self, queryset, name, value):
        return queryset.filter(orders_count__gt=0) if value == "yes" else queryset.prospects()
