"""Where customers were met: the action, its signal, and the panel for the editor of a page."""

import pytest
from django.contrib.auth import get_user
from django.contrib.sites.models import Site
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.admin.panels import FieldPanel, ObjectList, TabbedInterface
from wagtail.models import Page

from oscar_customers_ext.customers.actions import create_customer, touch_customer
from oscar_customers_ext.exceptions import InvalidEmail
from oscar_customers_ext.models import Customer, CustomerSource, StaffSite
from oscar_customers_ext.panels import CustomersPanel
from oscar_customers_ext.signals import customer_touched

pytestmark = pytest.mark.django_db

LONG = "event:" + "open-evening-in-the-workshop-" * 8


def url(name, *args):
    return reverse(f"oscar_customers:{name}", args=args)


def people(client, source, **query):
    return client.get(url("from_source"), {"source": source, **query})


@pytest.fixture
def touched():
    """The arguments of each customer_touched that was sent."""
    sent = []

    def receive(sender, signal, **arguments):
        sent.append(arguments)

    customer_touched.connect(receive)
    yield sent
    customer_touched.disconnect(receive)


def test_the_signal_tells_whether_the_source_is_new(shop, touched, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        ann = touch_customer(email="ann@example.org", source="event")
        touch_customer(email="ANN@example.org", source="event")
        touch_customer(email="ann@example.org", source="booking")

    assert [(sent["customer"], sent["source"], sent["is_new_source"]) for sent in touched] == [
        (ann, "event", True),
        (ann, "event", False),
        (ann, "booking", True),
    ]


def test_nothing_is_sent_for_what_did_not_happen(shop, touched, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        with pytest.raises(InvalidEmail):
            touch_customer(email="nobody", source="event")
        with transaction.atomic():
            touch_customer(email="ann@example.org", source="event")
            transaction.set_rollback(True)

    assert touched == []
    assert not CustomerSource.objects.exists()


def test_a_long_name_is_cut_always_in_the_same_way(shop):
    customer = touch_customer(email="ann@example.org", source=LONG)
    touch_customer(email="ann@example.org", source=LONG)
    touch_customer(email="ann@example.org", source=LONG + "2")

    names = [source.source for source in customer.sources.all()]
    assert len(names) == 2
    assert {len(name) for name in names} == {64}
    assert all(name.startswith("event:open-evening") for name in names)


@pytest.mark.parametrize("source", ["", "   "])
def test_a_source_needs_a_name(shop, source):
    with pytest.raises(ValueError, match="A source needs a name"):
        touch_customer(email="ann@example.org", source=source)

    assert not Customer.objects.exists()


def test_the_people_of_a_source_are_listed_the_latest_first(viewer):
    for name in ("ann", "<b>bob</b>"):
        create_customer(email="", first_name=name, source="event:x")
    create_customer(email="eve@example.org", source="event:y")

    page = people(viewer, "event:x")

    assert [str(customer) for customer, _seen, _url in page.context["people"]] == ["<b>bob</b>", "ann"]
    assert "&lt;b&gt;bob" in page.text
    assert "<b>bob" not in page.text
    assert "2 customers" in page.text
    assert f"{url('index')}?source=event%3Ax" in page.text
    listed = viewer.get(url("index"), {"source": "event:x"}).context["object_list"]
    assert {str(customer) for customer in listed} == {"<b>bob</b>", "ann"}


def test_a_long_source_leads_to_the_same_people(viewer):
    touch_customer(email="ann@example.org", source=LONG)

    page = people(viewer, LONG)

    assert len(page.context["people"]) == 1
    assert len(viewer.get(page.context["list_url"]).context["object_list"]) == 1


@pytest.mark.parametrize("source", ["", "nobody", "\x00", "x" * 5000, "'\"<script>"])
def test_a_source_without_people_says_so(viewer, source):
    create_customer(email="ann@example.org")

    page = people(viewer, source)

    assert page.status_code == 200
    assert "Nobody yet." in page.text


def test_many_people_cost_no_more_than_one_and_come_in_pages(viewer):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            people(viewer, "event")
        return len(captured)

    touch_customer(email="first@example.org", source="event")
    queries()
    with_one = queries()
    for number in range(25):
        touch_customer(email=f"ann{number}@example.org", source="event")

    assert queries() == with_one <= 15
    first, second = (people(viewer, "event", p=number) for number in (1, 2))
    assert (len(first.context["people"]), len(second.context["people"])) == (20, 6)
    assert "Page 1 of 2" in first.text
    assert second.context["earlier"] == f"{url('from_source')}?source=event&p=1"
    for asked in ("abc", "-1", "9" * 30):
        assert people(viewer, "event", p=asked).status_code == 200


def test_limited_staff_see_the_people_of_their_site(viewer):
    north = Site.objects.create(domain="north.example", name="North")
    StaffSite.objects.create(group=get_user(viewer).groups.get(), site=north)
    for number in range(3):
        touch_customer(email=f"nora{number}@example.org", source="event", site=north)
    touch_customer(email="sue@example.org", source="event", site=1)

    page = people(viewer, "event")

    assert len(page.context["people"]) == 3
    assert "sue@" not in page.text
    with CaptureQueriesContext(connection) as captured:
        people(viewer, "event")
    assert len(captured) <= 15


def tab(client, rf, page, source):
    request = rf.get("/")
    request.user = get_user(client)
    handler = TabbedInterface(
        [ObjectList([FieldPanel("title")], heading="Content"), CustomersPanel(source=source)]
    ).bind_to_model(Page)
    bound = handler.get_bound_panel(
        instance=page, request=request, form=handler.get_form_class()(instance=page, for_user=request.user)
    )
    return bound


@pytest.fixture
def page(db):
    return Page.objects.filter(depth=1).first() or Page.add_root(title="Root", slug="root")


@pytest.mark.parametrize(
    "source", ["event:{page.slug}", lambda page: f"event:{page.slug}"], ids=["text", "function"]
)
def test_the_panel_asks_for_the_source_of_its_page(viewer, rf, page, source):
    bound = tab(viewer, rf, page, source)

    panel = bound.visible_children[1]
    assert panel.url == f"{url('from_source')}?source=event%3A{page.slug}"
    assert [identifier for _child, identifier in bound.visible_children_with_identifiers] == [
        "content",
        "customers",
    ]
    assert str(panel.heading) == "Customers"
    assert "source=event%3A" in panel.render_html({})
    assert "customer_screen.js" in str(panel.media)


def test_the_panel_is_hidden_from_those_who_may_not_see_customers(sign_in, rf, page):
    client = sign_in("view_order")

    assert len(tab(client, rf, page, "event").visible_children) == 1
    assert people(client, "event").status_code in (302, 403)


def test_the_panel_waits_until_the_page_is_stored(viewer, rf):
    assert len(tab(viewer, rf, Page(title="New"), "event:{page.slug}").visible_children) == 1
