"""The buyer reads why there is no tax, and nobody else does."""

import pytest
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_customers_ext.models import TaxExemption
from tests.checkout import buy, go_to_preview, place_order
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)

SENTENCE = "No tax is charged: Embassy &lt;b&gt; &amp; Co"


@pytest.fixture
def embassy(ann):
    TaxExemption.objects.create(customer=ann, reason="Embassy <b> & Co")
    return ann


def test_basket_preview_thank_you_page_order_page_and_mail_say_it(embassy, taxed, enter, mailoutbox):
    client = enter(embassy)
    go_to_preview(client, taxed)
    pages = {
        "basket": client.get(reverse("basket:summary")).text,
        "preview": client.get(reverse("checkout:preview")).text,
        "thank you": client.get(place_order(client).url).text,
    }
    number = get_model("order", "Order").objects.get().number
    pages["order"] = client.get(reverse("customer:order", kwargs={"order_number": number})).text

    for name, text in pages.items():
        assert text.count(SENTENCE) == 1, name
    [mail] = mailoutbox
    assert mail.body.count("No tax is charged: Embassy <b> & Co") == 1
    [html] = [content for content, kind in mail.alternatives if kind == "text/html"]
    assert html.count(SENTENCE) == 1


def test_they_say_it_in_the_language_of_the_buyer(embassy, taxed, enter, mailoutbox):
    client = enter(embassy)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "it"
    go_to_preview(client, taxed)

    assert "Non si applicano imposte: Embassy" in client.get(reverse("basket:summary")).text
    place_order(client)
    assert "Non si applicano imposte: Embassy <b> & Co" in mailoutbox[0].body


@pytest.mark.parametrize("who", ["guest", "unattached"])
def test_who_pays_tax_reads_nothing_of_it(embassy, taxed, client, mailoutbox, who):
    email = None
    if who == "guest":
        email = "guest@example.org"
    else:
        client.force_login(make_user("bob@example.org"), backend="django.contrib.auth.backends.ModelBackend")
    go_to_preview(client, taxed, email=email)
    pages = [client.get(reverse(name)).text for name in ("basket:summary", "checkout:preview")]
    pages.append(client.get(place_order(client).url).text)

    assert "No tax is charged" not in "".join([*pages, mailoutbox[0].body])


def test_a_shop_that_says_it_in_its_own_text_is_not_said_it_twice(embassy, taxed, enter, mailoutbox):
    get_model("communication", "CommunicationEventType").objects.create(
        code="ORDER_PLACED",
        name="Order",
        email_subject_template="Order",
        email_body_template=(
            "Thanks. {% include 'oscar_customers_ext/shop/tax/of_order.txt' with identity=order.tax_identity %} Bye."
        ),
    )

    buy(enter(embassy), taxed)

    assert mailoutbox[0].body.split() == [
        "Thanks.",
        "No",
        "tax",
        "is",
        "charged:",
        "Embassy",
        "<b>",
        "&",
        "Co",
        "Bye.",
    ]


def test_the_price_of_a_line_that_was_put_in_before_is_told_to_have_fallen(ann, taxed, enter):
    """True, and the reason stands on the same page."""
    client = enter(ann)
    client.post(reverse("basket:add", kwargs={"pk": taxed.pk}), {"quantity": 1})
    TaxExemption.objects.create(customer=ann, reason="Embassy")

    text = client.get(reverse("basket:summary")).text

    assert "has decreased from €12.20 to €10.00" in text
    assert "No tax is charged: Embassy" in text
