"""Read-only order pages in the Wagtail admin."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_customers_ext.customers.actions import create_customer, link_order
from tests.factories import make_address, make_order, make_user

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"oscar_customers_orders:{name}", args=args)


@pytest.fixture
def order(shop):
    order = make_order("Ann@example.org", shipping_address=make_address(), total="1234.50")
    order.lines.create(
        partner_name="Cups",
        partner_sku="CUP-1",
        title="Espresso cup",
        quantity=3,
        num_allocated=3,
        line_price_incl_tax=Decimal("30.00"),
        line_price_excl_tax=Decimal("30.00"),
        line_price_before_discounts_incl_tax=Decimal("30.00"),
        line_price_before_discounts_excl_tax=Decimal("30.00"),
        unit_price_incl_tax=Decimal("10.00"),
        unit_price_excl_tax=Decimal("10.00"),
    )
    order.notes.create(message="Rang twice <script>alert(1)</script>", user=make_user("clerk@example.org"))
    link_order(order)
    return order


def test_an_order_links_to_its_customer(editor, order):
    page = editor.get(url("inspect", order.pk)).text

    assert reverse("oscar_customers:edit", args=[order.customer_link.customer_id]) in page
    for text in (order.number, "Ann@example.org", "Espresso cup", "€1,234.50", "Via Roma 1", "not proven"):
        assert text in page
    assert "<script>alert(1)</script>" not in page


def test_money_and_dates_follow_the_language(editor, order):
    page = editor.get(url("inspect", order.pk), headers={"Accept-Language": "it"}).text

    assert "Cliente" in page
    assert "1234,50\xa0€" in page or "1.234,50\xa0€" in page


def test_discounts_are_named_by_the_coupons_code_in_the_language_of_the_reader(editor, order):
    order.discounts.create(
        offer_id=1, offer_name="Personal coupon VPRX", voucher_code="ANN-20", amount=Decimal("2.50")
    )
    order.discounts.create(offer_id=2, offer_name="Three for two", amount=Decimal("1.00"))

    page = editor.get(url("inspect", order.pk), headers={"Accept-Language": "it"}).text

    listed = [" ".join(item.split()) for item in re.findall(r"<li>\s*([^<]+?)\s*</li>", page)]
    assert {item.replace("\xa0", " ") for item in listed} >= {"Buono ANN-20: 2,50 €", "Three for two: 1,00 €"}
    assert "VPRX" not in page


def test_an_order_is_not_changed_here(editor, order):
    for method in (editor.post, editor.put, editor.delete):
        assert method(url("inspect", order.pk)).status_code == 405


def test_a_clerk_who_may_not_see_customers_sees_the_order_only(sign_in, order):
    client = sign_in("view_order")
    page = client.get(url("inspect", order.pk)).text
    listing = client.get(url("index")).text

    assert "You may not see the customer of this order." in page
    assert "A customer you may not see" in listing
    assert "Ann Rossi" not in listing
    assert "/admin/customers/edit/" not in page + listing


def test_an_order_without_customer_says_so(editor):
    unlinked = make_order("")

    assert "This order is not linked to a customer." in editor.get(url("inspect", unlinked.pk)).text
    assert "Not linked" in editor.get(url("index")).text


def test_the_list_finds_by_number_and_address(editor, order):
    make_order("bob@example.com")

    def found(**query):
        return [row.number for row in editor.get(url("index"), query).context["object_list"]]

    assert found(q=order.number) == [order.number]
    assert found(q=f"#{order.number}") == [order.number]
    assert found(q="ANN@") == [order.number]
    assert found(customer=order.customer_link.customer_id) == [order.number]
    assert len(found(customer="nonsense")) == 2
    assert editor.get(url("index"), {"q": "\x00nobody"}).status_code == 200


def test_the_list_costs_the_same_with_one_and_with_many_orders(
    editor, order, django_assert_num_queries, django_assert_max_num_queries
):
    editor.get(url("index"))
    with django_assert_max_num_queries(20) as one:
        editor.get(url("index"))
    for number in range(12):
        link_order(make_order(f"bob{number}@example.org"))
    with django_assert_num_queries(len(one)):
        editor.get(url("index"))


def test_the_orders_tab_lists_the_orders_of_one_customer(editor, order):
    customer = order.customer_link.customer
    link_order(make_order("bob@example.com"))

    tab = editor.get(url("of_customer", customer.pk), headers={"X-Requested-With": "XMLHttpRequest"})

    assert [row.pk for row in tab.context["object_list"]] == [order.pk]
    assert "<html" not in tab.text
    assert f"{url('index')}?customer={customer.pk}" in tab.text


def test_the_orders_tab_costs_the_same_with_one_and_with_many_orders(
    editor, order, django_assert_num_queries, django_assert_max_num_queries
):
    tab = url("of_customer", order.customer_link.customer_id)
    editor.get(tab)
    with django_assert_max_num_queries(15) as one:
        editor.get(tab)
    for _number in range(30):
        link_order(make_order("ann@example.org"))
    with django_assert_num_queries(len(one)):
        editor.get(tab)


def test_the_orders_tab_of_a_customer_without_orders_says_what_to_expect(editor):
    customer = create_customer(email="ann@example.org")

    assert "has not ordered yet" in editor.get(url("of_customer", customer.pk)).text


def test_nobody_is_told_which_customers_exist(sign_in, shop):
    customer = create_customer(email="ann@example.org")
    client = sign_in("view_order")

    there = client.get(url("of_customer", customer.pk), headers={"X-Requested-With": "XMLHttpRequest"})
    absent = client.get(url("of_customer", customer.pk + 1), headers={"X-Requested-With": "XMLHttpRequest"})

    assert (there.status_code, absent.status_code) == (403, 403)
    assert get_model("order", "Order").objects.count() == 0


def test_payment_and_fulfilment_are_shown_in_words(editor, order):
    assert "Not paid" in editor.get(url("inspect", order.pk)).text
    assert "Not sent" in editor.get(url("index")).text


def test_filters_narrow_the_list(editor, order):
    complete = make_order(
        "bob@example.com", status="Complete", date_placed=datetime(2020, 5, 1, 12, tzinfo=UTC)
    )

    def found(**query):
        return [row.number for row in editor.get(url("index"), query).context["object_list"]]

    assert found(status="Complete") == [complete.number]
    assert found(status="Pending") == [order.number]
    assert found(date_placed_from="2020-05-01", date_placed_to="2020-05-01") == [complete.number]
    assert found(customer=order.customer_link.customer_id, status="Complete") == []


def test_the_name_of_the_customer_finds_orders_for_those_who_may_see_customers(editor, sign_in, order):
    assert [row.pk for row in editor.get(url("index"), {"q": "rossi"}).context["object_list"]] == [order.pk]
    clerk = sign_in("view_order", email="clerk2@example.org")
    assert list(clerk.get(url("index"), {"q": "rossi"}).context["object_list"]) == []


def test_the_dashboard_is_linked_for_those_whom_it_lets_in(sign_in, order, django_user_model):
    client = sign_in("view_order")
    dashboard = reverse("dashboard:order-detail", kwargs={"number": order.number})
    assert dashboard not in client.get(url("inspect", order.pk)).text

    django_user_model.objects.filter(email="staff@example.org").update(is_staff=True)

    assert dashboard in client.get(url("inspect", order.pk)).text
