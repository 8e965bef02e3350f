"""What the demo shop sells."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Item:
    upc: str
    title: str
    #: Without tax, chosen so that the price on the label ends in a zero, a five or a nine.
    price: Decimal
    #: (shape, background, main colour, second colour) for demo.pictures
    picture: tuple[str, str, str, str]
    description: str
    stock: int = 60
    is_featured: bool = False


@dataclass(frozen=True)
class Section:
    name: str
    description: str
    items: tuple[Item, ...]
    product_class: str = "Goods"


def item(upc, title, price, picture, description, **extras):
    return Item(upc, title, Decimal(price), tuple(picture.split()), description, **extras)


CERAMICS = Section(
    "Ceramics",
    "Thrown on the wheel in Deruta, glazed by hand and fit for the dishwasher.",
    (
        item(
            "CER-BOWL",
            "Salad bowl “Conca”",
            "31.97",
            "bowl #f3e3d3 #c8643c #8f3f22",
            "A wide bowl for six. The glaze pools at the bottom, so no two look the same.",
            is_featured=True,
        ),
        item(
            "CER-PLATE",
            "Dinner plate “Orvieto”",
            "15.57",
            "plate #dfe9ea #fdfaf4 #2f6f7e",
            "Twenty-seven centimetres, with a ring of brush strokes along the rim.",
            is_featured=True,
        ),
        item(
            "CER-MUG",
            "Mug “Mattina”",
            "12.25",
            "mug #f6ecd2 #d9a441 #94641c",
            "Holds a generous caffè latte and keeps it warm while the toast is still on.",
        ),
        item(
            "CER-JUG",
            "Water jug “Fontana”",
            "28.61",
            "jug #e4ead9 #6d8f5a #41603a",
            "Pours without a drop going astray. One litre and a bit.",
            is_featured=True,
        ),
        item(
            "CER-VASE",
            "Vase “Torre”",
            "40.12",
            "vase #ecdfe6 #8c5b78 #5a3550",
            "Tall and a little crooked, as it left the potter's hands.",
        ),
        item(
            "CER-CUPS",
            "Four espresso cups",
            "24.51",
            "cups #e6e4f0 #5d6aa8 #384278",
            "Four small cups with thick walls, because espresso hates the cold.",
        ),
    ),
)

COOKWARE = Section(
    "Cookware",
    "Pots and pans that are handed on rather than thrown away.",
    (
        item(
            "COO-MOKA",
            "Moka pot “Aurora”",
            "27.05",
            "moka #ece7e1 #9aa3a8 #3b3f42",
            "Three cups in four minutes. Polished aluminium, with a handle that stays cool.",
            is_featured=True,
        ),
        item(
            "COO-POT",
            "Terracotta pot “Pignatta”",
            "36.80",
            "pot #f0dfcf #b5562f #7c3517",
            "For beans that simmer all afternoon. Soak it once before its first fire.",
        ),
        item(
            "COO-PAN",
            "Iron pan “Ferro”",
            "45.00",
            "pan #e2e5e3 #4a4f52 #23272a",
            "Forged in Brescia, and better each year. Twenty-eight centimetres.",
            is_featured=True,
        ),
        item(
            "COO-STOCK",
            "Pasta pot with strainer",
            "56.56",
            "stockpot #e7ecef #aab6bd #5f6f78",
            "Seven litres, so that a kilo of spaghetti has room to dance.",
        ),
    ),
)

TOOLS = Section(
    "Tools and linen",
    "The small things that are always in use.",
    (
        item(
            "TOO-KNIFE",
            "Chef's knife, 20 cm",
            "60.57",
            "knife #e9e2da #c9d1d4 #5b3a24",
            "Carbon steel from Scarperia with a handle of walnut.",
        ),
        item(
            "TOO-BOARD",
            "Olive wood board",
            "32.79",
            "board #ebe6d6 #b98a4f #7d5527",
            "Cut from one piece. The grain is the decoration.",
        ),
        item(
            "TOO-PIN",
            "Rolling pin “Sfoglia”",
            "20.41",
            "pin #f2e7da #cda26d #8d6433",
            "Eighty centimetres of beech: the length that a sheet of pasta asks for.",
            is_featured=True,
        ),
        item(
            "TOO-SPOONS",
            "Three wooden spoons",
            "11.39",
            "spoons #e3ecdf #b07d48 #6f4a24",
            "One to stir, one to taste, one for the person who is helping.",
        ),
        item(
            "TOO-GRATER",
            "Cheese grater with drawer",
            "18.77",
            "grater #f5ead0 #b9c0c3 #c58a3a",
            "Catches the Parmigiano in its beech wood drawer.",
            stock=0,
        ),
        item(
            "LIN-APRON",
            "Linen apron",
            "35.16",
            "apron #e5e3da #3f6275 #27414f",
            "Washed linen with one deep pocket. Looks better with a stain or two.",
        ),
        item(
            "LIN-TOWEL",
            "Two kitchen towels",
            "14.75",
            "towel #f4e6e2 #fbf7f0 #b8463c",
            "Cotton and linen, striped, and quick to dry.",
        ),
    ),
)

PANTRY = Section(
    "Pantry",
    "A few things to eat from people we know.",
    (
        item(
            "PAN-OIL",
            "Olive oil, 0.5 l",
            "15.16",
            "bottle #eef0d8 #6b7a2a #c9b458",
            "Pressed in November within six hours of picking. Peppery.",
            is_featured=True,
        ),
        item(
            "PAN-PASSATA",
            "Tomato passata, three jars",
            "9.75",
            "jar #f7e1d7 #c23b22 #4f7d3a",
            "Only tomatoes and a leaf of basil.",
        ),
        item(
            "PAN-HONEY",
            "Chestnut honey, 250 g",
            "8.11",
            "honey #f6e8c8 #a8621b #6e3c0d",
            "Dark and a little bitter; made for pecorino.",
        ),
    ),
)

WORKSHOPS = Section(
    "Workshops",
    "Come to our kitchen in Florence: we cook, and then we eat.",
    (
        item(
            "WOR-PASTA",
            "Pasta workshop",
            "64.75",
            "workshop #e9e4dd #e8c987 #7d5527",
            "Three hours at the table: tagliatelle, tortelli and a sauce. Choose your day; an apron, lunch "
            "and a glass of wine are included.",
            is_featured=True,
        ),
    ),
    product_class="Workshop",
)

SECTIONS = (CERAMICS, COOKWARE, TOOLS, PANTRY, WORKSHOPS)
ITEMS = tuple(item for section in SECTIONS for item in section.items)
