"""Two people at one customer, and what the log keeps of it."""

import pytest
from django.db import connection
from django.urls import reverse
from wagtail.models import ModelLogEntry

from oscar_customers_ext.customers.actions import create_customer, link_order, register_user
from oscar_customers_ext.models import Customer
from tests.customers.test_screen import FORM, url
from tests.factories import make_address, make_order, make_user

pytestmark = pytest.mark.django_db


def opened(client, customer):
    """What the browser would send back unchanged."""
    form = client.get(url("edit", customer.pk)).context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def test_the_form_carries_the_version_that_the_editor_saw(editor):
    customer = create_customer(email="ann@example.org")

    page = editor.get(url("edit", customer.pk)).text

    assert f'name="version" value="{customer.modified_at.isoformat()}"' in page


def test_a_second_editor_does_not_overwrite_the_first_unknowingly(editor):
    customer = create_customer(email="ann@example.org", phone="1")
    mine = opened(editor, customer)
    editor.post(url("edit", customer.pk), opened(editor, customer) | {"phone": "2"})

    refused = editor.post(url("edit", customer.pk), mine | {"phone": "3"})

    assert refused.status_code == 200
    assert "was changed while you were editing. Stored now is: Phone: 2." in refused.text
    assert refused.context["form"]["phone"].value() == "3"
    assert Customer.objects.get().phone == "2"
    again = {name: refused.context["form"][name].value() or "" for name in refused.context["form"].fields}
    assert editor.post(url("edit", customer.pk), again).status_code == 302
    assert Customer.objects.get().phone == "3"


def test_what_a_checkout_stored_meanwhile_is_not_overwritten(editor):
    user = make_user("ann@example.org")
    customer = register_user(user)
    mine = opened(editor, customer)
    link_order(make_order(user=user, shipping_address=make_address(phone_number="+39 011 5550100")))

    refused = editor.post(url("edit", customer.pk), mine | {"company_name": "Rossi & Co"})

    assert refused.status_code == 200
    assert "+390115550100" in refused.text
    customer.refresh_from_db()
    assert (customer.full_name, customer.company_name, customer.orders_count) == ("Ann Rossi", "", 1)


def test_an_order_in_between_that_changed_no_column_is_no_conflict(editor):
    customer = create_customer(email="ann@example.org")
    mine = opened(editor, customer)
    link_order(make_order("ann@example.org"))

    assert editor.post(url("edit", customer.pk), mine | {"phone": "1"}).status_code == 302

    customer.refresh_from_db()
    assert (customer.phone, customer.orders_count) == ("1", 1)


def test_the_log_keeps_old_and_new_values(editor):
    customer = create_customer(email="ann@example.org", first_name="Ann", country_id="IT")

    editor.post(url("edit", customer.pk), opened(editor, customer) | {"first_name": "Anna", "country": ""})

    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.content_changed) == ("wagtail.edit", True)
    assert entry.data == {"changes": {"first_name": ["Ann", "Anna"], "country": ["IT", ""]}}


def test_header_and_tabs_of_the_edit_screen(editor):
    customer = create_customer(email="ann@example.org")

    page = editor.get(url("edit", customer.pk)).text

    for tab in ("details", "orders", "activity"):
        assert f'href="#tab-{tab}"' in page
    assert f"{reverse('oscar_customers_orders:index')}?customer={customer.pk}" in page
    assert url("archive", customer.pk) in page
    assert url("delete", customer.pk) in page


def test_tab_ids_do_not_depend_on_the_language(editor):
    customer = create_customer(email="ann@example.org")

    page = editor.get(url("edit", customer.pk), headers={"Accept-Language": "it"}).text

    assert "Attività" in page
    for tab in ("details", "orders", "activity"):
        assert f'href="#tab-{tab}"' in page


def test_the_card_shows_a_total_for_each_currency(editor):
    customer = create_customer(email="ann@example.org")
    for total, currency in (("10.00", "EUR"), ("5.50", "EUR"), ("7.00", "GBP")):
        link_order(make_order("ann@example.org", total=total, currency=currency))
    link_order(make_order("ann@example.org", total="99.00", status="Cancelled"))

    page = editor.get(url("edit", customer.pk)).text

    assert "€15.50" in page
    assert "£7.00" in page
    # With the sign: the moment of the last change, in the form, may end in these digits.
    for sign in "€£":
        assert f"{sign}22.50" not in page


def test_staff_may_follow_when_the_account_has_another_address_by_now(editor):
    user = make_user("bob@example.com")
    customer = create_customer(email="bob@example.com", user=user)
    assert editor.get(url("edit", customer.pk)).context["form"].fields["email"].disabled

    user.email = "robert@example.com"
    user.save()
    editor.post(url("edit", customer.pk), opened(editor, customer) | {"email": "robert@example.com"})

    assert Customer.objects.get().email == "robert@example.com"


@pytest.mark.parametrize("typed", ["mallory@example.net", ""])
@pytest.mark.parametrize("of_account", ["robert@example.com", ""])
def test_a_customer_with_an_account_gets_no_third_address_here(editor, typed, of_account):
    user = make_user("bob@example.com")
    customer = create_customer(email="bob@example.com", user=user)
    user.email = of_account
    user.save()
    posted = opened(editor, customer) | {"email": typed, "first_name": "Typed"}

    response = editor.post(url("edit", customer.pk), posted)

    assert response.status_code == 200
    assert "Enter the address of the account here" in response.text
    # This editor may not manage accounts.
    assert url("email_change", customer.pk) not in response.text
    customer.refresh_from_db()
    assert (customer.email, customer.first_name) == ("bob@example.com", "")


def test_what_stays_as_it_is_may_differ_from_the_account(sign_in):
    manager = sign_in("change_customer", "view_customer", "manage_account_customer")
    user = make_user("bob@example.com")
    customer = create_customer(email="bob@example.com", user=user)
    user.email = "robert@example.com"
    user.save()
    posted = opened(manager, customer)

    refused = manager.post(url("edit", customer.pk), posted | {"email": "mallory@example.net"})
    manager.post(url("edit", customer.pk), posted | {"first_name": "Bob"})

    assert url("email_change", customer.pk) in refused.context["form"].errors["email"][0]
    customer.refresh_from_db()
    assert (customer.email, customer.first_name) == ("bob@example.com", "Bob")


def test_an_address_taken_at_the_same_moment_is_told_and_nothing_is_lost(editor):
    customer = create_customer(email="ann@example.org")
    posted = opened(editor, customer) | {"email": "new@example.org", "company_name": "Typed at length"}
    rivals = []

    def rival(execute, sql, params, many, context):
        # Between the check of the form and the saving.
        if sql.startswith("UPDATE") and "oscar_customers_ext_c" in sql and not rivals:
            rivals.append(sql)
            create_customer(email="new@example.org", first_name="Rival")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(rival):
        response = editor.post(url("edit", customer.pk), posted)

    assert response.status_code == 200
    assert "Save again to see who." in response.text
    assert "Typed at length" in response.text
    customer.refresh_from_db()
    assert customer.email == "ann@example.org"


def test_whoever_may_only_add_stays_at_adding(sign_in):
    client = sign_in("add_customer")

    response = client.post(url("add"), FORM)

    assert response.url == url("add")
    assert Customer.objects.count() == 1
