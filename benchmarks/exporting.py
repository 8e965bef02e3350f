"""Exports of a filled shop, written to nowhere: ``python -m benchmarks.exporting``.

In a process of its own, so that what its memory grows by is the export's.
"""

import argparse
import os
import resource
import subprocess
import sys
import time

from benchmarks.database import HOW_TO, names_a_server
from benchmarks.filled import ROOT, make_shop, url_of
from benchmarks.listing import set_up

#: Format -> rows a second at least, and megabytes at most by which memory grows.
LIMITS = {"csv": (50_000, 60), "xlsx": (None, 60), "json": (None, 60)}


def arguments(argv):
    parser = argparse.ArgumentParser(prog="python -m benchmarks.exporting", description=__doc__)
    parser.add_argument(
        "size", type=int, nargs="?", default=1_000_000, help="customers of the shop (1000000)"
    )
    parser.add_argument("--format", choices=LIMITS, action="append", help="this format only; may be repeated")
    parser.add_argument("--as-it-is", action="store_true", help="take the database that DATABASE_URL names")
    return parser.parse_args(argv)


def megabytes():
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 / (1024 if sys.platform == "darwin" else 1)


def measure(name):
    """Rows, seconds, megabytes more, bytes."""
    from oscar_customers_ext.customers.models import Customer
    from oscar_customers_ext.transfers.exports.formats import FORMATS
    from oscar_customers_ext.transfers.exports.models import ExportProfile
    from oscar_customers_ext.transfers.exports.resources import CustomerResource, keys_of

    def export(customers):
        shape = ExportProfile(format=name)
        columns = CustomerResource()
        pks = keys_of(customers)
        pieces = FORMATS[name].write(columns.get_export_headers(), columns.chunks(pks), shape)
        return len(pks), sum(map(len, pieces))

    everybody = Customer.objects.active().order_by("-created_at", "-pk")
    export(everybody[:1000])
    before, started = megabytes(), time.perf_counter()
    rows, size = export(everybody)
    return rows, time.perf_counter() - started, megabytes() - before, size


def verdict(name, speed, grown):
    fastest, most = LIMITS[name]
    passed = (fastest is None or speed >= fastest) and grown <= most
    return "pass" if passed else "FAIL"


def run(server, size, formats, *, as_it_is=False):
    if not as_it_is:
        make_shop(server, size, fresh=False)
    set_up(server if as_it_is else url_of(server, size))
    print("\nExports of all customers, the columns that are the default:", flush=True)
    passed = True
    for name in formats:
        rows, seconds, grown, size = measure(name)
        speed = rows / seconds
        result = verdict(name, speed, grown)
        passed = passed and result == "pass"
        fastest, most = LIMITS[name]
        limit = f" (at least {fastest:,})" if fastest else ""
        print(
            f"{name:6}{rows:>10,} customers{seconds:>8.1f} s{speed:>10,.0f} rows/s{limit}"
            f"{grown:>7.0f} MB more (limit {most}){size / 1e6:>8.0f} MB of file   {result}",
            flush=True,
        )
    if os.getloadavg()[0] > (os.cpu_count() or 1) * 0.75:
        print("Something else was busy: measure again when the machine is quiet.")
    return passed


def run_apart(*argv):
    return subprocess.run([sys.executable, "-m", "benchmarks.exporting", *argv], cwd=ROOT).returncode == 0


def main(argv=None):
    chosen = arguments(argv)
    server = os.environ.get("DATABASE_URL", "").strip()
    if not (names_a_server(server) or chosen.as_it_is):
        print(HOW_TO, file=sys.stderr)
        return 2
    formats = chosen.format or list(LIMITS)
    return 0 if run(server, chosen.size, formats, as_it_is=chosen.as_it_is) else 1


if __name__ == "__main__":
    sys.exit(main())
