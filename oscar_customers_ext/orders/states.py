"""How far an order is paid and sent, in words."""

from collections import Counter, defaultdict
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from oscar_customers_ext.conf import conf


class Payment(TextChoices):
    NONE = "none", _("Not paid")
    AUTHORISED = "authorised", _("Authorised")
    PART_PAID = "part_paid", _("Partly paid")
    PAID = "paid", _("Paid")
    REFUNDED = "refunded", _("Refunded")


class Fulfilment(TextChoices):
    NONE = "none", _("Not sent")
    PART = "part", _("Partly sent")
    ALL = "all", _("Sent")


#: What the states read, for ``prefetch_related`` on a queryset of orders.
PREFETCH = ("sources", "lines", "shipping_events__line_quantities")


def payment_of(order):
    """From the amounts of Oscar's payment sources; where there are none, from the status as the settings map it."""
    sources = list(order.sources.all())
    mapped = conf.PAYMENT_OF_STATUS.get(order.status)
    if not sources:
        free = order.total_incl_tax == 0
        return Payment(mapped) if mapped else (Payment.PAID if free else Payment.NONE)
    allocated = sum((source.amount_allocated for source in sources), Decimal(0))
    debited = sum((source.amount_debited for source in sources), Decimal(0))
    refunded = sum((source.amount_refunded for source in sources), Decimal(0))
    if debited > 0:
        if refunded >= debited:
            return Payment.REFUNDED
        return Payment.PAID if debited >= order.total_incl_tax else Payment.PART_PAID
    return Payment.AUTHORISED if allocated > 0 else Payment.NONE


def fulfilment_of(order):
    """From the quantities of Oscar's shipping events; where there are none, from the status as the settings map it.

    An item that was sent and then delivered is one item: of several events of a line the fullest kind counts.
    """
    events = list(order.shipping_events.all())
    if not events:
        return Fulfilment(conf.FULFILMENT_OF_STATUS.get(order.status) or Fulfilment.NONE)
    by_line = defaultdict(Counter)
    for event in events:
        for sent in event.line_quantities.all():
            by_line[sent.line_id][event.event_type_id] += sent.quantity
    missing = [
        line for line in order.lines.all() if max(by_line[line.pk].values(), default=0) < line.quantity
    ]
    if not missing:
        return Fulfilment.ALL
    return Fulfilment.PART if any(by_line.values()) else Fulfilment.NONE
