"""How the staff of the demo shop sort its customers: into groups, and by tags."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from django.contrib.auth import get_user_model
from django.utils import timezone
from oscar.core.loading import get_model

from demo.logins import ADMIN
from oscar_customers_ext.customers.tags.actions import add_tag
from oscar_customers_ext.groups.actions import add_to_group
from oscar_customers_ext.groups.offers.actions import create_discount, suspend_discount
from oscar_customers_ext.groups.offers.terms import Terms
from oscar_customers_ext.models import Customer, CustomerGroup, MembershipPlan

#: Slug -> name, description, colour, and the addresses of those in it.
GROUPS = {
    "trade": (
        "Trade",
        "Cafés and shops that sell our cups on.",
        "#1f7e9a",
        ("buyer@example.com", "luca.galli@example.com", "muege@example.org", "wang@example.net"),
    ),
    "press": ("Press", "Gets news first.", "#c2410c", ("eleni@example.com", "luca.galli@example.com")),
    "neighbours": ("Neighbours", "Lives close to the workshop.", "", ("giulia.ferrari@example.com",)),
}
TAGS = {
    "open evening": ("giulia.ferrari@example.com", "teresa.lombardi@example.net", "haruka@example.org"),
    "Regular": ("buyer@example.com", "luca.galli@example.com", "giulia.ferrari@example.com"),
    "pays by invoice": ("muege@example.org", "wang@example.net"),
    "İstanbul fair": ("muege@example.org",),
}
#: Slug of the group -> the discounts of its members, with days from today at which they begin and end.
DISCOUNTS = {
    "trade": (
        (Terms("Trade price", "Percentage", Decimal(10)), None, None),
        (Terms("Trade, big orders", "Percentage", Decimal(15), minimum=Decimal(250)), None, 90),
    ),
    "neighbours": ((Terms("Neighbours’ week", "Percentage", Decimal(15)), 14, 21),),
    "press": ((Terms("Press price", "Percentage", Decimal(20)), None, None),),
}
SUSPENDED = "Press price"
#: Applied first, because it takes more off.
FIRST = "Trade, big orders"


def load_groups_and_tags():
    """Idempotent."""
    staff = get_user_model().objects.get(username=ADMIN)
    for slug, (name, description, colour, emails) in GROUPS.items():
        columns = {"name": name, "description": description, "colour": colour}
        group, _is_new = CustomerGroup.objects.get_or_create(slug=slug, defaults=columns)
        add_to_group(customers_at(emails), group, actor=staff)
    # Whoever has this membership counts as trade without being put there.
    plans = MembershipPlan.objects.filter(name="Trade year", customer_group=None)
    plans.update(customer_group=CustomerGroup.objects.get(slug="trade"))
    for name, emails in TAGS.items():
        add_tag(customers_at(emails), name, actor=staff)
    load_discounts(staff)


def load_discounts(staff):
    offers = get_model("offer", "ConditionalOffer").objects
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    for slug, discounts in DISCOUNTS.items():
        group = CustomerGroup.objects.get(slug=slug)
        for terms, start, end in discounts:
            if offers.filter(name=terms.name).exists():
                continue
            dates = {
                "starts_at": start and now + timedelta(days=start),
                "ends_at": end and now + timedelta(days=end),
            }
            offer = create_discount(group, replace(terms, **dates), actor=staff)
            if offer.name == SUSPENDED:
                suspend_discount(offer, actor=staff)
    offers.filter(name=FIRST).update(priority=5)


def customers_at(emails):
    return Customer.objects.filter(email_key__in=emails).values_list("pk", flat=True)
