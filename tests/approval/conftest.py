"""Those who were let in and may not buy any more, and a basket."""

import pytest

from tests.approval.buyers import STOPPED, Basket
from tests.checkout import fill_basket


@pytest.fixture(params=STOPPED, ids=lambda who: who.__name__)
def stopped(request, client, shop, settings):
    """A client who was allowed to prepare an order and may not place it any more; what is told, and where it leads."""
    request.param(client, shop, settings)
    return STOPPED[request.param]


@pytest.fixture
def basket(client, shop):
    fill_basket(client, shop)
    return Basket.objects.get()
