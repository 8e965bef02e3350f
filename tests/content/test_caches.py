"""Caches between the shop and its visitors never give one what another may see."""

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.template import Context, Template, engines
from django.template.response import TemplateResponse
from django.test import Client
from django.urls import path, reverse
from django.views.decorators.cache import cache_page

from tests.content.pages import customer_classes
from tests.urls import urlpatterns as shop_urls

pytestmark = pytest.mark.django_db

CACHING = [
    "django.middleware.cache.UpdateCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
    "oscar_customers_ext.middleware.CustomerMiddleware",
    "django.middleware.cache.FetchFromCacheMiddleware",
]
PAGE = (
    "{% load oscar_customers %}"
    '<body id="x" class="{% customer_classes %}">'
    '{% only_for group="trade" %}Wholesale{% else %}Retail{% endonly_for %}'
)
rendered = []


def small_page(request):
    rendered.append(request.path)
    return HttpResponse(Template(PAGE).render(Context({"request": request})))


def without_us(request):
    return HttpResponse("The same for all")


class LazyResponse(TemplateResponse):
    """Rendered after the view and its decorators, as those of Wagtail's pages are."""

    def resolve_template(self, template):
        return engines["django"].from_string(PAGE)


def lazy_page(request):
    return LazyResponse(request, "unused")


urlpatterns = [
    path("small/", small_page),
    path("plain/", without_us),
    path("kept/", cache_page(600)(small_page)),
    path("lazy/", cache_page(600)(lazy_page)),
    *shop_urls,
]


@pytest.fixture(autouse=True)
def caching(settings):
    settings.ROOT_URLCONF = __name__
    cache.clear()
    rendered.clear()
    yield
    cache.clear()


def test_pages_of_visitors_stay_cacheable(client, shop):
    response = client.get("/small/")

    assert "private" not in response.get("Cache-Control", "")
    assert "Cookie" in response["Vary"]


def test_pages_of_customers_are_private(make_member):
    response = make_member("trade").get("/small/")

    assert response["Cache-Control"] == "private"
    assert "Cookie" in response["Vary"]
    assert "private" in make_member(email="b@example.org").get(reverse("catalogue:index"))["Cache-Control"]


def test_what_does_not_ask_stays_as_it_was(make_member):
    response = make_member("trade").get("/plain/")

    assert not response.has_header("Cache-Control")


@pytest.mark.parametrize("order", [0, 1, 2])
def test_a_cache_for_the_whole_site_mixes_nobody(settings, make_member, order):
    settings.MIDDLEWARE = CACHING
    people = [
        (Client(), ["customer-guest"], "Retail"),
        (
            make_member("trade"),
            ["customer-signed-in", "customer-approved", "customer-group-trade"],
            "Wholesale",
        ),
        (make_member(email="bob@example.org"), ["customer-signed-in", "customer-approved"], "Retail"),
    ]
    people = people[order:] + people[:order]

    for _round in range(2):
        for client, classes, text in people:
            response = client.get("/small/")
            assert customer_classes(response) == classes
            assert response.text.endswith(text)
    # The visitor's page came from the cache the second time, the others' never.
    assert len(rendered) == 5


@pytest.mark.parametrize("url", ["/kept/", "/lazy/"])
def test_a_view_that_is_cached_never_keeps_what_a_customer_saw(make_member, url):
    trade = make_member("trade")
    other = make_member(email="bob@example.org")

    assert "Wholesale" in trade.get(url).text
    assert "customer-group-trade" in trade.get(url).text
    response = other.get(url)
    assert "Wholesale" not in response.text
    assert customer_classes(response) == ["customer-signed-in", "customer-approved"]
    assert customer_classes(Client().get(url)) == ["customer-guest"]
