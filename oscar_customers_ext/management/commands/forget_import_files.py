from django.core.management.base import BaseCommand, CommandError

from oscar_customers_ext.transfers.imports.leftovers import forget_leftovers


class Command(BaseCommand):
    help = (
        "Deletes files of imports that nobody needs any more, which may hold passwords: uploads that nobody went on with "
        "for seven days, and what a killed process left behind. Let it run every night."
    )

    def handle(self, *args, **options):
        if not forget_leftovers():
            raise CommandError("A file of a former import cannot be deleted. The log says why.")
