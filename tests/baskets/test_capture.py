"""What the checkout remembers of a guest who has typed an address: only where the shop says so, and never at a price."""

import logging
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from oscar.apps.checkout.signals import start_checkout
from oscar.core.loading import get_model

from oscar_customers_ext.baskets.actions import remember_address
from oscar_customers_ext.models import BasketContact
from tests.checkout import buy, fill_basket
from tests.factories import make_user
from tests.statements import Statements

pytestmark = pytest.mark.django_db

Basket = get_model("basket", "Basket")
GATEWAY = "checkout:index"


@pytest.fixture
def _capturing(settings):
    settings.OSCAR_CUSTOMERS_CAPTURE_CART_EMAIL = True


def type_address(client, email="Ann@Example.org", options="anonymous"):
    return client.post(reverse(GATEWAY), {"username": email, "options": options})


@pytest.mark.usefixtures("_capturing")
@pytest.mark.parametrize("options", ["anonymous", "new"])
def test_the_address_that_a_guest_types_is_kept_beside_the_cart(client, shop, options):
    fill_basket(client, shop)

    assert type_address(client, options=options).status_code == 302

    contact = BasketContact.objects.get()
    assert (contact.basket, contact.email_key) == (Basket.objects.get(), "ann@example.org")
    assert contact.email == "Ann@example.org"
    assert contact.site.pk == 1


@pytest.mark.usefixtures("_capturing")
def test_another_address_takes_the_place_of_the_first(client, shop):
    fill_basket(client, shop)
    for email in ("ann@example.org", "anna@example.org", "anna@example.org"):
        type_address(client, email)

    assert [contact.email for contact in BasketContact.objects.all()] == ["anna@example.org"]


def test_nothing_is_kept_unless_the_shop_says_so(client, shop):
    fill_basket(client, shop)

    with connection.execute_wrapper(statements := Statements("oscar_customers_ext.receivers")):
        assert type_address(client).status_code == 302

    assert (BasketContact.objects.count(), statements.count) == (0, 0)


@pytest.mark.usefixtures("_capturing")
def test_who_is_signed_in_costs_nothing(client, shop):
    client.force_login(make_user("ann@example.org"), backend="django.contrib.auth.backends.ModelBackend")
    fill_basket(client, shop)

    with connection.execute_wrapper(statements := Statements("oscar_customers_ext.receivers")):
        assert client.get(reverse(GATEWAY)).status_code == 302

    assert (BasketContact.objects.count(), statements.count) == (0, 0)


@pytest.mark.usefixtures("_capturing")
def test_remembering_costs_two_statements(client, shop):
    fill_basket(client, shop)
    type_address(client)

    with CaptureQueriesContext(connection) as queries:
        type_address(client)

    ours = [query["sql"] for query in queries if "oscar_customers_ext_basketcontact" in query["sql"]]
    assert [sql.split()[0] for sql in ours] == ["DELETE", "INSERT"]


@pytest.mark.usefixtures("_capturing")
@pytest.mark.parametrize("email", ["", "nonsense", "a\u200bnn@example.org", "x" * 321 + "@example.org", None])
def test_what_is_no_address_is_not_kept(shop, email):
    basket = Basket.objects.create()

    start_checkout.send_robust(sender=None, request=SimpleNamespace(basket=basket), email=email)

    assert BasketContact.objects.count() == 0


@pytest.mark.usefixtures("_capturing")
@pytest.mark.parametrize("request_", [SimpleNamespace(basket=Basket()), SimpleNamespace(), None])
def test_a_visit_without_a_cart_is_left_alone(shop, request_, caplog):
    for _receiver, answer in start_checkout.send_robust(
        sender=None, request=request_, email="ann@example.org"
    ):
        assert not isinstance(answer, Exception)

    assert BasketContact.objects.count() == 0
    assert "ann@example.org" not in caplog.text


@pytest.mark.usefixtures("_capturing")
@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_database_that_fails_does_not_reach_the_buyer(client, shop, caplog, at):
    fill_basket(client, shop)

    def fail(number, connection):
        if number == at:
            raise RuntimeError("Failing row contains (ann@example.org)")

    with connection.execute_wrapper(Statements("oscar_customers_ext.baskets.actions", fail)):
        response = type_address(client, "ann@example.org")

    assert response.status_code == 302
    assert response.url == reverse("checkout:shipping-address")
    assert "ann@example.org" not in caplog.text
    kept = BasketContact.objects.count()
    failed = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert (kept, len(failed)) in ((0, 1), (1, 0))
    assert [record.getMessage() for record in failed] in (
        [],
        ["The address of a cart was not kept: RuntimeError"],
    )


@pytest.mark.usefixtures("_capturing")
def test_buying_goes_on_as_ever(client, shop):
    response = buy(client, shop, email="ann@example.org")

    assert response.status_code == 302
    assert response.url == reverse("checkout:thank-you")
    assert BasketContact.objects.get().basket.status == "Submitted"


def make_contact(*, days=0, status="Open", email="ann@example.org"):
    contact = BasketContact.objects.create(basket=Basket.objects.create(status=status), email=email)
    BasketContact.objects.filter(pk=contact.pk).update(captured_at=timezone.now() - timedelta(days=days))
    return contact


def test_remembering_deletes_what_is_outdated(shop, settings):
    old, young = make_contact(days=31), make_contact(days=29)

    remember_address(Basket.objects.create().pk, email="bob@example.org")

    assert set(BasketContact.objects.values_list("email", flat=True)) == {
        "ann@example.org",
        "bob@example.org",
    }
    assert not BasketContact.objects.filter(pk=old.pk).exists()
    assert BasketContact.objects.filter(pk=young.pk).exists()


def test_a_visitor_does_not_pay_for_a_long_pause(shop):
    for _number in range(103):
        make_contact(days=31)

    remember_address(Basket.objects.create().pk, email="bob@example.org")

    assert BasketContact.objects.count() == 4


def test_the_command_forgets_what_is_outdated_and_what_was_ordered(shop, settings, capsys):
    settings.OSCAR_CUSTOMERS_CART_EMAIL_DAYS = 7
    make_contact(days=8)
    for status in ("Submitted", "Merged"):
        make_contact(status=status)
    kept = [make_contact(status=status, days=6) for status in ("Open", "Saved", "Frozen")]

    call_command("forget_cart_addresses")

    assert capsys.readouterr().out == "3 addresses deleted.\n"
    assert list(BasketContact.objects.order_by("pk")) == kept
    assert Basket.objects.count() == 6
    call_command("forget_cart_addresses")
    assert capsys.readouterr().out == "0 addresses deleted.\n"


def test_the_address_goes_with_the_cart(shop):
    make_contact().basket.delete()

    assert BasketContact.objects.count() == 0
