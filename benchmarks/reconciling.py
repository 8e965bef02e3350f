"""Taking in an existing shop: how fast, and how much memory.

``python -m benchmarks.reconciling`` is the process that is measured; it prints one JSON object.
"""

import io
import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

ALLOWED_MEGABYTES = 150
BATCH = 5_000
ORDERS_PER_ADDRESS = 3


def email_of(person):
    return f"imported{person}@example.org"


def import_orders(number):
    """Orders as an import leaves them: a third as many addresses as orders, every tenth buyer with an account."""
    from django.contrib.auth import get_user_model

    user_model = get_user_model()
    people = max(1, number // ORDERS_PER_ADDRESS)
    accounts = [
        user_model(username=f"imported{person}", email=email_of(person), password="!", first_name="Ann")
        for person in range(0, people, 10)
    ]
    users = {user.email: user for user in user_model.objects.bulk_create(accounts, batch_size=BATCH)}
    for start in range(0, number, BATCH):
        import_batch(range(start, min(start + BATCH, number)), people, users, of=number)


def import_batch(batch, people, users, *, of):
    from django.contrib.sites.models import Site
    from django.utils import timezone
    from oscar.core.loading import get_model

    from tests.factories import make_country

    order_model, address_model = get_model("order", "Order"), get_model("order", "ShippingAddress")
    place = {"line1": "Via Roma 1", "line4": "Torino", "postcode": "10121", "country": make_country()}
    addresses = address_model.objects.bulk_create(
        address_model(
            first_name="Ann", last_name=f"Rossi {n % people}", phone_number="+390115550100", **place
        )
        for n in batch
    )
    common = {"site": Site.objects.get_current(), "currency": "EUR", "status": "Complete"}
    totals = {"total_incl_tax": 10, "total_excl_tax": 10}
    now = timezone.now()
    order_model.objects.bulk_create(
        order_model(
            number=f"I{n}",
            user=users.get(email_of(n % people)),
            guest_email="" if email_of(n % people) in users else email_of(n % people),
            shipping_address=address,
            date_placed=now - timedelta(minutes=of - n),
            **common,
            **totals,
        )
        for n, address in zip(batch, addresses, strict=True)
    )


def peak_megabytes():
    """Of this process alone: where there is /proc, because on Linux ru_maxrss starts with the peak of the parent."""
    status = Path("/proc/self/status")
    if status.exists():
        [line] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def reconcile():
    """Runs the command in this process and says what it took."""
    from django.core.management import call_command
    from django.db import connection

    connection.ensure_connection()
    before, out = peak_megabytes(), io.StringIO()
    started = time.perf_counter()
    call_command("reconcile_customers", json=True, stdout=out)
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "megabytes": peak_megabytes() - before, "report": json.loads(out.getvalue())}


@dataclass
class Reconciled:
    title: str
    orders: int
    seconds: float
    megabytes: float
    report: dict

    @property
    def passed(self):
        return self.megabytes < ALLOWED_MEGABYTES


def measure(orders):
    from oscar.core.loading import get_model

    from oscar_customers_ext.models import CustomerOrder

    unlinked = get_model("order", "Order").objects.filter(customer_link=None).count()
    import_orders(orders)
    for title in [f"reconcile, {orders:,} orders imported", "reconcile again, nothing to do"]:
        child = subprocess.run(
            [sys.executable, "-m", "benchmarks.reconciling"], capture_output=True, text=True, check=False
        )
        if child.returncode:
            raise SystemExit(child.stderr)
        yield Reconciled(title, orders + unlinked, **json.loads(child.stdout))
        assert not get_model("order", "Order").objects.filter(customer_link=None).exists()
        assert CustomerOrder.objects.count() >= orders


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(reconcile()))
