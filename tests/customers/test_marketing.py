"""The newsletter in the Wagtail admin: on the form of a new customer, on the card, in the list."""

import re
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from oscar_customers_ext.contacts.actions import get_or_create_contact, record_consent
from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.customers.marketing.actions import set_subscription, set_subscriptions
from oscar_customers_ext.customers.marketing.views import SubscribeView
from oscar_customers_ext.exceptions import ConsentObjected
from oscar_customers_ext.models import ConsentEntry, Customer, MailingList, Subscription
from tests.customers.test_columns import choose
from tests.customers.test_screen import FORM
from tests.factories import make_user

pytestmark = pytest.mark.django_db

SUBSCRIBED, UNSUBSCRIBED, OBJECTED = "subscribed", "unsubscribed", "objected"
NEW = FORM | {"subscribe": "on", "consent_text": "Asked for it at the counter."}


def url(name, *args):
    return reverse(f"oscar_customers:{name}", args=args)


def bulk_url(action, ids="all", **query):
    path = reverse("wagtail_bulk_action", args=["oscar_customers_ext", "customer", action])
    return (
        path + f"?id={ids}&next={url('index')}" + "".join(f"&{name}={value}" for name, value in query.items())
    )


def state_of(customer):
    found = Subscription.objects.to_default_list().filter(contact__customer=customer)
    return found.values_list("state", flat=True).first()


def logged():
    return list(ModelLogEntry.objects.order_by("pk").values_list("action", flat=True))


@pytest.fixture
def marketer(sign_in):
    return sign_in("add_customer", "change_customer", "view_customer", "subscribe_customer")


@pytest.fixture
def ann(shop):
    return create_customer(email="ann@example.org", first_name="Ann")


def say(customer, state, **said):
    return record_consent(customer.contact, state=state, source="form", confirmed=True, **said)


# The form of a new customer


def test_a_new_customer_is_subscribed_by_the_switch(marketer, mailoutbox):
    page = marketer.get(url("add")).text
    assert "Subscribe to the newsletter" in page
    assert "The customer asked our staff for the newsletter." in page

    marketer.post(url("add"), NEW)

    entry = ConsentEntry.objects.get()
    assert entry.contact == Customer.objects.get().contact
    assert (entry.state, entry.source, entry.text) == (SUBSCRIBED, "staff", "Asked for it at the counter.")
    assert (entry.staff.email, entry.email) == ("staff@example.org", "ann@example.org")
    assert sorted(logged()) == ["oscar_customers_ext.subscribe", "wagtail.create"]
    assert mailoutbox == []


def test_nobody_is_subscribed_without_the_switch(marketer):
    marketer.post(url("add"), {name: value for name, value in NEW.items() if name != "subscribe"})

    assert Customer.objects.count() == 1
    assert not ConsentEntry.objects.exists()


def test_the_switch_is_not_there_without_permission_and_a_hand_made_post_does_nothing(editor):
    assert "Subscribe to the newsletter" not in editor.get(url("add")).text

    editor.post(url("add"), NEW)

    assert Customer.objects.count() == 1
    assert (ConsentEntry.objects.count(), logged()) == (0, ["wagtail.create"])


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"email": ""}, "Without an e-mail address nobody can be subscribed."),
        ({"consent_text": " "}, "Say how consent was given, or leave out the newsletter."),
        ({"consent_text": "x" * 1001}, "at most 1000 characters"),
    ],
)
def test_bad_input_in_the_new_form_gets_a_sentence_and_creates_nothing(marketer, changed, sentence):
    response = marketer.post(url("add"), NEW | {"company_name": "Typed at length"} | changed)

    assert response.status_code == 200
    assert sentence in response.text
    assert "Typed at length" in response.text
    assert (Customer.objects.count(), ConsentEntry.objects.count()) == (0, 0)


def test_an_address_that_objected_is_not_subscribed_from_the_new_form(marketer):
    contact = get_or_create_contact(email="ann@example.org")
    record_consent(contact, state=OBJECTED, source="form")

    response = marketer.post(url("add"), NEW | {"email": "ANN@example.org"})

    assert "Somebody at this address objected to the newsletter." in response.text
    assert not Customer.objects.exists()
    marketer.post(url("add"), FORM)
    assert Customer.objects.get().contact == contact
    assert state_of(Customer.objects.get()) == OBJECTED


def test_an_objection_at_the_last_moment_stops_the_new_customer(marketer, monkeypatch):
    record_consent(get_or_create_contact(email="ann@example.org"), state=OBJECTED, source="form")
    # Recorded between the check of the form and the storing.
    monkeypatch.setattr(
        "oscar_customers_ext.viewsets.customers.NewCustomerForm._has_objected", lambda form, email: False
    )

    response = marketer.post(url("add"), NEW)

    assert "Somebody at this address objected to the newsletter." in response.text
    assert (Customer.objects.count(), ConsentEntry.objects.count()) == (0, 1)


# The card


def test_the_tab_shows_state_time_source_staff_and_text(marketer, ann):
    assert 'id="tab-marketing"' in marketer.get(url("edit", ann.pk)).text
    assert (
        "Nothing yet. No order and no registration gives consent."
        in marketer.get(url("marketing", ann.pk)).text
    )

    marketer.post(url("subscribe", ann.pk), {"text": "By phone, <b>today</b>"})
    page = marketer.get(url("marketing", ann.pk)).text

    for expected in (
        "Newsletter",
        "Entered by staff",
        "By phone, &lt;b&gt;today&lt;/b&gt;",
        "ann@example.org",
    ):
        assert expected in page
    assert ModelLogEntry.objects.get().user.get_username() in page
    assert url("unsubscribe", ann.pk) in page
    assert url("object", ann.pk) in page
    assert f'"{url("subscribe", ann.pk)}' not in page


def test_looking_at_the_tab_writes_nothing(marketer, ann):
    for name in ("marketing", "subscribe", "unsubscribe", "object"):
        assert marketer.get(url(name, ann.pk)).status_code == 200

    assert (MailingList.objects.count(), ConsentEntry.objects.count(), logged()) == (0, 0, [])


def test_subscribing_and_unsubscribing_from_the_card(marketer, ann):
    response = marketer.post(url("subscribe", ann.pk), {"text": "On paper"})
    assert response.url == url("edit", ann.pk) + "#tab-marketing"
    assert state_of(ann) == SUBSCRIBED

    marketer.post(url("unsubscribe", ann.pk), {"text": ""})
    assert state_of(ann) == UNSUBSCRIBED

    marketer.post(url("object", ann.pk), {"text": "Rang us up"})
    assert state_of(ann) == OBJECTED
    assert logged() == [f"oscar_customers_ext.{verb}" for verb in ("subscribe", "unsubscribe", "object")]
    assert [str(entry.message) for entry in ModelLogEntry.objects.order_by("pk")] == [
        "Subscribed to Newsletter",
        "Unsubscribed from Newsletter",
        "Objected to Newsletter",
    ]
    assert {entry.staff.email for entry in ConsentEntry.objects.all()} == {"staff@example.org"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Say how consent was given: the shop must be able to prove it."),
        ("x" * 1001, "at most 1000 characters"),
    ],
)
def test_subscribing_needs_words_that_prove_it(marketer, ann, text, sentence):
    response = marketer.post(url("subscribe", ann.pk), {"text": text})

    assert sentence in response.text
    assert text in response.text
    assert not ConsentEntry.objects.exists()


def test_who_objected_is_resubscribed_only_with_the_extra_tick(marketer, ann):
    say(ann, OBJECTED)
    page = marketer.get(url("subscribe", ann.pk)).text
    assert "The customer objected to this list (" in page
    assert "Subscribe in spite of the objection" in page

    refused = marketer.post(url("subscribe", ann.pk), {"text": "Asked again by letter"})

    assert "Tick the box when the customer has asked for the newsletter anew." in refused.text
    assert "Asked again by letter" in refused.text
    assert (state_of(ann), ConsentEntry.objects.count(), logged()) == (OBJECTED, 1, [])
    marketer.post(url("subscribe", ann.pk), {"text": "Asked again by letter", "confirmed": "on"})
    assert (state_of(ann), ConsentEntry.objects.count()) == (SUBSCRIBED, 2)


def test_the_extra_tick_is_not_offered_to_those_who_never_objected(marketer, ann):
    assert "in spite of the objection" not in marketer.get(url("subscribe", ann.pk)).text


def test_an_objection_since_the_page_was_opened_is_shown(marketer, ann, monkeypatch):
    """The form was chosen before the objection, and is stored after it."""
    form_class = SubscribeView.get_form_class

    def objected_after_that(view):
        chosen = form_class(view)
        if view.request.method == "POST":
            say(ann, OBJECTED)
        return chosen

    monkeypatch.setattr(SubscribeView, "get_form_class", objected_after_that)

    response = marketer.post(url("subscribe", ann.pk), {"text": "On paper"})

    assert "The customer objected a moment ago." in response.text
    assert "On paper" in response.text
    assert (state_of(ann), logged()) == (OBJECTED, [])


def test_a_customer_without_address_cannot_be_subscribed(marketer, shop):
    nobody = create_customer(email="", first_name="Nobody")
    assert (
        "Without an e-mail address the customer cannot be subscribed."
        in marketer.get(url("marketing", nobody.pk)).text
    )
    assert "cannot be subscribed" in marketer.get(url("subscribe", nobody.pk)).text

    response = marketer.post(url("subscribe", nobody.pk), {"text": "On paper"})

    assert "Without an e-mail address nobody can be subscribed. Enter the address first." in response.text
    assert not ConsentEntry.objects.exists()


def test_another_list_is_named_in_the_address(marketer, ann):
    MailingList.objects.create(name="Events <b>", slug="events")
    assert "Events &lt;b&gt;" in marketer.get(url("marketing", ann.pk)).text

    marketer.post(url("subscribe", ann.pk) + "?list=events", {"text": "On paper"})

    assert ConsentEntry.objects.get().mailing_list.slug == "events"
    assert state_of(ann) is None
    assert marketer.get(url("subscribe", ann.pk) + "?list=nonesuch").status_code == 404
    assert marketer.get(url("subscribe", ann.pk) + "?list=%00").status_code == 404
    assert marketer.post(url("subscribe", ann.pk) + "?list=nonesuch", {"text": "x"}).status_code == 404


@pytest.mark.parametrize("name", ["subscribe", "unsubscribe", "object"])
def test_who_may_change_customers_may_not_speak_for_them(editor, ann, name):
    say(ann, SUBSCRIBED)

    assert editor.post(url(name, ann.pk), {"text": "On paper"}).status_code in (302, 403)

    assert (state_of(ann), ConsentEntry.objects.count(), logged()) == (SUBSCRIBED, 1, [])
    page = editor.get(url("marketing", ann.pk))
    assert page.status_code == 200
    assert url("unsubscribe", ann.pk) not in page.text


def test_who_may_view_and_subscribe_goes_back_to_the_read_only_page(sign_in, ann):
    client = sign_in("view_customer", "subscribe_customer")

    response = client.post(url("subscribe", ann.pk), {"text": "On paper"})

    assert response.url == url("inspect", ann.pk) + "#tab-marketing"
    assert url("marketing", ann.pk) in client.get(url("inspect", ann.pk)).text


def test_the_tab_costs_the_same_with_one_line_and_with_a_thousand(
    marketer, ann, django_assert_num_queries, django_assert_max_num_queries
):
    staff = make_user("other@example.org")
    say(ann, SUBSCRIBED, text="0", staff=staff)
    marketer.get(url("marketing", ann.pk))
    with django_assert_max_num_queries(15) as one:
        marketer.get(url("marketing", ann.pk))
    newsletter, start = MailingList.objects.default(), timezone.now() - timedelta(days=2000)
    ConsentEntry.objects.bulk_create(
        ConsentEntry(
            contact=ann.contact,
            mailing_list=newsletter,
            state=SUBSCRIBED,
            at=start + timedelta(days=number),
            source="form",
            text=f"Text {number}.",
            staff=staff,
        )
        for number in range(1000)
    )
    for number in range(10):
        MailingList.objects.create(name=f"List {number}", slug=f"list-{number}")

    with django_assert_num_queries(len(one)):
        page = marketer.get(url("marketing", ann.pk)).text

    assert page.count("<tr>") == 21
    assert "Text 999." in page
    assert f"{url('marketing', ann.pk)}?page=2" in page
    last = marketer.get(url("marketing", ann.pk), {"page": "51"}).text
    assert "Text 0." in last
    assert marketer.get(url("marketing", ann.pk), {"page": "nonsense"}).status_code == 200


def test_actions_return_what_they_wrote(ann):
    assert set_subscription(ann, state=SUBSCRIBED, actor=None, text="Yes") == ConsentEntry.objects.get()
    assert set_subscription(ann, state=SUBSCRIBED, actor=None, text="Yes") is None
    assert logged() == ["oscar_customers_ext.subscribe"]
    set_subscription(ann, state=OBJECTED, actor=None)
    with pytest.raises(ConsentObjected):
        set_subscription(ann, state=SUBSCRIBED, actor=None, text="Yes")
    assert logged() == ["oscar_customers_ext.subscribe", "oscar_customers_ext.object"]


def test_the_activity_tells_of_each_change_once(marketer, ann):
    marketer.post(url("subscribe", ann.pk), {"text": "On paper"})

    page = marketer.get(url("activity", ann.pk)).text

    assert page.count("Newsletter: Subscribed") == 1
    assert "Subscribed to Newsletter" not in page


# The list


@pytest.fixture
def four(shop):
    found = {
        name: create_customer(email=f"{name}@example.org", first_name=name)
        for name in ("yes", "no", "never", "stop")
    }
    say(found["yes"], SUBSCRIBED)
    say(found["no"], UNSUBSCRIBED)
    say(found["stop"], OBJECTED)
    other = MailingList.objects.create(name="Other", slug="other")
    say(found["never"], SUBSCRIBED, mailing_list=other)
    return found


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("yes", ["yes"]),
        ("no", ["never", "no", "stop"]),
        ("objected", ["stop"]),
        ("", ["never", "no", "stop", "yes"]),
    ],
)
def test_the_list_is_filtered_by_the_newsletter(viewer, four, value, names):
    found = viewer.get(url("index"), {"newsletter": value}).context["object_list"]

    assert sorted(str(customer) for customer in found) == names


def test_the_column_says_it_with_an_icon_and_words(viewer, four):
    choose(viewer, "newsletter")

    page = viewer.get(url("index"))

    said = {str(row): row.newsletter for row in page.context["object_list"]}
    assert said == {"yes": SUBSCRIBED, "no": UNSUBSCRIBED, "never": None, "stop": OBJECTED}
    marks = re.findall(
        r'<span class="customers-mark">\s*<svg class="icon icon-(\S+) .*?</svg>\s*(.*?)</span>',
        page.text,
        re.DOTALL,
    )
    assert sorted(marks) == [("check", "Yes"), ("cross", "No"), ("cross", "No"), ("warning", "No, objected")]


def test_the_column_costs_the_same_with_one_and_with_many_customers(viewer, four, django_assert_num_queries):
    Customer.objects.exclude(first_name="yes").update(archived_at=timezone.now())
    choose(viewer, "newsletter")
    viewer.get(url("index"))
    with CaptureQueriesContext(connection) as one:
        viewer.get(url("index"))
    for number in range(15):
        say(create_customer(email=f"bob{number}@example.org"), SUBSCRIBED)

    with django_assert_num_queries(len(one)):
        assert viewer.get(url("index")).text.count("customers-mark") == 16


def test_the_filter_works_before_anybody_subscribed(viewer, ann):
    def found(value):
        return list(viewer.get(url("index"), {"newsletter": value}).context["object_list"])

    assert (found("yes"), found("no"), found("objected")) == ([], [ann], [])
    assert not MailingList.objects.exists()


def test_many_are_subscribed_but_not_those_who_objected(marketer, four):
    nobody = create_customer(email="", first_name="nobody")
    page = marketer.get(bulk_url("subscribe")).text
    assert "How was consent given?" in page
    assert "Subscribe in spite of the objection" in page

    response = marketer.post(bulk_url("subscribe"), {"text": "On the list of the fair"}, follow=True)

    for sentence in (
        "2 customers subscribed to the newsletter.",
        "Subscribed already: 1.",
        "Not subscribed because they objected: 1.",
        "Not subscribed because they have no e-mail address: 1.",
    ):
        assert sentence in response.text
    assert {name: state_of(customer) for name, customer in four.items()} == {
        "yes": SUBSCRIBED,
        "no": SUBSCRIBED,
        "never": SUBSCRIBED,
        "stop": OBJECTED,
    }
    assert state_of(nobody) is None
    lines = ConsentEntry.objects.filter(source="staff")
    assert {(line.text, line.staff.email) for line in lines} == {
        ("On the list of the fair", "staff@example.org")
    }
    assert logged() == ["oscar_customers_ext.subscribe"] * 2


def test_those_who_objected_are_subscribed_in_bulk_when_that_is_confirmed(marketer, four):
    response = marketer.post(
        bulk_url("subscribe", four["stop"].pk), {"text": "Asked anew", "confirmed": "on"}, follow=True
    )

    assert "1 customer subscribed to the newsletter." in response.text
    assert state_of(four["stop"]) == SUBSCRIBED


def test_subscribing_in_bulk_needs_words_that_prove_it(marketer, four):
    response = marketer.post(bulk_url("subscribe"), {"text": "", "confirmed": "on"})

    assert "Say how consent was given" in response.text
    assert (state_of(four["never"]), logged()) == (None, [])


def test_many_are_unsubscribed_and_objections_stay(marketer, four):
    response = marketer.post(bulk_url("unsubscribe"), {"text": ""}, follow=True)

    assert "1 customer unsubscribed from the newsletter." in response.text
    assert "Not subscribed before: 3." in response.text
    assert (state_of(four["yes"]), state_of(four["stop"]), state_of(four["never"])) == (
        UNSUBSCRIBED,
        OBJECTED,
        None,
    )
    assert logged() == ["oscar_customers_ext.unsubscribe"]


def test_all_in_the_list_are_those_that_the_filter_finds(marketer, four):
    marketer.post(bulk_url("subscribe", newsletter="objected"), {"text": "Anew", "confirmed": "on"})

    assert (state_of(four["stop"]), state_of(four["never"])) == (SUBSCRIBED, None)


@pytest.mark.parametrize("action", ["subscribe", "unsubscribe"])
@pytest.mark.parametrize(
    "permissions", [[], ["subscribe_customer"], ["view_customer", "change_customer", "delete_customer"]]
)
def test_bulk_actions_ask_for_their_permission(sign_in, four, action, permissions):
    client = sign_in(*permissions)
    before = {name: state_of(customer) for name, customer in four.items()}
    for ids in ("all", four["yes"].pk, four["never"].pk):
        for method in (client.get, client.post):
            response = method(bulk_url(action, ids), {"text": "x"} if method == client.post else {})
            assert ">never<" not in response.text.replace(" ", "").replace("\n", "")
            assert "never@example.org" not in response.text
    assert {name: state_of(customer) for name, customer in four.items()} == before
    assert logged() == []


def test_whoever_may_view_and_subscribe_can_select_customers(sign_in, four):
    client = sign_in("view_customer", "subscribe_customer")

    assert f'data-object-id="{four["never"].pk}"' in client.get(url("index")).text
    client.post(bulk_url("subscribe", four["never"].pk), {"text": "On paper"})
    assert state_of(four["never"]) == SUBSCRIBED


def test_many_cost_the_queries_of_one(shop, django_assert_num_queries):
    MailingList.objects.default()
    customers = [create_customer(email=f"bob{number}@example.org") for number in range(31)]
    ContentType.objects.get_for_model(Customer)
    with django_assert_num_queries(11):
        set_subscriptions([customers[0].pk], state=SUBSCRIBED, actor=None, text="x")
    with django_assert_num_queries(11):
        set_subscriptions([one.pk for one in customers[1:21]], state=SUBSCRIBED, actor=None, text="x")
    # And one more for all who are subscribed already: whether a file said so.
    with django_assert_num_queries(12):
        set_subscriptions([one.pk for one in customers], state=SUBSCRIBED, actor=None, text="x")

    assert Subscription.objects.filter(state=SUBSCRIBED).count() == 31
