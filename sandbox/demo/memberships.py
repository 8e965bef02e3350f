"""Two plans, a page and a file that one of them opens, and members in every state."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from demo.logins import ADMIN, BUYER
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.memberships.actions import assign_roles, grant_membership, revoke_membership
from oscar_customers_ext.models import MembershipPlan
from pages.models import HomePage, MembersPage

GLAZES = b"""Three glazes for the kitchen kiln

White: 40 parts feldspar, 30 quartz, 20 chalk, 10 kaolin.
Honey: the white one, and 6 parts of red iron oxide.
Sea: the white one, and 2 parts of copper carbonate.
"""
TEXT = """
<p>The recipes of our glazes, tried in the kitchen kiln and written down for those who fire at home.</p>
<p><a linktype="document" id="{document}">Three glazes for the kitchen kiln</a></p>
"""

#: Who has which plan: from and to in days from today, None for the end that the plan gives.
MEMBERS = (
    (BUYER, "Club", -60, None),
    ("heidi@example.net", "Club", -355, 10),
    ("luca.galli@example.com", "Club", -400, -35),
    ("soren@example.net", "Club", 14, None),
    ("anais@example.com", "Club", -90, None),
    ("grace.okonkwo@example.com", "Trade year", -20, None),
    (BUYER, "Trade year", -500, -135),
)
REVOKED = "anais@example.com"


def load_memberships():
    """Idempotent, so that an interrupted load goes on where it stopped."""
    for name in settings.OSCAR_CUSTOMERS_ROLES:
        Group.objects.get_or_create(name=name)
    club = create_plan("Club", 12, "months", "Recipes, early tickets for the open evenings, and our thanks.")
    create_plan("Trade year", 1, "years", "For shops and restaurants that buy for a living.")
    create_members_page(club.auth_group)
    grant_all()


def create_plan(name, duration, unit, description):
    group, _created = Group.objects.get_or_create(name=f"{name} members")
    plan, _created = MembershipPlan.objects.get_or_create(
        name=name,
        defaults={
            "duration": duration,
            "duration_unit": unit,
            "description": description,
            "auth_group": group,
            "notice_days": 14,
        },
    )
    return plan


def create_members_page(group):
    if MembersPage.objects.exists():
        return
    collection = Collection.get_first_root_node().add_child(instance=Collection(name="For members"))
    make_private(CollectionViewRestriction(collection=collection), group)
    document = get_document_model().objects.create(
        title="Three glazes for the kitchen kiln",
        file=ContentFile(GLAZES, name="three-glazes.txt"),
        collection=collection,
    )
    page = HomePage.objects.get().add_child(
        instance=MembersPage(
            title="Members’ area",
            slug="members",
            search_description="Recipes of our glazes, for members of the Club.",
            introduction="Welcome, and thank you for keeping the kiln warm.",
            body=TEXT.format(document=document.pk),
        )
    )
    make_private(PageViewRestriction(page=page), group)


def make_private(restriction, group):
    restriction.restriction_type = restriction.GROUPS
    restriction.save()
    restriction.groups.add(group)


def grant_all():
    staff, today = get_user_model().objects.get(username=ADMIN), timezone.now()
    for email, name, start, end in MEMBERS:
        customer = Customer.objects.get(email_key=email)
        plan = MembershipPlan.objects.get(name=name)
        if customer.memberships.filter(plan=plan).exists():
            continue
        starts_at = today + timedelta(days=start)
        ends_at = plan.end_of(starts_at) if end is None else today + timedelta(days=end)
        granted = grant_membership(customer, plan, starts_at=starts_at, ends_at=ends_at, actor=staff)
        if email == REVOKED:
            revoke_membership(granted, actor=staff)
    dealer = Customer.objects.get(email_key="grace.okonkwo@example.com")
    assign_roles(dealer, Group.objects.filter(name="Dealers"), actor=staff)
