"""Buys as a guest in a process of its own, which dies when the package sends its first statement after the order.

Run by test_concurrency: ``python -m tests.flows.killed_checkout <primary key of a product> <address>``.
"""

import os
import signal
import sys

import django


def die(number, connection):
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    django.setup()

    from django.db import connection
    from django.test import Client
    from django.test.utils import setup_test_environment
    from oscar.core.loading import get_model

    from tests.checkout import go_to_preview, place_order
    from tests.statements import Statements

    setup_test_environment()
    client = Client()
    product = get_model("catalogue", "Product").objects.get(pk=sys.argv[1])
    go_to_preview(client, product, email=sys.argv[2])
    with connection.execute_wrapper(Statements("oscar_customers_ext.receivers", die)):
        place_order(client)
