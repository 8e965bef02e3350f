from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction, Site

from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.customers.ownership import attach_user
from oscar_customers_ext.memberships.actions import grant_membership
from oscar_customers_ext.models import Customer
from tests.factories import make_plan, make_user

BACKEND = "django.contrib.auth.backends.ModelBackend"
SECRET = "The secret of the kiln"


def moment(text):
    """ "2026-01-31 10:00" in UTC."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


@pytest.fixture
def plan(db):
    return make_plan()


@pytest.fixture
def customer(shop):
    return create_customer(email="ann@example.org", first_name="Ann", last_name="Rossi")


@pytest.fixture
def member(customer):
    """The customer, signed in in the shop: ``member.client``."""
    attach_user(customer, make_user())
    client = Client()
    client.force_login(customer.user, backend=BACKEND)
    customer.client = client
    return customer


@pytest.fixture
def active(member, plan):
    """From a day ago to a day from now."""
    now = timezone.now()
    day = timedelta(days=1)
    return grant_membership(member, plan, starts_at=now - day, ends_at=now + day)


@pytest.fixture
def home(shop):
    root = Page.add_root(instance=Page(title="Root", slug="root"))
    home = root.add_child(instance=Page(title="Home", slug="home"))
    Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
    return home


@pytest.fixture
def page(home, plan):
    """Private to the plan's group."""
    page = home.add_child(instance=Page(title=SECRET, slug="members"))
    restrict(PageViewRestriction.objects.create(page=page, restriction_type="groups"), plan.auth_group)
    return page


@pytest.fixture
def document(shop, plan, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    root = Collection.add_root(instance=Collection(name="Root"))
    collection = root.add_child(instance=Collection(name=SECRET))
    restrict(
        CollectionViewRestriction.objects.create(collection=collection, restriction_type="groups"),
        plan.auth_group,
    )
    return get_document_model().objects.create(
        title=SECRET, file=ContentFile(b"How to fire", name="kiln.txt"), collection=collection
    )


def restrict(restriction, group):
    restriction.groups.add(group)
    return restriction


@pytest.fixture
def staff_group(db):
    """A group of editors, made by the names of permissions."""

    def _make(*permissions, name="Editors"):
        from django.contrib.auth.models import Permission

        group = Group.objects.create(name=name)
        for permission in permissions:
            label, codename = permission.split(".")
            group.permissions.add(Permission.objects.get(content_type__app_label=label, codename=codename))
        return group

    return _make


def reload(customer):
    return Customer.objects.get(pk=customer.pk)
