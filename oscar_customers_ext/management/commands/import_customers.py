import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from oscar_customers_ext.exceptions import CustomersError
from oscar_customers_ext.transfers.imports import actions
from oscar_customers_ext.transfers.imports.models import ImportRow
from oscar_customers_ext.transfers.imports.slices import advance
from oscar_customers_ext.transfers.shops.files import BY_KEY

COUNTS = ("created", "updated", "unchanged", "skipped", "failed", "rows")


class Command(BaseCommand):
    help = "Imports customers from a file: CSV, TSV, XLSX, ODS, JSON or YAML. Ends with 1 when the file is refused."

    def add_arguments(self, parser):
        parser.add_argument("file", help="The file.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would be done, and import nothing."
        )
        parser.add_argument(
            "--mapping",
            default="",
            help=f"Columns and options: the key of a known file ({', '.join(sorted(BY_KEY))}), or a JSON file like "
            '{"columns": {"E-mail": "email"}, "options": {"existing": "skip"}}. '
            "Without it the columns are recognised.",
        )
        parser.add_argument("--json", action="store_true", help="Print the report as one JSON object.")

    def handle(self, *args, **options):
        try:
            job = self._begin(options)
        except (CustomersError, ValidationError, OSError) as error:
            self._refuse(_sentence(error), as_json=options["json"])
        verb = actions.check_import if options["dry_run"] else actions.confirm_import
        try:
            job = verb(job)
            job = self._finish(job, progress=options["verbosity"] > 1)
        except (CustomersError, ValidationError) as error:
            actions.forget_import(job)
            self._refuse(_sentence(error), as_json=options["json"])
        if options["dry_run"]:
            actions.forget_import(job)
        self._report(job, options)

    def _begin(self, options: dict[str, Any]) -> Any:
        path = Path(options["file"])
        mapping = read_mapping(options["mapping"])
        with path.open("rb") as file:
            job = actions.start_import(file, name=path.name)
        try:
            columns = mapping.get("columns")
            if columns is not None:
                job = actions.change_mapping(job, mapping=targets_of(job.header, columns))
            if mapping.get("options"):
                job = actions.change_options(job, options=mapping["options"])
        except (CustomersError, ValidationError):
            actions.forget_import(job)
            raise
        return job

    def _finish(self, job: Any, *, progress: bool) -> Any:
        while job.is_working:
            job = advance(job, seconds=20)
            if progress:
                self.stderr.write(f"{job.percent} %")
        return job

    def _report(self, job: Any, options: dict[str, Any]) -> None:
        is_forecast = options["dry_run"]
        counts = job.forecast if is_forecast else job.counts
        report: dict[str, Any] = {name: counts.get(name, 0) for name in COUNTS}
        rows = job.rows.of(job, is_forecast=is_forecast).order_by("number")
        rows = rows.filter(Q(is_noted=True) | Q(outcome=ImportRow.Outcome.FAILED))
        report["errors"], report["notices"] = [], []
        for row in rows.iterator():
            entry = {"row": row.number, "column": row.column, "message": row.message}
            report["errors" if row.outcome == ImportRow.Outcome.FAILED else "notices"].append(entry)
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        if is_forecast:
            self.stdout.write("Nothing was imported. A run would do:")
        for name in COUNTS:
            self.stdout.write(f"{report[name]:>8}  {name}")
        for kind in ("errors", "notices"):
            for entry in report[kind]:
                self.stdout.write(f"Row {entry['row']}: {entry['message']}")

    def _refuse(self, sentence: str, *, as_json: bool) -> None:
        if as_json:
            empty = dict.fromkeys(COUNTS, 0)
            self.stdout.write(json.dumps({**empty, "errors": [], "error": sentence}, ensure_ascii=False))
        raise CommandError(sentence, returncode=1)


def read_mapping(text: str) -> dict[str, Any]:
    """Of a known file by its key, or what a JSON file says."""
    if not text:
        return {}
    if text in BY_KEY:
        return {"columns": BY_KEY[text]}
    path = Path(text)
    if not path.is_file():
        raise CommandError(
            f"There is no mapping {text!r}: name a known file ({', '.join(sorted(BY_KEY))}) or a JSON file."
        )
    try:
        found = json.loads(path.read_text())
    except (ValueError, UnicodeError) as error:
        raise CommandError(f"{text} is no JSON file: {error}") from error
    if not isinstance(found, dict):
        raise CommandError(f'{text} must hold an object like {{"columns": {{"E-mail": "email"}}}}.')
    return found if {"columns", "options"} & found.keys() else {"columns": found}


def targets_of(header: list[str], columns: Any) -> list[Any]:
    """The field of each column of this file."""
    if columns in BY_KEY.values():
        return columns.fields_of(header)
    unknown = [name for name in columns if name not in header]
    if unknown:
        raise CommandError(f"The file has no column {unknown[0]!r}.")
    return [columns.get(name) for name in header]


def _sentence(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return str(error)
