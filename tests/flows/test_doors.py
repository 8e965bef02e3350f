"""Each way into the customers, and what keeps their numbers true afterwards."""

import random
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sites.models import Site
from django.core import serializers
from django.db import transaction
from django.db.models import Count, Max, Sum
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oscar.apps.order.signals import order_placed
from oscar.core.loading import get_model

from oscar_customers_ext.customers.actions import create_customer, link_order, register_user, touch_customer
from oscar_customers_ext.models import Contact, Customer, CustomerOrder, CustomerSource
from tests.checkout import ADDRESS, buy, fill_basket, place_order
from tests.factories import make_order, make_user
from tests.statements import all_our_rows

pytestmark = pytest.mark.django_db(transaction=True)

Order = get_model("order", "Order")
ANN = "ann@example.org"
PASSWORD = "correct-horse-battery"


def sign_in(client, user):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")


def as_a_guest(client, product):
    buy(client, product, email=ANN)


def signed_in(client, product):
    sign_in(client, make_user(ANN))
    buy(client, product)


def by_registration(client, product):
    passwords = {"password1": PASSWORD, "password2": PASSWORD}
    response = client.post(reverse("customer:register"), {"email": ANN, **passwords})
    assert response.status_code == 302


def by_a_new_account_in_the_checkout(client, product):
    fill_basket(client, product)
    response = client.post(reverse("checkout:index"), {"username": ANN, "options": "new"})
    assert response.url.startswith(reverse("customer:register"))
    initial = client.get(response.url).context["form"].initial
    passwords = {"password1": PASSWORD, "password2": PASSWORD}
    response = client.post(reverse("customer:register"), {**initial, **passwords})
    assert response.url == reverse("checkout:shipping-address")
    client.post(response.url, ADDRESS)
    client.get(reverse("checkout:shipping-method"))
    client.get(reverse("checkout:payment-method"))
    assert place_order(client).url == reverse("checkout:thank-you")


def by_create_customer(client, product):
    create_customer(email=ANN)


def by_touch_customer(client, product):
    touch_customer(email=ANN, source="event")


def by_an_imported_order(client, product):
    make_order(ANN)


DOORS = {
    as_a_guest: "shop",
    signed_in: "shop",
    by_registration: "registration",
    by_a_new_account_in_the_checkout: "registration",
    by_create_customer: "staff",
    by_touch_customer: "event",
    by_an_imported_order: "shop",
}
every_door = pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)


@every_door
def test_whoever_comes_in_is_one_customer_with_one_contact(door, client, shop, sent):
    door(client, shop)

    customer = Customer.objects.get()
    contact = Contact.objects.get()
    assert customer.contact == contact
    assert (customer.email_key, contact.email_key) == (ANN, ANN)
    assert customer.number == f"C{customer.pk:06d}"
    assert ANN in customer.search_text
    assert customer.sources.first().source == DOORS[door]
    assert sent.names.count("contact_created") == sent.names.count("customer_created") == 1


@every_door
def test_whoever_was_a_contact_before_keeps_it(door, client, shop, sent):
    contact = Contact.objects.create(email="Ann@example.org")

    door(client, shop)

    assert Customer.objects.get().contact == contact
    assert "contact_created" not in sent.names


@every_door
def test_a_guest_order_after_any_door_leads_to_the_same_customer(door, client, shop):
    door(client, shop)
    customer = Customer.objects.get()
    orders = Order.objects.count()

    make_order("ANN@Example.org")

    assert Customer.objects.get() == customer
    assert Customer.objects.get().orders_count == orders + 1
    assert Contact.objects.count() == 1


def test_a_first_order_fills_the_new_customer(shop):
    client = Client(headers={"accept-language": "it"})

    buy(client, shop, email=ANN)

    customer, order = Customer.objects.get(), Order.objects.get()
    assert (customer.full_name, customer.phone, customer.country_id) == ("Ann Rossi", "+390115550100", "IT")
    assert (customer.language, customer.created_at) == ("it", order.date_placed)
    assert list(customer.sites.all()) == [order.site]
    assert list(customer.sources.values_list("source", "first_seen")) == [("shop", order.date_placed)]
    link = customer.order_links.get()
    assert (link.order, link.email, link.proven) == (order, ANN, False)


def test_one_person_on_two_sites_is_one_customer(shop):
    other_site = Site.objects.create(domain="other.example.org", name="Other")
    make_order(ANN)
    make_order(ANN, site=other_site)

    assert set(Customer.objects.get().sites.all()) == set(Site.objects.all())
    assert CustomerSource.objects.count() == 1


# Policies


def test_guests_make_no_customer_where_the_shop_does_not_want_it(client, shop, settings, sent, caplog):
    settings.OSCAR_CUSTOMERS_CREATE_FOR_GUESTS = False

    response = buy(client, shop, email=ANN)

    assert response.url == reverse("checkout:thank-you")
    assert [rows for rows in all_our_rows().values() if rows] == []
    assert sent == []
    assert [record for record in caplog.records if record.name == "oscar_customers_ext"] == []


def test_a_guest_who_is_a_customer_is_linked_all_the_same(client, shop, settings):
    settings.OSCAR_CUSTOMERS_CREATE_FOR_GUESTS = False
    customer = create_customer(email=ANN)

    buy(client, shop, email=ANN)

    link = CustomerOrder.objects.get()
    assert (link.customer, link.proven) == (customer, False)
    assert Customer.objects.get().orders_count == 1


def test_accounts_are_customers_where_guests_are_none(client, shop, settings):
    settings.OSCAR_CUSTOMERS_CREATE_FOR_GUESTS = False

    signed_in(client, shop)

    assert Customer.objects.get().user == get_user_model().objects.get()


def test_registering_makes_no_customer_where_the_shop_does_not_want_it(client, shop, settings, sent):
    settings.OSCAR_CUSTOMERS_CREATE_ON_REGISTRATION = False

    by_registration(client, shop)

    assert get_user_model().objects.get().email == ANN
    assert [rows for rows in all_our_rows().values() if rows] == []
    assert sent == []


def test_the_first_order_makes_the_customer_that_registering_did_not(client, shop, settings):
    settings.OSCAR_CUSTOMERS_CREATE_ON_REGISTRATION = False

    by_a_new_account_in_the_checkout(client, shop)

    customer = Customer.objects.get()
    assert (customer.user, customer.sources.get().source) == (get_user_model().objects.get(), "shop")
    assert CustomerOrder.objects.get().proven


# Orders that are no ordinary checkout


@pytest.mark.parametrize("address", ["", "nonsense", "two words@example.org", "a\u200bnn@example.org"])
def test_an_order_without_usable_address_stays_alone(address, shop, caplog):
    order = make_order(address)

    assert link_order(order) is None
    assert [rows for rows in all_our_rows().values() if rows] == []
    assert [record for record in caplog.records if record.name == "oscar_customers_ext"] == []


def test_an_account_without_address_is_a_customer_without_address(client, shop):
    user = make_user("")
    sign_in(client, user)

    buy(client, shop)
    buy(client, shop)

    customer = Customer.objects.get()
    assert (customer.user, customer.email, customer.email_key, customer.orders_count) == (user, "", None, 2)
    assert Contact.objects.get() == customer.contact


def test_an_order_loaded_from_a_fixture_is_left_to_reconciling(shop):
    order = Order(
        number="F1",
        guest_email=ANN,
        date_placed=timezone.now(),
        total_incl_tax=1,
        total_excl_tax=1,
        site=Site.objects.get(),
    )
    text = serializers.serialize("json", [order])

    for loaded in serializers.deserialize("json", text):
        loaded.save()

    assert Order.objects.get().guest_email == ANN
    assert not Customer.objects.exists()
    assert link_order(Order.objects.get()).orders_count == 1


def test_the_same_order_three_times_changes_nothing_more(client, shop, sent):
    buy(client, shop, email=ANN)
    order, before = Order.objects.get(), all_our_rows()
    sent.clear()

    for _time in range(3):
        order_placed.send(sender=None, order=Order.objects.get(), user=None)
        link_order(Order.objects.get())
        order.save()

    assert all_our_rows() == before
    assert sent == []


class Refused(Exception):
    pass


def roll_back(work):
    with transaction.atomic():
        work()
        raise Refused


def test_what_is_rolled_back_leaves_nothing(shop, sent, mailoutbox):
    def place_order():
        order_placed.send(sender=None, order=make_order(ANN), user=None)

    with pytest.raises(Refused):
        roll_back(place_order)

    assert not Order.objects.exists()
    assert [rows for rows in all_our_rows().values() if rows] == []
    assert sent == []
    assert mailoutbox == []


@pytest.mark.parametrize(
    "door", [by_create_customer, by_touch_customer, by_an_imported_order, by_registration]
)
def test_no_door_leaves_anything_of_a_rolled_back_transaction(door, client, shop, sent):
    with pytest.raises(Refused):
        roll_back(lambda: door(client, shop))

    assert [rows for rows in all_our_rows().values() if rows] == []
    assert sent == []


# Signals


def test_a_first_order_sends_each_signal_once_with_its_arguments(client, shop, sent):
    buy(client, shop, email=ANN)

    customer = Customer.objects.get()
    assert sent == [
        ("contact_created", {"sender": Contact, "contact": customer.contact}),
        ("customer_created", {"sender": Customer, "customer": customer, "source": "shop"}),
        (
            "order_linked",
            {"sender": Customer, "order": Order.objects.get(), "customer": customer, "proven": False},
        ),
    ]


def test_what_signals_carry_is_complete(client, shop, sent):
    buy(client, shop, email=ANN)

    customer = dict(sent)["customer_created"]["customer"]
    assert (customer.number, customer.contact.email) == (f"C{customer.pk:06d}", ANN)
    linked = dict(sent)["order_linked"]
    assert (linked["customer"].orders_count, linked["order"].number) == (1, Order.objects.get().number)


def test_a_later_order_tells_only_of_its_link(client, shop, sent):
    user = make_user(ANN)
    customer = register_user(user)
    sign_in(client, user)
    sent.clear()

    buy(client, shop)

    arguments = {"sender": Customer, "order": Order.objects.get(), "customer": customer, "proven": True}
    assert sent == [("order_linked", arguments)]


def test_registering_tells_of_customer_and_contact(client, shop, sent):
    by_registration(client, shop)

    assert sent.names == ["contact_created", "customer_created"]
    assert dict(sent)["customer_created"]["source"] == "registration"


# Counters


def assert_counters_are_true():
    for customer in Customer.objects.all():
        orders = Order.objects.filter(customer_link__customer=customer)
        counted = orders.filter(currency="EUR").exclude(status="Cancelled")
        expected = orders.aggregate(count=Count("pk"), last=Max("date_placed"))
        total = counted.aggregate(total=Sum("total_incl_tax"))["total"] or Decimal(0)
        stored = (customer.orders_count, customer.orders_total, customer.last_order_at)
        assert stored == (expected["count"], total, expected["last"])


def create_order(random):
    name = random.choice("abcd")
    currency = random.choices(["EUR", "USD"], [4, 1])[0]
    make_order(f"{name}@example.org", total=str(random.randint(1, 9999) / 100), currency=currency)


def cancel_order(random, order):
    if order.status == "Pending":
        order.set_status("Cancelled")


def change_total(random, order):
    order.total_incl_tax = Decimal(random.randint(1, 9999)) / 100
    order.save()


def change_currency(random, order):
    order.currency = "USD" if order.currency == "EUR" else "EUR"
    order.save()


def delete_order(random, order):
    order.delete()


def delete_by_query(random, order):
    Order.objects.filter(pk=order.pk).delete()


CHANGES = [cancel_order, change_total, change_currency, delete_order, delete_by_query]


@pytest.mark.parametrize("seed", range(3))
def test_counters_stay_true_whatever_happens_to_the_orders(seed, shop):
    chance = random.Random(seed)
    for _step in range(80):
        orders = list(Order.objects.order_by("pk"))
        if not orders or chance.random() < 0.5:
            create_order(chance)
        else:
            chance.choice(CHANGES)(chance, chance.choice(orders))
        assert_counters_are_true()
    assert Customer.objects.count() == 4
    assert Order.objects.count() > 5


def test_the_total_leaves_out_other_currencies_and_cancelled_orders(shop):
    make_order(ANN, total="10.00")
    make_order(ANN, total="20.00", currency="USD")
    make_order(ANN, total="40.00", status="Cancelled")

    customer = Customer.objects.get()
    assert (customer.orders_count, customer.orders_total) == (3, Decimal("10.00"))


def test_a_shop_decides_which_statuses_do_not_count(settings, shop):
    settings.OSCAR_CUSTOMERS_UNCOUNTED_ORDER_STATUSES = ["Pending"]
    make_order(ANN, total="10.00")
    make_order(ANN, total="40.00", status="Cancelled")

    assert Customer.objects.get().orders_total == Decimal("40.00")


def test_counters_do_not_count_as_a_change_of_the_customer(shop):
    first = make_order(ANN)
    modified_at = Customer.objects.get().modified_at

    make_order(ANN)
    first.set_status("Cancelled")
    first.delete()

    customer = Customer.objects.get()
    assert (customer.orders_count, customer.modified_at) == (1, modified_at)


def test_a_customer_may_be_deleted_with_all_orders(shop):
    make_order(ANN)
    Order.objects.all().delete()

    Customer.objects.get().delete()

    assert not Customer.objects.exists()
    assert Contact.objects.get().email == ANN
