from django.core.management.base import BaseCommand, CommandError

from oscar_customers_ext.memberships.notices import Expiry


class Command(BaseCommand):
    help = (
        "Sends the notices before the end of memberships, and tells the site of those that are over. Run it from cron, "
        "once a day say. Memberships end without it, too: their end is asked for at each request."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would be done, and write and send nothing."
        )

    def handle(self, *args, **options):
        expiry = Expiry(dry_run=options["dry_run"])
        expiry.run()
        if expiry.dry_run:
            self.stdout.write("Nothing was written or sent. A run would do:")
        self.stdout.write(f"{expiry.noticed:>8}  notices before the end")
        self.stdout.write(f"{expiry.ended:>8}  memberships that are over")
        if expiry.failed:
            raise CommandError(f"{expiry.failed} memberships could not be worked on; the log says why.")
