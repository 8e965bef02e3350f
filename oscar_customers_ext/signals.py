"""What a site may listen to. Each is sent with ``send_robust`` after the transaction is committed.

A receiver that fails is logged by Django and disturbs neither the checkout nor the other receivers.
"""

from django.dispatch import Signal

#: ``customer``, ``source`` ("shop", "registration", "staff" or the site's own word)
customer_created = Signal()

#: ``customer``, ``source``, ``is_new_source`` (the customer had not been met there before)
customer_touched = Signal()

#: ``order``, ``customer``, ``proven`` (placed by the customer's own account, or claimed after proof)
order_linked = Signal()

#: ``contact``
contact_created = Signal()

#: ``contact``, ``entry`` (the new line of the ledger, with ``mailing_list``, ``state`` and ``source``)
consent_changed = Signal()

#: ``membership``
membership_granted = Signal()

#: ``membership``: with its new end, or a new one after one that had expired
membership_renewed = Signal()

#: ``membership``, ``reason`` ("revoked", or "expired": told by ``manage.py expire_memberships``)
membership_ended = Signal()
