"""What the rules about prices cost a buyer who has all of them, against the same basket in bare Oscar."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from statistics import median, median_low
from urllib.parse import urlsplit, urlunsplit

from benchmarks.filled import ROOT, administer

#: Piece of work -> statements that it may cost more; None for those that are printed only.
WORKS = {"product, anonymous": 0, "product, signed in": 4, "basket": 6, "placing": 6}
SLOWER_AT_MOST = 1.2
WARM_UP = 3


class Member:
    """A shop in a process of its own that does one piece of work when asked."""

    def __init__(self, server, name, settings):
        self.server, self.name = server, name
        administer(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        administer(server, f"CREATE DATABASE {name}")
        url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.member", settings],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": url},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        answer = self.process.stdout.readline().strip()
        assert answer == "ready", answer

    def do(self, work):
        self.process.stdin.write(f"{work}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        administer(self.server, f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")


@contextmanager
def members(server):
    bare = Member(server, "customers_bench_bare", "benchmarks.bare")
    try:
        full = Member(server, "customers_bench_full", "benchmarks.settings")
        try:
            yield bare, full
        finally:
            full.close()
    finally:
        bare.close()


def measure(server, pairs):
    """Title, typical cost (see ``benchmarks.member``) in bare Oscar and with the package, allowed statements."""
    with members(server) as (bare, full):
        for work, allowed in WORKS.items():
            found = {bare: [], full: []}
            for number in range(-WARM_UP, pairs):
                # Whoever comes second in a pair finds warmer caches, so they take turns.
                for shop in (bare, full) if number % 2 else (full, bare):
                    cost = shop.do(work)
                    if number >= 0:
                        found[shop].append(cost)
            yield work, *(_typical(found[shop]) for shop in (bare, full)), allowed


def _typical(costs):
    times, counts, own = zip(*costs, strict=True)
    return median(times), median_low(counts), median_low(own)


def print_all(server, pairs):
    print(f"\nA customer with 5 groups, a tax exemption and a coupon; medians of {pairs} pairs.")
    print(
        f"{'':26}{'bare Oscar':>12}{'with':>12}{'times':>8}{'statements':>24}{'ours':>7}{'added':>7}{'limit':>7}"
    )
    for work, (bare, few, _none), (full, many, own), allowed in measure(server, pairs):
        passed = many - few <= allowed and full <= SLOWER_AT_MOST * bare
        print(
            f"{work:26}{bare:>9.1f} ms{full:>9.1f} ms{full / bare:>8.2f}{few:>12}{many:>12}{own:>7}{many - few:>+7}{allowed:>7}"
            f"   {'pass' if passed else 'FAIL'}",
            flush=True,
        )
        yield passed


def main():
    server = os.environ["DATABASE_URL"]
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    return 0 if all(list(print_all(server, pairs))) else 1


if __name__ == "__main__":
    sys.exit(main())
