"""The home page, the event page and what Oscar and Wagtail must know about the site."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.sites.models import Site
from django.utils import timezone
from oscar.core.loading import get_model
from wagtail.models import Page
from wagtail.models import Site as WagtailSite

from pages.models import EventPage, HomePage

Country = get_model("address", "Country")

HOST, PORT = "localhost", 8000
COUNTRIES = (
    # code, three letters, number, name; the shop ships to all of them and they are listed in this order
    ("IT", "ITA", "380", "Italy"),
    ("AT", "AUT", "040", "Austria"),
    ("FR", "FRA", "250", "France"),
    ("DE", "DEU", "276", "Germany"),
    ("ES", "ESP", "724", "Spain"),
    ("CH", "CHE", "756", "Switzerland"),
    ("GB", "GBR", "826", "United Kingdom"),
    ("US", "USA", "840", "United States"),
)
EVENT_TEXT = """
<p>We light the kiln at six and open it at ten. In between there is soup from the pot “Pignatta”, a wheel
you may try yourself, and time to ask how a glaze gets its colour.</p>
<h3>Good to know</h3>
<ul><li>Free of charge, and children are welcome.</li>
<li>The yard has three steps; ring the bell and we open the garden gate.</li></ul>
"""


def load_countries():
    for order, (code, code3, number, name) in enumerate(COUNTRIES):
        Country.objects.get_or_create(
            iso_3166_1_a2=code,
            defaults={
                "iso_3166_1_a3": code3,
                "iso_3166_1_numeric": number,
                "printable_name": name,
                "name": name,
                # Higher numbers stand first in the form.
                "display_order": len(COUNTRIES) - order,
                "is_shipping_country": True,
            },
        )


def load_pages():
    home = HomePage.objects.first() or create_home_page()
    if not EventPage.objects.child_of(home).exists():
        home.add_child(
            instance=EventPage(
                title="Open evening in the workshop",
                slug="open-evening",
                starts_at=next_friday_evening(),
                place="Via dei Vasai 7, Firenze",
                introduction="Watch the potters, try the wheel yourself and stay for a bowl of soup.",
                body=EVENT_TEXT,
            )
        )


def create_home_page():
    root = Page.get_first_root_node()
    welcome = root.get_children().filter(slug="home").first()
    home = root.add_child(instance=HomePage(title=settings.OSCAR_SHOP_NAME, slug="bottega"))
    WagtailSite.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": HOST,
            "port": PORT,
            "root_page": home,
            "site_name": settings.OSCAR_SHOP_NAME,
        },
    )
    if welcome:
        # Wagtail's own migrations leave a "Welcome to your new Wagtail site!" behind.
        welcome.delete()
    return home


def next_friday_evening():
    today = timezone.localdate()
    friday = today + timedelta(days=(4 - today.weekday()) % 7 + 21)
    return datetime(friday.year, friday.month, friday.day, 18, 0, tzinfo=ZoneInfo(settings.TIME_ZONE))


def is_loaded():
    return Site.objects.filter(pk=settings.SITE_ID, name=settings.OSCAR_SHOP_NAME).exists()


def mark_as_loaded():
    """The very last step, so that an interrupted load is taken up again instead of being left half done."""
    Site.objects.update_or_create(
        pk=settings.SITE_ID, defaults={"domain": f"{HOST}:{PORT}", "name": settings.OSCAR_SHOP_NAME}
    )
    Site.objects.clear_cache()
