"""Company and VAT number in the checkout, the way a buyer goes through it."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.customers.addresses.companies import keep_company
from oscar_customers_ext.models import Customer, OrderTaxIdentity
from oscar_customers_ext.tax import placing
from oscar_customers_ext.tax.vat import session
from oscar_customers_ext.tax.vat.actions import record_answer
from oscar_customers_ext.tax.vat.registries import Answer
from oscar_customers_ext.tax.vat.session import SHOWN, TYPED
from tests.checkout import ADDRESS, fill_basket, go_to_preview, place_order
from tests.factories import make_product, make_user

pytestmark = pytest.mark.django_db

Order = get_model("order", "Order")
UserAddress = get_model("address", "UserAddress")

NUMBER, GERMAN, FRENCH = "IT00743110157", "DE136695976", "FR61954506077"
CHECKSUM = ["The check digits of this VAT number are wrong. Is a digit mistyped?"]
HOSTILE = "<script>alert(1)</script>"
PAGE = reverse("oscar_customers_shop:checkout_company")
PREVIEW = reverse("checkout:preview")


@pytest.fixture
def rossi(ann):
    """A company that stored its VAT number."""
    ann.company_name, ann.vat_number = "Rossi S.r.l.", NUMBER
    ann.save()
    return ann


def frozen():
    identity = OrderTaxIdentity.objects.get(order=Order.objects.latest("pk"))
    return identity.company_name, identity.vat_number, identity.vat_state


def stored(customer):
    customer.refresh_from_db()
    return customer.company_name, customer.vat_number


def entry_in_book(customer, **company):
    columns = {name: text for name, text in ADDRESS.items() if name != "country"}
    address = UserAddress.objects.create(user=customer.user, country_id=ADDRESS["country"], **columns)
    keep_company(address, **company)
    return address


def choose(client, address):
    response = client.post(
        reverse("checkout:shipping-address"), {"action": "ship_to", "address_id": address.pk}
    )
    assert response.status_code == 302
    client.get(reverse("checkout:shipping-method"))
    client.get(reverse("checkout:payment-method"))


def page_of_guest(client, order):
    """The order's page, which asks a guest for the address first."""
    keys = [order.number, order.verification_hash()]
    client.post(reverse("customer:anon-order-form", args=keys), {"email": "guest@example.org"})
    response = client.get(reverse("customer:anon-order", args=keys))
    assert response.status_code == 200
    return response.text


def test_what_the_customer_stored_is_filled_in_and_stands_on_the_order(shop, rossi, enter):
    buyer = enter(rossi)
    go_to_preview(buyer, shop)
    page = buyer.get(PREVIEW).text

    assert "Rossi S.r.l." in page
    assert NUMBER in page
    assert f'href="{PAGE}?from=preview"' in page
    place_order(buyer)
    assert frozen() == ("Rossi S.r.l.", NUMBER, "")


def test_the_page_of_the_payment_shows_it_and_leads_back_there(shop, rossi, enter):
    buyer = enter(rossi)
    go_to_preview(buyer, shop)

    page = buyer.get(reverse("checkout:payment-details")).text
    assert NUMBER in page
    assert f'href="{PAGE}?from=payment-details"' in page
    assert 'name="from" value="payment-details"' in buyer.get(f"{PAGE}?from=payment-details").text
    response = buyer.post(PAGE, {"company_name": "X", "vat_number": "", "from": "payment-details"})
    assert response.url == reverse("checkout:payment-details")


@pytest.mark.parametrize("place", ["//evil.example.org", "https://evil.example.org", "thank-you", ""])
def test_the_page_leads_nowhere_else(shop, rossi, enter, place):
    buyer = enter(rossi)
    go_to_preview(buyer, shop)

    assert buyer.post(PAGE, {"company_name": "", "vat_number": "", "from": place}).url == PREVIEW
    assert "evil" not in buyer.get(PAGE, {"from": place}).text


def test_the_verdict_is_frozen_with_its_moment_and_consultation_number(shop, rossi, enter):
    check = record_answer(NUMBER, Answer("valid", "ROSSI SRL", "WAPI1"))
    buyer = enter(rossi)
    go_to_preview(buyer, shop)
    buyer.get(PREVIEW)
    place_order(buyer)

    record_answer(NUMBER, Answer("invalid"))
    rossi.vat_number = GERMAN
    rossi.save()
    identity = OrderTaxIdentity.objects.get()
    assert (identity.vat_number, identity.vat_state) == (NUMBER, "valid")
    assert (identity.vat_checked_at, identity.consultation_number) == (check.checked_at, "WAPI1")
    assert (identity.is_exempt, identity.exemption_reason) == (False, "")


@pytest.mark.parametrize("state", ["invalid", "unavailable"])
def test_no_verdict_keeps_anybody_from_buying(shop, rossi, enter, state):
    record_answer(NUMBER, Answer(state))
    buyer = enter(rossi)
    go_to_preview(buyer, shop)

    assert place_order(buyer).url == reverse("checkout:thank-you")
    assert frozen() == ("Rossi S.r.l.", NUMBER, state)


def test_the_buyer_changes_it_for_this_order_alone(shop, rossi, enter):
    buyer = enter(rossi)
    go_to_preview(buyer, shop)
    page = buyer.get(PAGE).text
    assert f'value="{NUMBER}"' in page
    assert 'value="Rossi S.r.l."' in page

    response = buyer.post(PAGE, {"company_name": "Rossi GmbH", "vat_number": "de 136 695 976"})

    assert response.url == PREVIEW
    assert GERMAN in buyer.get(PREVIEW).text
    place_order(buyer)
    assert frozen() == ("Rossi GmbH", GERMAN, "")
    assert stored(rossi) == ("Rossi S.r.l.", NUMBER)
    assert not {TYPED, SHOWN}.intersection(buyer.session.keys())
    go_to_preview(buyer, shop)
    assert NUMBER in buyer.get(PREVIEW).text


def test_emptied_on_purpose_nothing_stands_on_the_order(shop, rossi, enter):
    buyer = enter(rossi)
    go_to_preview(buyer, shop)
    buyer.post(PAGE, {"company_name": "", "vat_number": ""})

    assert "None. Buying for a company?" in buyer.get(PREVIEW).text
    place_order(buyer)
    assert not OrderTaxIdentity.objects.exists()
    assert stored(rossi) == ("Rossi S.r.l.", NUMBER)


def test_it_is_kept_for_the_customer_by_choice(shop, rossi, enter):
    buyer = enter(rossi)
    go_to_preview(buyer, shop)

    buyer.post(PAGE, {"company_name": "Rossi GmbH", "vat_number": GERMAN, "keep": "on"})

    assert stored(rossi) == ("Rossi GmbH", GERMAN)
    place_order(buyer)
    assert frozen() == ("Rossi GmbH", GERMAN, "")


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("IT00743110158", CHECKSUM),
        ("0074311015", None),
        ("136695976", None),
        ("IT" + "1" * 31, ["Ensure this value has at most 32 characters (it has 33)."]),
        ("IT\x00", ["Null characters are not allowed."]),
    ],
)
def test_what_is_no_number_gets_a_sentence_and_nothing_is_lost(shop, rossi, enter, number, sentence):
    buyer = enter(rossi)
    go_to_preview(buyer, shop)

    posted = {
        "company_name": "Typed at length",
        "vat_number": number,
        "keep": "on",
        "from": "payment-details",
    }
    response = buyer.post(PAGE, posted)

    errors = response.context["form"].errors["vat_number"]
    assert errors == (
        sentence
        or [
            "This is no VAT number of the country IT; one looks like IT00743110157. A number of another country "
            "begins with the letters of that country."
        ]
    )
    assert 'value="Typed at length"' in response.text
    assert 'name="from" value="payment-details"' in response.text
    assert TYPED not in buyer.session
    assert stored(rossi) == ("Rossi S.r.l.", NUMBER)
    place_order(buyer)
    assert frozen() == ("Rossi S.r.l.", NUMBER, "")


# The address book, and no address at all


def test_with_an_address_of_the_book_the_customers_is_there(shop, rossi, enter):
    buyer, address = enter(rossi), entry_in_book(rossi)
    fill_basket(buyer, shop)
    choose(buyer, address)

    assert NUMBER in buyer.get(PREVIEW).text
    place_order(buyer)
    assert frozen() == ("Rossi S.r.l.", NUMBER, "")


def test_an_address_with_a_number_of_its_own_comes_before_the_customers(shop, rossi, enter):
    buyer = enter(rossi)
    address = entry_in_book(rossi, company_name="Rossi Due", vat_number="IT01114601006")
    fill_basket(buyer, shop)
    choose(buyer, address)

    page = buyer.get(PREVIEW).text
    assert "IT01114601006" in page
    assert NUMBER not in page
    place_order(buyer)
    assert frozen() == ("Rossi Due", "IT01114601006", "")


def test_an_address_without_company_takes_the_customers_beside_its_own_number(shop, rossi, enter):
    buyer = enter(rossi)
    fill_basket(buyer, shop)
    choose(buyer, entry_in_book(rossi, vat_number="IT01114601006"))

    place_order(buyer)
    assert frozen() == ("Rossi S.r.l.", "IT01114601006", "")


def test_what_is_typed_comes_before_all(shop, rossi, enter):
    buyer = enter(rossi)
    fill_basket(buyer, shop)
    choose(buyer, entry_in_book(rossi, company_name="Rossi Due", vat_number="IT01114601006"))
    buyer.post(PAGE, {"company_name": "Typed", "vat_number": FRENCH})

    assert FRENCH in buyer.get(PREVIEW).text
    place_order(buyer)
    assert frozen() == ("Typed", FRENCH, "")


def test_an_address_that_changes_after_the_preview_leaves_what_was_shown(shop, rossi, enter):
    buyer = enter(rossi)
    address = entry_in_book(rossi, company_name="Rossi Due", vat_number="IT01114601006")
    fill_basket(buyer, shop)
    choose(buyer, address)
    buyer.get(PREVIEW)
    keep_company(address, company_name="Other", vat_number=FRENCH)

    place_order(buyer)
    assert frozen() == ("Rossi Due", "IT01114601006", "")


def test_an_address_of_somebody_else_tells_nothing(shop, rossi, enter):
    eve = create_customer(email="eve@example.org")
    eve.user = make_user("eve@example.org")
    eve.save(update_fields=["user"])
    theirs = entry_in_book(eve, company_name="Eve", vat_number=GERMAN)
    buyer = enter(rossi)
    fill_basket(buyer, shop)
    choose(buyer, entry_in_book(rossi))
    session = buyer.session
    session["checkout_data"]["shipping"]["user_address_id"] = theirs.pk
    session.save()

    assert GERMAN not in buyer.get(PREVIEW).text


def test_a_basket_that_is_not_sent_has_it_too(shop, rossi, enter):
    digital = make_product("Course")
    digital.product_class.requires_shipping = False
    digital.product_class.save()
    buyer = enter(rossi)
    fill_basket(buyer, digital)
    buyer.get(reverse("checkout:shipping-method"))
    buyer.get(reverse("checkout:payment-method"))

    assert NUMBER in buyer.get(PREVIEW).text
    place_order(buyer)
    assert frozen() == ("Rossi S.r.l.", NUMBER, "")


# Beside a new address


def test_a_new_address_asks_for_both(shop, rossi, enter):
    buyer = enter(rossi)
    fill_basket(buyer, shop)
    step = reverse("checkout:shipping-address")
    page = buyer.get(step).text
    assert f'name="vat_number" value="{NUMBER}"' in page

    typed = ADDRESS | {"company_name": "Rossi GmbH", "vat_number": "de136695976"}
    assert buyer.post(step, typed).status_code == 302
    buyer.get(reverse("checkout:shipping-method"))
    buyer.get(reverse("checkout:payment-method"))

    assert GERMAN in buyer.get(PREVIEW).text
    place_order(buyer)
    assert frozen() == ("Rossi GmbH", GERMAN, "")
    assert stored(rossi) == ("Rossi S.r.l.", NUMBER)


def test_a_new_address_with_what_was_filled_in_types_nothing(shop, rossi, enter):
    buyer = enter(rossi)
    go_to_preview(buyer, shop, address=ADDRESS | {"company_name": "Rossi S.r.l.", "vat_number": NUMBER})

    assert TYPED not in buyer.session


def test_a_new_address_refuses_what_is_no_number(shop, rossi, enter):
    buyer = enter(rossi)
    fill_basket(buyer, shop)

    response = buyer.post(reverse("checkout:shipping-address"), ADDRESS | {"vat_number": "IT00743110158"})

    assert response.context["form"].errors == {"vat_number": CHECKSUM}
    assert 'value="Via Roma 1"' in response.text


# Guests, and those whom it does not belong to


def test_a_guest_types_it_for_the_order_alone(shop, client):
    go_to_preview(client, shop, email="guest@example.org")
    assert 'name="keep"' not in client.get(PAGE).text

    client.post(PAGE, {"company_name": "Guest & Co", "vat_number": "00743110157", "keep": "on"})
    place_order(client)

    assert frozen() == ("Guest & Co", NUMBER, "")
    assert not Customer.objects.exclude(vat_number="").exists()


def test_the_letters_come_from_the_address_of_this_checkout(shop, rossi, enter, client):
    go_to_preview(client, shop, email="guest@example.org")
    response = client.post(PAGE, {"company_name": "", "vat_number": "136695976"})

    assert "country IT" in response.context["form"].errors["vat_number"][0]


def test_a_guest_with_a_customers_address_sees_and_changes_nothing(shop, client):
    rossi = create_customer(email="ann@example.org", company_name="Rossi S.r.l.", vat_number=NUMBER)
    go_to_preview(client, shop, email="ann@example.org")
    page = client.get(PREVIEW).text
    assert NUMBER not in page
    assert "Rossi S.r.l." not in page
    assert NUMBER not in client.get(PAGE).text
    assert NUMBER not in client.get(reverse("checkout:shipping-address")).text

    client.post(PAGE, {"company_name": "Evil", "vat_number": GERMAN, "keep": "on"})
    place_order(client)

    assert frozen() == ("Evil", GERMAN, "")
    assert stored(rossi) == ("Rossi S.r.l.", NUMBER)


def test_an_account_that_belongs_to_no_customer_keeps_nothing(shop, rossi):
    user = make_user("ann@example.org")
    buyer = Client()
    buyer.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    go_to_preview(buyer, shop)
    assert NUMBER not in buyer.get(PREVIEW).text
    assert 'name="keep"' not in buyer.get(PAGE).text

    buyer.post(PAGE, {"company_name": "Evil", "vat_number": GERMAN, "keep": "on"})
    place_order(buyer)

    assert frozen() == ("Evil", GERMAN, "")
    assert stored(rossi) == ("Rossi S.r.l.", NUMBER)


def test_what_a_guest_typed_is_not_for_who_signs_in_on_the_same_computer(shop, rossi, client):
    go_to_preview(client, shop, email="guest@example.org")
    client.post(PAGE, {"company_name": "Guest", "vat_number": GERMAN})
    client.force_login(rossi.user, backend="django.contrib.auth.backends.ModelBackend")

    page = client.get(PREVIEW).text
    assert GERMAN not in page
    assert NUMBER in page


def test_without_a_basket_or_an_address_nobody_types_anything(shop, client):
    assert client.get(PAGE).url == reverse("basket:summary")
    fill_basket(client, shop)
    assert client.post(PAGE, {"vat_number": GERMAN}).status_code == 302
    assert TYPED not in client.session


# Where it is read


def test_the_buyer_reads_it_on_the_thank_you_page_the_order_and_in_the_mail(shop, rossi, enter):
    record_answer(NUMBER, Answer("valid", HOSTILE))
    rossi.company_name = HOSTILE
    rossi.save()
    buyer = enter(rossi)
    go_to_preview(buyer, shop)
    assert HOSTILE not in buyer.get(PREVIEW).text
    place_order(buyer)
    order = Order.objects.get()

    thanks = buyer.get(reverse("checkout:thank-you")).text
    page = buyer.get(reverse("customer:order", args=[order.number])).text
    for text in (thanks, page):
        assert NUMBER in text
        assert "Confirmed by the registry on" in text
        assert "&lt;script&gt;alert(1)" in text
        assert HOSTILE not in text
    [message] = mail.outbox
    assert f"Company and VAT number: {HOSTILE}, {NUMBER}" in message.body
    html = message.alternatives[0][0]
    assert NUMBER in html
    assert HOSTILE not in html


def test_a_guest_reads_it_on_the_page_of_the_order(shop, client):
    go_to_preview(client, shop, email="guest@example.org")
    client.post(PAGE, {"company_name": "Guest & Co", "vat_number": NUMBER})
    place_order(client)
    order = Order.objects.get()

    page = page_of_guest(client, order)
    assert NUMBER in page
    assert "Guest &amp; Co" in page


def test_where_there_is_none_nothing_is_said(shop, client):
    go_to_preview(client, shop, email="guest@example.org")
    place_order(client)
    order = Order.objects.get()

    pages = [
        client.get(reverse("checkout:thank-you")).text,
        page_of_guest(client, order),
        mail.outbox[0].alternatives[0][0],
    ]
    assert not any("Company and VAT number" in page for page in pages)
    assert not OrderTaxIdentity.objects.exists()


# What it costs


def queries_of(buyer, product, capture, *, preview=True):
    go_to_preview(buyer, product)
    if preview:
        buyer.get(PREVIEW)
    with capture() as captured:
        response = place_order(buyer)
    assert response.url == reverse("checkout:thank-you")
    return [
        query["sql"] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))
    ]


@pytest.fixture
def capture():
    return lambda: CaptureQueriesContext(connection)


def about_us(queries):
    return [sql for sql in queries if re.search(r"vatcheck|ordertaxidentity|addresscompany", sql)]


def test_placing_an_order_asks_nothing_more_where_there_is_nothing_to_say(shop, ann, enter, capture):
    assert about_us(queries_of(enter(ann), shop, capture)) == []


def test_placing_an_order_with_an_address_of_the_book_asks_nothing_more(shop, ann, enter, capture):
    buyer = enter(ann)
    fill_basket(buyer, shop)
    choose(buyer, entry_in_book(ann))
    buyer.get(PREVIEW)
    with capture() as captured:
        place_order(buyer)

    assert about_us(query["sql"] for query in captured) == []


def test_a_number_costs_its_verdict_and_its_copy(shop, rossi, enter, capture):
    found = about_us(queries_of(enter(rossi), shop, capture))

    assert [sql.split()[0] for sql in found] == ["SELECT", "INSERT"]


def test_a_failure_of_ours_never_reaches_the_buyer(shop, rossi, enter, monkeypatch, caplog):
    buyer = enter(rossi)
    go_to_preview(buyer, shop)

    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr(session, "_of_customer", fail)
    monkeypatch.setattr(placing, "import_module", fail)

    assert buyer.get(PREVIEW).status_code == 200
    assert place_order(buyer).url == reverse("checkout:thank-you")
    assert not OrderTaxIdentity.objects.exists()
    assert f"Company and VAT number of user {rossi.user_id} are left out" in caplog.text
    assert f"Order {Order.objects.get().number} has no copy of its tax identity" in caplog.text
