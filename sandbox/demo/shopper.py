"""Drives Oscar's own storefront the way a browser does, so that no demo row is made behind its back."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from demo.catalogue import DAY_OPTION
from demo.logins import PASSWORD

Order = get_model("order", "Order")
Product = get_model("catalogue", "Product")

DAYS_UNTIL_WORKSHOP = 25


class Shopper:
    def __init__(self, person):
        self.person = person
        self.client = Client(HTTP_HOST="localhost")

    def post(self, url, data):
        """Post a form that is expected to lead on to the next page."""
        response = self.client.post(url, data)
        if response.status_code != 302:
            raise CommandError(
                f"The shop did not accept {self.person.email} at {url} (status {response.status_code})."
            )
        return response

    def register(self):
        """Create the account on the storefront, unless it exists, and fill in the name."""
        if get_user_model().objects.filter(email=self.person.email).exists():
            return
        account = {"email": self.person.email, "password1": PASSWORD, "password2": PASSWORD}
        self.post(reverse("customer:register"), account)
        name = {"first_name": self.person.first_name, "last_name": self.person.last_name}
        self.post(reverse("customer:profile-update"), {"email": self.person.email, **name})

    def sign_in(self):
        if self.person.has_account:
            # Skips the sign-in form: a second check of each password would only cost time.
            self.client.force_login(get_user_model().objects.get(email=self.person.email))

    def buy(self, planned):
        """Go through the whole checkout and return the order."""
        self.sign_in()
        self.fill_basket(planned)
        if not self.person.has_account:
            gateway = {"username": planned.email, "options": "anonymous"}
            self.post(reverse("checkout:index"), gateway)
        if self.needs_shipping(planned):
            self.post(reverse("checkout:shipping-address"), self.address())
            self.post(reverse("checkout:shipping-method"), {"method_code": planned.shipping_method})
        else:
            # No form to post: the page notes by itself that nothing has to be shipped.
            self.client.get(reverse("checkout:shipping-method"))
        response = self.post(reverse("checkout:preview"), {"action": "place_order"})
        if response.url != reverse("checkout:thank-you"):
            raise CommandError(f"The order of {self.person.email} ended at {response.url}.")
        return Order.objects.get(pk=self.client.session["checkout_order_id"])

    def fill_basket(self, planned):
        day = timezone.localdate() + timedelta(days=DAYS_UNTIL_WORKSHOP)
        for product in Product.objects.filter(upc__in=planned.quantities).order_by("upc"):
            line = {"quantity": planned.quantities[product.upc]}
            if product.options.exists():
                line[DAY_OPTION] = day.isoformat()
            self.post(reverse("basket:add", kwargs={"pk": product.pk}), line)

    def needs_shipping(self, planned):
        products = Product.objects.filter(upc__in=planned.quantities)
        return products.filter(product_class__requires_shipping=True).exists()

    def address(self):
        person = self.person
        return {
            "first_name": person.first_name,
            "last_name": person.last_name,
            "line1": person.line1,
            "line4": person.city,
            "state": person.state,
            "postcode": person.postcode,
            "country": person.country,
            "phone_number": person.phone,
        }
