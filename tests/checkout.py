"""Buying in the shop the way a person does: through Oscar's own views."""

from django.urls import reverse

ADDRESS = {
    "first_name": "Ann",
    "last_name": "Rossi",
    "line1": "Via Roma 1",
    "line4": "Torino",
    "postcode": "10121",
    "country": "IT",
    "phone_number": "+39 011 5550100",
}


def fill_basket(client, product, quantity=1):
    response = client.post(reverse("basket:add", kwargs={"pk": product.pk}), {"quantity": quantity})
    assert response.status_code == 302, response.content


def go_to_preview(client, product, *, email=None, address=ADDRESS):
    """Everything up to the button that places the order. ``email`` for guests only."""
    fill_basket(client, product)
    if email is not None:
        response = client.post(reverse("checkout:index"), {"username": email, "options": "anonymous"})
        assert response.status_code == 302, response.context["form"].errors
    response = client.post(reverse("checkout:shipping-address"), address)
    assert response.status_code == 302, response.context["form"].errors
    client.get(reverse("checkout:shipping-method"))
    client.get(reverse("checkout:payment-method"))


def place_order(client):
    return client.post(reverse("checkout:preview"), {"action": "place_order"})


def buy(client, product, *, email=None, address=ADDRESS):
    """The response to the last button; the order is placed when it leads to the thank-you page."""
    go_to_preview(client, product, email=email, address=address)
    return place_order(client)
