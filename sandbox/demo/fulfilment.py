"""Leads an order through payment and delivery with Oscar's own tools, up to a wanted outcome."""

from datetime import date, timedelta

from django.utils import timezone
from oscar.core.loading import get_class, get_model

from oscar_customers_ext.models import Customer, CustomerOrder, CustomerSource

EventHandler = get_class("order.processing", "EventHandler")
LineAttribute = get_model("order", "LineAttribute")
PaymentEventType = get_model("order", "PaymentEventType")
ShippingEventType = get_model("order", "ShippingEventType")


class Fulfilment:
    def __init__(self, order, user):
        self.order = order
        self.handler = EventHandler(user=user)
        self.source = order.sources.get()

    @property
    def lines(self):
        # Read afresh each time: a new order status writes new line statuses, on other instances than ours.
        return list(self.order.lines.all())

    def reach(self, outcome):
        getattr(self, f"make_{outcome}")()

    def make_pending(self):
        """That is how the checkout leaves an order."""

    def make_paid(self):
        self.source.debit(reference=self.source.reference, status="settled")
        self.record_payment("Settled", self.order.total_incl_tax)
        self.handler.handle_order_status_change(self.order, "Paid")

    def make_partly_shipped(self):
        self.make_paid()
        first, *others = self.lines_to_ship()
        quantity = first.quantity if others else first.quantity // 2
        self.ship([(first, quantity)])
        if quantity == first.quantity:
            first.set_status("Shipped")

    def make_shipped(self):
        self.make_paid()
        if not self.lines_to_ship():
            # A workshop that is paid for waits for its day.
            return
        self.ship([(line, line.quantity) for line in self.lines_to_ship()])
        self.handler.handle_order_status_change(self.order, "Shipped")

    def make_complete(self):
        self.make_shipped()
        self.handler.handle_order_status_change(self.order, "Complete")

    def make_cancelled(self):
        self.handler.cancel_stock_allocations(self.order)
        self.handler.handle_order_status_change(self.order, "Cancelled", note_msg="Cancelled by the buyer.")

    def make_refunded(self):
        self.make_complete()
        amount = self.lines[0].line_price_incl_tax
        self.source.refund(amount, reference=self.source.reference, status="refunded")
        self.record_payment("Refunded", amount, lines=self.lines[:1])
        self.handler.create_note(self.order, f"{self.lines[0].title} came back and was refunded.")

    def record_payment(self, event_name, amount, lines=None):
        event_type, _created = PaymentEventType.objects.get_or_create(name=event_name)
        lines = lines or self.lines
        self.handler.handle_payment_event(
            self.order,
            event_type,
            amount,
            lines,
            [line.quantity for line in lines],
            reference=self.source.reference,
        )

    def lines_to_ship(self):
        return [line for line in self.lines if line.product.is_shipping_required]

    def ship(self, parts):
        event_type, _created = ShippingEventType.objects.get_or_create(name="Shipped")
        lines, quantities = [line for line, _quantity in parts], [quantity for _line, quantity in parts]
        self.handler.consume_stock_allocations(self.order, lines, quantities)
        self.handler.handle_shipping_event(self.order, event_type, lines, quantities)


def move_to_the_past(order, days_ago):
    """Spread the orders over the last months, so that lists and charts look alive."""
    placed = timezone.now() - timedelta(days=days_ago)
    shipped = min(placed + timedelta(days=1), timezone.now())
    order.refresh_from_db()
    order.date_placed = placed
    order.save()
    order.payment_events.update(date_created=placed)
    order.shipping_events.update(date_created=shipped)
    order.status_changes.update(date_created=shipped)
    if order.user and order.user.date_joined > placed:
        order.user.date_joined = placed
        order.user.save()
    move_bookings_to_the_past(order, days_ago)
    make_customer_as_old_as(order, placed)


def move_bookings_to_the_past(order, days_ago):
    """A workshop was booked for a day after the order, which by now may be over."""
    for attribute in LineAttribute.objects.filter(line__order=order, option__type="date"):
        day = date.fromisoformat(attribute.value) - timedelta(days=int(days_ago))
        attribute.value = day.isoformat()
        attribute.save()


def make_customer_as_old_as(order, placed):
    """Only a demo may do this: everybody in it was met within the same minute."""
    Customer.objects.filter(order_links__order=order, created_at__gt=placed).update(created_at=placed)
    CustomerOrder.objects.filter(order=order).update(linked_at=placed)
    CustomerSource.objects.filter(customer__order_links__order=order, first_seen__gt=placed).update(
        first_seen=placed
    )
