"""What is fast, measured: ``make bench``. Needs PostgreSQL and says how to start one."""

import argparse
import logging
import os
import sys

from benchmarks import exporting
from benchmarks.benefits import print_all as print_benefits
from benchmarks.database import HOW_TO, names_a_server, own_database
from benchmarks.listing import run_apart
from benchmarks.reconciling import ALLOWED_MEGABYTES

PARTS = ("checkout", "pages", "benefits", "reconcile", "import", "bombs", "lists", "export")


def arguments():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--pairs", type=int, default=200, help="pairs with and without the package (200)")
    parser.add_argument("--orders", type=int, default=100_000, help="orders to be reconciled (100000)")
    parser.add_argument("--rows", type=int, default=100_000, help="rows to be imported (100000)")
    parser.add_argument(
        "--only", choices=PARTS, action="append", help="measure this part only; may be repeated"
    )
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[1_000, 1_000_000], help="customers of each shop of the lists"
    )
    return parser.parse_args()


def set_up():
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    django.setup()

    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    print("Migrating ...", flush=True)
    call_command("migrate", verbosity=0)
    setup_test_environment()
    logging.disable(logging.INFO)

    from tests.factories import make_country

    make_country()


def verdict(passed):
    return "pass" if passed else "FAIL"


def measure_storefront(chosen, pairs):
    from benchmarks.measuring import Package
    from benchmarks.storefront import compare_checkouts, compare_pages

    package = Package()
    comparisons = {"checkout": compare_checkouts, "pages": compare_pages}
    if comparisons.keys().isdisjoint(chosen):
        return
    print(
        f"\nMedians of {pairs} interleaved pairs; BEGIN, COMMIT and savepoints are not counted as statements."
    )
    print(f"{'':26}{'without':>10}{'with':>10}{'added':>10}{'limit':>10}{'statements':>14}{'limit':>7}")
    for part, compare in comparisons.items():
        if part not in chosen:
            continue
        for row in compare(package, pairs):
            print(
                f"{row.title:26}{row.without:>7.1f} ms{row.with_package:>7.1f} ms{row.added:>+7.1f} ms"
                f"{row.allowed:>7.1f} ms{row.added_statements:>+14}{row.allowed_statements:>7}   {verdict(row.passed)}",
                flush=True,
            )
            yield row.passed
    print_load()


def print_load():
    load, cores = os.getloadavg()[0], os.cpu_count()
    if load > cores * 0.75:
        print(
            f"Something else was busy (load {load:.1f} on {cores} cores): measure again when the machine is quiet."
        )


def measure_reconciling(orders):
    from benchmarks.reconciling import measure

    print(f"\nImporting {orders:,} orders ...", flush=True)
    for row in measure(orders):
        print(
            f"{row.title:40}{row.seconds:>8.1f} s{row.orders / row.seconds:>10,.0f} orders/s"
            f"{row.megabytes:>8.0f} MB more (limit {ALLOWED_MEGABYTES})   {verdict(row.passed)}",
            flush=True,
        )
        print(f"    {row.report}")
        yield row.passed


def measure_importing(rows):
    from benchmarks import importing

    print(f"\nImporting a file of {rows:,} rows; in brackets the limits ...", flush=True)
    missed = []
    for step in importing.measure(rows):
        limits = ", ".join(f"{measured} ({limit}) {verdict(met)}" for measured, limit, met in step.limits)
        computing = step.rows / step.cpu if step.cpu else 0
        print(
            f"{step.database:11}{step.rows:>8,} rows {step.title:50}{step.seconds:>7.1f} s{step.speed:>8,.0f} rows/s"
            f"{computing:>8,.0f} per second of computing   {limits}",
            flush=True,
        )
        missed += [
            f"{step.database}, {step.title}: {measured}" for measured, _limit, met in step.limits if not met
        ]
        yield step.passed
    print("Every limit of importing is met." if not missed else "MISSED: " + "; ".join(missed))
    print_load()


def measure_bombs():
    from benchmarks import bombs

    print("\nFiles that were made to fill a machine, until they are refused ...", flush=True)
    for bomb in bombs.measure():
        print(
            f"{bomb.name:20}{bomb.seconds:>6.2f} s (limit {bombs.ALLOWED_SECONDS}){bomb.megabytes:>6.0f} MB more "
            f"(limit {bombs.ALLOWED_MEGABYTES})   {verdict(bomb.passed)}   {bomb.sentence or 'NOT REFUSED'}",
            flush=True,
        )
        yield bomb.passed


def main():
    chosen = arguments()
    parts = chosen.only or PARTS
    url = os.environ.get("DATABASE_URL", "").strip()
    if not names_a_server(url):
        print(HOW_TO, file=sys.stderr)
        return 2
    results = []
    with own_database(url):
        set_up()
        from django.db import connections

        try:
            results += measure_storefront(parts, chosen.pairs)
            if "reconcile" in parts:
                results += measure_reconciling(chosen.orders)
            if "import" in parts:
                results += measure_importing(chosen.rows)
            if "bombs" in parts:
                results += measure_bombs()
        finally:
            connections.close_all()
    if "benefits" in parts:
        results += print_benefits(url, min(chosen.pairs, 60))
    if "lists" in parts:
        results.append(run_apart(*map(str, chosen.sizes)))
    if "export" in parts:
        results.append(exporting.run_apart(str(max(chosen.sizes))))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
