from oscar_customers_ext.customers.panels import LazyTab

from .pages import VIEW


class DiscountsTab(LazyTab):
    """What the members of a group get, for those who may see offers."""

    def __init__(self, *args, permission=VIEW, **kwargs):
        super().__init__(*args, permission=permission, **kwargs)
