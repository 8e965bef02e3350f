"""Whatever was missed is found and mended, and an existing shop is taken in."""

import io
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.urls import reverse

from oscar_customers_ext.customers.actions import create_customer, link_order
from oscar_customers_ext.models import Contact, Customer, CustomerOrder
from tests.factories import make_address, make_order, make_user

pytestmark = pytest.mark.django_db

JOINED = datetime(2020, 5, 1, 12, tzinfo=UTC)


def reconcile(**options):
    out = io.StringIO()
    call_command("reconcile_customers", json=True, stdout=out, **options)
    return json.loads(out.getvalue())


def findings(report):
    return {
        kind: number
        for kind, number in report.items()
        if isinstance(number, int) and number is not True and number
    }


def test_a_shop_without_gaps_is_left_alone(shop):
    link_order(make_order("ann@example.org"))

    report = reconcile()

    assert findings(report) == {}
    assert report["complete"] is True


def test_orders_become_customers_with_contacts(shop):
    address = make_address(first_name="Ann", last_name="Rossi")
    make_order("ann@example.org", shipping_address=address, date_placed=JOINED)
    make_order("ANN@Example.org", date_placed=JOINED + timedelta(days=3))
    make_order("bob@example.org")

    report = reconcile()

    assert findings(report) == {"orders_linked": 3, "orders_spelled_differently": 1}
    ann = Customer.objects.get(email_key="ann@example.org")
    assert (ann.full_name, ann.orders_count, ann.created_at) == ("Ann Rossi", 2, JOINED)
    assert (ann.email, ann.language) == ("ann@example.org", "")
    assert set(Contact.objects.values_list("email_key", flat=True)) == {"ann@example.org", "bob@example.org"}
    assert findings(reconcile()) == {}


def test_registered_users_come_first_and_own_their_row(shop):
    user = make_user("ann@example.org", first_name="Ann", date_joined=JOINED)
    guest = make_order("Ann@Example.org", date_placed=JOINED - timedelta(days=30))
    own = make_order(user=user, date_placed=JOINED - timedelta(days=9))

    report = reconcile()

    customer = Customer.objects.get()
    assert findings(report) == {"users_taken_in": 1, "orders_linked": 2, "orders_spelled_differently": 1}
    assert (customer.user, customer.first_name, customer.orders_count) == (user, "Ann", 2)
    # The first order of the account, not the older one of whoever typed the address.
    assert customer.created_at == own.date_placed
    assert dict(CustomerOrder.objects.values_list("order", "proven")) == {guest.pk: False, own.pk: True}


def test_users_who_share_an_address_are_reported_and_none_gets_the_row(shop):
    first = make_user("ann@example.org")
    second = make_user("Ann@Example.org")
    order = make_order(user=second)

    report = reconcile()

    assert report["users_sharing_an_address"] == [[first.pk, second.pk]]
    assert Customer.objects.get().user is None
    assert CustomerOrder.objects.get(order=order).proven is False
    assert findings(reconcile()) == {"users_left_alone": 2}


def test_an_inactive_namesake_does_not_count(shop):
    make_user("ann@example.org", is_active=False, date_joined=JOINED)
    active = make_user("ann@example.org")

    report = reconcile()

    assert Customer.objects.get().user == active
    assert findings(report) == {"users_taken_in": 1, "users_left_alone": 1}


def test_staff_are_customers_only_when_they_buy(shop):
    make_user("clerk@example.org", is_staff=True)
    editor = make_user("editor@example.org")
    editor.user_permissions.add(Permission.objects.get(codename="access_admin"))
    group = Group.objects.create(name="Editors")
    group.permissions.set(editor.user_permissions.all())
    make_user("author@example.org").groups.add(group)
    buyer = make_user("boss@example.org", is_staff=True)
    make_order(user=buyer)

    reconcile()

    assert Customer.objects.get().user == buyer


def test_a_row_that_was_there_before_is_left_alone(shop):
    there = create_customer(email="ann@example.org", first_name="Ann")
    make_user("ann@example.org", first_name="Eve")

    report = reconcile()

    there.refresh_from_db()
    assert (there.user, there.first_name) == (None, "Ann")
    assert findings(report) == {"users_left_alone": 1}


def test_what_policy_leaves_out_is_skipped(shop, settings):
    settings.OSCAR_CUSTOMERS_CREATE_FOR_GUESTS = False
    create_customer(email="ann@example.org")
    make_order("ann@example.org")
    make_order("bob@example.org")

    report = reconcile()

    assert findings(report) == {"orders_linked": 1, "orders_skipped_by_policy": 1}
    assert report["complete"] is True


@pytest.mark.parametrize("email", ["", "nobody", "two words@example.org"])
def test_an_order_without_usable_address_is_skipped(shop, email):
    make_order(email)

    report = reconcile()

    assert findings(report) == {"orders_skipped_without_address": 1}
    assert report["complete"] is True
    assert not Customer.objects.exists()


def test_registration_off_takes_in_buyers_only(shop, settings):
    settings.OSCAR_CUSTOMERS_CREATE_ON_REGISTRATION = False
    make_user("prospect@example.org")
    make_order(user=make_user("buyer@example.org"))

    reconcile()

    assert [customer.email for customer in Customer.objects.all()] == ["buyer@example.org"]


def test_stored_figures_and_texts_are_repaired(shop):
    link_order(make_order("ann@example.org"))
    link_order(make_order("bob@example.org"))
    ann, bob = Customer.objects.order_by("email_key")
    Customer.objects.filter(pk=ann.pk).update(orders_count=7, orders_total=Decimal(1), search_text="wrong")
    Customer.objects.filter(pk=bob.pk).update(number=None)
    Contact.objects.filter(customer=bob).update(email="old@example.org", email_key="old@example.org")

    report = reconcile()

    assert findings(report) == {
        "counters_repaired": 1,
        "search_texts_repaired": 1,
        "numbers_given": 1,
        "addresses_repaired": 1,
    }
    ann.refresh_from_db()
    bob.refresh_from_db()
    assert (ann.orders_count, ann.orders_total) == (1, Decimal("12.20"))
    assert "ann@example.org" in ann.search_text
    assert bob.number == f"C{bob.pk:06d}"
    assert bob.contact.email_key == "bob@example.org"
    assert findings(reconcile()) == {}


def test_a_dry_run_says_the_same_and_writes_nothing(shop):
    make_order(user=make_user("ann@example.org"))
    make_order("bob@example.org")
    make_order("")

    with pytest.raises(CommandError, match="There are orders to link"):
        reconcile(dry_run=True)

    assert not Customer.objects.exists()
    assert not Contact.objects.exists()
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("reconcile_customers", json=True, dry_run=True, stdout=out)
    announced = findings(json.loads(out.getvalue()))
    assert (
        announced
        == findings(reconcile())
        == {
            "users_taken_in": 1,
            "orders_linked": 2,
            "orders_skipped_without_address": 1,
        }
    )


def test_an_order_that_cannot_be_linked_is_named_and_the_rest_goes_on(shop, caplog):
    broken = make_order("ann@example.org")
    make_order("bob@example.org")
    out = io.StringIO()

    def refuse(execute, sql, params, many, context):
        if sql.startswith("INSERT") and "customerorder" in sql and params[0] == broken.pk:
            raise DatabaseError("refused")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse), pytest.raises(CommandError, match="should be linked"):
        call_command("reconcile_customers", json=True, stdout=out)

    report = json.loads(out.getvalue())
    assert report["failed_orders"] == [broken.number]
    assert report["orders_linked"] == 1
    assert broken.number in caplog.text
    assert findings(reconcile()) == {"orders_linked": 1}


def test_the_report_for_people_names_what_was_done(shop, capsys):
    make_order("ann@example.org")

    call_command("reconcile_customers")
    first = capsys.readouterr().out
    call_command("reconcile_customers")

    assert "1  orders linked to their customer" in first
    assert "Every order is linked" in capsys.readouterr().out


def test_the_home_page_tells_editors_of_unlinked_orders(editor):
    cache.clear()
    make_order("ann@example.org")
    make_order("")

    page = editor.get(reverse("wagtailadmin_home")).text

    assert "One order is not linked to a customer." in page
    assert "reconcile_customers" in page


def test_the_home_page_is_silent_when_all_is_well(editor, settings):
    cache.clear()
    settings.OSCAR_CUSTOMERS_CREATE_FOR_GUESTS = False
    make_order("ann@example.org")
    make_order("nonsense")

    assert "reconcile_customers" not in editor.get(reverse("wagtailadmin_home")).text


def test_the_notice_is_for_those_who_change_customers(viewer):
    cache.clear()
    make_order("ann@example.org")

    assert "reconcile_customers" not in viewer.get(reverse("wagtailadmin_home")).text
