"""What the package adds to a buyer's last click and to a page of the shop."""

from itertools import count

from django.core import mail
from django.urls import reverse
from oscar.core.loading import get_model

from benchmarks.measuring import compare
from oscar_customers_ext.customers.actions import register_user
from oscar_customers_ext.models import CustomerOrder
from tests.checkout import go_to_preview, place_order
from tests.factories import make_product, make_user

KNOWN_BUYERS = 20
NEW, KNOWN = 14, 9  # statements that a new and a known buyer may cost more

_numbers = count(1)


def compare_checkouts(package, pairs):
    product = make_product(stock=1_000_000)
    linked = {True: 0, False: 0}

    def checkout(buyer):
        def prepare(on):
            email, user = buyer()
            client = package.client(on, user)
            go_to_preview(client, product, email=email)
            mail.outbox.clear()
            return lambda: finish(client, on)

        return prepare

    def finish(client, on):
        response = place_order(client)
        assert response.url == reverse("checkout:thank-you")
        linked[on] += 1

    def new_guest():
        return f"new{next(_numbers)}@example.org", None

    def new_account():
        return None, make_user(f"new{next(_numbers)}@example.org")

    guests = [f"guest{number}@example.org" for number in range(KNOWN_BUYERS)]
    accounts = [make_user(f"account{number}@example.org") for number in range(KNOWN_BUYERS)]
    for email, user in [*((guest, None) for guest in guests), *((None, account) for account in accounts)]:
        checkout(lambda email=email, user=user: (email, user))(True)()

    def known_guest():
        return guests[next(_numbers) // 2 % KNOWN_BUYERS], None

    def known_account():
        return None, accounts[next(_numbers) // 2 % KNOWN_BUYERS]

    buyers = [
        ("checkout, new guest", new_guest, NEW),
        ("checkout, known guest", known_guest, KNOWN),
        ("checkout, new account", new_account, NEW),
        ("checkout, known account", known_account, KNOWN),
    ]
    for title, buyer, allowed in buyers:
        yield compare(title, package, checkout(buyer), pairs=pairs, allowed_statements=allowed)
    # Otherwise something else was measured than what the title says.
    assert CustomerOrder.objects.count() == linked[True]
    assert get_model("order", "Order").objects.count() == linked[True] + linked[False]


def compare_pages(package, pairs):
    url = reverse("catalogue:index")
    user = make_user("reader@example.org")
    register_user(user)
    for title, visitor, allowed in [("page, anonymous", None, 0), ("page, signed in", user, 1)]:
        clients = {on: package.client(on, visitor) for on in [True, False]}

        def read(client):
            assert client.get(url).status_code == 200

        def prepare(on, clients=clients):
            return lambda: read(clients[on])

        yield compare(title, package, prepare, pairs=pairs, allowed_statements=allowed)
