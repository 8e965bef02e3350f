"""Who pays no tax: now and in one country, later, and no longer."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from oscar.core.loading import get_model

from demo.logins import EDITOR
from oscar_customers_ext.models import Customer
from oscar_customers_ext.tax.actions import add_exemption

CERTIFICATE = b"""Certificate 2026/118

The bearer buys for the official use of an international organisation and is exempt from value added tax.
"""

#: Whom, why, from and to in days from today (None: no limit), countries.
EXEMPTIONS = (
    ("soren@example.net", "International organisation, certificate 2026/118", -30, 335, ("DE",)),
    ("heidi@example.net", "Charity, by decision of the canton", 20, None, ()),
    ("luca.galli@example.com", "Purchases for the embassy", -400, -35, ()),
)


def load_exemptions():
    """Idempotent, so that an interrupted load goes on where it stopped."""
    staff, today = get_user_model().objects.get(username=EDITOR), timezone.localdate()
    countries = get_model("address", "Country").objects
    for email, reason, start, end, codes in EXEMPTIONS:
        customer = Customer.objects.get(email_key=email)
        if customer.tax_exemptions.exists():
            continue
        add_exemption(
            customer,
            reason=reason,
            valid_from=today + timedelta(days=start),
            valid_until=None if end is None else today + timedelta(days=end),
            countries=countries.filter(pk__in=codes),
            document=SimpleUploadedFile("certificate.txt", CERTIFICATE) if codes else None,
            actor=staff,
        )
