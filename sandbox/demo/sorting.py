"""How the staff of the demo shop sort its customers: into groups, and by tags."""

from django.contrib.auth import get_user_model

from demo.logins import ADMIN
from oscar_customers_ext.customers.tags.actions import add_tag
from oscar_customers_ext.groups.actions import add_to_group
from oscar_customers_ext.models import Customer, CustomerGroup, MembershipPlan

#: Slug -> name, description, colour, and the addresses of those in it.
GROUPS = {
    "trade": (
        "Trade",
        "Cafés and shops that sell our cups on.",
        "#1f7e9a",
        ("luca.galli@example.com", "muege@example.org", "wang@example.net"),
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


def customers_at(emails):
    return Customer.objects.filter(email_key__in=emails).values_list("pk", flat=True)
