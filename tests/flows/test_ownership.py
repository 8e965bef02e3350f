"""Whose customer it is. An address that somebody only typed opens nothing and changes nothing."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from oscar_customers_ext.customers.actions import create_customer, link_order, register_user
from oscar_customers_ext.middleware import CustomerMiddleware
from oscar_customers_ext.models import Contact, Customer, CustomerOrder, VerifiedEmail
from tests.checkout import ADDRESS, buy, fill_basket, go_to_preview, place_order
from tests.factories import make_address, make_country, make_order, make_user

pytestmark = pytest.mark.django_db(transaction=True)

VICTIM = "vera@example.org"
PASSWORD = "correct-horse-battery"
COUNTERS = {"orders_count", "orders_total", "last_order_at"}


def row(customer):
    return Customer.objects.filter(pk=customer.pk).values().get()


def changed_columns(before, customer):
    after = row(customer)
    return {name for name in before if before[name] != after[name]}


def register(client, email):
    response = client.post(
        reverse("customer:register"), {"email": email, "password1": PASSWORD, "password2": PASSWORD}
    )
    assert response.status_code == 302, response.context["form"].errors
    return get_user_model().objects.get(email__iexact=email)


def sign_in(client, user):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")


def customer_of_request(user):
    """What a view behind the middleware sees."""
    request = RequestFactory().get("/")
    request.user = user
    seen = []
    CustomerMiddleware(lambda request: seen.append(request.customer) or HttpResponse())(request)
    return seen[0]


# An attacker who registers somebody else's address


@pytest.mark.parametrize("typed", [VICTIM, "VERA@Example.ORG"])
def test_registering_the_address_of_a_guest_who_bought_gives_nothing_of_hers(typed, client, shop):
    buy(client, shop, email=VICTIM)
    vera = Customer.objects.get()
    before = row(vera)

    attacker = register(Client(), typed)

    assert Customer.objects.get() == vera
    assert changed_columns(before, vera) == set()
    assert vera.user is None
    assert customer_of_request(attacker) is None
    assert not CustomerOrder.objects.proven().exists()
    assert not VerifiedEmail.objects.exists()


def test_ordering_with_the_registered_address_of_a_guest_gives_nothing_of_hers(client, shop):
    buy(client, shop, email=VICTIM)
    vera = Customer.objects.get()
    before = row(vera)
    attackers_client = Client()
    attacker = register(attackers_client, VICTIM)

    response = buy(attackers_client, shop, address=ADDRESS | {"first_name": "Mallory", "last_name": "Evil"})

    assert response.url == reverse("checkout:thank-you")
    assert changed_columns(before, vera) == COUNTERS
    assert row(vera)["user_id"] is None
    assert customer_of_request(attacker) is None
    assert not CustomerOrder.objects.proven().exists()
    assert CustomerOrder.objects.filter(customer=vera, proven=False).count() == 2


def test_an_address_registered_beforehand_shows_nothing_of_what_its_owner_buys_later(client, shop):
    # Oscar's checkout refuses a guest with a registered address; the attacker registers it while she is within.
    go_to_preview(client, shop, email=VICTIM)
    attacker = register(Client(), VICTIM)
    attackers_row = Customer.objects.get(user=attacker)
    before = row(attackers_row)

    place_order(client)

    link = CustomerOrder.objects.get()
    assert (link.customer, link.proven, link.order.user) == (attackers_row, False, None)
    assert changed_columns(before, attackers_row) == COUNTERS
    assert customer_of_request(attacker) == attackers_row
    assert not attackers_row.order_links.proven().exists()
    texts = row(attackers_row)
    assert (texts["first_name"], texts["last_name"], texts["phone"], texts["country_id"]) == (
        "",
        "",
        "",
        None,
    )
    assert "rossi" not in texts["search_text"]


# Somebody who types the address of a customer


@pytest.fixture
def known_customer(shop):
    """A customer with everything filled, some of it blank on purpose, last changed yesterday."""
    customer = create_customer(
        email=VICTIM,
        first_name="Vera",
        phone="+39 011 5550199",
        company_name="Vera srl",
        vat_number="IT01234567890",
        language="it",
    )
    Customer.objects.filter(pk=customer.pk).update(modified_at=timezone.now() - timedelta(days=1))
    return customer


STRANGER = ADDRESS | {
    "first_name": "Mallory",
    "last_name": "Evil",
    "country": "FR",
    "phone_number": "+33 1 42 68 53 00",
}


@pytest.mark.parametrize("typed", [VICTIM, "Vera@EXAMPLE.org", "VERA@example.org"])
def test_a_guest_who_types_the_address_changes_nothing_but_the_counters(typed, client, known_customer, shop):
    make_country("FR", "France")
    before = row(known_customer)
    contacts = list(Contact.objects.values())

    response = buy(client, shop, email=typed, address=STRANGER)

    assert response.url == reverse("checkout:thank-you")
    assert changed_columns(before, known_customer) == COUNTERS
    assert list(Contact.objects.values()) == contacts
    link = CustomerOrder.objects.get()
    assert (link.customer, link.proven) == (known_customer, False)


def test_a_guest_order_brings_an_archived_customer_back(client, known_customer, shop):
    Customer.objects.filter(pk=known_customer.pk).update(archived_at=timezone.now())
    before = row(known_customer)

    buy(client, shop, email=VICTIM, address=STRANGER | {"country": "IT"})

    assert changed_columns(before, known_customer) == COUNTERS | {"archived_at", "modified_at"}
    assert list(Customer.objects.active()) == [known_customer]


def test_a_guest_order_is_unproven_for_the_account_with_its_address(client, shop):
    go_to_preview(client, shop, email=VICTIM)
    user = make_user(VICTIM)
    vera = register_user(user)

    place_order(client)

    link = CustomerOrder.objects.get()
    assert (link.customer, link.proven) == (vera, False)
    assert row(vera)["user_id"] == user.pk


def test_an_address_changed_in_the_middle_of_the_checkout_counts_alone(client, known_customer, shop):
    before = row(known_customer)
    fill_basket(client, shop)
    for email in [VICTIM, "Mallory@Example.org"]:
        client.post(reverse("checkout:index"), {"username": email, "options": "anonymous"})
        client.post(reverse("checkout:shipping-address"), STRANGER | {"country": "IT"})
        client.get(reverse("checkout:shipping-method"))
        client.get(reverse("checkout:payment-method"))

    place_order(client)

    assert changed_columns(before, known_customer) == set()
    assert not known_customer.order_links.exists()
    mallory = Customer.objects.exclude(pk=known_customer.pk).get()
    assert (mallory.email_key, mallory.full_name) == ("mallory@example.org", "Mallory Evil")
    assert mallory.order_links.get().email == "Mallory@example.org"
    assert set(Contact.objects.values_list("email_key", flat=True)) == {VICTIM, "mallory@example.org"}


def test_an_account_keeps_its_customer_when_its_address_changes(client, shop):
    user = make_user(VICTIM)
    vera = register_user(user)
    user.email = "vera.new@example.org"
    user.save()
    sign_in(client, user)

    buy(client, shop)

    link = CustomerOrder.objects.get()
    assert (link.customer, link.proven, link.email) == (vera, True, "vera.new@example.org")
    # Nobody else's, so the customer follows the account; it proves nothing.
    assert row(vera)["email"] == "vera.new@example.org"
    assert not VerifiedEmail.objects.exists()


def test_an_account_that_takes_a_customers_address_stays_with_its_own_customer(client, known_customer, shop):
    mallory = make_user("mallory@example.org")
    mallorys_row = register_user(mallory)
    mallory.email = VICTIM
    mallory.save()
    before = row(known_customer)
    sign_in(client, mallory)

    buy(client, shop)

    assert CustomerOrder.objects.get().customer == mallorys_row
    assert changed_columns(before, known_customer) == set()
    assert row(mallorys_row)["email"] == "mallory@example.org"


# Users who go, and users who share


def test_a_deleted_user_leaves_a_guest_with_the_order_and_its_address(client, shop):
    user = make_user(VICTIM)
    sign_in(client, user)
    buy(client, shop)
    vera = Customer.objects.get(user=user)
    before = row(vera)

    user.delete()

    assert changed_columns(before, vera) == {"user_id"}
    assert list(Customer.objects.guests()) == [vera]
    link = CustomerOrder.objects.get()
    assert (link.customer, link.email, link.order.email) == (vera, VICTIM, "")
    assert link_order(link.order) == vera


def test_none_of_two_active_users_with_one_address_gets_the_customer(client, shop):
    first, second = make_user(VICTIM), make_user("VERA@example.org")

    for user in [first, second]:
        assert register_user(user) is None
        sign_in(client, user)
        buy(client, shop)

    customer = Customer.objects.get()
    assert (customer.user, customer.orders_count) == (None, 2)
    assert not CustomerOrder.objects.proven().exists()
    assert [customer_of_request(user) for user in [first, second]] == [None, None]


def test_an_inactive_namesake_does_not_count(client, shop):
    make_user(VICTIM, is_active=False)
    user = make_user(VICTIM)
    sign_in(client, user)

    buy(client, shop)

    assert Customer.objects.get().user == user
    assert CustomerOrder.objects.get().proven


def test_of_two_users_with_one_address_the_one_who_proved_it_gets_the_customer(client, shop):
    make_user(VICTIM)
    user = make_user(VICTIM)
    VerifiedEmail.objects.create(user=user, email="Vera@Example.org", source="test")
    sign_in(client, user)

    buy(client, shop)

    assert Customer.objects.get().user == user


# Somebody who proved the address


@pytest.fixture
def verified_user(db):
    user = make_user(VICTIM)
    VerifiedEmail.objects.create(user=user, email=VICTIM, source="test")
    return user


def test_a_user_who_proved_the_address_gets_the_unowned_customer(client, known_customer, verified_user, shop):
    sign_in(client, verified_user)

    buy(client, shop)

    assert Customer.objects.get() == known_customer
    assert row(known_customer)["user_id"] == verified_user.pk
    assert CustomerOrder.objects.get().proven
    assert customer_of_request(verified_user) == known_customer


def test_a_registration_with_proof_gets_the_unowned_customer(known_customer, verified_user):
    assert register_user(verified_user) == known_customer
    assert row(known_customer)["user_id"] == verified_user.pk


def test_proof_of_another_address_gets_nothing(client, known_customer, shop):
    mallory = make_user(VICTIM)
    VerifiedEmail.objects.create(user=mallory, email="mallory@example.org", source="test")
    sign_in(client, mallory)

    buy(client, shop)

    assert row(known_customer)["user_id"] is None
    assert not CustomerOrder.objects.proven().exists()


def test_proof_does_not_take_a_customer_from_another_user(client, verified_user, shop):
    owner = make_user("owner@example.org")
    customer = create_customer(email=VICTIM, user=owner)
    sign_in(client, verified_user)

    buy(client, shop)

    assert row(customer)["user_id"] == owner.pk
    assert customer_of_request(verified_user) is None
    assert not CustomerOrder.objects.proven().exists()


def test_a_later_proven_order_fills_blanks_only(client, known_customer, verified_user, shop):
    before = row(known_customer)
    sign_in(client, verified_user)

    buy(client, shop, address=ADDRESS | {"first_name": "Another", "last_name": "Name"})

    assert changed_columns(before, known_customer) == COUNTERS | {
        "user_id",
        "country_id",
        "modified_at",
    }
    customer = Customer.objects.get()
    assert (customer.full_name, customer.phone, customer.country_id) == ("Vera", "+39 011 5550199", "IT")


def test_a_country_filled_in_later_makes_a_national_phone_number_findable(verified_user, shop):
    register_user(verified_user)
    customer = Customer.objects.get()
    customer.first_name, customer.phone = "Vera", "011 5550199"
    customer.save()
    make_order(user=verified_user, shipping_address=make_address())

    assert Customer.objects.get().country_id == "IT"
    assert list(Customer.objects.search("+390115550199")) == [customer]


# request.customer


def test_visitors_have_no_customer_and_cost_no_query(client, shop, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert customer_of_request(AnonymousUser()) is None
    response = client.get(reverse("basket:summary"))
    with django_assert_num_queries(0):
        assert response.wsgi_request.customer is None


def test_the_customer_of_a_signed_in_user_costs_one_query(client, shop, django_assert_num_queries):
    user = make_user(VICTIM)
    customer = register_user(user)
    sign_in(client, user)
    request = client.get(reverse("customer:login")).wsgi_request

    with django_assert_num_queries(1):
        assert request.customer == customer
        assert request.customer is request.customer


def test_a_user_without_customer_has_none(client, shop, django_assert_num_queries):
    sign_in(client, make_user(VICTIM))
    request = client.get(reverse("customer:login")).wsgi_request

    with django_assert_num_queries(1):
        assert request.customer is None
        assert request.customer is None


def test_a_request_without_user_has_no_customer(rf, django_assert_num_queries):
    request = rf.get("/")
    with django_assert_num_queries(0):
        CustomerMiddleware(lambda request: HttpResponse())(request)
        assert request.customer is None


def test_an_address_is_shared_in_whatever_spelling_of_its_domain(shop):
    first = make_user("x@m\u00fcnchen.example")
    second = make_user("X@xn--mnchen-3ya.example")

    for user in (second, first):
        assert register_user(user) is None

    assert Customer.objects.get().user is None
