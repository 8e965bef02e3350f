"""Each step of the checkout is closed to those who may not buy, and to nobody else."""

import pytest
from django.urls import reverse
from django.utils import translation
from oscar.core.loading import get_class

from oscar_customers_ext import loader
from oscar_customers_ext.approval import gate
from oscar_customers_ext.approval.actions import approve_customers, decline_customers
from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.models import Customer
from tests.approval.buyers import (
    ANN,
    BASKET,
    POSTS,
    STEPS,
    Order,
    assert_nothing_happened,
    pending,
    prepared,
    sign_in,
    told,
)
from tests.checkout import ADDRESS, buy, fill_basket, place_order

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("method", ["get", "post", "head"])
@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_closed(step, method, client, stopped, mailoutbox):
    sentence, way_out = stopped

    data = POSTS[step] if method == "post" else {}
    response = getattr(client, method)(reverse(f"checkout:{step}"), data)

    assert (response.status_code, response.url) == (302, way_out)
    [message] = told(response)
    assert sentence in message
    assert_nothing_happened(mailoutbox)


def test_the_sentence_is_read_where_the_way_out_leads(client, stopped):
    sentence, _way_out = stopped

    page = client.get(reverse("checkout:index"), follow=True)

    assert page.status_code == 200
    assert page.text.count(sentence) == 1


def test_trying_again_repeats_no_message(client, stopped):
    for _try in range(3):
        client.get(reverse("checkout:preview"))
        client.post(reverse("checkout:preview"), POSTS["preview"])

    page = client.get(reverse("customer:login"), follow=True)

    assert sum(stopped[0] in str(message) for message in page.context["messages"]) == 1


def test_a_script_gets_the_sentence_as_json(client, stopped, mailoutbox):
    sentence, way_out = stopped
    for headers in ({"x-requested-with": "XMLHttpRequest"}, {"accept": "application/json"}):
        response = client.post(reverse("checkout:preview"), POSTS["preview"], headers=headers)

        assert response.status_code == 403
        answer = response.json()
        assert sentence in answer["error"]
        assert answer["url"] == way_out
    assert_nothing_happened(mailoutbox)


@pytest.mark.parametrize("name", ["user-address-update", "user-address-delete"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_addresses_within_the_checkout_are_closed(name, method, client, shop, settings):
    pending(client, shop, settings)
    user = Customer.objects.get().user
    fields = {**ADDRESS, "country_id": ADDRESS["country"]}
    del fields["country"]
    address = user.addresses.create(**fields)

    response = getattr(client, method)(reverse(f"checkout:{name}", args=[address.pk]))

    assert (response.status_code, response.url) == (302, BASKET)
    assert user.addresses.filter(pk=address.pk).exists()


def test_a_decision_counts_at_once_in_both_directions(client, shop, mailoutbox):
    prepared(client, shop)
    pks = [Customer.objects.get().pk]

    decline_customers(pks, actor=None)
    assert place_order(client).url == BASKET
    assert_nothing_happened(mailoutbox)

    approve_customers(pks, actor=None)
    assert place_order(client).url == reverse("checkout:thank-you")
    assert Order.objects.count() == 1


@pytest.mark.parametrize("new_ones_are_approved", [True, False])
def test_an_unticked_box_stops_whatever_the_setting_says(
    new_ones_are_approved, client, shop, settings, mailoutbox
):
    settings.OSCAR_CUSTOMERS_APPROVE_NEW_CUSTOMERS = new_ones_are_approved
    user = sign_in(client)
    create_customer(email=ANN, user=user, approved_buyer=False)
    fill_basket(client, shop)

    assert place_order(client).url == BASKET
    assert_nothing_happened(mailoutbox)


@pytest.mark.parametrize("new_ones_are_approved", [True, False])
def test_a_ticked_box_lets_in_whatever_the_setting_says(new_ones_are_approved, client, shop, settings):
    settings.OSCAR_CUSTOMERS_APPROVE_NEW_CUSTOMERS = new_ones_are_approved
    user = sign_in(client)
    create_customer(email=ANN, user=user, approved_buyer=True)

    assert buy(client, shop).url == reverse("checkout:thank-you")


def test_the_mixins_lie_over_the_classes_of_the_checkout():
    for label, name in (
        ("checkout.session", "CheckoutSessionMixin"),
        ("checkout.mixins", "OrderPlacementMixin"),
        ("checkout.forms", "GatewayForm"),
    ):
        assert set(loader.MIXINS[label, name]) <= {
            f"{base.__module__}.{base.__qualname__}" for base in get_class(label, name).__mro__
        }


def test_every_refusal_has_a_sentence_in_both_languages():
    for language in ("en", "it"):
        with translation.override(language):
            sentences = {refusal: gate.sentence(refusal) for refusal in gate.Refusal}
            # Whether somebody else has the address of an account is not to be learned either.
            assert sentences.pop(gate.Refusal.UNKNOWN) == sentences[gate.Refusal.PENDING]
            assert len(set(sentences.values())) == len(sentences)
