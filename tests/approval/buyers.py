"""Who comes to the checkout, and what they are told there."""

from django.contrib.messages import get_messages
from oscar.core.loading import get_class, get_model

from oscar_customers_ext.approval.actions import decline_customers
from oscar_customers_ext.customers.actions import create_customer, register_user
from oscar_customers_ext.models import Customer
from tests.checkout import ADDRESS, go_to_preview
from tests.factories import make_user

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


def told(response):
    """Warnings that wait for the next page; Oscar tells of other things, too."""
    waiting = get_messages(response.wsgi_request)
    return [str(message) for message in waiting if message.level_tag == "warning"]


def assert_nothing_happened(mailoutbox):
    assert Order.objects.count() == 0
    assert [basket.status for basket in Basket.objects.all() if not basket.is_empty] == ["Open"]
    assert mailoutbox == []


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
