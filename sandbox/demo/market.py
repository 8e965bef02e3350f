"""A second site, the stall at the market, with an editor who is limited to it; and views of the list of customers."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.sites.models import Site

from demo.logins import EDITOR, MARKET_EDITORS
from oscar_customers_ext.customers.actions import touch_customer
from oscar_customers_ext.models import SavedView, StaffSite

#: Asked for the catalogue at the stall; the last one is a customer of the shop as well, and is then one of both sites.
VISITORS = (
    ("Rosa", "Marchetti", "rosa.marchetti@example.org"),
    ("Ennio", "Sala", "ennio.sala@example.net"),
    ("Giulia", "Ferrari", "giulia.ferrari@example.com"),
)
VIEWS = (
    # name, query, shared
    ("Best customers", "orders=yes&ordering=-orders_count", True),
    ("Italian guests", "kind=guest&country=IT", False),
)
COLUMNS = ["email", "country", "orders_count", "orders_total", "last_order_at"]


def load_market():
    site, _created = Site.objects.get_or_create(
        domain="market.localhost:8000", defaults={"name": "Bottega at the market"}
    )
    StaffSite.objects.get_or_create(group=Group.objects.get(name=MARKET_EDITORS), site=site)
    for first_name, last_name, email in VISITORS:
        touch_customer(
            email=email, source="market stall", site=site, first_name=first_name, last_name=last_name
        )


def load_views():
    owner = get_user_model()._default_manager.get(username=EDITOR)
    for name, query, shared in VIEWS:
        kept = {"query": query, "shared": shared, "columns": COLUMNS}
        SavedView.objects.get_or_create(owner=owner, name=name, defaults=kept)
