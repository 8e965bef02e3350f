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
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.reconciling import peak_megabytes

#: Rows per second that are promised, by step.
PROMISED = {"dry run": 2_500, "new rows": 2_000, "unchanged rows": 2_500, "changed rows": 1_000}
#: That many times as fast as the defaults.
TIMES_DEFAULTS = 2
ALLOWED_MEGABYTES = 150
#: Memory is measured with that many rows as well: it must not hang on them.
SMALL = 10_000
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
COMPARED = 3_000
DEFAULTS = "defaults of django-import-export, "


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


def plain_resource():
    """What a site gets that declares a ModelResource for these columns, and nothing else."""
    from import_export import resources

    from oscar_customers_ext.contacts.actions import get_or_create_contact
    from oscar_customers_ext.models import Customer

    class PlainResource(resources.ModelResource):
        class Meta:
            model = Customer
            fields = ("email_key", "email", "first_name", "last_name", "phone", "language", "company_name")
            # Which has an index.
            import_id_fields = ("email_key",)

        def before_save_instance(self, instance, row, **kwargs):
            if instance.contact_id is None:
                instance.contact = get_or_create_contact(email=instance.email)

    return PlainResource()


def with_defaults(path, rows, *, is_forecast):
    from tablib import Dataset

    with open(path, newline="", encoding="utf-8") as file:
        data = Dataset().load(file.read(), format="csv")
    names = ["email_key", "email", "first_name", "last_name", "phone", "company_name", "language"]
    found = Dataset(headers=names)
    for row in data[:rows]:
        email = f"plain-{row[2]}"
        found.append([email, email, row[0], row[1], row[3], row[4], row[5]])
    return plain_resource().import_data(found, dry_run=is_forecast, raise_errors=True).totals


def undo_last():
    from oscar_customers_ext.models import ImportJob
    from oscar_customers_ext.transfers.imports import actions
    from oscar_customers_ext.transfers.imports.slices import advance

    job = actions.undo_import(ImportJob.objects.filter(state="done").first())
    while job.is_working:
        job = advance(job)
    return job.undo_counts


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
    first, second, warm = f"{folder}/first.csv", f"{folder}/second.csv", f"{folder}/warm.csv"
    write_file(first, rows)
    write_file(second, rows, changed=True)
    write_file(warm, 10)
    run_job(warm, is_forecast=True)
    before = now_megabytes()
    for title, step in (
        ("dry run", lambda: run_job(first, is_forecast=True)),
        ("new rows", lambda: run_job(first, is_forecast=False)),
        ("unchanged rows", lambda: run_job(first, is_forecast=False)),
        ("changed rows", lambda: run_job(second, is_forecast=False)),
        ("undo of changed rows", undo_last),
    ):
        yield {**timed(title, rows, step), "megabytes": peak_megabytes() - before}
    compared = min(rows, COMPARED)
    for title, path, is_forecast in (
        ("dry run", first, True),
        ("new rows", first, False),
        ("unchanged rows", first, False),
        ("changed rows", second, False),
    ):

        def compare(path=path, is_forecast=is_forecast):
            return dict(with_defaults(path, compared, is_forecast=is_forecast))

        yield timed(DEFAULTS + title, compared, compare)


def timed(title, rows, step):
    started, spent = time.perf_counter(), time.process_time()
    counts = step()
    seconds, cpu = time.perf_counter() - started, time.process_time() - spent
    return {"title": title, "rows": rows, "seconds": seconds, "cpu": cpu, "counts": counts}


@dataclass
class Imported:
    database: str
    title: str
    rows: int
    seconds: float
    #: Seconds that this process was computing, whatever else the machine was doing.
    cpu: float
    counts: dict
    megabytes: float | None = None
    #: Times as fast as the defaults of django-import-export; None where nothing is compared.
    times: float | None = None
    #: The run that is held to its promises of speed; the smaller one to those of memory alone.
    is_whole: bool = True
    #: Each limit as what was measured, the limit, and whether it is met.
    limits: list = field(default_factory=list)

    @property
    def speed(self):
        return self.rows / self.seconds

    @property
    def passed(self):
        return all(met for _measured, _limit, met in self.limits)

    def judge(self):
        if self.is_whole and self.title in PROMISED:
            promised = PROMISED[self.title]
            self.limits.append((f"{self.speed:,.0f} rows/s", f"{promised:,}", self.speed >= promised))
        if self.is_whole and self.times is not None:
            met = self.times >= TIMES_DEFAULTS
            self.limits.append((f"{self.times:.1f}x the defaults", f"{TIMES_DEFAULTS}x", met))
        if self.megabytes is not None:
            met = self.megabytes < ALLOWED_MEGABYTES
            self.limits.append((f"{self.megabytes:.0f} MB more", f"{ALLOWED_MEGABYTES} MB", met))


def measure(rows):
    """On the PostgreSQL of DATABASE_URL, and on a file of SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        for name, url in (
            ("PostgreSQL", os.environ["DATABASE_URL"]),
            ("SQLite", f"sqlite:///{folder}/bench.sqlite3"),
        ):
            environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "benchmarks.settings"}
            manage = [sys.executable, "-m", "django"]
            for number in sorted({min(SMALL, rows), rows}):
                subprocess.run([*manage, "migrate", "--verbosity", "0"], env=environment, check=True)
                yield from judged(name, run_apart(number, environment), is_whole=number == rows)
                subprocess.run(
                    [*manage, "flush", "--no-input", "--verbosity", "0"], env=environment, check=True
                )


def run_apart(rows, environment):
    command = [sys.executable, "-m", "benchmarks.importing", str(rows)]
    child = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if child.returncode:
        raise SystemExit(child.stderr)
    return [json.loads(line) for line in child.stdout.splitlines() if line.startswith("{")]


def judged(database, steps, *, is_whole):
    found = [Imported(database, **step, is_whole=is_whole) for step in steps]
    speeds = {step.title: step.speed for step in found}
    for step in found:
        baseline = speeds.get(DEFAULTS + step.title)
        step.times = step.speed / baseline if baseline else None
        step.judge()
        if is_whole or step.limits:
            yield step


if __name__ == "__main__":
    import django

    django.setup()
    for step in work(int(sys.argv[1])):
        print(json.dumps(step), flush=True)
