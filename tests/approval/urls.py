"""A site that adds a page of its own to the checkout."""

from django.http import HttpResponse
from django.urls import include, path

from tests.urls import urlpatterns as stock


def bought(request):
    return HttpResponse("bought")


def elsewhere(request):
    return HttpResponse("open")


urlpatterns = [
    path(
        "shop/checkout/express/",
        include(([path("", bought, name="express")], "checkout"), namespace="express"),
    ),
    path("shop/elsewhere/", elsewhere),
    *stock,
]
