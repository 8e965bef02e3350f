"""What happened to a customer, on the Activity tab."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_customers_ext.activity.events import PAGE, timeline
from oscar_customers_ext.activity.records import TOPICS
from oscar_customers_ext.approval.actions import decline_customers
from oscar_customers_ext.audit import EDIT, log_all
from oscar_customers_ext.customers.actions import create_customer, link_order, register_user, touch_customer
from oscar_customers_ext.groups.actions import add_to_group
from oscar_customers_ext.lifecycle.actions import archive_customers
from oscar_customers_ext.memberships.actions import grant_membership
from oscar_customers_ext.models import (
    ConsentEntry,
    Customer,
    CustomerGroup,
    CustomerNote,
    MailingList,
    Membership,
    MembershipPlan,
    VerifiedEmail,
)
from tests.customers.test_screen import FORM
from tests.factories import make_order, make_user

Product = get_model("catalogue", "Product")
StockRecord = get_model("partner", "StockRecord")

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"oscar_customers:{name}", args=args)


def texts(customer, **options):
    return [event.text for event in timeline(customer, list(TOPICS), **options)]


def test_the_life_of_a_customer_is_told_newest_first(editor):
    editor.post(url("add"), FORM)
    customer = Customer.objects.get()
    editor.post(url("edit", customer.pk), FORM | {"first_name": "Anna", "number": customer.number})
    archive_customers([customer.pk], actor=None)
    order = make_order("ann@example.org")
    link_order(order)
    order.set_status("Complete")

    assert texts(customer) == [
        f"Order {order.number}: Pending → Complete",
        f"Restored by order {order.number}",
        f"Order {order.number} placed, without proof of the address",
        "Archived",
        "Changed",
        "Created: Entered by staff",
    ]
    page = editor.get(url("activity", customer.pk)).text
    assert "First name: <del>Ann</del> → <ins>Anna</ins>" in " ".join(page.split())
    assert reverse("oscar_customers_orders:inspect", args=[order.pk]) in page


def test_an_order_that_was_linked_later_says_so(shop):
    order = make_order("ann@example.org", date_placed=timezone.now() - timedelta(days=30))
    customer = link_order(order)

    assert texts(customer)[0] == f"Order {order.number} linked to the customer"


def test_those_who_may_not_see_orders_see_the_rest(sign_in, shop):
    customer = create_customer(email="ann@example.org")
    order = make_order("ann@example.org")
    link_order(order)

    page = sign_in("view_customer").get(url("activity", customer.pk)).text

    assert "Created" in page
    assert order.number not in page


def test_a_long_life_is_shown_page_by_page(editor, django_assert_max_num_queries):
    customer = create_customer(email="ann@example.org")
    now = timezone.now()
    for number in range(PAGE + 5):
        link_order(make_order("ann@example.org", date_placed=now - timedelta(hours=number)))

    with django_assert_max_num_queries(15):
        first = editor.get(url("activity", customer.pk))
    second = editor.get(f"{url('activity', customer.pk)}?{first.context['older']}")

    seen = [*first.context["events"], *second.context["events"]]
    assert len(first.context["events"]) == PAGE
    assert len({(event.at, event.text) for event in seen}) == len(seen)


def test_no_event_is_lost_between_pages_when_many_share_a_moment(editor):
    moment = timezone.now() - timedelta(days=9)
    numbers = set()
    for _number in range(PAGE + 8):
        order = make_order("ann@example.org", date_placed=moment)
        customer = link_order(order)
        numbers.add(order.number)

    address, told = url("activity", customer.pk), []
    while address:
        page = editor.get(address)
        told += [event.text for event in page.context["events"]]
        address = page.context["older"] and f"{url('activity', customer.pk)}?{page.context['older']}"

    assert len(told) == 2 * len(numbers) + 1
    placed = {text.split()[1] for text in told if "placed" in text}
    assert placed == numbers


@pytest.mark.parametrize(
    "query",
    [
        "until=nonsense",
        "until=2024-01-01",
        "until=2024-01-01T00:00:00",
        "until=0001-01-01T00:00:00%2B23:59",
        "until=9999-12-31T23:59:59-23:00",
        "skip=abc",
        "skip=999999999999",
        "skip=-1",
    ],
)
def test_no_moment_breaks_the_activity(editor, query):
    customer = create_customer(email="ann@example.org")

    assert editor.get(f"{url('activity', customer.pk)}?{query}").status_code == 200


def test_what_customers_typed_runs_no_script(editor):
    customer = create_customer(email="ann@example.org", first_name="<script>alert(1)</script>")
    editor.post(
        url("edit", customer.pk),
        FORM | {"first_name": "<img src=x onerror=alert(2)>", "number": customer.number},
    )

    page = editor.get(url("activity", customer.pk)).text

    assert "<script>" not in page
    assert "<img" not in page


def shown(client, customer, **query):
    return [event.text for event in client.get(url("activity", customer.pk), query).context["events"]]


@pytest.fixture
def full_life(shop):
    """A customer of whom there is something to tell under every topic."""
    user = make_user("ann@example.org", is_staff=False, last_login=timezone.now())
    customer = register_user(user)
    begin = timezone.now() - timedelta(days=90)
    Customer.objects.filter(pk=customer.pk).update(created_at=begin)
    customer.sources.update(first_seen=begin)
    customer.refresh_from_db()
    staff = make_user("paula@example.org", first_name="Paula", last_name="Verdi")
    ago = timezone.now() - timedelta(days=20)
    touch_customer(email="ann@example.org", source="event:harvest")
    CustomerNote.objects.create(customer=customer, author=staff, text="Likes <b>red</b>", created_at=ago)
    plan = MembershipPlan.objects.create(name="Club")
    Membership.objects.create(
        customer=customer, plan=plan, starts_at=ago, ends_at=timezone.now() - timedelta(days=2)
    )
    Membership.objects.create(customer=customer, plan=plan, starts_at=timezone.now() + timedelta(days=2))
    Membership.objects.create(customer=customer, plan=plan, starts_at=ago, revoked_at=ago - timedelta(days=1))
    news = MailingList.objects.create(name="News", slug="news")
    ConsentEntry.objects.create(
        contact=customer.contact, mailing_list=news, state="subscribed", source="staff", staff=staff
    )
    VerifiedEmail.objects.create(user=user, email="ann@example.org", source="password_reset")
    leave_cart(user)
    return customer


def leave_cart(user):
    basket = get_model("basket", "Basket").objects.create(owner=user)
    line = basket.lines.create(
        product=Product.objects.get(), stockrecord=StockRecord.objects.get(), line_reference="1", quantity=2
    )
    type(line).objects.update(date_updated=timezone.now() - timedelta(days=8))


EVERYTHING = ["view_customer", "view_order", "view_membership", "view_customernote", "view_basket"]
EVERYTHING += ["manage_account_customer"]

TOLD = {
    "changes": {"Met through: event:harvest", "Created: Registration"},
    "orders": set(),
    "carts": {"Cart without an order: Left in the cart"},
    "groups": set(),
    "memberships": {"Membership Club began", "Membership Club ended"},
    "newsletter": {"News: Subscribed"},
    "notes": {"Note"},
    "account": {"E-mail address proven: ann@example.org", "Last signed in", "User account made"},
}


@pytest.mark.parametrize("topic", TOLD)
def test_a_topic_tells_its_own_and_nothing_else(sign_in, full_life, topic):
    told = shown(sign_in(*EVERYTHING), full_life, topic=topic)

    assert set(told) == TOLD[topic]
    assert len(told) == len(set(told))


def test_without_a_topic_everything_is_told(sign_in, full_life):
    told = shown(sign_in(*EVERYTHING), full_life)

    assert sorted(told) == sorted(text for texts in TOLD.values() for text in texts)


def test_who_may_see_customers_only_hears_nothing_of_notes_memberships_and_accounts(sign_in, full_life):
    viewer = sign_in("view_customer")
    told = shown(viewer, full_life)

    assert set(told) == TOLD["changes"] | TOLD["newsletter"]
    # A topic that one may not see is as good as one that does not exist.
    assert shown(viewer, full_life, topic="notes") == told == shown(viewer, full_life, topic="nonsense")
    assert "Likes" not in viewer.get(url("activity", full_life.pk)).text


def test_a_note_is_quoted_with_its_author_and_as_text(sign_in, full_life):
    page = sign_in(*EVERYTHING).get(url("activity", full_life.pk)).text

    assert "Likes &lt;b&gt;red&lt;/b&gt;" in page
    assert "Paula Verdi" in page


def test_many_countries_are_read_at_once(editor):
    customer = create_customer(email="ann@example.org")
    entries = [{"country": [code, "GB"]} for code in ("FR", "DE", "IT", "ES")]
    one, many = Customer.objects.get(pk=customer.pk), create_customer(email="bob@example.org")
    log_all([one], EDIT, data={"changes": entries[0]})
    for entry in entries:
        log_all([many], EDIT, data={"changes": entry})
    with CaptureQueriesContext(connection) as first:
        editor.get(url("activity", one.pk))
    with CaptureQueriesContext(connection) as second:
        editor.get(url("activity", many.pk))

    assert len(first) == len(second) <= 15


def test_ten_thousand_entries_cost_the_queries_of_one(sign_in, full_life):
    client = sign_in(*EVERYTHING)
    with CaptureQueriesContext(connection) as few:
        client.get(url("activity", full_life.pk))
    log_all([full_life] * 10_000, EDIT, data={"changes": {"first_name": ["Ann", "Anna"]}})
    with CaptureQueriesContext(connection) as many:
        page = client.get(url("activity", full_life.pk))

    assert len(many) <= len(few) + 1 <= 15
    assert len(page.context["events"]) == PAGE


def test_what_staff_did_stands_under_its_topic(sign_in, full_life):
    client = sign_in(*EVERYTHING, superuser=True)
    group = CustomerGroup.objects.create(name="Trade", slug="trade")
    add_to_group([full_life.pk], group, actor=None)
    decline_customers([full_life.pk], actor=None)
    client.post(url("add_note", full_life.pk), {"text": "Called back"})

    assert "Put into the group Trade" in " ".join(shown(client, full_life, topic="groups"))
    # The note tells of itself: not once more as "Note added".
    assert shown(client, full_life, topic="notes") == ["Note", "Note"]
    assert set(shown(client, full_life, topic="changes")) == {*TOLD["changes"], "Declined as buyer"}


def test_the_history_hides_what_the_activity_hides(sign_in, full_life):
    plan = MembershipPlan.objects.create(name="Secret circle")
    grant_membership(full_life, plan, actor=None)
    add_to_group([full_life.pk], CustomerGroup.objects.create(name="Trade", slug="trade"), actor=None)

    page = sign_in("view_customer").get(url("history", full_life.pk)).text
    assert "Put into the group Trade" in page
    assert "Secret circle" not in page
    assert (
        "Secret circle" in sign_in(*EVERYTHING, email="e@example.org").get(url("history", full_life.pk)).text
    )
