import time

from django.core.management.base import BaseCommand

from demo import (
    accounts,
    addresses,
    approvals,
    carts,
    catalogue,
    companies,
    consents,
    content,
    coupons,
    exemptions,
    imports,
    logins,
    market,
    memberships,
    notes,
    orders,
    site,
    sorting,
)


class Command(BaseCommand):
    help = "Fills an empty database with the demo shop; in a filled one it changes nothing."
    # It runs at each start of the sandbox, and "migrate" before it has run the checks.
    requires_system_checks = ()

    def handle(self, *args, **options):
        if site.is_loaded():
            self.stdout.write("The demo shop is loaded already.")
            return
        started = time.monotonic()
        self.stdout.write("Loading the demo shop: this takes less than a minute.")
        logins.create_logins()
        site.load_countries()
        catalogue.load_catalogue()
        site.load_pages()
        orders.load_accounts()
        orders.load_orders()
        orders.load_sign_ups()
        carts.load_carts()
        notes.load_notes()
        market.load_market()
        market.load_views()
        addresses.load_addresses()
        accounts.load_user_accounts()
        approvals.load_approvals()
        companies.load_companies()
        memberships.load_memberships()
        sorting.load_groups_and_tags()
        content.load_group_content()
        exemptions.load_exemptions()
        consents.load_consents()
        coupons.load_coupons()
        imports.load_imports()
        site.mark_as_loaded()
        self.stdout.write(f"The demo shop is loaded ({time.monotonic() - started:.0f} s).")
