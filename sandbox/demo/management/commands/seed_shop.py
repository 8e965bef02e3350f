import time

from django.core.management.base import BaseCommand, CommandError

from demo import seeding
from demo.logins import PASSWORD
from oscar_customers_ext.models import Customer


class Command(BaseCommand):
    help = (
        "Fills the shop with invented customers and their orders, as many as you like. The same seed makes the "
        "same people. Their addresses end in domains that are reserved for examples."
    )
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--customers", type=int, required=True, help="How many customers to make.")
        parser.add_argument("--orders", type=int, default=0, help="How many orders they place together.")
        parser.add_argument("--seed", type=int, default=1, help="Another number makes other people.")
        parser.add_argument(
            "--accounts", type=int, default=30, help="How many in a hundred have an account (30)."
        )
        parser.add_argument("--add", action="store_true", help="Do so beside the customers that are there.")

    def handle(self, *args, **options):
        self.customers, self.orders = options["customers"], options["orders"]
        if self.customers < 1 or self.orders < 0 or options["seed"] < 0:
            raise CommandError("Ask for at least one customer, and for no negative numbers.")
        if not 0 <= options["accounts"] <= 100:
            raise CommandError("The number of accounts is a percentage, from 0 to 100.")
        present = Customer.objects.count()
        if present and not options["add"]:
            raise CommandError(
                f"This shop has customers already ({present}). Take an empty database, or say --add to keep them and "
                "put the new ones beside them."
            )
        self.started = self.announced = time.monotonic()
        seeding.seed_shop(
            customers=self.customers,
            orders=self.orders,
            seed=options["seed"],
            accounts=options["accounts"] / 100,
            progress=self.say_progress,
        )
        self.say("search index and sequences are ready")
        seeding.finish()
        self.say(f"{self.customers} customers and {self.orders} orders are there")
        self.stdout.write(f"Those with an account sign in with the password {PASSWORD}.")

    def say_progress(self, done):
        # As often as somebody who waits likes to hear.
        if done == self.customers or time.monotonic() - self.announced > 5:
            self.say(f"{done} of {self.customers} customers are written")

    def say(self, text):
        self.announced = time.monotonic()
        self.stdout.write(f"{self.announced - self.started:7.1f} s  {text}")
        self.stdout.flush()
