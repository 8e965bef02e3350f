"""What happened to a customer, on the Activity tab."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from oscar_customers_ext.activity.timeline import PAGE, timeline
from oscar_customers_ext.customers.actions import create_customer, link_order
from oscar_customers_ext.lifecycle.actions import archive_customers
from oscar_customers_ext.models import Customer
from tests.customers.test_screen import FORM
from tests.factories import make_order

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"oscar_customers:{name}", args=args)


def texts(customer, **options):
    return [event.text for event in timeline(customer, **options)]


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
