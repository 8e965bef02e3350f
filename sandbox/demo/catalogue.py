"""Puts the assortment into Oscar. Everything here may run twice: what exists is left alone."""

from django.core.files.base import ContentFile
from oscar.core.loading import get_model

from demo.assortment import ITEMS, SECTIONS
from demo.pictures import draw_picture
from pages.models import FEATURED_RANGE

Category = get_model("catalogue", "Category")
Option = get_model("catalogue", "Option")
Partner = get_model("partner", "Partner")
Product = get_model("catalogue", "Product")
ProductClass = get_model("catalogue", "ProductClass")
ProductImage = get_model("catalogue", "ProductImage")
Range = get_model("offer", "Range")
StockRecord = get_model("partner", "StockRecord")

#: The code of the option a workshop is booked with: the day.
DAY_OPTION = "day"


def load_catalogue():
    classes = create_product_classes()
    partner, _created = Partner.objects.get_or_create(code="bottega", defaults={"name": "Bottega Sandbox"})
    for section in SECTIONS:
        category = find_or_create_category(section)
        for item in section.items:
            product = create_product(item, classes[section.product_class], partner)
            product.categories.add(category)
    feature_products()


def create_product_classes():
    goods, _created = ProductClass.objects.get_or_create(name="Goods")
    workshop, _created = ProductClass.objects.get_or_create(
        name="Workshop", defaults={"requires_shipping": False, "track_stock": False}
    )
    day, _created = Option.objects.get_or_create(
        code=DAY_OPTION, defaults={"name": "Day", "type": Option.DATE, "required": True}
    )
    workshop.options.add(day)
    return {"Goods": goods, "Workshop": workshop}


def find_or_create_category(section):
    category = Category.objects.filter(name=section.name).first()
    if category is None:
        category = Category.add_root(name=section.name, description=section.description)
        category.image.save(f"{category.slug}.png", ContentFile(draw_picture(*section.items[0].picture)))
    return category


def create_product(item, product_class, partner):
    product, created = Product.objects.get_or_create(
        upc=item.upc,
        defaults={
            "title": item.title,
            "description": f"<p>{item.description}</p>",
            "product_class": product_class,
        },
    )
    if created:
        StockRecord.objects.create(
            product=product,
            partner=partner,
            partner_sku=item.upc,
            price=item.price,
            num_in_stock=item.stock if product_class.track_stock else None,
        )
        picture = ContentFile(draw_picture(*item.picture), name=f"{item.upc.lower()}.png")
        ProductImage.objects.create(product=product, original=picture)
    return product


def feature_products():
    featured, _created = Range.objects.get_or_create(
        slug=FEATURED_RANGE, defaults={"name": "Featured on the home page", "is_public": False}
    )
    upcs = [item.upc for item in ITEMS if item.is_featured]
    products = {product.upc: product for product in Product.objects.filter(upc__in=upcs)}
    for position, upc in enumerate(upcs, start=1):
        featured.add_product(products[upc], display_order=position)
