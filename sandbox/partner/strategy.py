from decimal import Decimal

from oscar.apps.partner import strategy


class ItalianStrategy(
    strategy.UseFirstStockRecord, strategy.StockRequired, strategy.FixedRateTax, strategy.Structured
):
    """Italian VAT on everything."""

    rate = Decimal("0.22")
    # Whole cents per piece: three cups then cost exactly three times the price on the label.
    exponent = Decimal("0.01")


class Selector:
    def strategy(self, request=None, user=None, **kwargs):
        return ItalianStrategy(request)
