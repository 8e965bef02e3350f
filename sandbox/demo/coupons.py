"""Coupons of single customers, in every state; one of them was used in an order."""

from datetime import timedelta
from decimal import Decimal

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from demo.assortment import ITEMS
from demo.fulfilment import Fulfilment
from demo.logins import ADMIN, BUYER
from demo.people import PEOPLE
from demo.plan import PlannedOrder
from demo.shopper import Shopper
from oscar_customers_ext.coupons.actions import create_coupon, end_coupon
from oscar_customers_ext.coupons.terms import Kind, Scope, Terms, Usage
from oscar_customers_ext.models import Customer, CustomerVoucher

DAY = timedelta(days=1)
#: In the mail that the sandbox writes to its folder.
GUEST = "giulia.ferrari@example.com"


class CouponShopper(Shopper):
    """Types the code of a coupon when the cart is filled."""

    code = ""

    def fill_basket(self, planned):
        super().fill_basket(planned)
        self.post(reverse("basket:vouchers-add"), {"code": self.code})


def load_coupons():
    """Idempotent."""
    if CustomerVoucher.objects.exists():
        return
    staff, now = get_user_model().objects.get(username=ADMIN), timezone.now()
    of_month = {"starts_at": now - DAY, "ends_at": now + 30 * DAY}

    def give(email, *, code="", mail=False, **terms):
        customer = Customer.objects.get(email_key=email)
        terms = {"kind": Kind.PERCENTAGE, **of_month, **terms}
        return create_coupon(customer, Terms(**terms), code=code, mail=mail, actor=staff)

    use_it(give(BUYER, value=Decimal(10)))
    give(BUYER, value=Decimal(15), minimum=Decimal(60), mail=True)
    give(BUYER, kind=Kind.AMOUNT, value=Decimal(5), usage=Usage.TIMES, times=3, code="GRAZIE-BIANCA")
    give(BUYER, value=Decimal(100), scope=Scope.SHIPPING, starts_at=now + 7 * DAY)
    give(BUYER, value=Decimal(20), starts_at=now - 90 * DAY, ends_at=now - 60 * DAY)
    give(GUEST, value=Decimal(10), mail=True)
    end_coupon(give("luca.galli@example.com", value=Decimal(50)), actor=staff)


def use_it(coupon):
    person = next(person for person in PEOPLE if person.email == BUYER)
    shopper = CouponShopper(person)
    shopper.code = coupon.voucher.code
    in_stock = next(item.upc for item in ITEMS if item.stock)
    planned = PlannedOrder(person, person.orders, 0, {in_stock: 2}, "standard")
    Fulfilment(shopper.buy(planned), get_user_model().objects.get(username=ADMIN)).reach("paid")
