"""How far an order is paid and sent, in words."""

from decimal import Decimal

import pytest
from oscar.core.loading import get_model

from oscar_customers_ext.orders.states import Fulfilment, Payment, fulfilment_of, payment_of
from tests.factories import make_order

pytestmark = pytest.mark.django_db


def with_source(order, **amounts):
    kind, _created = get_model("payment", "SourceType").objects.get_or_create(name="Card")
    amounts = {f"amount_{name}": Decimal(amount) for name, amount in amounts.items()}
    order.sources.create(source_type=kind, currency="EUR", **amounts)
    return order


def with_lines(order, *quantities):
    for quantity in quantities:
        order.lines.create(
            partner_name="Cups",
            title="Cup",
            quantity=quantity,
            num_allocated=quantity,
            line_price_incl_tax=1,
            line_price_excl_tax=1,
            line_price_before_discounts_incl_tax=1,
            line_price_before_discounts_excl_tax=1,
        )
    return order


def send(order, kind, *quantities):
    event_type, _created = get_model("order", "ShippingEventType").objects.get_or_create(
        name=kind, code=kind.lower()
    )
    event = order.shipping_events.create(event_type=event_type)
    for line, quantity in zip(order.lines.order_by("pk"), quantities, strict=True):
        if quantity:
            event.line_quantities.create(line=line, quantity=quantity)


@pytest.mark.parametrize(
    ("amounts", "state"),
    [
        ([], Payment.NONE),
        ([{}], Payment.NONE),
        ([{"allocated": "12.20"}], Payment.AUTHORISED),
        ([{"allocated": "12.20", "debited": "5.00"}], Payment.PART_PAID),
        ([{"allocated": "12.20", "debited": "12.20"}], Payment.PAID),
        ([{"debited": "6.10"}, {"debited": "6.10"}], Payment.PAID),
        ([{"debited": "12.20", "refunded": "2.00"}], Payment.PAID),
        ([{"debited": "12.20", "refunded": "12.20"}], Payment.REFUNDED),
    ],
)
def test_payment_is_read_from_the_amounts(shop, amounts, state):
    order = make_order(total="12.20")
    for source in amounts:
        with_source(order, **source)

    assert payment_of(order) == state


def test_what_costs_nothing_is_paid(shop):
    assert payment_of(make_order(total="0.00")) == Payment.PAID


def test_a_shop_that_knows_statuses_only_maps_them(shop, settings):
    settings.OSCAR_CUSTOMERS_PAYMENT_OF_STATUS = {"Complete": "paid"}
    settings.OSCAR_CUSTOMERS_FULFILMENT_OF_STATUS = {"Complete": "all"}
    order, pending = make_order(status="Complete"), make_order(status="Pending")

    assert (payment_of(order), fulfilment_of(order)) == (Payment.PAID, Fulfilment.ALL)
    assert (payment_of(pending), fulfilment_of(pending)) == (Payment.NONE, Fulfilment.NONE)
    # What really happened counts more than the status.
    assert payment_of(with_source(order, allocated="12.20")) == Payment.AUTHORISED


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([], Fulfilment.NONE),
        ([("Shipped", 0, 0)], Fulfilment.NONE),
        ([("Shipped", 2, 0)], Fulfilment.PART),
        ([("Shipped", 2, 2)], Fulfilment.PART),
        ([("Shipped", 2, 3)], Fulfilment.ALL),
        ([("Shipped", 2, 1), ("Shipped", 0, 2)], Fulfilment.ALL),
        ([("Shipped", 1, 1), ("Delivered", 1, 1)], Fulfilment.PART),
    ],
)
def test_fulfilment_is_read_from_the_quantities(shop, events, state):
    order = with_lines(make_order(), 2, 3)
    for event in events:
        send(order, *event)

    assert fulfilment_of(order) == state
