"""Archiving, restoring and deleting customers, one by one and in bulk."""

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from oscar_customers_ext.customers.actions import create_customer, link_order
from oscar_customers_ext.customers.bulk import AT_MOST
from oscar_customers_ext.lifecycle.actions import archive_customers, delete_customers, restore_customers
from oscar_customers_ext.models import Contact, Customer
from tests.factories import make_order, make_user

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"oscar_customers:{name}", args=args)


def bulk_url(action):
    return reverse("wagtail_bulk_action", args=["oscar_customers_ext", "customer", action])


def actions_logged():
    return list(ModelLogEntry.objects.order_by("pk").values_list("action", flat=True))


@pytest.fixture
def ann(shop):
    return create_customer(email="ann@example.org", first_name="Ann", country_id="IT")


@pytest.fixture
def buyer(shop):
    customer = create_customer(email="buyer@example.org", first_name="Buyer")
    link_order(make_order("buyer@example.org"))
    return customer


def listed(client, **query):
    return [str(customer) for customer in client.get(url("index"), query).context["object_list"]]


def test_an_archived_customer_leaves_the_list_and_keeps_everything(editor, buyer):
    buyer.user = make_user("buyer@example.org")
    buyer.save()

    page = editor.get(url("archive", buyer.pk))
    assert "the user account" in page.text
    assert Customer.objects.get().archived_at is None
    response = editor.post(url("archive", buyer.pk))

    assert response.url == url("index")
    assert listed(editor) == []
    assert listed(editor, archived="yes") == listed(editor, archived="all") == ["Buyer"]
    buyer.refresh_from_db()
    assert (buyer.orders_count, buyer.user.is_active, buyer.contact.email) == (1, True, "buyer@example.org")
    assert actions_logged() == ["oscar_customers_ext.archive"]
    assert ModelLogEntry.objects.get().user.email == "staff@example.org"


def test_a_restored_customer_is_back(editor, ann):
    archive_customers([ann.pk], actor=None)

    assert editor.get(url("restore", ann.pk)).status_code == 200
    assert editor.post(url("restore", ann.pk)).url == url("edit", ann.pk)

    assert listed(editor) == ["Ann"]
    assert actions_logged() == ["oscar_customers_ext.archive", "oscar_customers_ext.restore"]


def test_archiving_twice_is_archiving_once(ann):
    assert archive_customers([ann.pk], actor=None) == [ann]
    assert archive_customers([ann.pk], actor=None) == []
    assert restore_customers([ann.pk], actor=None) == [ann]
    assert restore_customers([ann.pk], actor=None) == []
    assert actions_logged() == ["oscar_customers_ext.archive", "oscar_customers_ext.restore"]


def test_an_order_brings_an_archived_customer_back(editor, ann):
    archive_customers([ann.pk], actor=None)

    order = make_order("ann@example.org")
    link_order(order)

    assert listed(editor) == ["Ann"]
    entry = ModelLogEntry.objects.latest("pk")
    assert (entry.action, entry.data, entry.user) == (
        "oscar_customers_ext.restore",
        {"order": order.number},
        None,
    )


def test_a_customer_without_orders_is_deleted_with_the_contact(editor, ann):
    user = make_user("ann@example.org")
    Customer.objects.update(user=user)

    page = editor.get(url("delete", ann.pk)).text
    assert "This cannot be undone." in page
    assert "The user account stays" in page
    assert "What was ever said about a newsletter is kept" in page
    assert editor.post(url("delete", ann.pk)).url == url("index")

    assert not Customer.objects.exists()
    assert not Contact.objects.exists()
    user.refresh_from_db()
    assert user.is_active
    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.deleted, entry.label) == ("wagtail.delete", True, "Ann")


def test_a_customer_with_orders_is_archived_instead(editor, buyer):
    page = editor.get(url("delete", buyer.pk)).text
    assert "has an order, so the customer cannot be deleted." in page
    assert "found again with the filter Archived" in page

    editor.post(url("delete", buyer.pk))

    buyer.refresh_from_db()
    assert buyer.archived_at is not None
    assert actions_logged() == ["oscar_customers_ext.archive"]


def test_a_customer_with_orders_is_kept_where_the_setting_says_so(editor, buyer, settings):
    settings.OSCAR_CUSTOMERS_DELETE_WITH_ORDERS = "refuse"

    page = editor.get(url("delete", buyer.pk)).text
    assert 'class="button serious"' not in page
    editor.post(url("delete", buyer.pk))

    buyer.refresh_from_db()
    assert buyer.archived_at is None
    assert actions_logged() == []


def test_deleting_many_keeps_those_with_orders(ann, buyer):
    deletion = delete_customers([ann.pk, buyer.pk], actor=None)

    assert (deletion.kept, list(Customer.objects.all())) == ([buyer], [buyer])
    assert [customer.first_name for customer in deletion.deleted] == ["Ann"]


@pytest.mark.parametrize("action", ["archive", "delete"])
def test_selected_customers_are_worked_on_and_logged(editor, ann, action):
    create_customer(email="bob@example.org", first_name="Bob")

    confirm = editor.get(bulk_url(action), {"id": ann.pk, "next": url("index")})
    assert "One customer is selected" in confirm.text
    assert listed(editor) == ["Bob", "Ann"]
    response = editor.post(f"{bulk_url(action)}?id={ann.pk}&next={url('index')}")

    assert response.url == url("index")
    assert listed(editor) == ["Bob"]
    assert len(actions_logged()) == 1


def test_all_in_the_list_means_what_search_and_filters_find(editor, ann):
    create_customer(email="anna@example.org", first_name="Anna", country_id="IT")
    create_customer(email="bob@example.org", first_name="Bob", country_id="IT")
    create_customer(email="annika@example.org", first_name="Annika")
    query = f"?id=all&q=ann&country=IT&next={url('index')}"

    confirm = editor.get(bulk_url("archive") + query).text
    assert "2 customers are selected" in confirm
    assert "Annika" not in confirm
    assert "Bob" not in confirm
    editor.post(bulk_url("archive") + query)

    assert sorted(listed(editor)) == ["Annika", "Bob"]
    assert actions_logged() == ["oscar_customers_ext.archive"] * 2


def test_archived_ones_are_restored_in_bulk(editor, ann):
    archive_customers([ann.pk], actor=None)

    editor.post(f"{bulk_url('restore')}?id=all&archived=yes&next={url('index')}")

    assert listed(editor) == ["Ann"]


def test_deleting_in_bulk_archives_those_with_orders(editor, ann, buyer):
    response = editor.post(f"{bulk_url('delete')}?id=all&next={url('index')}", follow=True)

    assert "1 customer deleted. Archived because of their orders: 1." in response.text
    assert list(Customer.objects.all()) == [buyer]
    assert listed(editor, archived="yes") == ["Buyer"]


def test_deleting_in_bulk_obeys_the_setting(editor, buyer, settings):
    settings.OSCAR_CUSTOMERS_DELETE_WITH_ORDERS = "refuse"

    response = editor.post(f"{bulk_url('delete')}?id=all&next={url('index')}", follow=True)

    assert "Not deleted because of their orders: 1." in response.text
    assert listed(editor) == ["Buyer"]


def test_too_many_at_once_are_refused_with_a_sentence(editor, ann, monkeypatch):
    assert AT_MOST == 10_000
    monkeypatch.setattr("oscar_customers_ext.customers.bulk.CustomerBulkAction.at_most", 1)
    create_customer(email="bob@example.org")

    response = editor.post(f"{bulk_url('archive')}?id=all&next={url('index')}")

    assert "2 customers are selected, and at most 1 can be worked on at once." in response.text
    assert Customer.objects.active().count() == 2


@pytest.mark.parametrize("action", ["archive", "restore", "delete"])
@pytest.mark.parametrize("permissions", [[], ["view_customer"], ["add_customer", "view_order"]])
def test_bulk_actions_ask_for_their_permission(sign_in, ann, action, permissions):
    client = sign_in(*permissions)
    for ids in (ann.pk, "all"):
        for method in (client.get, client.post):
            response = method(f"{bulk_url(action)}?id={ids}&next={url('index')}")
            assert response.status_code == 302
            assert "Ann" not in response.text
    assert Customer.objects.active().count() == 1


def test_whoever_may_change_may_not_delete_in_bulk(sign_in, ann):
    client = sign_in("change_customer", "view_customer")

    client.post(f"{bulk_url('delete')}?id={ann.pk}&next={url('index')}")
    assert Customer.objects.count() == 1
    client.post(f"{bulk_url('archive')}?id={ann.pk}&next={url('index')}")
    assert Customer.objects.archived().count() == 1


@pytest.mark.parametrize("ids", ["id=abc", "id=-1", "id=99999999999999999999", "id=", ""])
def test_nonsense_in_a_bulk_address_selects_nobody(editor, ann, ids):
    response = editor.get(f"{bulk_url('archive')}?{ids}&next={url('index')}")

    assert response.status_code == 200
    assert "None of the selected customers" in response.text


@pytest.mark.parametrize("query", ["source=nonesuch", "country=XX", "kind=zzz", "created_at_from=garbage"])
def test_a_filter_that_cannot_be_understood_selects_nobody(editor, ann, query):
    for country in ("", "&country=IT"):
        response = editor.post(f"{bulk_url('delete')}?id=all&{query}{country}&next={url('index')}")
        assert "None of the selected customers" in response.text or response.status_code == 302

    assert list(Customer.objects.active()) == [ann]
    assert actions_logged() == []


def test_who_may_delete_and_not_see_customers_is_told_no_names(sign_in, ann):
    client = sign_in("delete_customer")
    path = f"{bulk_url('delete')}?id={ann.pk}&next={url('index')}"

    assert "Ann" not in client.get(path).text
    client.post(path)

    assert list(Customer.objects.all()) == [ann]
