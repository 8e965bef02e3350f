"""Importing a file: rows per second and memory, beside the defaults of django-import-export on the same rows.

``python -m benchmarks.importing ROWS`` is the process that is measured, in a database that is migrated; it prints one
JSON object per step.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.reconciling import peak_megabytes

#: Rows per second that are promised, by step.
PROMISED = {"dry run": 2_500, "new rows": 2_000, "unchanged rows": 2_500, "changed rows": 1_000}
TIMES_DEFAULTS = 2
ALLOWED_MEGABYTES = 150
HEADER = (
    "first_name",
    "last_name",
    "email",
    "phone",
    "company",
    "language",
    "external_id",
    "created_at",
    "tags",
    "country",
)
#: Rows that the defaults of django-import-export are measured on: more would only take longer.
COMPARED = 5_000


def write_file(path, rows, *, changed=False):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for n in range(rows):
            writer.writerow(
                [
                    "Ann",
                    f"Rossi {n}" if not changed else f"Verdi {n}",
                    f"person{n}@example.org",
                    f"+39 011 555 {n % 10_000:04}",
                    f"Company {n % 100}",
                    "it",
                    f"X{n}",
                    "2024-05-06 07:08:09",
                    "vip, press" if n % 10 == 0 else "",
                    "Italy",
                ]
            )


def run_job(path, *, is_forecast):
    from oscar_customers_ext.transfers.imports import actions
    from oscar_customers_ext.transfers.imports.slices import advance

    with open(path, "rb") as file:
        job = actions.start_import(file, name=Path(path).name)
    job = actions.check_import(job) if is_forecast else actions.confirm_import(job)
    while job.is_working:
        job = advance(job)
    counts = job.forecast if is_forecast else job.counts
    if is_forecast:
        actions.forget_import(job)
    return counts


def with_defaults(path, rows):
    """What a site gets that declares a ModelResource for these columns, and nothing else."""
    from import_export import resources
    from tablib import Dataset

    from oscar_customers_ext.models import Customer

    class PlainResource(resources.ModelResource):
        class Meta:
            model = Customer
            fields = ("first_name", "last_name", "email", "phone", "language", "company_name")
            import_id_fields = ("email",)

        def before_save_instance(self, instance, row, **kwargs):
            if instance.contact_id is None:
                from oscar_customers_ext.contacts.actions import get_or_create_contact

                instance.contact = get_or_create_contact(email=instance.email)

    with open(path, newline="", encoding="utf-8") as file:
        data = Dataset().load(file.read(), format="csv")
    data = data[:rows]
    found = Dataset(headers=["first_name", "last_name", "email", "phone", "company_name", "language"])
    for row in data:
        found.append([row[0], row[1], f"plain-{row[2]}", row[3], row[4], row[5]])
    result = PlainResource().import_data(found, raise_errors=True)
    return result.totals


def now_megabytes():
    """What the process has now; its peak begins anew, where the system lets it."""
    status, forget = Path("/proc/self/status"), Path("/proc/self/clear_refs")
    if not status.exists():
        return peak_megabytes()
    with suppress(OSError):
        forget.write_text("5")
    [line] = [line for line in status.read_text().splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) / 1024


def work(rows):
    from tests.factories import make_country

    make_country()
    folder = tempfile.mkdtemp(prefix="bench-import-")
    first, second = f"{folder}/first.csv", f"{folder}/second.csv"
    write_file(first, rows)
    write_file(second, rows, changed=True)
    write_file(f"{folder}/warm.csv", 10)
    run_job(f"{folder}/warm.csv", is_forecast=True)
    before = now_megabytes()
    for title, path, is_forecast in (
        ("dry run", first, True),
        ("new rows", first, False),
        ("unchanged rows", first, False),
        ("changed rows", second, False),
    ):
        started = time.perf_counter()
        counts = run_job(path, is_forecast=is_forecast)
        seconds = time.perf_counter() - started
        yield {
            "title": title,
            "rows": rows,
            "seconds": seconds,
            "counts": counts,
            "megabytes": peak_megabytes() - before,
        }
    compared = min(rows, COMPARED)
    for title in (
        "defaults of django-import-export, new rows",
        "defaults of django-import-export, unchanged rows",
    ):
        started = time.perf_counter()
        counts = with_defaults(first, compared)
        seconds = time.perf_counter() - started
        yield {"title": title, "rows": compared, "seconds": seconds, "counts": dict(counts), "megabytes": 0}


@dataclass
class Imported:
    database: str
    title: str
    rows: int
    seconds: float
    counts: dict
    megabytes: float
    #: Times as fast as the defaults of django-import-export; None where nothing is compared.
    times: float | None = None

    @property
    def speed(self):
        return self.rows / self.seconds

    @property
    def promised(self):
        return PROMISED.get(self.title, 0)

    @property
    def passed(self):
        return (
            self.speed >= self.promised
            and self.megabytes < ALLOWED_MEGABYTES
            and (self.times is None or self.times >= TIMES_DEFAULTS)
        )


def measure(rows):
    """On the PostgreSQL of DATABASE_URL, and on a file of SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        sqlite = f"sqlite:///{folder}/bench.sqlite3"
        for name, url in (("PostgreSQL", os.environ["DATABASE_URL"]), ("SQLite", sqlite)):
            environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "benchmarks.settings"}
            migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
            subprocess.run(migrate, env=environment, check=True)
            command = [sys.executable, "-m", "benchmarks.importing", str(rows)]
            child = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            if child.returncode:
                raise SystemExit(child.stderr)
            steps = [json.loads(line) for line in child.stdout.splitlines() if line.startswith("{")]
            yield from compared(name, steps)


def compared(name, steps):
    found = [Imported(name, **step) for step in steps]
    speeds = {step.title: step.speed for step in found}
    for step in found:
        baseline = speeds.get(f"defaults of django-import-export, {step.title}")
        if baseline:
            step.times = step.speed / baseline
        yield step


if __name__ == "__main__":
    import django

    django.setup()
    for step in work(int(sys.argv[1])):
        print(json.dumps(step), flush=True)
