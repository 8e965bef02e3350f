"""What the list of customers can show. A feature adds its ListColumn objects here; a site adds to
``CustomerViewSet.list_columns`` or ``list_display``.
"""

from oscar_customers_ext.customers.listing.columns import CUSTOMER_COLUMNS

LIST_COLUMNS = [*CUSTOMER_COLUMNS]
