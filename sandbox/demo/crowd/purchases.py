"""What somebody orders, as rows of Oscar: an order, its lines, and where it goes."""

from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from oscar.core.loading import get_model
from phonenumber_field.phonenumber import PhoneNumber

from demo.assortment import ITEMS
from demo.crowd.person import fill_in

Line = get_model("order", "Line")
Order = get_model("order", "Order")
ShippingAddress = get_model("order", "ShippingAddress")

TAX = Decimal("1.22")
CENT = Decimal("0.01")
SHIPPING_INCL_TAX = Decimal("4.90")
OTHER_CURRENCIES = ("CHF", "USD")
#: Age in days -> what has become of the orders that are younger, in equal parts.
STATUSES = {
    10: ("Pending", "Pending", "Paid", "Cancelled"),
    40: ("Paid", "Shipped", "Shipped", "Shipped", "Cancelled"),
}
OLD_STATUSES = (*["Complete"] * 11, "Cancelled")


def shipping_columns(dice, person, countries):
    """The address of one person, for each of the orders."""
    home = person.home
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "line1": f"{dice.choice(home.streets)} {dice.randint(1, 240)}",
        "line4": dice.choice(home.cities),
        "postcode": fill_in(dice, home.postcode),
        # The object, because Oscar writes its name into the search text of the address.
        "country": countries[home.country],
        "phone_number": accepted_phone(person),
    }


def accepted_phone(person):
    """As Oscar's form leaves it: a number that the country does not have is refused there."""
    number = PhoneNumber.from_string(person.phone, region=person.home.country) if person.phone else None
    return number if number and number.is_valid() else ""


def make_address(pk, columns):
    address = ShippingAddress(pk=pk, **columns)
    address._update_search_text()
    return address


def make_order(dice, pk, *, placed_at, today, **columns):
    shipping = dice.choice((SHIPPING_INCL_TAX, SHIPPING_INCL_TAX, Decimal(0)))
    is_foreign = dice.random() < 0.07
    return Order(
        pk=pk,
        # Oscar makes numbers from the key of the basket: these stay out of their way.
        number=f"S{pk:07d}",
        currency=dice.choice(OTHER_CURRENCIES) if is_foreign else settings.OSCAR_DEFAULT_CURRENCY,
        shipping_method="Standard delivery" if shipping else "Collection",
        shipping_code="standard" if shipping else "collection",
        shipping_incl_tax=shipping,
        shipping_excl_tax=without_tax(shipping),
        total_incl_tax=shipping,
        total_excl_tax=without_tax(shipping),
        status=choose_status(dice, today - placed_at),
        date_placed=placed_at,
        **columns,
    )


def choose_status(dice, age):
    for days, statuses in STATUSES.items():
        if age < timedelta(days=days):
            return dice.choice(statuses)
    return dice.choice(OLD_STATUSES)


def make_lines(dice, order, stock):
    """One to four lines, which the order's total then includes."""
    lines = [
        make_line(dice, order, item, stock) for item in dice.sample(ITEMS, dice.choice((1, 1, 1, 2, 2, 3, 4)))
    ]
    order.total_incl_tax += sum(line.line_price_incl_tax for line in lines)
    order.total_excl_tax += sum(line.line_price_excl_tax for line in lines)
    return lines


def make_line(dice, order, item, stock):
    quantity = dice.choice((1, 1, 1, 2, 3, 6))
    incl_tax = (item.price * TAX).quantize(CENT)
    product, record, partner = stock.get(item.upc, (None, None, None))
    return Line(
        order_id=order.pk,
        partner_id=partner,
        partner_name=settings.OSCAR_SHOP_NAME,
        partner_sku=item.upc,
        stockrecord_id=record,
        product_id=product,
        title=item.title,
        upc=item.upc,
        quantity=quantity,
        line_price_incl_tax=incl_tax * quantity,
        line_price_excl_tax=item.price * quantity,
        line_price_before_discounts_incl_tax=incl_tax * quantity,
        line_price_before_discounts_excl_tax=item.price * quantity,
        unit_price_incl_tax=incl_tax,
        unit_price_excl_tax=item.price,
        status=order.status,
        # Nothing is taken from the stock, so that the shop can sell all of it.
        num_allocated=0,
    )


def without_tax(amount):
    return (amount / TAX).quantize(CENT)
