from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oscar_customers_ext.customers.filters import KeysFilter

from .models import CustomerTag, TaggedCustomer

#: More boxes would slow down each page of the list; any other tag is reached by a click on it.
OFFERED = 100


def offered_tags(request):
    """The first tags of the alphabet, and those by which the list is filtered."""
    asked = request.GET.getlist("tag") if request else []
    pks = [int(pk) for pk in asked if pk.isascii() and pk.isdigit() and len(pk) < 19]
    first = CustomerTag.objects.order_by("key").values_list("pk", flat=True)[:OFFERED]
    return CustomerTag.objects.filter(Q(pk__in=list(first)) | Q(pk__in=pks))


class TagFilter(KeysFilter):
    """Customers who have one of the tags."""

    def __init__(self, **options):
        super().__init__(**{"label": _("Tag"), "queryset": offered_tags, **options})

    def filter(self, queryset, value):
        if not value:
            return queryset
        tagged = TaggedCustomer.objects.filter(tag__in=[tag.pk for tag in value])
        return queryset.among(tagged.values("content_object"))
