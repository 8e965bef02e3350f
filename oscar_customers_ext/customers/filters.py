import django_filters
from django import forms
from django.contrib.sites.models import Site
from django.core.cache import cache
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from wagtail.admin.filters import WagtailFilterSet

from .dates import DaysFilter
from .keys import KeysMixin
from .models import Customer, CustomerSource
from .staff_sites.figures import with_orders_for
from .staff_sites.policies import sites_of_staff
from .states import ApprovalState

SOURCES_KEY = "oscar_customers_ext.sources"
SOURCES_SECONDS = 60


def countries_of_customers(request):
    # One index look-up per country; DISTINCT would read the whole table.
    # For the same reason those that the member of staff may not see count, too: this names countries and nobody.
    customers = Customer.objects.filter(country=OuterRef("pk"))
    return get_model("address", "Country").objects.filter(Exists(customers))


def sites_of_customers(request):
    sites = sites_of_staff(request.user)
    found = Site.objects.order_by("name")
    return found if sites is None else found.filter(pk__in=sites)


def known_sources():
    """Every source that a customer came from, with its label; read at most once a minute."""
    names = cache.get_or_set(SOURCES_KEY, _read_sources, SOURCES_SECONDS)
    return [(name, CustomerSource.LABELS.get(name, name)) for name in names]


def _read_sources():
    # From one name to the next along the index: DISTINCT would read a row per customer.
    names, name = [], ""
    while name is not None:
        later = CustomerSource.objects.filter(source__gt=name).order_by("source")
        name = later.values_list("source", flat=True).first()
        if name is not None:
            names.append(name)
    return names


class SourceField(django_filters.fields.MultipleChoiceField):
    """Any source may be asked for: one that is a minute old is not offered yet, and an unknown one finds nobody."""

    def valid_value(self, value):
        return "\x00" not in value


class SourceFilter(django_filters.MultipleChoiceFilter):
    field_class = SourceField


class KeysField(KeysMixin, django_filters.fields.ModelMultipleChoiceField):
    pass


class KeysFilter(django_filters.ModelMultipleChoiceFilter):
    """By the primary keys of another table, whatever somebody writes into the address."""

    field_class = KeysField

    def __init__(self, **options):
        super().__init__(**{"distinct": False, "widget": forms.CheckboxSelectMultiple, **options})


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
    site = KeysFilter(
        label=_("Site"),
        queryset=sites_of_customers,
        method="filter_site",
    )
    source = SourceFilter(
        label=_("Met through"),
        choices=known_sources,
        method="filter_source",
        widget=forms.CheckboxSelectMultiple,
    )
    approved = django_filters.ChoiceFilter(
        label=_("Approval"),
        choices=ApprovalState.choices,
        method="filter_approved",
        widget=forms.RadioSelect,
    )
    created_at = DaysFilter(label=_("Created"))
    #: Without this filter archived customers are hidden: see CustomerListView.
    archived = django_filters.ChoiceFilter(
        label=_("Archived"),
        choices=[("yes", _("Archived only")), ("all", _("Archived too"))],
        method="filter_archived",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Customer
        fields = ["kind", "orders", "country", "site", "source", "approved", "created_at", "archived"]

    def filter_kind(self, queryset, name, value):
        return queryset.registered() if value == "registered" else queryset.guests()

    def filter_orders(self, queryset, name, value):
        return with_orders_for(self.request.user, queryset, wanted=value == "yes")

    def filter_site(self, queryset, name, value):
        if not value:
            return queryset
        links = Customer.sites.through.objects.filter(customer=OuterRef("pk"), site__in=value)
        return queryset.filter(Exists(links))

    def filter_source(self, queryset, name, value):
        if not value:
            return queryset
        return queryset.filter(
            Exists(CustomerSource.objects.filter(customer=OuterRef("pk"), source__in=value))
        )

    def filter_approved(self, queryset, name, value):
        return getattr(queryset, value)()

    def filter_archived(self, queryset, name, value):
        return queryset.archived() if value == "yes" else queryset
