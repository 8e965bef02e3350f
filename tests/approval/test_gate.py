"""Nobody places an order who may not, through whatever door; and whoever may buys as if there were no gate."""

import logging

import pytest
from django.contrib.messages import get_messages
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from oscar.core.loading import get_class, get_model
from oscar.test.factories import ProductFactory

from oscar_customers_ext import loader
from oscar_customers_ext.approval import gate
from oscar_customers_ext.approval.actions import approve_customers, decline_customers
from oscar_customers_ext.customers.actions import create_customer, register_user
from oscar_customers_ext.middleware import with_customer
from oscar_customers_ext.models import Customer
from tests.checkout import ADDRESS, buy, fill_basket, go_to_preview, place_order
from tests.factories import make_user
from tests.statements import Statements, called_from

pytestmark = pytest.mark.django_db(transaction=True)

Order = get_model("order", "Order")
Basket = get_model("basket", "Basket")
ANN = "ann@example.org"
BACKEND = "django.contrib.auth.backends.ModelBackend"
BASKET = "/shop/basket/"
LOGIN = "/shop/accounts/login/?next=%2Fshop%2Fcheckout%2F"

STEPS = ["index", "shipping-address", "shipping-method", "payment-method", "payment-details", "preview"]
POSTS = {
    "index": {"username": ANN, "options": "anonymous"},
    "shipping-address": ADDRESS,
    "shipping-method": {"method_code": "no-shipping-required"},
    "payment-method": {},
    "payment-details": {},
    "preview": {"action": "place_order"},
}
WAITING = "waiting for approval"
DECLINED = "not approved for buying, so"
WITH_ACCOUNT = "Orders are placed with an account here"


def sign_in(client, user=None):
    user = user or make_user(ANN)
    client.force_login(user, backend=BACKEND)
    return user


def prepared(client, shop, email=None):
    """Somebody who was let in and stands before the last button, with all that the checkout asks for in the session."""
    if email is None:
        register_user(sign_in(client))
    go_to_preview(client, shop, email=email)


def pending(client, shop, settings):
    prepared(client, shop)
    Customer.objects.update(approved_buyer=False)


def declined(client, shop, settings):
    prepared(client, shop)
    decline_customers(Customer.objects.values_list("pk", flat=True), actor=None)


def without_customer(client, shop, settings):
    """Somebody else has the address, so this user has no customer and gets none."""
    create_customer(email=ANN)
    sign_in(client)
    go_to_preview(client, shop)
    settings.OSCAR_CUSTOMERS_APPROVE_NEW_CUSTOMERS = False


def guest(client, shop, settings):
    prepared(client, shop, email=ANN)
    settings.OSCAR_CUSTOMERS_GUESTS_MAY_BUY = False


STOPPED = {
    pending: (WAITING, BASKET),
    declined: (DECLINED, BASKET),
    without_customer: (WAITING, BASKET),
    guest: (WITH_ACCOUNT, LOGIN),
}


@pytest.fixture(params=STOPPED, ids=lambda who: who.__name__)
def stopped(request, client, shop, settings):
    """A client who was allowed to prepare an order and may not place it any more; what is told, and where it leads."""
    request.param(client, shop, settings)
    return STOPPED[request.param]


def told(response):
    """Warnings that wait for the next page; Oscar tells of other things, too."""
    waiting = get_messages(response.wsgi_request)
    return [str(message) for message in waiting if message.level_tag == "warning"]


def assert_nothing_happened(mailoutbox):
    assert Order.objects.count() == 0
    assert [basket.status for basket in Basket.objects.all() if not basket.is_empty] == ["Open"]
    assert mailoutbox == []


@pytest.mark.parametrize("method", ["get", "post", "head"])
@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_closed(step, method, client, stopped, mailoutbox):
    sentence, way_out = stopped

    data = POSTS[step] if method == "post" else {}
    response = getattr(client, method)(reverse(f"checkout:{step}"), data)

    assert (response.status_code, response.url) == (302, way_out)
    [message] = told(response)
    assert sentence in message
    assert_nothing_happened(mailoutbox)


def test_the_sentence_is_read_where_the_way_out_leads(client, stopped):
    sentence, _way_out = stopped

    page = client.get(reverse("checkout:index"), follow=True)

    assert page.status_code == 200
    assert page.text.count(sentence) == 1


def test_trying_again_repeats_no_message(client, stopped):
    for _try in range(3):
        client.get(reverse("checkout:preview"))
        client.post(reverse("checkout:preview"), POSTS["preview"])

    page = client.get(reverse("customer:login"), follow=True)

    assert sum(stopped[0] in str(message) for message in page.context["messages"]) == 1


def test_a_script_gets_the_sentence_as_json(client, stopped, mailoutbox):
    sentence, way_out = stopped
    for headers in ({"x-requested-with": "XMLHttpRequest"}, {"accept": "application/json"}):
        response = client.post(reverse("checkout:preview"), POSTS["preview"], headers=headers)

        assert response.status_code == 403
        answer = response.json()
        assert sentence in answer["error"]
        assert answer["url"] == way_out
    assert_nothing_happened(mailoutbox)


@pytest.mark.parametrize("name", ["user-address-update", "user-address-delete"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_addresses_within_the_checkout_are_closed(name, method, client, shop, settings):
    pending(client, shop, settings)
    user = Customer.objects.get().user
    fields = {**ADDRESS, "country_id": ADDRESS["country"]}
    del fields["country"]
    address = user.addresses.create(**fields)

    response = getattr(client, method)(reverse(f"checkout:{name}", args=[address.pk]))

    assert (response.status_code, response.url) == (302, BASKET)
    assert user.addresses.filter(pk=address.pk).exists()


def test_a_decision_counts_at_once_in_both_directions(client, shop, mailoutbox):
    prepared(client, shop)
    pks = [Customer.objects.get().pk]

    decline_customers(pks, actor=None)
    assert place_order(client).url == BASKET
    assert_nothing_happened(mailoutbox)

    approve_customers(pks, actor=None)
    assert place_order(client).url == reverse("checkout:thank-you")
    assert Order.objects.count() == 1


@pytest.mark.parametrize("new_ones_are_approved", [True, False])
def test_an_unticked_box_stops_whatever_the_setting_says(
    new_ones_are_approved, client, shop, settings, mailoutbox
):
    settings.OSCAR_CUSTOMERS_APPROVE_NEW_CUSTOMERS = new_ones_are_approved
    user = sign_in(client)
    create_customer(email=ANN, user=user, approved_buyer=False)
    fill_basket(client, shop)

    assert place_order(client).url == BASKET
    assert_nothing_happened(mailoutbox)


@pytest.mark.parametrize("new_ones_are_approved", [True, False])
def test_a_ticked_box_lets_in_whatever_the_setting_says(new_ones_are_approved, client, shop, settings):
    settings.OSCAR_CUSTOMERS_APPROVE_NEW_CUSTOMERS = new_ones_are_approved
    user = sign_in(client)
    create_customer(email=ANN, user=user, approved_buyer=True)

    assert buy(client, shop).url == reverse("checkout:thank-you")


# Ways around


def test_what_needs_no_shipping_is_closed_too(client, shop, settings, mailoutbox):
    digital = ProductFactory(
        product_class__requires_shipping=False,
        product_class__name="Download",
        product_class__track_stock=False,
        structure="standalone",
    )
    user = sign_in(client)
    create_customer(email=ANN, user=user, approved_buyer=False)
    fill_basket(client, digital)

    for step in STEPS:
        assert client.get(reverse(f"checkout:{step}")).url == BASKET
    assert place_order(client).url == BASKET
    assert_nothing_happened(mailoutbox)


def test_ordering_the_same_again_leads_to_a_closed_checkout(client, shop):
    sign_in(client)
    buy(client, shop)
    order = Order.objects.get()
    decline_customers([Customer.objects.get().pk], actor=None)

    response = client.post(
        reverse("customer:order", args=[order.number]), {"order_id": order.pk, "action": "reorder"}
    )

    assert response.url == BASKET
    assert client.get(reverse("checkout:index")).url == BASKET
    assert place_order(client).url == BASKET
    assert Order.objects.get() == order


def test_a_saved_basket_leads_to_a_closed_checkout(client, shop, settings, mailoutbox):
    pending(client, shop, settings)
    basket = Basket.objects.get()
    line = basket.lines.get()
    saved = Basket.objects.create(owner=basket.owner, status=Basket.SAVED)
    line.basket = saved
    line.save()

    form = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 1, "0-id": line.pk, "0-move_to_basket": "on"}
    client.post(reverse("basket:saved"), {f"saved-{name}": value for name, value in form.items()})

    assert basket.lines.count() == 1
    assert place_order(client).url == BASKET
    assert Order.objects.count() == 0


def test_signing_in_within_the_checkout_opens_nothing(client, shop, settings, mailoutbox):
    user = make_user(ANN)
    create_customer(email=ANN, user=user, approved_buyer=False)
    fill_basket(client, shop)

    form = {"username": ANN, "options": "existing", "password": "correct-horse"}
    response = client.post(reverse("checkout:index"), form, follow=True)

    assert response.redirect_chain[-1][0] == BASKET
    assert WAITING in response.text
    assert_nothing_happened(mailoutbox)


def test_a_page_that_the_site_adds_to_the_checkout_is_closed(client, shop, settings):
    pending(client, shop, settings)
    settings.ROOT_URLCONF = "tests.approval.urls"

    assert client.get("/shop/checkout/express/").url == BASKET
    assert client.get("/shop/elsewhere/").text == "open"


def test_the_thank_you_page_stays_open(client, shop):
    sign_in(client)
    buy(client, shop)
    decline_customers([Customer.objects.get().pk], actor=None)

    assert client.get(reverse("checkout:thank-you")).status_code == 200


def test_the_steps_are_closed_without_the_middleware_too(client, shop, settings, mailoutbox):
    pending(client, shop, settings)
    ours = "oscar_customers_ext.middleware.CustomerMiddleware"
    settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if path != ours]
    client = Client()
    sign_in(client, Customer.objects.get().user)

    for step in STEPS:
        for _method in ("get", "post"):
            response = client.post(reverse(f"checkout:{step}"), POSTS[step])
            assert (response.status_code, response.url) == (302, BASKET), step
    page = client.get(BASKET)
    assert sum(WAITING in str(message) for message in page.context["messages"]) == 1
    assert_nothing_happened(mailoutbox)


class Placing:
    """What an API does: it has the class that places orders, and none of the steps."""

    def __init__(self, user, basket, **attributes):
        self.view = get_class("checkout.mixins", "OrderPlacementMixin")()
        self.user, self.basket = user, basket
        for name, value in attributes.items():
            setattr(self.view, name, value)

    def place(self, rf, **kwargs):
        request = rf.get("/")
        request.user = self.user
        strategy = get_class("partner.strategy", "Selector")().strategy(request=request, user=self.user)
        self.basket.strategy = strategy
        method = get_class("shipping.methods", "NoShippingRequired")()
        charge = method.calculate(self.basket)
        calculator = get_class("checkout.calculators", "OrderTotalCalculator")()
        return self.view.place_order(
            order_number="1",
            user=self.user,
            basket=self.basket,
            shipping_address=None,
            shipping_method=method,
            shipping_charge=charge,
            order_total=calculator.calculate(self.basket, charge),
            surcharges=get_class("checkout.applicator", "SurchargeApplicator")(
                request
            ).get_applicable_surcharges(self.basket, shipping_charge=charge),
            request=request,
            **kwargs,
        )


@pytest.fixture
def basket(client, shop):
    fill_basket(client, shop)
    return Basket.objects.get()


def test_whatever_places_orders_without_the_steps_is_stopped(basket, rf):
    user = make_user(ANN)
    create_customer(email=ANN, user=user, approved_buyer=False)

    with pytest.raises(get_class("order.exceptions", "UnableToPlaceOrder"), match=WAITING):
        Placing(user, basket).place(rf)

    assert Order.objects.count() == 0


def test_it_goes_on_for_those_who_may_buy(basket, rf):
    user = make_user(ANN)
    create_customer(email=ANN, user=user)

    assert Placing(user, basket).place(rf).user == user


def test_staff_may_place_an_order_all_the_same(basket, rf):
    user = make_user(ANN)
    create_customer(email=ANN, user=user, approved_buyer=False)

    assert Placing(user, basket, approval_is_overridden=True).place(rf).user == user


# Guests and users without customer


def test_guests_buy_where_the_policy_lets_them(client, shop, settings):
    settings.OSCAR_CUSTOMERS_APPROVE_NEW_CUSTOMERS = False

    for number in range(1, 3):
        assert buy(Client(), shop, email=ANN).url == reverse("checkout:thank-you")
        assert Order.objects.count() == number
    assert Customer.objects.get().approval_state == "pending"


def test_a_guest_who_must_sign_in_comes_back_to_the_checkout(client, shop, settings):
    guest(client, shop, settings)
    register_user(make_user("bob@example.org"))

    response = client.get(reverse("checkout:index"), follow=True)
    form = {"login-username": "bob@example.org", "login-password": "correct-horse", "login_submit": "1"}
    initial = response.context["login_form"].initial
    response = client.post(reverse("customer:login"), {**form, "login-redirect_url": initial["redirect_url"]})

    assert response.url == reverse("checkout:index")
    assert client.get(response.url).url == reverse("checkout:shipping-address")


def test_a_user_without_customer_buys_where_new_ones_are_approved(client, shop):
    sign_in(client)

    assert buy(client, shop).url == reverse("checkout:thank-you")


@pytest.mark.parametrize("staff", [False, True])
def test_a_user_without_customer_joins_the_queue(staff, client, shop, settings, mailoutbox):
    settings.OSCAR_CUSTOMERS_APPROVE_NEW_CUSTOMERS = False
    user = sign_in(client, make_user(ANN, is_staff=staff))
    fill_basket(client, shop)

    response = client.get(reverse("checkout:index"))

    assert response.url == BASKET
    assert WAITING in told(response)[0]
    customer = Customer.objects.get()
    assert (customer.user, customer.approval_state) == (user, "pending")
    assert client.get(reverse("checkout:index")).url == BASKET
    assert Customer.objects.get() == customer
    assert_nothing_happened(mailoutbox)

    approve_customers([customer.pk], actor=None)
    assert client.get(reverse("checkout:index")).url == reverse("checkout:shipping-address")


# What it costs, and what may go wrong


def queries_about_approval(client, request, django_assert_max_num_queries):
    with django_assert_max_num_queries(1000) as captured:
        request(client)
    table = Customer._meta.db_table
    return [query["sql"] for query in captured.captured_queries if f'FROM "{table}"' in query["sql"]]


@pytest.mark.parametrize("step", STEPS)
def test_visitors_and_guests_who_look_cost_nothing(step, client, shop, django_assert_max_num_queries):
    visitor = Client()
    fill_basket(visitor, shop)
    prepared(client, shop, email=ANN)

    for who in (visitor, client):
        asked = queries_about_approval(
            who, lambda who: who.get(reverse(f"checkout:{step}")), django_assert_max_num_queries
        )
        assert asked == []


@pytest.mark.parametrize(
    ("method", "step"),
    [
        *(("get", step) for step in STEPS),
        *(("post", step) for step in STEPS if step not in ("index", "preview")),
    ],
)
def test_a_signed_in_buyer_costs_one_query_in_the_checkout(
    method, step, client, shop, django_assert_max_num_queries
):
    prepared(client, shop)

    asked = queries_about_approval(
        client,
        lambda who: getattr(who, method)(
            reverse(f"checkout:{step}"), POSTS[step] if method == "post" else {}
        ),
        django_assert_max_num_queries,
    )

    assert len(asked) == 1


def test_placing_the_order_asks_once_before_it_is_paid(
    client, shop, monkeypatch, django_assert_max_num_queries
):
    prepared(client, shop)
    view = get_class("checkout.views", "PaymentDetailsView")
    asked = Statements("oscar_customers_ext.approval.gate")
    monkeypatch.setattr(view, "handle_payment", lambda *args, **kwargs: None)

    with connection.execute_wrapper(asked):
        assert place_order(client).url == reverse("checkout:thank-you")

    assert asked.count == 1


def test_other_pages_cost_nothing(client, shop, django_assert_max_num_queries):
    prepared(client, shop)

    for url in ("/shop/", BASKET, "/shop/catalogue/"):
        assert (
            queries_about_approval(client, lambda who, url=url: who.get(url), django_assert_max_num_queries)
            == []
        )


class Bug(Exception):
    pass


@pytest.mark.parametrize("who", ["guest", "buyer"])
def test_a_gate_that_fails_lets_the_buyer_pass_and_says_so_in_the_log(who, client, shop, monkeypatch, caplog):
    caplog.set_level(logging.ERROR)
    prepared(client, shop, email=ANN if who == "guest" else None)

    def fail(number, connection):
        raise Bug

    with connection.execute_wrapper(Statements("oscar_customers_ext.approval.gate", fail)):
        response = place_order(client)

    assert response.url == reverse("checkout:thank-you")
    assert Order.objects.count() == 1
    ours = [record for record in caplog.records if record.name == "oscar_customers_ext"]
    assert ours
    assert {record.getMessage().partition(" user ")[0] for record in ours} == {"Whether"}


class BrokenTable:
    """An ``execute_wrapper``: the database refuses what the gate asks about customers."""

    count = 0

    def __call__(self, execute, sql, params, many, context):
        table = f'FROM "{Customer._meta.db_table}"'
        if sql.startswith("SELECT") and table in sql and called_from("oscar_customers_ext.approval.gate"):
            self.count += 1
            sql, params = "SELECT 1 FROM a_table_that_is_missing", ()
        return execute(sql, params, many, context)


@pytest.mark.parametrize("who", ["guest", "buyer"])
def test_a_statement_that_the_database_refuses_does_not_break_a_request_in_one_transaction(
    who, client, shop, caplog
):
    prepared(client, shop, email=ANN if who == "guest" else None)
    before = connection.settings_dict["ATOMIC_REQUESTS"]
    connection.settings_dict["ATOMIC_REQUESTS"] = True
    refuse = BrokenTable()

    try:
        with connection.execute_wrapper(refuse):
            response = place_order(client)
    finally:
        connection.settings_dict["ATOMIC_REQUESTS"] = before

    assert response.url == reverse("checkout:thank-you")
    assert Order.objects.count() == 1
    assert "could not be found out" in caplog.text
    assert refuse.count == 1


def test_a_lookup_that_fails_leaves_the_transaction_usable_and_is_not_repeated(client, shop, rf):
    user = sign_in(client)
    register_user(user)
    request = rf.get("/")
    request.__class__ = with_customer(type(request))
    request.user = user
    refuse = BrokenTable()

    with transaction.atomic():
        with connection.execute_wrapper(refuse):
            assert request.buying_refusal is None
            assert gate.refusal_of(request, email=ANN) is None
            assert gate.refusal_of(request, email="bob@example.org") is None
        assert Customer.objects.count() == 1

    assert refuse.count == 1


def test_whoever_is_known_not_to_be_approved_stays_out_when_a_message_cannot_be_left(
    client, shop, settings, mailoutbox
):
    pending(client, shop, settings)
    settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if "messages" not in path]

    assert place_order(client).url == BASKET
    assert_nothing_happened(mailoutbox)


def test_the_mixins_lie_over_the_classes_of_the_checkout():
    for label, name in (
        ("checkout.session", "CheckoutSessionMixin"),
        ("checkout.mixins", "OrderPlacementMixin"),
        ("checkout.forms", "GatewayForm"),
    ):
        assert set(loader.MIXINS[label, name]) <= {
            f"{base.__module__}.{base.__qualname__}" for base in get_class(label, name).__mro__
        }


def test_every_refusal_has_a_sentence_in_both_languages():
    for language in ("en", "it"):
        with translation.override(language):
            sentences = {refusal: gate.sentence(refusal) for refusal in gate.Refusal}
            # Whether somebody else has the address of an account is not to be learned either.
            assert sentences.pop(gate.Refusal.UNKNOWN) == sentences[gate.Refusal.PENDING]
            assert len(set(sentences.values())) == len(sentences)
