"""Listening to the package's public signals."""

from contextlib import contextmanager

from django.db import connection

from oscar_customers_ext.signals import (
    consent_changed,
    contact_created,
    customer_created,
    customer_touched,
    membership_ended,
    membership_granted,
    membership_renewed,
    order_linked,
)

SIGNALS = {
    "consent_changed": consent_changed,
    "contact_created": contact_created,
    "customer_created": customer_created,
    "membership_ended": membership_ended,
    "membership_granted": membership_granted,
    "membership_renewed": membership_renewed,
    "customer_touched": customer_touched,
    "order_linked": order_linked,
}


class Sent(list):
    """(name, arguments) of each signal that was sent, none of them within a transaction."""

    @property
    def names(self):
        return [name for name, _arguments in self]

    def receiver(self, name):
        def receive(signal, sender, **arguments):
            assert not connection.in_atomic_block
            self.append((name, {"sender": sender, **arguments}))

        return receive


@contextmanager
def recorded_signals():
    sent = Sent()
    receivers = {name: sent.receiver(name) for name in SIGNALS}
    for name, receiver in receivers.items():
        SIGNALS[name].connect(receiver)
    try:
        yield sent
    finally:
        for name, receiver in receivers.items():
            SIGNALS[name].disconnect(receiver)
