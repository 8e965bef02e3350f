import json

from django.core.management.base import BaseCommand, CommandError

from oscar_customers_ext.customers.reconciliation import KINDS, Reconciliation


class Command(BaseCommand):
    help = (
        "Links unlinked orders to their customers, creates missing customers and repairs what is stored about them. "
        "Run it once to take in an existing shop, and from cron to mend what a crash left behind."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would be done, and write nothing."
        )
        parser.add_argument("--json", action="store_true", help="Print the report as one JSON object.")

    def handle(self, *args, **options):
        progress = self.stderr.write if options["verbosity"] > 1 else (lambda line: None)
        reconciliation = Reconciliation(dry_run=options["dry_run"], progress=progress)
        reconciliation.run()
        if options["json"]:
            self.stdout.write(json.dumps(reconciliation.as_dict()))
        else:
            self._print(reconciliation)
        if not reconciliation.is_complete:
            raise CommandError(
                "There are orders to link: run the command without --dry-run."
                if options["dry_run"]
                else "There are orders that should be linked to a customer and are not; the log says why."
            )

    def _print(self, reconciliation):
        if reconciliation.dry_run:
            self.stdout.write("Nothing was written. A run would find:")
        found = {kind: number for kind, number in reconciliation.findings.items() if number}
        for kind, text in KINDS.items():
            if kind in found:
                self.stdout.write(f"{found[kind]:>8}  {text}")
        if not found:
            self.stdout.write("Every order is linked, and everything stored is right.")
        for pks in reconciliation.shared.values():
            self.stdout.write(f"These active users share one e-mail address: {', '.join(map(str, pks))}")
        if reconciliation.failed_orders:
            self.stdout.write(f"Orders that could not be linked: {', '.join(reconciliation.failed_orders)}")
