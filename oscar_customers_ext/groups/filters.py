from django.utils.translation import gettext_lazy as _

from oscar_customers_ext.customers.filters import KeysFilter

from .models import CustomerGroup


def all_groups(request):
    return CustomerGroup.objects.all()


class GroupFilter(KeysFilter):
    """Customers in one of the groups, put there by staff or by an active membership."""

    def __init__(self, **options):
        super().__init__(**{"label": _("Group"), "queryset": all_groups, **options})

    def filter(self, queryset, value):
        if not value:
            return queryset
        groups = CustomerGroup.objects.filter(pk__in=[group.pk for group in value])
        return queryset.among(*groups.sources_of_customers())
