"""Columns of the list, chosen by each member of staff."""

import pytest
from django.contrib.auth import get_user
from django.contrib.sites.models import Site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from wagtail.admin.ui.tables import Column

from oscar_customers_ext.customers.actions import create_customer, link_order, touch_customer
from oscar_customers_ext.models import ColumnChoice, Customer
from oscar_customers_ext.viewsets import CustomerViewSet, ListColumn
from oscar_customers_ext.viewsets.columns import LIST_COLUMNS
from tests.factories import make_order

pytestmark = pytest.mark.django_db

DEFAULT = list(CustomerViewSet.list_display)


def url(name, *args):
    return reverse(f"oscar_customers:{name}", args=args)


def shown(client, **query):
    columns = client.get(url("index"), query).context["table"].columns
    return [name for name in columns if name != "bulk_actions"]


def choose(client, *keys, **posted):
    data = {f"show-{key}": "on" for key in keys}
    data |= {f"place-{key}": str(place) for place, key in enumerate(keys, start=1)}
    return client.post(url("columns"), data | posted)


def all_keys():
    return [column.key for column in LIST_COLUMNS if column.key != "name"]


def test_seven_columns_are_shown_from_the_start(viewer):
    assert shown(viewer) == DEFAULT
    assert len(DEFAULT) == 7


def test_every_field_of_a_customer_can_be_chosen(sign_in):
    client = sign_in(superuser=True)

    keys = set(client.get(url("columns")).context["form"].keys)

    assert keys == set(all_keys())
    own = {"search_text", "email_key", "contact", "user", "id", "approved_buyer", "approval_decided_at"}
    fields = {field.name for field in Customer._meta.get_fields() if not field.auto_created} - own
    assert fields - {"tags", "groups"} <= keys


def test_an_editor_sees_the_columns_of_his_own_choice_in_his_own_order(viewer):
    response = choose(viewer, "phone", "number", "created_at")

    assert response.url == url("index")
    assert shown(viewer) == ["name", "phone", "number", "created_at"]
    assert ColumnChoice.objects.get().user == get_user(viewer)


def test_places_decide_and_ties_keep_their_order(viewer):
    choose(viewer, "phone", "number", "email", **{"place-phone": "3", "place-number": "", "place-email": "1"})

    assert shown(viewer) == ["name", "email", "phone", "number"]


def test_the_choice_of_one_is_not_that_of_another(viewer, sign_in):
    choose(viewer, "phone")

    assert shown(sign_in("view_customer", email="other@example.org")) == DEFAULT


def test_the_default_comes_back(viewer):
    choose(viewer, "phone")

    viewer.post(url("columns"), {"reset": "1"})

    assert shown(viewer) == DEFAULT
    assert not ColumnChoice.objects.exists()


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({}, "Tick at least one column."),
        ({"show-phone": "on", "place-phone": "two"}, "Write the place as a number."),
        ({"show-phone": "on", "place-phone": "0"}, "Places are counted from 1."),
        ({"show-phone": "on", "place-phone": "9" * 400}, "Write a place of at most 999."),
    ],
    ids=["nothing", "word", "zero", "long"],
)
def test_a_choice_that_makes_no_sense_gets_a_sentence(viewer, posted, sentence):
    response = viewer.post(url("columns"), posted)

    assert response.status_code == 200
    assert sentence in response.text
    assert not ColumnChoice.objects.exists()


def test_columns_that_are_gone_or_were_made_up_are_left_out(viewer):
    choose(viewer, "phone", **{"show-password": "on", "show-user__password": "on"})
    assert ColumnChoice.objects.get().columns == ["phone"]

    ColumnChoice.objects.update(columns=["gone", "number", "number", "user__password"])
    assert shown(viewer) == ["name", "number"]
    ColumnChoice.objects.update(columns=["gone"])
    assert shown(viewer) == DEFAULT


def test_saving_the_columns_leads_back_to_the_list_as_it_was_and_nowhere_else(viewer):
    query = "?q=ann&kind=guest&next=https://evil.example&export=csv&p=3"

    assert viewer.post(url("columns") + query, {"show-phone": "on"}).url == url("index") + "?q=ann&kind=guest"


def test_whatever_is_chosen_the_list_asks_as_often_for_many_as_for_one(sign_in):
    client = sign_in(superuser=True)
    choose(client, *all_keys())

    def queries():
        with CaptureQueriesContext(connection) as captured:
            page = client.get(url("index"))
        assert page.status_code == 200
        return len(captured)

    def add(number):
        email = f"ann{number}@example.org"
        customer = create_customer(email=email, country_id="IT", language="it", first_name="Ann")
        touch_customer(email=email, source="event", site=1)
        link_order(make_order(email))
        return customer

    add(0)
    queries()
    with_one = queries()
    for number in range(1, 15):
        add(number)

    assert shown(client) == ["name", *all_keys()]
    assert queries() == with_one <= 30


def test_relations_of_columns_that_are_not_shown_are_not_read(viewer):
    create_customer(email="ann@example.org", country_id="IT")
    viewer.get(url("index"))

    def statements(*keys):
        choose(viewer, *keys)
        with CaptureQueriesContext(connection) as captured:
            viewer.get(url("index"))
        return " ".join(query["sql"] for query in captured)

    assert "oscar_customers_ext_customersource" not in statements("phone")
    assert 'JOIN "address_country"' not in statements("phone")
    assert "oscar_customers_ext_customersource" in statements("sources")
    assert 'JOIN "address_country"' in statements("country")


def test_every_column_says_what_it_says(sign_in):
    client = sign_in(superuser=True)
    Site.objects.update_or_create(pk=1, defaults={"name": "Bottega", "domain": "testserver"})
    choose(client, *all_keys())
    touch_customer(
        email="ann@example.org",
        source="<b>event</b>",
        site=1,
        first_name="Ann",
        last_name="<script>x</script>",
        phone="011",
        vat_number="IT1",
        organisation_id="O-1",
        company_name="Rossi & Co",
        language="it",
        country_id="IT",
        approved_buyer=False,
    )
    link_order(make_order("ann@example.org", total="1234.50"))

    page = client.get(url("index")).text

    for text in (
        "011",
        "IT1",
        "O-1",
        "Rossi &amp; Co",
        "Italiano",
        "Italy",
        "Waiting",
        "1,234.50",
        "Bottega",
    ):
        assert text in page, text
    assert "&lt;b&gt;event&lt;/b&gt;, Order in the shop" in page
    assert "<b>event</b>" not in page
    assert "<script>x" not in page


@pytest.mark.parametrize("key", ["last_name", "email_key", "number", "orders_count", "created_at"])
def test_the_list_is_sorted_by_what_has_an_index(viewer, key):
    choose(viewer, "phone")

    assert viewer.get(url("index"), {"ordering": f"-{key}"}).context["ordering"] == f"-{key}"


def test_columns_without_index_cannot_be_sorted_by(viewer):
    sortable = {column.column.sort_key for column in LIST_COLUMNS if column.key != "name"} - {None}

    assert {"last_name", "email_key", "number", "orders_count", "created_at"} >= sortable
    for key in ("phone", "last_order_at", "modified_at", "orders_total"):
        assert viewer.get(url("index"), {"ordering": key}).context["ordering"] == "-created_at"


def test_the_page_of_columns_speaks_italian(viewer):
    with translation.override("it"):
        page = viewer.get(url("columns"), headers={"accept-language": "it"}).text

    assert "Colonna" in page


def layout(client, rf, **attributes):
    request = rf.get("/")
    request.user = get_user(client)
    view = CustomerViewSet.index_view_class(**{"list_columns": LIST_COLUMNS, **attributes})
    view.setup(request)
    return view


def test_a_site_adds_columns_in_three_ways(viewer, rf):
    secret = ListColumn(Column("secret"), permission="oscar_customers_ext.delete_customer")
    view = layout(
        viewer,
        rf,
        list_columns=[*LIST_COLUMNS, ListColumn(Column("extra")), secret],
        list_display=[
            "name",
            "email",
            "full_name",
            Column("points", label="Points"),
            ListColumn(Column("own")),
        ],
    )

    assert view.shown_keys == ["email", "full_name", "points", "own"]
    assert {"extra", "points", "own", "full_name"} <= set(view.available_columns)
    assert "secret" not in view.available_columns
    assert "name" not in view.available_columns


def test_the_permission_of_a_column_is_asked_for(sign_in, rf):
    secret = ListColumn(Column("secret"), permission="oscar_customers_ext.delete_customer")
    attributes = {"list_columns": [secret], "list_display": ["name", secret]}

    with_it = layout(sign_in("delete_customer", email="a@example.org"), rf, **attributes)
    assert with_it.shown_keys == ["secret"]
    without_it = layout(sign_in("view_customer", email="b@example.org"), rf, **attributes)
    assert without_it.shown_keys == []


def test_another_column_may_name_the_customer(viewer, rf):
    view = layout(viewer, rf, list_display=["number", "name", "email"])

    assert view.shown_keys == ["name", "email"]
    assert "number" not in view.available_columns
