"""People, orders and baskets for tests, on top of Oscar's own factories."""

from datetime import timedelta
from decimal import Decimal
from itertools import count

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.sites.models import Site
from django.utils import timezone
from oscar.core.loading import get_model
from oscar.test.factories import ProductFactory

from oscar_customers_ext.coupons.terms import Kind, Terms
from oscar_customers_ext.models import BasketContact, MembershipPlan

_numbers = count(1)


def make_user(email="ann@example.org", *, password="correct-horse", **fields):
    fields.setdefault("username", f"user{next(_numbers)}")
    return get_user_model().objects.create_user(email=email, password=password, **fields)


def make_country(code="IT", name="Italy"):
    country, _created = get_model("address", "Country").objects.get_or_create(
        iso_3166_1_a2=code,
        defaults={"printable_name": name, "name": name.upper(), "is_shipping_country": True},
    )
    return country


def make_product(title="Espresso cup", price="10.00", stock=1000):
    return ProductFactory(
        title=title,
        stockrecords__price=Decimal(price),
        stockrecords__price_currency="EUR",
        stockrecords__num_in_stock=stock,
        structure="standalone",
    )


def make_address(**fields):
    fields = {
        "first_name": "Ann",
        "last_name": "Rossi",
        "line1": "Via Roma 1",
        "line4": "Torino",
        "postcode": "10121",
        "country": make_country(),
    } | fields
    return get_model("order", "ShippingAddress").objects.create(**fields)


def make_order(
    email="ann@example.org", *, user=None, total="12.20", currency="EUR", status="Pending", **fields
):
    """An order as an import writes it: its rows, and post_save, but no order_placed."""
    fields.setdefault("date_placed", timezone.now())
    fields.setdefault("site", Site.objects.get_current())
    return get_model("order", "Order").objects.create(
        number=f"T{next(_numbers)}",
        user=user,
        guest_email="" if user else email,
        total_incl_tax=Decimal(total),
        total_excl_tax=Decimal(total),
        currency=currency,
        status=status,
        **fields,
    )


def make_plan(name="Club", *, duration=12, duration_unit="months", **fields):
    """A plan whose members see what is private to a group of the same name."""
    fields.setdefault("auth_group", Group.objects.get_or_create(name=name)[0])
    return MembershipPlan.objects.create(name=name, duration=duration, duration_unit=duration_unit, **fields)


def make_basket(owner=None, *, hours=48, products=(), email="", status="Open", **line):
    basket = get_model("basket", "Basket").objects.create(owner=owner)
    for product in products:
        get_model("basket", "Line").objects.create(
            basket=basket,
            product=product,
            stockrecord=product.stockrecords.get(),
            line_reference=f"{basket.pk}-{product.pk}",
            **{"quantity": 2, "price_incl_tax": Decimal("10.00"), "price_currency": "EUR"} | line,
        )
    # Oscar lets nobody add to a basket of another status.
    get_model("basket", "Basket").objects.filter(pk=basket.pk).update(status=status)
    basket.lines.update(date_updated=timezone.now() - timedelta(hours=hours))
    if email:
        BasketContact.objects.create(basket=basket, email=email)
    return basket


def make_terms(**changes):
    """A coupon: ten per cent off everything in one order, from yesterday to in a month."""
    now = timezone.now()
    fields = {
        "kind": Kind.PERCENTAGE,
        "value": Decimal(10),
        "starts_at": now - timedelta(days=1),
        "ends_at": now + timedelta(days=30),
    }
    return Terms(**(fields | changes))
