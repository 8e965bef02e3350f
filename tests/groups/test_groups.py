"""Customer groups: their own pages, the customer's groups, column and filter, and many customers at once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth import get_user
from django.contrib.contenttypes.models import ContentType
from django.contrib.sites.models import Site
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry, ReferenceIndex

from oscar_customers_ext.compat import policy_for
from oscar_customers_ext.customers import querysets
from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.customers.expressions import COUNTED
from oscar_customers_ext.customers.staff_sites.policies import CustomersOfSites
from oscar_customers_ext.groups.actions import add_to_group, change_groups, remove_from_group
from oscar_customers_ext.groups.columns import GROUPS
from oscar_customers_ext.groups.views import PAGE
from oscar_customers_ext.models import (
    ColumnChoice,
    Customer,
    CustomerGroup,
    Membership,
    MembershipPlan,
    StaffSite,
)
from oscar_customers_ext.policies import READ
from tests.customers.test_screen import url
from tests.customers.test_tags import bulk_url
from tests.factories import make_user

pytestmark = pytest.mark.django_db

ADD, REMOVE = "oscar_customers_ext.add_to_group", "oscar_customers_ext.remove_from_group"
DAY = timedelta(days=1)


def groups_url(name, *args):
    return reverse(f"oscar_customers_groups:{name}", args=args)


def make_group(name="Trade", **columns):
    return CustomerGroup.objects.create(name=name, slug=name.lower(), **columns)


def make_member(customer, group, *, starts=-DAY, ends=None, revoked=False):
    plan, _is_new = MembershipPlan.objects.get_or_create(name=f"Plan of {group}", customer_group=group)
    now = timezone.now()
    return Membership.objects.create(
        customer=customer,
        plan=plan,
        starts_at=now + starts,
        ends_at=now + ends if ends else None,
        revoked_at=now if revoked else None,
    )


def names(customer):
    return [group.name for group in customer.groups.order_by("name")]


@pytest.fixture
def keeper(sign_in):
    """Keeps the groups, and puts customers into them."""
    codenames = [f"{verb}_customergroup" for verb in ("add", "change", "delete", "view")]
    read = ("view_customer", "view_membership")
    return sign_in(*read, "change_customer", "assign_group_customer", *codenames)


# What counts as a group of a customer


@pytest.mark.parametrize(
    ("membership", "counts"),
    [
        ({}, True),
        ({"ends": DAY}, True),
        ({"starts": -2 * DAY, "ends": -DAY}, False),
        ({"starts": DAY}, False),
        ({"revoked": True}, False),
    ],
)
def test_a_group_counts_while_the_membership_is_active(editor, membership, counts):
    customer, group = create_customer(email="ann@example.org"), make_group()
    make_member(customer, group, **membership)

    assert list(CustomerGroup.objects.of(customer)) == ([group] if counts else [])
    found = editor.get(url("index"), {"group": group.pk}).context["object_list"]
    assert [found.pk for found in found] == ([customer.pk] if counts else [])
    (listed,) = CustomerGroup.objects.with_customer_counts()
    assert listed.customer_count == int(counts)


def test_the_groups_at_another_moment(shop):
    customer, group = create_customer(email="ann@example.org"), make_group()
    make_member(customer, group, starts=-2 * DAY, ends=-DAY)

    assert list(CustomerGroup.objects.of(customer, timezone.now() - 1.5 * DAY)) == [group]


def test_each_group_counts_once_in_one_query(shop, django_assert_num_queries):
    customer, trade, press = create_customer(email="ann@example.org"), make_group(), make_group("Press")
    add_to_group([customer.pk], trade, actor=None)
    make_member(customer, trade)
    make_member(customer, trade, ends=DAY)
    make_member(customer, press)
    add_to_group([create_customer(email="bob@example.org").pk], make_group("Others"), actor=None)

    with django_assert_num_queries(1):
        found = list(CustomerGroup.objects.of(customer).with_origin_for(customer))

    assert [(group.name, group.is_assigned, group.is_by_membership) for group in found] == [
        ("Press", False, True),
        ("Trade", True, True),
    ]
    counts = {group.name: group.customer_count for group in CustomerGroup.objects.with_customer_counts()}
    assert counts == {"Others": 1, "Press": 1, "Trade": 1}


# Actions


def test_putting_many_into_a_group_logs_those_whom_it_changes(shop, django_assert_max_num_queries):
    group, actor = make_group(), make_user("staff@example.org")
    pks = [create_customer(email=f"{number}@example.org").pk for number in range(50)]
    add_to_group(pks[:1], group, actor=actor)

    with django_assert_max_num_queries(10):
        assert len(add_to_group(pks, group, actor=actor)) == 49
    assert add_to_group(pks, group, actor=actor) == []

    assert group.customers.count() == 50
    assert ModelLogEntry.objects.filter(action=ADD, user=actor).count() == 50
    assert ModelLogEntry.objects.first().data == {"group": "Trade", "group_pk": group.pk}
    with django_assert_max_num_queries(10):
        assert len(remove_from_group(pks, group, actor=actor)) == 50
    assert remove_from_group(pks, group, actor=actor) == []
    assert ModelLogEntry.objects.filter(action=REMOVE).count() == 50


def test_changing_groups_leaves_the_others_alone(shop):
    customer = create_customer(email="ann@example.org")
    trade, press, vip = (make_group(name) for name in ("Trade", "Press", "VIP"))
    change_groups(customer, [trade, press], actor=None)
    ModelLogEntry.objects.all().delete()
    before = Customer.objects.get().modified_at

    change_groups(customer, [press, vip], actor=None)

    assert names(customer) == ["Press", "VIP"]
    logged = ModelLogEntry.objects.values_list("action", "data__group")
    assert sorted(logged) == [(ADD, "VIP"), (REMOVE, "Trade")]
    assert Customer.objects.get().modified_at > before


# The pages of groups


def test_making_a_group_fills_in_the_slug(keeper):
    for name in ("3 Großhändler", "Оптовики", "Оптовики 2", "x" * 100):
        response = keeper.post(
            groups_url("add"), {"name": name, "slug": "", "description": "", "colour_none": "on"}
        )
        assert response.status_code == 302, response.context["form"].errors

    slugs = CustomerGroup.objects.order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["grohandler", "group", "group-2", "x" * 60]
    assert set(CustomerGroup.objects.values_list("colour", flat=True)) == {""}
    assert ModelLogEntry.objects.filter(action="wagtail.create").count() == 4


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 101}, "at most 100 characters"),
        ({"name": "Trade"}, "Customer group with this Name already exists."),
        ({"slug": "Große"}, "Begin with a letter; use small letters"),
        ({"slug": "9lives"}, "Begin with a letter; use small letters"),
        ({"slug": "trade"}, "Customer group with this Slug already exists."),
        ({"colour": "red"}, "Write the colour like #1f7e9a."),
        ({"colour": '#12345"'}, "Write the colour like #1f7e9a."),
    ],
)
def test_bad_input_for_a_group_gets_a_sentence_and_loses_nothing(keeper, changed, sentence):
    make_group()
    data = {"name": "Press", "slug": "press", "description": "Typed at length", "colour": "#123456"}

    response = keeper.post(groups_url("add"), data | changed)

    assert response.status_code == 200
    assert sentence in response.text
    assert "Typed at length" in response.text
    assert CustomerGroup.objects.count() == 1


def test_a_colour_is_chosen_and_taken_away(keeper):
    group = make_group()
    data = {"name": "Trade", "slug": "trade", "description": ""}

    keeper.post(groups_url("edit", group.pk), data | {"colour": "#1F7E9A"})
    group.refresh_from_db()
    assert group.colour == "#1f7e9a"
    assert '<circle cx="6" cy="6" r="5.5" fill="#1f7e9a" />' in keeper.get(groups_url("index")).text
    page = keeper.get(groups_url("edit", group.pk)).text
    assert '<input type="color" name="colour" value="#1f7e9a"' in page

    keeper.post(groups_url("edit", group.pk), data | {"colour": "#1f7e9a", "colour_none": "on"})
    group.refresh_from_db()
    assert group.colour == ""
    changes = [entry.data["changes"] for entry in ModelLogEntry.objects.order_by("pk")]
    assert changes == [{"colour": ["", "#1f7e9a"]}, {"colour": ["#1f7e9a", ""]}]


def test_the_list_of_groups_counts_in_a_fixed_number_of_queries(
    keeper, django_assert_num_queries, django_assert_max_num_queries
):
    group = make_group()
    add_to_group([create_customer(email="ann@example.org").pk], group, actor=None)
    keeper.get(groups_url("index"))
    with django_assert_max_num_queries(15) as one:
        page = keeper.get(groups_url("index"))
    assert (
        f'<a href="/admin/customers/?group={group.pk}" aria-label="Customers of Trade: 1">1</a>' in page.text
    )
    for number in range(10):
        make_member(create_customer(email=f"{number}@example.org"), make_group(f"group{number}"))
    with django_assert_num_queries(len(one)):
        keeper.get(groups_url("index"))


def test_more_than_a_page_can_count_is_said_in_words(keeper):
    group = make_group()
    Contact = Customer._meta.get_field("contact").related_model
    contacts = Contact.objects.bulk_create(Contact() for _number in range(COUNTED + 1))
    customers = Customer.objects.bulk_create(Customer(contact=contact) for contact in contacts)
    rows = Customer.groups.through
    rows.objects.bulk_create(rows(customer=customer, customergroup=group) for customer in customers)

    assert ">more than 10,000</a>" in keeper.get(groups_url("index")).text


def test_groups_are_searched_by_name_and_slug(keeper):
    make_group("Trade")
    CustomerGroup.objects.create(name="Journalists", slug="press")

    for asked in ("journ", "PRESS"):
        found = keeper.get(groups_url("index"), {"q": asked}).context["object_list"]
        assert [group.name for group in found] == ["Journalists"]


def test_deleting_a_group_says_how_many_are_in_it(keeper):
    group, customer = make_group(), create_customer(email="ann@example.org")
    add_to_group([customer.pk], group, actor=None)

    page = keeper.get(groups_url("delete", group.pk))
    assert "One customer is in this group and stays, without it. Delete it?" in page.text
    keeper.post(groups_url("delete", group.pk))

    assert not CustomerGroup.objects.exists()
    assert names(customer) == []
    assert ModelLogEntry.objects.filter(action="wagtail.delete", label="Trade").count() == 1


def test_a_group_that_a_plan_grants_is_not_deleted(keeper):
    group = make_group()
    MembershipPlan.objects.create(name="<b>Gold</b>", customer_group=group)

    for response in (keeper.get(groups_url("delete", group.pk)), keeper.post(groups_url("delete", group.pk))):
        assert "This group cannot be deleted, because a membership plan grants it." in response.text
        assert "&lt;b&gt;Gold&lt;/b&gt;" in response.text
        assert "Yes, delete" not in response.text
    assert CustomerGroup.objects.get() == group
    with pytest.raises(ProtectedError):
        group.delete()


# The customers of a group


def test_the_customers_of_a_group_are_shown_page_by_page(
    keeper, django_assert_num_queries, django_assert_max_num_queries
):
    group = make_group()
    add_to_group([create_customer(email="first@example.org").pk], group, actor=None)
    keeper.get(groups_url("members", group.pk))
    with django_assert_max_num_queries(15) as one:
        page = keeper.get(groups_url("members", group.pk))
    assert "Older customers" not in page.text
    pks = [create_customer(email=f"{number}@example.org").pk for number in range(PAGE)]
    add_to_group(pks, group, actor=None)
    make_member(create_customer(email="member@example.org", first_name="<b>Bob"), group)

    with django_assert_num_queries(len(one)):
        page = keeper.get(groups_url("members", group.pk)).text

    assert "&lt;b&gt;Bob" in page
    assert page.count("by membership") == 1
    assert f"/admin/customer-groups/members/{group.pk}/remove/{pks[-1]}/" in page
    assert "first@example.org" not in page
    assert "first@example.org" in keeper.get(groups_url("members", group.pk), {"p": 2}).text
    for nonsense in ("0", "-1", "x", "9" * 30, "99"):
        assert keeper.get(groups_url("members", group.pk), {"p": nonsense}).status_code == 200
    assert 'href="#tab-members"' in keeper.get(groups_url("edit", group.pk)).text


def test_customers_are_found_and_put_into_the_group(keeper):
    group = make_group()
    ann = create_customer(email="ann@example.org", first_name="Ann", last_name="Rossi")
    inside = create_customer(email="ina@example.org", last_name="Rossi")
    add_to_group([inside.pk], group, actor=None)
    address = groups_url("add_members", group.pk)

    for asked in ("rossi", ann.number, "ANN@example.org"):
        page = keeper.get(address, {"q": asked})
        assert [found.pk for found in page.context["found"]] == [ann.pk], asked
    response = keeper.post(f"{address}?q=rossi", {"customer": [ann.pk]}, follow=True)

    assert "1 customer put into the group Trade." in response.text
    assert "Nobody else is found by these words." in response.text
    assert names(ann) == ["Trade"]
    assert "Put into the group Trade" in keeper.get(url("activity", ann.pk)).text


def test_staff_of_one_site_find_and_change_its_customers_only(keeper):
    group = make_group()
    here, there = (
        Site.objects.create(domain="here.example", name="H"),
        Site.objects.create(domain="x", name="X"),
    )
    ours, theirs = (create_customer(email=f"{site.name}@example.org", site=site) for site in (here, there))
    StaffSite.objects.create(group=get_user(keeper).groups.get(), site=here)
    address = groups_url("add_members", group.pk)

    assert [found.pk for found in keeper.get(address, {"q": "example.org"}).context["found"]] == [ours.pk]
    keeper.post(address, {"customer": [ours.pk, theirs.pk]})
    assert [customer.pk for customer in group.customers.all()] == [ours.pk]
    add_to_group([theirs.pk], group, actor=None)

    page = keeper.get(groups_url("members", group.pk)).text
    assert ours.email in page
    assert theirs.email not in page
    for refused in (groups_url("remove_member", group.pk, theirs.pk), url("change_groups", theirs.pk)):
        keeper.post(refused, {})
    keeper.post(bulk_url("remove_from_groups", ours, theirs), {"groups": [group.pk]})
    assert [customer.pk for customer in group.customers.all()] == [theirs.pk]


class SeeOnlyRossi(CustomersOfSites):
    """A policy of a site: groups are assigned to everybody, but only some customers may be seen."""

    def instances_user_has_any_permission_for(self, user, actions):
        allowed = super().instances_user_has_any_permission_for(user, actions)
        return allowed.filter(last_name="Rossi") if set(actions) <= set(READ) else allowed


def test_nobody_is_found_or_put_into_a_group_who_may_not_be_seen(sign_in, monkeypatch):
    client = sign_in("view_customer", "assign_group_customer", "view_customergroup")
    group = make_group()
    seen = create_customer(email="ann@example.org", last_name="Rossi")
    hidden = create_customer(email="eve@example.org", last_name="Canary")
    monkeypatch.setattr(policy_for(Customer), "__class__", SeeOnlyRossi)
    address = groups_url("add_members", group.pk)

    page = client.get(address, {"q": "example.org"})
    assert [found.pk for found in page.context["found"]] == [seen.pk]
    assert "Canary" not in page.text
    client.post(address, {"customer": [hidden.pk]})
    assert not group.customers.exists()
    client.post(address, {"customer": [seen.pk, hidden.pk]})
    client.post(bulk_url("add_to_groups", hidden), {"groups": [group.pk]})

    assert [customer.pk for customer in group.customers.all()] == [seen.pk]


@pytest.mark.parametrize("chosen", [[], ["x"], ["4711"], ["9" * 30]])
def test_nobody_ticked_gets_a_sentence(keeper, chosen):
    response = keeper.post(groups_url("add_members", make_group().pk), {"customer": chosen})

    assert "Tick at least one customer." in response.text
    assert not ModelLogEntry.objects.exists()


def test_a_customer_is_taken_out_after_a_question(keeper):
    group, customer = make_group(), create_customer(email="ann@example.org")
    add_to_group([customer.pk], group, actor=None)
    address = groups_url("remove_member", group.pk, customer.pk)

    assert "Take ann@example.org out of the group Trade?" in keeper.get(address).text
    assert names(customer) == ["Trade"]
    response = keeper.post(address)

    assert response.url == groups_url("edit", group.pk) + "#tab-members"
    assert names(customer) == []
    assert "Taken out of the group Trade" in keeper.get(url("activity", customer.pk)).text


# The groups of a customer


def test_the_benefits_tab_tells_where_a_group_comes_from(
    keeper, django_assert_num_queries, django_assert_max_num_queries
):
    customer = create_customer(email="ann@example.org")
    assert "In no group." in keeper.get(url("groups", customer.pk)).text
    with django_assert_max_num_queries(15) as one:
        keeper.get(url("groups", customer.pk))
    add_to_group([customer.pk], make_group("<i>Trade", colour="#ffff00"), actor=None)
    for number in range(20):
        make_member(customer, make_group(f"group{number:02}"))

    with django_assert_num_queries(len(one)):
        page = keeper.get(url("groups", customer.pk)).text

    assert "&lt;i&gt;Trade" in page
    assert page.count("by membership") == 20
    assert url("change_groups", customer.pk) in page
    assert 'href="#tab-benefits"' in keeper.get(url("edit", customer.pk)).text


def test_viewers_see_groups_and_change_none(viewer):
    customer, group = create_customer(email="ann@example.org"), make_group()
    add_to_group([customer.pk], group, actor=None)

    page = viewer.get(url("groups", customer.pk)).text
    viewer.post(url("change_groups", customer.pk), {})
    viewer.post(groups_url("remove_member", group.pk, customer.pk))
    viewer.post(bulk_url("remove_from_groups", customer), {"groups": group.pk})

    assert "Trade" in page
    assert "Change groups" not in page
    assert names(customer) == ["Trade"]


def test_changing_the_groups_of_a_customer(keeper):
    customer, trade, press = create_customer(email="ann@example.org"), make_group(), make_group("Press")
    add_to_group([customer.pk], trade, actor=None)
    address = url("change_groups", customer.pk)
    assert f'value="{trade.pk}" id="id_groups_1" checked' in keeper.get(address).text.replace("\n", " ")

    response = keeper.post(address, {"groups": [press.pk]})

    assert response.url == url("edit", customer.pk) + "#tab-benefits"
    assert names(customer) == ["Press"]


@pytest.mark.parametrize("group", ["4711", "x", "9" * 20])
def test_an_unknown_group_gets_a_sentence(keeper, group):
    customer = create_customer(email="ann@example.org")
    add_to_group([customer.pk], make_group(), actor=None)

    for address in (url("change_groups", customer.pk), bulk_url("remove_from_groups", customer)):
        response = keeper.post(address, {"groups": [group]})

        assert response.status_code == 200
        assert len(response.context["form"].errors["groups"]) == 1
        assert group in response.context["form"].errors["groups"][0]
    assert names(customer) == ["Trade"]


# The list


@pytest.mark.parametrize("few", [0, querysets.FEW])
@pytest.mark.parametrize("with_plan", [False, True])
def test_the_list_is_filtered_by_groups(editor, monkeypatch, few, with_plan):
    monkeypatch.setattr(querysets, "FEW", few)
    trade, press = make_group(), make_group("Press")
    ann, bob, cleo = (create_customer(email=f"{name}@example.org") for name in ("ann", "bob", "cleo"))
    add_to_group([ann.pk, bob.pk], trade, actor=None)
    add_to_group([bob.pk], press, actor=None)
    if with_plan:
        make_member(cleo, press)
        make_member(bob, press)

    def found(*groups, **query):
        query["group"] = [group.pk for group in groups]
        return [customer.email[:3] for customer in editor.get(url("index"), query).context["object_list"]]

    member = ["cle"] if with_plan else []
    assert found(trade) == ["bob", "ann"]
    assert found(press) == [*member, "bob"]
    assert found(trade, press) == [*member, "bob", "ann"]
    assert found(press, q="bob") == ["bob"]
    assert found(press, ordering="-created_at", p=1) == [*member, "bob"]


@pytest.mark.parametrize("group", ["4711", "trade", "9" * 30, "\x00"])
def test_a_group_that_is_none_is_no_error(editor, group):
    make_group()

    assert editor.get(url("index"), {"group": group}).status_code == 200


def test_bulk_actions_work_on_what_the_group_filter_finds(keeper):
    trade, press = make_group(), make_group("Press")
    ann, bob = create_customer(email="ann@example.org"), create_customer(email="bob@example.org")
    make_member(ann, trade)
    address = reverse("wagtail_bulk_action", args=["oscar_customers_ext", "customer", "add_to_groups"])

    keeper.post(f"{address}?id=all&group={trade.pk}&next=/admin/customers/", {"groups": [press.pk]})

    assert (names(ann), names(bob)) == (["Press"], [])


def test_the_column_costs_no_query_per_row(shop, django_assert_num_queries):
    trade, press = make_group(), make_group("Press")
    for number in range(12):
        customer = create_customer(email=f"{number}@example.org")
        add_to_group([customer.pk], trade, actor=None)
        make_member(customer, press, starts=-DAY if number % 2 else DAY)

    with django_assert_num_queries(3):
        customers = list(GROUPS.prepare(Customer.objects.order_by("pk")))
        shown = [[str(group) for group in GROUPS.column.get_value(customer)] for customer in customers]

    assert shown[:2] == [["Trade"], ["Press", "Trade"]]


def test_the_list_shows_the_groups_to_who_chose_the_column(viewer):
    customer = create_customer(email="ann@example.org")
    add_to_group([customer.pk], make_group("<b>Trade", colour="#ff0000"), actor=None)
    assert "&lt;b&gt;Trade</span>" not in viewer.get(url("index")).text
    ColumnChoice.objects.create(user=get_user(viewer), columns=["groups"])

    page = viewer.get(url("index")).text

    assert 'fill="#ff0000" /></svg>&lt;b&gt;Trade</span>' in page


def test_many_customers_change_groups_at_once(keeper):
    ann, bob = create_customer(email="ann@example.org"), create_customer(email="bob@example.org")
    trade, press = make_group(), make_group("Press")
    add_to_group([ann.pk], trade, actor=None)
    assert 'name="groups"' in keeper.get(bulk_url("add_to_groups", ann, bob)).text

    data = {"groups": [trade.pk, press.pk]}
    response = keeper.post(bulk_url("add_to_groups", ann, bob), data, follow=True)
    assert "Groups of 2 customers changed." in response.text
    assert (names(ann), names(bob)) == (["Press", "Trade"], ["Press", "Trade"])
    assert ModelLogEntry.objects.filter(action=ADD).count() == 4

    keeper.post(bulk_url("remove_from_groups", ann), {"groups": [trade.pk]})
    assert (names(ann), names(bob)) == (["Press"], ["Press", "Trade"])


def test_no_group_chosen_keeps_the_selection(keeper):
    customer = create_customer(email="ann@example.org")
    make_group()

    page = keeper.post(bulk_url("add_to_groups", customer), {})

    assert "Choose at least one group." in page.text
    assert f"id={customer.pk}" in page.text
    assert "ann@example.org" in page.text
    assert names(customer) == []


def test_who_may_only_assign_groups_can_select_customers(sign_in):
    create_customer(email="ann@example.org")

    page = sign_in("view_customer", "assign_group_customer").get(url("index")).text

    assert "data-bulk-action-checkbox" in page


@pytest.mark.parametrize("action", ["add_to_groups", "remove_from_groups"])
def test_who_assigns_groups_and_may_not_see_customers_is_told_no_names(sign_in, shop, action):
    client = sign_in("assign_group_customer")
    customer, group = create_customer(email="ann@example.org", first_name="Canary"), make_group()
    inside = make_group("Inside")
    add_to_group([customer.pk], inside, actor=None)

    path = f"{bulk_url(action)}?id={customer.pk}&next={url('index')}"
    assert "Canary" not in client.get(path).text
    client.post(path, {"groups": [group.pk, inside.pk]})

    assert names(customer) == ["Inside"]


def test_of_two_who_save_one_name_at_once_the_second_is_told(sign_in, monkeypatch):
    client = sign_in(superuser=True)
    make_group()
    # As if the first were stored between the check and the saving.
    monkeypatch.setattr(CustomerGroup, "validate_unique", lambda self, exclude=None: None)

    response = client.post(groups_url("add"), {"name": "Trade", "slug": "trade"})

    assert response.status_code == 200
    assert "Somebody has just saved this." in response.text
    assert 'value="Trade"' in response.text
    other = make_group("Other")
    edited = client.post(groups_url("edit", other.pk), {"name": "Trade", "slug": "other"})
    assert "Somebody has just saved this." in edited.text
    assert sorted(group.name for group in CustomerGroup.objects.all()) == ["Other", "Trade"]
    assert not ModelLogEntry.objects.exists()


def test_deleting_a_group_tells_of_pages_that_name_it(sign_in):
    group = make_group()
    client = sign_in("view_customergroup", "delete_customergroup")
    assert "names this group" not in client.get(groups_url("delete", group.pk)).text
    content_type = ContentType.objects.get_for_model(Customer)
    for path in ("body.1", "body.2"):
        ReferenceIndex.objects.create(
            base_content_type=content_type,
            content_type=content_type,
            object_id="1",
            to_content_type=ContentType.objects.get_for_model(CustomerGroup),
            to_object_id=str(group.pk),
            model_path="body",
            content_path=path,
            content_path_hash=uuid4(),
        )

    page = client.get(groups_url("delete", group.pk)).text

    assert "One page, or something else of the site, names this group." in page
    assert client.post(groups_url("delete", group.pk)).status_code == 302
    assert not CustomerGroup.objects.exists()
