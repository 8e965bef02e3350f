"""``manage.py export_customers [--format csv] [--output FILE]``, for cron and for builders. See docs/export.md."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.management.base import BaseCommand, CommandError

from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.transfers.exports.actions import export_customers
from oscar_customers_ext.transfers.exports.columns import COLUMNS
from oscar_customers_ext.transfers.exports.formats import ExportRefused, offered_formats
from oscar_customers_ext.transfers.exports.models import ExportProfile, ExportSettings
from oscar_customers_ext.transfers.exports.selections import Scope


class Command(BaseCommand):
    help = "Writes all customers into a file, or to standard output, as the settings of the export say."

    def add_arguments(self, parser):
        parser.add_argument(
            "--format", choices=list(offered_formats()), help="instead of the one of the settings"
        )
        parser.add_argument("--columns", help="names of columns in their order, separated by commas")
        parser.add_argument("--output", help="name of the file; standard output otherwise")
        parser.add_argument("--archived", action="store_true", help="also customers who are archived")

    def handle(self, *args, **options):
        shape = ExportProfile(**ExportSettings.present().values)
        shape.format = options["format"] or shape.format
        if options["columns"]:
            shape.columns = self._columns(options["columns"])
        customers = Customer.objects.all() if options["archived"] else Customer.objects.active()
        try:
            export = export_customers(
                customers.order_by("pk"), shape=shape, actor=None, scope=Scope.ALL, filters=[]
            )
        except ExportRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["output"]:
            self._write_file(Path(options["output"]), export.pieces)
            self.stderr.write(f"{export.number} customers written to {options['output']}.")
        else:
            self._write_out(export.pieces)

    def _columns(self, names):
        columns = [name.strip() for name in names.split(",") if name.strip()]
        unknown = [name for name in columns if name not in COLUMNS]
        if unknown:
            raise CommandError(
                f"There is no column {', '.join(unknown)}. The columns are: {', '.join(COLUMNS)}."
            )
        return columns

    def _write_file(self, path, pieces):
        """Under its name only once it is complete, and readable for nobody else. A pipe or a device stays what it is."""
        path = path.resolve()
        try:
            if path.exists() and not path.is_file():
                with path.open("wb") as file:
                    file.writelines(pieces)
                return
            with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
                try:
                    for piece in pieces:
                        file.write(piece)
                except BaseException:
                    os.unlink(file.name)
                    raise
            os.replace(file.name, path)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error

    def _write_out(self, pieces):
        out = getattr(self.stdout._out, "buffer", None)
        for piece in pieces:
            if out is not None:
                out.write(piece)
            else:
                self.stdout._out.write(piece.decode())
        if out is not None:
            out.flush()
