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


class Checkouts:
    """Checkouts up to the last button, which is what is measured; counts what was placed with and without us."""

    def __init__(self, package):
        self.package = package
        self.product = make_product(stock=1_000_000)
        self.placed = {True: 0, False: 0}

    def by(self, buyer):
        """``buyer`` gives the address of a guest, or a user, anew for each checkout."""

        def prepare(on):
            email, user = buyer()
            client = self.package.client(on, user)
            go_to_preview(client, self.product, email=email)
            mail.outbox.clear()
            return lambda: self.finish(client, on)

        return prepare

    def finish(self, client, on):
        response = place_order(client)
        assert response.url == reverse("checkout:thank-you")
        self.placed[on] += 1


def buyers_of(checkouts):
    """Title, buyer and allowed statements; those who are known have bought before."""
    guests = [(f"guest{number}@example.org", None) for number in range(KNOWN_BUYERS)]
    accounts = [(None, make_user(f"account{number}@example.org")) for number in range(KNOWN_BUYERS)]
    for known in [*guests, *accounts]:
        checkouts.by(lambda known=known: known)(True)()
    return [
        ("checkout, new guest", lambda: (f"new{next(_numbers)}@example.org", None), NEW),
        ("checkout, known guest", lambda: guests[next(_numbers) // 2 % KNOWN_BUYERS], KNOWN),
        ("checkout, new account", lambda: (None, make_user(f"new{next(_numbers)}@example.org")), NEW),
        ("checkout, known account", lambda: accounts[next(_numbers) // 2 % KNOWN_BUYERS], KNOWN),
    ]


def compare_checkouts(package, pairs):
    checkouts = Checkouts(package)
    for title, buyer, allowed in buyers_of(checkouts):
        yield compare(title, package, checkouts.by(buyer), pairs=pairs, allowed_statements=allowed)
    # Otherwise something else was measured than what the title says.
    assert CustomerOrder.objects.count() == checkouts.placed[True]
    assert get_model("order", "Order").objects.count() == sum(checkouts.placed.values())


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
