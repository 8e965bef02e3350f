"""The example of docs/extend.md at work. tests/test_documentation.py starts these tests with their own settings."""

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from oscar_customers_ext.customers.actions import create_customer

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not apps.is_installed("tests.neighbour"),
        reason="needs --ds=tests.neighbour.settings; tests/test_documentation.py runs it",
    ),
]


def url(name, *args):
    return reverse(f"oscar_customers:{name}", args=args)


def give_card(customer, points):
    return apps.get_model("neighbour", "LoyaltyCard").objects.create(customer=customer, points=points)


def cards():
    return list(apps.get_model("neighbour", "LoyaltyCard").objects.values_list("customer", "points"))


def test_the_list_has_the_column(editor):
    give_card(create_customer(email="ann@example.org"), 4711)
    create_customer(email="bob@example.com")

    page = editor.get(url("index"), {"ordering": "loyalty_card__points"})

    assert page.status_code == 200
    assert "Points" in page.text
    assert "4711" in page.text


def test_the_column_costs_no_query_per_row(editor):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            editor.get(url("index"))
        return len(captured)

    give_card(create_customer(email="first@example.org"), 1)
    queries()
    with_one = queries()
    for number in range(5):
        give_card(create_customer(email=f"{number}@example.org"), number)

    assert queries() == with_one


def test_the_edit_screen_has_the_tab(editor):
    customer = create_customer(email="ann@example.org")

    page = editor.get(url("edit", customer.pk)).text

    assert 'href="#tab-loyalty"' in page
    assert url("loyalty", customer.pk) in page


def test_an_editor_saves_the_points_and_reads_them_on_the_tab(editor):
    customer = create_customer(email="ann@example.org")
    assert "No card yet." in editor.get(url("loyalty", customer.pk)).text
    assert editor.get(url("edit_loyalty", customer.pk)).status_code == 200

    for points in (120, 150):
        response = editor.post(url("edit_loyalty", customer.pk), {"points": points})
        assert response.url == url("edit", customer.pk) + "#tab-loyalty"

    assert cards() == [(customer.pk, 150)]
    assert "150 points" in editor.get(url("loyalty", customer.pk)).text
    assert {entry.object_id for entry in ModelLogEntry.objects.all()} == {str(customer.pk)}


def test_bad_points_get_a_sentence(editor):
    customer = create_customer(email="ann@example.org")

    page = editor.post(url("edit_loyalty", customer.pk), {"points": "-1"})

    assert page.status_code == 200
    assert "greater than or equal to 0" in page.text
    assert cards() == []


def test_view_only_staff_read_the_points_and_change_nothing(viewer):
    customer = create_customer(email="ann@example.org")
    give_card(customer, 7)

    page = viewer.get(url("loyalty", customer.pk))
    refused = viewer.post(url("edit_loyalty", customer.pk), {"points": 9})

    assert "7 points" in page.text
    assert refused.status_code == 302
    assert cards() == [(customer.pk, 7)]


def test_without_permission_for_customers_there_is_nothing_to_see(sign_in):
    client = sign_in("view_order")
    customer = create_customer(email="ann@example.org")

    assert client.get(url("loyalty", customer.pk)).status_code == 302
