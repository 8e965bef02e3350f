from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from oscar_customers_ext.baskets.actions import forget_addresses


class Command(BaseCommand):
    help = (
        "Deletes the e-mail addresses that visitors typed at the start of a checkout: those older than "
        "OSCAR_CUSTOMERS_CART_EMAIL_DAYS, and those of carts that were ordered. Let it run every night."
    )

    def handle(self, *args, **options):
        number = forget_addresses()
        self.stdout.write(
            ngettext("%(number)d address deleted.", "%(number)d addresses deleted.", number)
            % {"number": number}
        )
