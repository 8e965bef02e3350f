"""Who is in the stories about a changed address, and what is looked at in them."""

import re
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from oscar_customers_ext.accounts.models import EmailChange
from oscar_customers_ext.models import Customer

OLD, NEW = "old@example.org", "New@example.org"
LINK = re.compile(r"http://[\w.]+(/shop/customer/email/\w+/\S+/)")


def url(name, *args):
    return reverse(f"oscar_customers:{name}", args=args)


def follow(link, client=None):
    """Opens the link and presses the button."""
    client = client or Client()
    page = client.get(link, follow=True)
    return client.post(page.redirect_chain[-1][0], follow=True)


def addresses(customer):
    """Of customer, account and contact."""
    customer = Customer.objects.select_related("user", "contact").get(pk=customer.pk)
    return (customer.email, customer.user.email, customer.contact.email)


UNCHANGED, CHANGED = (OLD, OLD, OLD), (NEW, NEW, NEW)


def logged():
    return [
        action.partition(".")[2]
        for action in ModelLogEntry.objects.order_by("pk").values_list("action", flat=True)
    ]


def later(**by):
    EmailChange.objects.update(requested_at=timezone.now() - timedelta(**by))
