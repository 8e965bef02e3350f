"""What a site of its own would do with a booking: tell the package where this customer came from."""

import logging

from django.db import transaction

logger = logging.getLogger(__name__)

WORKSHOP_CLASS = "workshop"


def on_order_placed(sender, order, user, **kwargs):
    # Oscar sends order_placed after the order is saved, and not robustly: an error that left this function
    # would show the buyer a failure for an order that exists. The inner block keeps a database error from
    # spoiling a transaction that is open around the request.
    try:
        with transaction.atomic():
            remember_booking(order)
    except Exception:
        logger.exception("The booking in order %s was not remembered as a source", order.number)


def remember_booking(order):
    # Imported late: the package's actions need all models to be loaded.
    from oscar_customers_ext.customers.actions import touch_customer

    if not order.email or not order.lines.filter(product__product_class__slug=WORKSHOP_CLASS).exists():
        return
    touch_customer(email=order.email, source="booking")
