from argparse import ArgumentTypeError

from django.core.management.base import BaseCommand, CommandError

from oscar_customers_ext.tax.models import VatCheck
from oscar_customers_ext.tax.vat.recheck import Recheck


def positive(text):
    if not (text.isascii() and text.isdigit() and int(text)):
        raise ArgumentTypeError(f"{text!r} is no whole number from 1 on.")
    return int(text)


class Command(BaseCommand):
    help = (
        "Asks the registry about VAT numbers of customers: new ones first, then those asked about longest ago. Run it "
        "from cron, once an hour or once a day."
    )

    def add_arguments(self, parser):
        parser.add_argument("--limit", type=positive, help="Ask about so many numbers at the most.")

    def handle(self, *args, **options):
        recheck = Recheck(limit=options["limit"])
        recheck.run()
        for state in (VatCheck.State.VALID, VatCheck.State.INVALID, VatCheck.State.UNAVAILABLE):
            self.stdout.write(f"{recheck.states[state]:>8}  {state.value}")
        self.stdout.write(f"{recheck.left:>8}  left for the next run")
        self.stdout.write(f"{recheck.forgotten:>8}  verdicts about numbers that nobody uses deleted")
        if recheck.failed:
            raise CommandError(f"The registry gave no answer about {recheck.failed} numbers.")
