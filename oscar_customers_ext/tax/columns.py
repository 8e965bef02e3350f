from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oscar_customers_ext.customers.columns import NamesColumn
from oscar_customers_ext.customers.listing.columns import WIDE, ListColumn

from .models import TaxExemption

IN_FORCE = "exemptions_in_force"


def reasons_of(customer):
    return [exemption.reason for exemption in getattr(customer, IN_FORCE)]


class TaxExemptColumn(ListColumn):
    def prepare(self, customers):
        today = TaxExemption.objects.on(timezone.localdate())
        return (
            super().prepare(customers).prefetch_related(Prefetch("tax_exemptions", today, to_attr=IN_FORCE))
        )


TAX_EXEMPT = TaxExemptColumn(
    NamesColumn("tax_exempt", label=_("Tax exempt"), accessor=reasons_of, classname=WIDE),
    permission="oscar_customers_ext.view_taxexemption",
)
