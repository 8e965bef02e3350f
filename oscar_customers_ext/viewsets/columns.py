"""What the list of customers can show. A feature adds its ListColumn objects here; a site adds to
``CustomerViewSet.list_columns`` or ``list_display``.
"""

from django.utils.translation import gettext_lazy as _

from oscar_customers_ext.customers.columns import NamesColumn
from oscar_customers_ext.customers.listing.columns import CUSTOMER_COLUMNS, WIDE, ListColumn
from oscar_customers_ext.customers.marketing.columns import NewsletterColumn, newsletter_state
from oscar_customers_ext.customers.tags.columns import TAGS
from oscar_customers_ext.groups.columns import GROUPS
from oscar_customers_ext.memberships.columns import ACTIVE, plans_of
from oscar_customers_ext.tax.columns import TAX_EXEMPT

LIST_COLUMNS = [
    *CUSTOMER_COLUMNS,
    GROUPS,
    TAGS,
    ListColumn(
        NewsletterColumn("newsletter", label=_("Newsletter"), classname=WIDE),
        annotations={"newsletter": newsletter_state()},
    ),
    ListColumn(
        NamesColumn("memberships", label=_("Memberships"), accessor=plans_of, classname=WIDE),
        prefetch_related=[ACTIVE],
        permission="oscar_customers_ext.view_membership",
    ),
    TAX_EXEMPT,
]
