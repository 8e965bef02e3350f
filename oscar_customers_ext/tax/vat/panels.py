from oscar_customers_ext.customers.panels import LazyTab


class VatNumberPanel(LazyTab):
    """What the registry says about the customer's own number; hidden where there is none."""

    class BoundPanel(LazyTab.BoundPanel):
        def is_shown(self):
            return super().is_shown() and bool(self.instance.vat_number)
