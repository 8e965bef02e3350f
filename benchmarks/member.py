"""A buyer with five discounts and a coupon, in a shop of its own process: ``python -m benchmarks.member``.

Reads the name of a piece of work per line and answers with milliseconds, statements, and those that concern tables of the package. In bare Oscar the same
discounts and the same coupon are for everybody; with the package they are those of five groups and of one customer,
who is tax exempt, too.
"""

import json
import os
import sys
from decimal import Decimal

GROUPS = 5


def set_up():
    import django

    django.setup()

    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    call_command("migrate", verbosity=0)
    setup_test_environment()


def has_package():
    from django.apps import apps

    return apps.is_installed("oscar_customers_ext")


class Shop:
    def __init__(self):
        from django.contrib.auth import get_user_model
        from oscar.core.loading import get_model
        from oscar.test.factories import ProductFactory

        country = {"printable_name": "Italy", "name": "ITALY", "is_shipping_country": True}
        get_model("address", "Country").objects.create(iso_3166_1_a2="IT", **country)
        self.products = [
            ProductFactory(
                title=f"Cup {number}",
                stockrecords__price=Decimal("10.00"),
                stockrecords__price_currency="EUR",
                stockrecords__num_in_stock=1_000_000,
                structure="standalone",
            )
            for number in range(3)
        ]
        self.user = get_user_model().objects.create_user("member", "member@example.org", "correct-horse")
        offers = [self.make_offer("User" if has_package() else "Site") for _group in range(GROUPS)]
        self.voucher = self.make_voucher()
        if has_package():
            self.make_customer(offers)
        self.reader = self.client(self.user)
        self.fill_basket(self.reader)

    def make_offer(self, offer_type):
        from oscar.core.loading import get_model

        Range, Condition, Benefit, Offer = (
            get_model("offer", name) for name in ("Range", "Condition", "Benefit", "ConditionalOffer")
        )
        number = Offer.objects.count()
        everything, _is_new = Range.objects.get_or_create(name="Everything", includes_all_products=True)
        condition = Condition.objects.create(range=everything, type=Condition.COUNT, value=1)
        benefit = Benefit.objects.create(range=everything, type=Benefit.PERCENTAGE, value=1)
        return Offer.objects.create(
            name=f"Discount {number}",
            offer_type=offer_type,
            condition=condition,
            benefit=benefit,
            exclusive=False,
            priority=number,
        )

    def make_voucher(self):
        from datetime import timedelta

        from django.utils import timezone
        from oscar.core.loading import get_model

        Voucher = get_model("voucher", "Voucher")
        now = timezone.now()
        voucher = Voucher.objects.create(
            name="Coupon",
            code="COUPON",
            usage=Voucher.MULTI_USE,
            start_datetime=now - timedelta(days=1),
            end_datetime=now + timedelta(days=1),
        )
        voucher.offers.add(self.make_offer("Voucher"))
        return voucher

    def make_customer(self, offers):
        from oscar_customers_ext.customers.actions import register_user
        from oscar_customers_ext.models import CustomerGroup, CustomerVoucher, GroupOffer, TaxExemption

        customer = register_user(self.user)
        for number, offer in enumerate(offers):
            group = CustomerGroup.objects.create(name=f"Group {number}", slug=f"group-{number}")
            GroupOffer.objects.create(group=group, offer=offer)
            customer.groups.add(group)
        TaxExemption.objects.create(customer=customer, reason="Embassy")
        CustomerVoucher.objects.create(voucher=self.voucher, customer=customer)

    def client(self, user=None):
        from django.test import Client

        client = Client()
        if user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def fill_basket(self, client):
        from django.urls import reverse

        from tests.checkout import fill_basket

        for product in self.products:
            fill_basket(client, product)
        client.post(reverse("basket:vouchers-add"), {"code": "COUPON"})
        page = client.get(reverse("basket:summary"))
        discounts = page.context["basket"].offer_applications
        assert len(discounts.offer_discounts) == GROUPS, "the discounts are missing"
        assert len(discounts.voucher_discounts) == 1, "the coupon is missing"

    def page(self, client, url):
        def read():
            assert client.get(url).status_code == 200

        return read

    def prepare(self, work):
        from django.core import mail
        from django.urls import reverse

        from tests.checkout import ADDRESS, place_order

        product = self.products[0].get_absolute_url()
        if work == "product, anonymous":
            return self.page(self.client(), product)
        if work == "product, signed in":
            return self.page(self.reader, product)
        if work == "basket":
            return self.page(self.reader, reverse("basket:summary"))
        # The last click empties the basket.
        self.fill_basket(self.reader)
        self.reader.post(reverse("checkout:shipping-address"), ADDRESS)
        self.reader.get(reverse("checkout:shipping-method"))
        self.reader.get(reverse("checkout:payment-method"))
        mail.outbox.clear()

        def place():
            assert place_order(self.reader).url == reverse("checkout:thank-you")

        return place


def main():
    set_up()

    from benchmarks.measuring import counted_statements, milliseconds

    shop = Shop()
    print("ready", flush=True)
    for line in sys.stdin:
        work = shop.prepare(line.strip())
        with counted_statements() as sent:
            elapsed = milliseconds(work)
        if line.strip() == "placing":
            shop.fill_basket(shop.reader)
        own = [sql for sql in sent if "oscar_customers_ext_" in sql]
        print(json.dumps([elapsed, len(sent), len(own)]), flush=True)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = sys.argv[1]
    main()
