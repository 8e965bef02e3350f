"""Where addresses come from and where they go: orders, accounts made and deleted, the shop's own address book."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_class, get_model

from benchmarks.measuring import counted_statements
from oscar_customers_ext.accounts.actions import prove_address
from oscar_customers_ext.customers.actions import create_customer, link_order
from oscar_customers_ext.customers.addresses.actions import (
    AddressGone,
    delete_address,
    save_address,
    take_back_addresses,
)
from oscar_customers_ext.customers.addresses.books import address_book, new_address
from oscar_customers_ext.customers.addresses.companies import company_of
from oscar_customers_ext.customers.ownership import attach_user
from oscar_customers_ext.models import AddressCompany, Customer, CustomerAddress, CustomerOrder, VerifiedEmail
from tests.checkout import ADDRESS, buy, go_to_preview, place_order
from tests.customers.test_addresses import add
from tests.factories import make_address, make_country, make_order, make_user

pytestmark = pytest.mark.django_db(transaction=True)

UserAddress = get_model("address", "UserAddress")
BillingAddress = get_model("order", "BillingAddress")
SHOP_FORM = {
    "first_name": "Ann",
    "last_name": "Rossi",
    "company_name": "Rossi S.r.l.",
    "line1": "Via Roma 1",
    "line4": "Torino",
    "postcode": "10121",
    "country": "IT",
}


def sign_in(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def lines(customer):
    return [address.line1 for address in address_book(customer)]


def defaults(address):
    return address.is_default_for_billing, address.is_default_for_shipping


def billing_address(**fields):
    address = make_address(**fields)
    billing = BillingAddress()
    address.populate_alternative_model(billing)
    billing.save()
    return billing


# What an order brings


def test_a_new_guest_keeps_the_address_of_the_order(client, shop):
    buy(client, shop, email="ann@example.org")

    customer = Customer.objects.get()
    [address] = address_book(customer)
    assert (str(address), address.phone_number) == (
        "Ann Rossi, Via Roma 1, Torino, 10121, Italy",
        "+390115550100",
    )
    assert defaults(address) == (False, True)
    assert not UserAddress.objects.exists()


def test_another_order_under_the_address_changes_nothing(client, shop):
    buy(client, shop, email="ann@example.org")
    buy(Client(), shop, email="ann@example.org", address=ADDRESS | {"line1": "Via Po 2"})

    assert CustomerOrder.objects.count() == 2
    assert lines(Customer.objects.get()) == ["Via Roma 1"]


def test_an_order_adds_nothing_to_a_customer_whom_staff_entered(client, shop):
    customer = create_customer(email="ann@example.org")

    buy(client, shop, email="ann@example.org")

    assert lines(customer) == []


def test_a_signed_in_buyer_has_the_address_once(shop):
    user = make_user("ann@example.org")

    buy(sign_in(user), shop)

    customer = Customer.objects.get(user=user)
    assert lines(customer) == ["Via Roma 1"]
    assert (UserAddress.objects.count(), CustomerAddress.objects.count()) == (1, 0)


def test_billing_and_shipping_addresses_become_the_defaults(shop):
    order = make_order(shipping_address=make_address(), billing_address=billing_address(line1="Via Po 2"))

    customer = link_order(order)

    assert {address.line1: defaults(address) for address in address_book(customer)} == {
        "Via Roma 1": (False, True),
        "Via Po 2": (True, False),
    }


def test_equal_addresses_of_an_order_are_one(shop):
    shipping = make_address(phone_number="+390115550100")
    customer = link_order(make_order(shipping_address=shipping, billing_address=billing_address()))

    [address] = address_book(customer)
    assert (defaults(address), address.phone_number) == ((True, True), "+390115550100")


def test_what_is_not_shipped_to_is_kept_without_being_a_default(shop):
    abroad = make_country("NO", "Norway")
    abroad.is_shipping_country = False
    abroad.save()

    customer = link_order(make_order(shipping_address=make_address(country=abroad, postcode="wrong")))

    assert [defaults(address) for address in address_book(customer)] == [(False, False)]


def test_a_digital_order_brings_no_address(shop):
    assert lines(link_order(make_order())) == []


def test_taking_in_history_keeps_the_addresses_of_the_first_order(shop, capsys):
    order_model = get_model("order", "Order")
    fields = {"guest_email": "ann@example.org", "currency": "EUR", "site": Site.objects.get_current()}
    totals = {"total_incl_tax": 10, "total_excl_tax": 10}
    order_model.objects.bulk_create(
        order_model(
            number=f"H{day}",
            date_placed=f"2024-01-0{day}T10:00:00Z",
            shipping_address=make_address(line1=f"Via {day}"),
            **fields,
            **totals,
        )
        for day in (2, 1, 3)
    )

    call_command("reconcile_customers")

    assert lines(Customer.objects.get()) == ["Via 1"]
    call_command("reconcile_customers")
    assert CustomerAddress.objects.count() == 1


@pytest.mark.parametrize(
    ("buyer", "allowed"), [("new guest", 14), ("known guest", 9)], ids=["new guest", "known guest"]
)
def test_the_last_click_stays_cheap(shop, buyer, allowed):
    if buyer == "known guest":
        buy(Client(), shop, email="ann@example.org")
    client = Client()
    go_to_preview(client, shop, email="ann@example.org")
    with counted_statements() as sent:
        place_order(client)

    ours = [sql for sql in sent if "oscar_customers_ext_" in sql or "django_site" in sql]
    assert len(ours) <= allowed
    stored = [sql for sql in sent if "customeraddress" in sql]
    assert len(stored) == (1 if buyer == "new guest" else 0)


# An account is made


def test_the_addresses_move_into_the_account(shop):
    customer = create_customer(email="ann@example.org")
    add(customer, company_name="Rossi S.r.l.", phone_number="+390115550100", is_default_for_shipping=True)
    add(customer, line1="Via Po 2", is_default_for_billing=True, notes="Ring twice")

    attach_user(customer, make_user("ann@example.org"), by_staff=True)

    first, second = address_book(customer)
    assert (first.line1, company_of(first).company_name, first.phone_number, defaults(first)) == (
        "Via Roma 1",
        "Rossi S.r.l.",
        "+390115550100",
        (False, True),
    )
    assert (second.line1, second.notes, defaults(second)) == ("Via Po 2", "Ring twice", (True, False))
    assert not CustomerAddress.objects.exists()
    page = sign_in(customer.user).get(reverse("customer:address-list")).text
    for text in ("Via Roma 1", "Rossi S.r.l.", "Via Po 2"):
        assert text in page


def test_what_a_stranger_may_have_typed_is_no_default_of_whoever_proves_the_address(shop):
    customer = create_customer(email="ann@example.org")
    add(customer, is_default_for_shipping=True, is_default_for_billing=True)
    user = make_user("ann@example.org", is_staff=False)

    prove_address(user, "ann@example.org", "password_reset")

    customer.refresh_from_db()
    [address] = address_book(customer)
    assert (customer.user, address.line1, defaults(address)) == (user, "Via Roma 1", (False, False))


def test_the_accounts_own_addresses_and_defaults_stay(shop):
    user = make_user("ann@example.org")
    owner = create_customer(email="other@example.org", user=user)
    own = add(owner, line1="Via Roma 1", is_default_for_shipping=True)
    Customer.objects.filter(pk=owner.pk).update(user=None)
    customer = create_customer(email="ann@example.org")
    add(customer, company_name="Rossi S.r.l.", phone_number="+390115550100", is_default_for_billing=True)
    add(customer, line1="Via Po 2", is_default_for_shipping=True)

    attach_user(customer, user, by_staff=True)

    first, second = address_book(customer)
    assert (first.pk, defaults(first)) == (own.pk, (True, True))
    assert (company_of(first).company_name, first.phone_number) == ("Rossi S.r.l.", "+390115550100")
    assert (second.line1, defaults(second)) == ("Via Po 2", (False, False))


def test_nothing_is_lost_when_attaching_fails(shop):
    customer, taken = create_customer(email="ann@example.org"), make_user("bob@example.org")
    create_customer(email="bob@example.org", user=taken)
    add(customer, company_name="Rossi S.r.l.")

    with pytest.raises(Exception, match=r"(?i)unique"):
        attach_user(customer, taken)

    customer = Customer.objects.get(pk=customer.pk)
    assert (lines(customer), customer.user) == (["Via Roma 1"], None)
    assert not UserAddress.objects.exists()


# An account is deleted


def test_a_customer_whose_account_staff_delete_keeps_the_addresses(shop):
    customer = create_customer(email="ann@example.org", user=make_user("ann@example.org"))
    add(customer, company_name="Rossi S.r.l.", is_default_for_billing=True, is_default_for_shipping=True)
    add(customer, line1="Via Po 2", phone_number="+390115550100")
    VerifiedEmail.objects.create(user=customer.user, email="ann@example.org", source="staff")

    customer.user.delete()

    customer = Customer.objects.get()
    first, second = address_book(customer)
    assert not customer.is_registered
    assert (first.line1, company_of(first).company_name, defaults(first)) == (
        "Via Roma 1",
        "Rossi S.r.l.",
        (True, True),
    )
    assert (second.line1, second.phone_number) == ("Via Po 2", "+390115550100")
    assert not UserAddress.objects.exists()


def test_several_accounts_are_deleted_at_once(shop, django_user_model):
    for name in ("ann", "bob"):
        add(create_customer(email=f"{name}@example.org", user=make_user(f"{name}@example.org")))
    make_user("nobody@example.org")

    django_user_model.objects.all().delete()

    assert [lines(customer) for customer in Customer.objects.all()] == [["Via Roma 1"], ["Via Roma 1"]]


def test_two_defaults_that_oscar_left_become_one(shop):
    user = make_user("ann@example.org")
    customer = create_customer(email="ann@example.org", user=user)
    add(customer)
    add(customer, line1="Via Po 2")
    UserAddress.objects.update(is_default_for_billing=True)
    VerifiedEmail.objects.create(user=user, email="ann@example.org", source="staff")

    take_back_addresses(user)

    kept = CustomerAddress.objects.order_by("pk").values_list("is_default_for_billing", flat=True)
    assert list(kept) == [True, False]


def test_who_deletes_the_own_account_takes_the_addresses_along(shop):
    user = make_user("ann@example.org")
    client = sign_in(user)
    buy(client, shop)
    page = reverse("customer:profile-delete")

    client.post(page, {"password": "wrong"})
    assert UserAddress.objects.count() == 1
    client.post(page, {"password": "correct-horse"})

    customer = Customer.objects.get()
    assert (customer.user, customer.orders_count, lines(customer)) == (None, 1, [])
    assert not UserAddress.objects.exists()


# The shop's address book


@pytest.fixture
def buyer(shop):
    user = make_user("ann@example.org")
    create_customer(email="ann@example.org", user=user)
    return sign_in(user)


def test_the_buyer_enters_sees_changes_and_clears_the_company(buyer):
    buyer.post(reverse("customer:address-create"), SHOP_FORM)

    address = UserAddress.objects.get()
    assert company_of(address).company_name == "Rossi S.r.l."
    assert lines(Customer.objects.get()) == ["Via Roma 1"]
    assert "Ann Rossi<br/>" in (listed := buyer.get(reverse("customer:address-list")).text)
    assert "Rossi S.r.l.<br/>" in listed
    page = reverse("customer:address-detail", args=[address.pk])
    assert 'value="Rossi S.r.l."' in buyer.get(page).text

    buyer.post(page, SHOP_FORM | {"company_name": "Bianchi", "line1": "Via Po 2"})
    assert company_of(UserAddress.objects.get()).company_name == "Bianchi"
    buyer.post(page, SHOP_FORM | {"company_name": ""})
    assert not AddressCompany.objects.exists()


def test_a_page_of_the_site_without_the_field_keeps_the_company(buyer):
    buyer.post(reverse("customer:address-create"), SHOP_FORM)
    address = UserAddress.objects.get()
    form = {name: value for name, value in SHOP_FORM.items() if name != "company_name"}

    buyer.post(reverse("customer:address-detail", args=[address.pk]), form | {"line1": "Via Po 2"})

    address = UserAddress.objects.get()
    assert (address.line1, company_of(address).company_name) == ("Via Po 2", "Rossi S.r.l.")


def test_a_company_that_is_too_long_gets_a_sentence(buyer):
    response = buyer.post(reverse("customer:address-create"), SHOP_FORM | {"company_name": "x" * 256})

    assert response.context["form"].errors == {
        "company_name": ["Ensure this value has at most 255 characters (it has 256)."]
    }
    assert not UserAddress.objects.exists()


def test_a_form_of_the_site_that_saves_later_keeps_the_company(buyer):
    user = Customer.objects.get().user
    form = get_class("address.forms", "UserAddressForm")(user, SHOP_FORM)
    address = form.save(commit=False)
    address.save()
    form.save_m2m()

    assert company_of(UserAddress.objects.get()).company_name == "Rossi S.r.l."


def test_deleting_an_address_in_the_shop_deletes_its_company(buyer):
    buyer.post(reverse("customer:address-create"), SHOP_FORM)

    buyer.post(reverse("customer:address-delete", args=[UserAddress.objects.get().pk]))

    assert (UserAddress.objects.count(), AddressCompany.objects.count()) == (0, 0)


def test_the_checkout_keeps_no_company_and_offers_the_book(buyer, shop):
    buyer.post(reverse("customer:address-create"), SHOP_FORM)
    address = UserAddress.objects.get()
    buyer.post(reverse("basket:add", kwargs={"pk": shop.pk}), {"quantity": 1})

    page = buyer.get(reverse("checkout:shipping-address"))
    assert page.context["form"]["company_name"].value() == ""
    buyer.post(
        reverse("checkout:user-address-update", args=[address.pk]), SHOP_FORM | {"company_name": "Bianchi"}
    )
    buyer.post(reverse("checkout:shipping-address"), {"action": "ship_to", "address_id": address.pk})
    buyer.get(reverse("checkout:shipping-method"))
    assert place_order(buyer).url == reverse("checkout:thank-you")

    assert company_of(UserAddress.objects.get()).company_name == "Bianchi"


def test_a_list_of_addresses_costs_one_query_for_all_companies(buyer, django_assert_num_queries):
    customer = Customer.objects.get()
    add(customer, company_name="Rossi S.r.l.")
    page = reverse("customer:address-list")
    buyer.get(page)
    with counted_statements() as one:
        buyer.get(page)
    for number in range(5):
        add(customer, line1=f"Via {number}", company_name="Bianchi")
    with counted_statements() as many:
        assert buyer.get(page).text.count("Bianchi") == 5
    # Oscar itself reads each address's country.
    assert len(many) - len([sql for sql in many if "address_country" in sql]) == len(one) - len(
        [sql for sql in one if "address_country" in sql]
    )


def test_the_default_chosen_in_the_shop_shows_on_the_tab(buyer):
    customer = Customer.objects.get()
    add(customer, is_default_for_shipping=True)
    second = add(customer, line1="Via Po 2")

    buyer.get(reverse("customer:address-change-status", args=[second.pk, "default_for_shipping"]))

    assert [(row.line1, row.is_default_for_shipping) for row in address_book(customer)] == [
        ("Via Po 2", True),
        ("Via Roma 1", False),
    ]


# Two at once


def test_a_page_that_was_open_when_the_account_was_made_is_told_so(shop):
    customer = create_customer(email="ann@example.org")
    address = add(customer)
    stale = Customer.objects.get(pk=customer.pk)
    attach_user(customer, make_user("ann@example.org"))

    for attempt in (save_address, delete_address):
        with pytest.raises(AddressGone, match="no longer in the customer's address book"):
            attempt(stale, address)
    with pytest.raises(AddressGone):
        save_address(stale, new_address(stale, line1="Via Po 2", country=make_country()))

    assert lines(customer) == ["Via Roma 1"]


def test_an_address_that_was_deleted_meanwhile_is_not_made_again(shop):
    customer = create_customer(email="ann@example.org")
    address = add(customer)
    CustomerAddress.objects.all().delete()

    for attempt in (save_address, delete_address):
        with pytest.raises(AddressGone):
            attempt(customer, address)

    assert lines(customer) == []


def test_an_address_of_somebody_else_is_refused(shop):
    ann, bob = create_customer(email="ann@example.org"), create_customer(email="bob@example.org")
    address = add(ann)

    for attempt in (save_address, delete_address):
        with pytest.raises(AddressGone):
            attempt(bob, address)

    assert lines(ann) == ["Via Roma 1"]


def test_a_company_name_of_the_api_is_checked_too(shop):
    customer = create_customer(email="ann@example.org", user=make_user("ann@example.org"))

    with pytest.raises(ValidationError, match="at most 255 characters"):
        add(customer, company_name="x" * 256)

    assert lines(customer) == []


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.parametrize("registered", [False, True], ids=["guest", "account"])
def test_eight_new_defaults_at_once_leave_one(shop, registered):
    user = make_user("ann@example.org") if registered else None
    customer = create_customer(email="ann@example.org", user=user)
    barrier = Barrier(8)

    def choose(number):
        try:
            barrier.wait(timeout=10)
            add(customer, line1=f"Via {number}", is_default_for_billing=True, is_default_for_shipping=True)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(choose, range(8)))

    assert address_book(customer).count() == 8
    for name in ("is_default_for_billing", "is_default_for_shipping"):
        assert address_book(customer).filter(**{name: True}).count() == 1


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.parametrize("registered", [False, True], ids=["guest", "account"])
def test_one_address_submitted_eight_times_is_stored_once(shop, registered):
    user = make_user("ann@example.org") if registered else None
    customer = create_customer(email="ann@example.org", user=user)
    barrier = Barrier(8)

    def submit(_number):
        try:
            barrier.wait(timeout=10)
            add(customer)
        except ValidationError as error:
            return error.messages
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(submit, range(8)))

    assert lines(customer) == ["Via Roma 1"]
    assert answers.count(None) == 1
    assert len({str(answer) for answer in answers}) == 2
