"""Views that members of staff keep of the list of customers."""

import pytest
from django.contrib.auth import get_user
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from oscar_customers_ext.customers.actions import create_customer, link_order
from oscar_customers_ext.models import ColumnChoice, Customer, SavedView
from tests.factories import make_order, make_user

pytestmark = pytest.mark.django_db

BUYERS = "?q=example&orders=yes&country=IT&ordering=-orders_count"


def url(name, *args):
    return reverse(f"oscar_customers:{name}", args=args)


def found(client, address):
    return [str(customer) for customer in client.get(address).context["object_list"]]


def save(client, query=BUYERS, name="Buyers", **posted):
    return client.post(url("save_view") + query, {"name": name, **posted})


@pytest.fixture
def customers(shop):
    create_customer(email="ann@example.org", country_id="IT")
    create_customer(email="bob@example.org", country_id="IT")
    for _number in range(2):
        link_order(make_order("ann@example.org"))


@pytest.fixture
def colleague(sign_in, shop):
    """Another member of staff, in a browser of his own."""
    user = make_user("colleague@example.org", first_name="<b>Col")
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_customer"]))
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def of(client, **fields):
    return SavedView.objects.create(owner=get_user(client), **{"name": "Buyers", **fields})


def test_a_view_keeps_search_filters_order_and_columns(viewer, customers):
    ColumnChoice.objects.create(user=get_user(viewer), columns=["phone", "orders_count"])

    response = save(viewer)

    saved = SavedView.objects.get()
    assert response.url == f"{url('index')}{BUYERS}&view={saved.pk}"
    assert (saved.name, saved.owner, saved.shared) == ("Buyers", get_user(viewer), False)
    assert (saved.query, saved.columns) == (BUYERS[1:], ["phone", "orders_count"])
    ColumnChoice.objects.update(columns=["email"])
    page = viewer.get(response.url)
    assert [str(customer) for customer in page.context["object_list"]] == ["ann@example.org"]
    assert list(page.context["table"].columns) == ["name", "phone", "orders_count"]
    assert page.context["ordering"] == "-orders_count"


def test_one_click_above_the_list_applies_a_view(viewer, customers):
    saved = of(viewer, query="q=bob", name="<b>Bob & Co</b>")

    page = viewer.get(url("index")).text

    assert f'href="{url("index")}?q=bob&amp;view={saved.pk}"' in page
    assert "&lt;b&gt;Bob &amp; Co&lt;/b&gt;" in page
    assert "<b>Bob" not in page
    assert found(viewer, saved.get_absolute_url()) == ["bob@example.org"]


def test_a_view_outlives_a_change_of_its_filters(viewer):
    saved = of(viewer, query="q=bob")

    page = viewer.get(saved.get_absolute_url()).text

    assert f'<input type="hidden" name="view" value="{saved.pk}">' in page


def test_only_what_means_something_to_the_list_is_kept(viewer, customers):
    save(
        viewer,
        "?q=ann&p=7&export=csv&view=&next=https://evil.example&_w_filter_fragment=1&kind=&user__password=x"
        "&created_at_from=2020-01-01&kind=guest&source=shop&source=staff&columns=x",
    )

    kept = "q=ann&kind=guest&created_at_from=2020-01-01&source=shop&source=staff"
    assert sorted(SavedView.objects.get().query.split("&")) == sorted(kept.split("&"))


def test_a_filter_that_cannot_be_understood_is_not_kept(viewer, customers):
    response = save(viewer, "?country=XX")

    assert "One of the filters cannot be understood." in response.text
    assert not SavedView.objects.exists()


def test_too_much_to_keep_gets_a_sentence(viewer):
    response = save(viewer, "?" + "&".join(f"source=source{number}" for number in range(400)))

    assert response.status_code == 200
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "This field is required."),
        ("   ", "This field is required."),
        ("x" * 101, "at most 100 characters"),
        ("Buyers", "You have a view with this name."),
    ],
)
def test_a_name_that_will_not_do_gets_a_sentence(viewer, customers, name, sentence):
    of(viewer)

    response = save(viewer, name=name)

    assert response.status_code == 200
    assert sentence in response.text
    assert SavedView.objects.count() == 1


def test_two_people_may_use_the_same_name(viewer, colleague, customers):
    of(colleague)

    assert save(viewer).status_code == 302
    assert SavedView.objects.filter(name="Buyers").count() == 2


def test_the_view_of_another_is_not_there_unless_it_is_shared(viewer, colleague, customers):
    saved = of(colleague, query="q=bob")
    pages = [url("edit_view", saved.pk), url("delete_view", saved.pk)]

    assert "Buyers" not in viewer.get(url("index")).text
    assert "Buyers" not in viewer.get(url("views")).text
    for address in [saved.get_absolute_url(), *pages]:
        assert viewer.get(address).status_code == 404
    for address in pages:
        assert viewer.post(address, {"name": "Mine"}).status_code == 404

    SavedView.objects.update(shared=True)
    assert "Buyers" in viewer.get(url("index")).text
    listed = viewer.get(url("views")).text
    assert "Shared by &lt;b&gt;Col" in listed
    assert url("edit_view", saved.pk) not in listed
    assert found(viewer, saved.get_absolute_url()) == ["bob@example.org"]
    for address in pages:
        assert viewer.get(address).status_code == 302
        assert viewer.post(address, {"name": "Mine"}).status_code == 302
    assert SavedView.objects.get().name == "Buyers"


def test_sharing_needs_its_permission(viewer, customers, sign_in):
    assert "shared" not in viewer.get(url("save_view")).context["form"].fields
    save(viewer, shared="on")
    assert SavedView.objects.get().shared is False

    client = sign_in("view_customer", "share_savedview", email="sharer@example.org")
    save(client, shared="on")
    saved = SavedView.objects.get(owner=get_user(client))
    assert saved.shared is True
    client.post(url("edit_view", saved.pk), {"name": "Buyers"})
    saved.refresh_from_db()
    assert saved.shared is False


def test_the_owner_renames_and_deletes(viewer, customers):
    saved = of(viewer, query="q=bob", columns=["phone"])

    assert "Delete the view “Buyers”?" in viewer.get(url("delete_view", saved.pk)).text
    viewer.get(url("delete_view", saved.pk))
    viewer.post(url("edit_view", saved.pk), {"name": "Bobs", "query": "q=eve", "owner": "1"})

    saved.refresh_from_db()
    assert (saved.name, saved.query, saved.columns) == ("Bobs", "q=bob", ["phone"])
    assert viewer.post(url("delete_view", saved.pk)).url == url("views")
    assert not SavedView.objects.exists()
    assert Customer.objects.count() == 2
    assert viewer.get(saved.get_absolute_url()).status_code == 404


def test_the_pages_say_what_the_view_holds(viewer, customers):
    page = viewer.get(url("save_view") + BUYERS).text
    assert "With orders" in page
    assert "Italy" in page
    saved = of(viewer, query=BUYERS[1:], columns=["vat_number"])

    page = viewer.get(url("edit_view", saved.pk)).text

    assert "With orders" in page
    assert "VAT number" in page


def test_values_that_are_gone_do_not_break_a_view(viewer, customers):
    saved = of(viewer, query="country=XX&q=bob&orders=no", columns=["gone"])

    page = viewer.get(saved.get_absolute_url())

    assert [str(customer) for customer in page.context["object_list"]] == ["bob@example.org"]
    assert "A filter asks for something that is not there, so it is left out: Country." in page.text
    assert viewer.get(url("edit_view", saved.pk)).status_code == 200


def test_what_is_stored_by_hand_stays_a_query_of_the_list(viewer, customers):
    saved = of(viewer, query='"><script>x</script>&next=//evil.example&ordering=user__password&p=999')

    page = viewer.get(saved.get_absolute_url())

    assert page.status_code == 200
    assert "<script>x" not in page.text
    assert page.context["ordering"] == "-created_at"
    assert viewer.get(url("index")).status_code == 200
    assert viewer.get(url("edit_view", saved.pk)).status_code == 200


def test_a_view_shows_only_columns_that_its_user_may_see(viewer, colleague, customers):
    saved = of(colleague, shared=True, columns=["phone", "user__password"])

    assert list(viewer.get(saved.get_absolute_url()).context["table"].columns) == ["name", "phone"]


@pytest.mark.parametrize("asked", ["abc", "-1", "1.5", "²", ""])
def test_what_is_no_view_is_ignored(viewer, asked):
    assert viewer.get(url("index"), {"view": asked}).status_code == 200


def test_many_views_cost_no_more_than_one(viewer, colleague, customers):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            viewer.get(url("index"))
        return len(captured)

    of(colleague, shared=True)
    queries()
    with_one = queries()
    for number in range(20):
        of(colleague, name=f"View {number}", shared=True)

    assert queries() == with_one


def test_bulk_actions_act_on_nobody_when_a_filter_of_the_view_is_gone(editor, customers):
    saved = of(editor, query="country=XX")
    bulk = reverse("wagtail_bulk_action", args=["oscar_customers_ext", "customer", "archive"])

    editor.post(f"{bulk}?{saved.query}&id=all&next=/admin/")

    assert Customer.objects.active().count() == 2
