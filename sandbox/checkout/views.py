from oscar.apps.checkout import views
from oscar.core.loading import get_model

Source = get_model("payment", "Source")
SourceType = get_model("payment", "SourceType")
Transaction = get_model("payment", "Transaction")

SOURCE_NAME = "Demo card"


class PaymentDetailsView(views.PaymentDetailsView):
    """Reserves the amount on a card that does not exist, the way a payment provider would."""

    def handle_payment(self, order_number, total, **kwargs):
        reference = f"DEMO-{order_number}"
        source_type, _created = SourceType.objects.get_or_create(name=SOURCE_NAME)
        source = Source(
            source_type=source_type,
            currency=total.currency,
            amount_allocated=total.incl_tax,
            reference=reference,
            label="XXXX-XXXX-XXXX-4242",
        )
        source.create_deferred_transaction(Transaction.AUTHORISE, total.incl_tax, reference, "accepted")
        self.add_payment_source(source)
        self.add_payment_event("Authorised", total.incl_tax, reference)
