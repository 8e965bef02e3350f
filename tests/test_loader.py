import pytest
from oscar.core.loading import get_class, get_classes

from oscar_customers_ext import loader
from oscar_customers_ext.loader import class_loader, compose

SELECTOR = ("partner.strategy", "Selector")
POLITE = (f"{__name__}.Polite",)


class Polite:
    def greeting(self):
        return "please"


class Grateful:
    def greeting(self):
        return f"{super().greeting()} and thank you"


class Shop:
    """Sells cups."""

    def greeting(self):
        return "what?"


class PoliteShop(Polite, Shop):
    pass


def own_class_loader(module_label, classnames, module_prefix):
    """A site's loader that has one class and knows no other."""
    return [Shop if name == "Selector" else None for name in classnames]


@pytest.fixture
def polite_selector(monkeypatch):
    monkeypatch.setitem(loader.MIXINS, SELECTOR, POLITE)


def test_the_mixin_lies_on_top():
    composed = compose(Shop, POLITE)

    assert composed.__mro__[1:3] == (Polite, Shop)
    assert composed().greeting() == "please"


def test_of_several_mixins_the_first_is_the_topmost():
    composed = compose(Shop, (f"{__name__}.Grateful", *POLITE))

    assert composed.__mro__[1:4] == (Grateful, Polite, Shop)
    assert composed().greeting() == "please and thank you"


def test_only_the_mixins_that_are_missing_are_laid_over():
    composed = compose(PoliteShop, (f"{__name__}.Grateful", *POLITE))

    assert composed.__mro__[1:4] == (Grateful, PoliteShop, Polite)


def test_a_composed_class_looks_like_the_one_below():
    composed = compose(Shop, POLITE)

    assert (composed.__name__, composed.__module__, composed.__doc__) == ("Shop", __name__, "Sells cups.")


def test_the_same_class_is_composed_once():
    assert compose(Shop, POLITE) is compose(Shop, POLITE)


def test_a_class_that_has_the_mixin_is_left_alone():
    assert compose(PoliteShop, POLITE) is PoliteShop
    assert compose(compose(Shop, POLITE), POLITE).__mro__.count(Polite) == 1


def test_oscar_gets_its_own_class_with_the_mixin(polite_selector):
    from oscar.apps.partner.strategy import Selector

    selector = get_class(*SELECTOR)

    assert selector.__mro__[1:3] == (Polite, Selector)
    assert get_class(*SELECTOR) is selector


def test_classes_that_are_not_in_the_table_are_oscars_own(polite_selector):
    from oscar.apps.partner.strategy import Default, Selector

    composed, default = get_classes("partner.strategy", ["Selector", "Default"])

    assert default is Default
    assert composed is not Selector


def test_without_mixins_oscar_gets_its_own_classes(monkeypatch):
    from oscar.apps.partner.strategy import Selector

    monkeypatch.delitem(loader.MIXINS, SELECTOR, raising=False)

    assert get_class(*SELECTOR) is Selector


def test_the_sites_own_loader_is_asked_first(polite_selector, settings):
    settings.OSCAR_CUSTOMERS_CLASS_LOADER = f"{__name__}.own_class_loader"

    [composed] = class_loader("partner.strategy", ["Selector"], "oscar.apps")

    assert composed.__mro__[1:3] == (Polite, Shop)


def test_a_class_that_nobody_finds_is_none(monkeypatch, polite_selector, settings):
    settings.OSCAR_CUSTOMERS_CLASS_LOADER = f"{__name__}.own_class_loader"
    monkeypatch.setitem(loader.MIXINS, ("partner.strategy", "Missing"), POLITE)

    found = class_loader("partner.strategy", ["Missing", "Selector", "Other"], "oscar.apps")

    assert [found[0], found[2]] == [None, None]
    assert found[1].__mro__[1:3] == (Polite, Shop)


def test_every_mixin_in_the_table_lies_over_a_class_that_oscar_has():
    for (module_label, name), paths in loader.MIXINS.items():
        composed = get_class(module_label, name)
        assert set(paths) <= {f"{base.__module__}.{base.__qualname__}" for base in composed.__mro__}
