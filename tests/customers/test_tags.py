"""Tags: which spellings are one, the field, the column and filter, the Tags page, and many customers at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.urls import reverse
from wagtail.models import ModelLogEntry

from oscar_customers_ext.customers import querysets
from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.customers.tags.actions import (
    add_tag,
    delete_tags,
    merge_tags,
    remove_tag,
    rename_tag,
)
from oscar_customers_ext.customers.tags.columns import TAGS
from oscar_customers_ext.customers.tags.manager import get_or_create_tags
from oscar_customers_ext.customers.tags.spelling import tag_key, tag_name
from oscar_customers_ext.models import Customer, CustomerTag, TaggedCustomer
from tests.customers.test_screen import FORM, url
from tests.factories import make_user

pytestmark = pytest.mark.django_db

ADD_TAG, REMOVE_TAG = "oscar_customers_ext.add_tag", "oscar_customers_ext.remove_tag"


def names(customer):
    return [tag.name for tag in customer.tags.all()]


def tagged(*tags, email="ann@example.org"):
    customer = create_customer(email=email)
    customer.tags.set(tags)
    return customer


def tags_url(name, *args):
    return reverse(f"oscar_customers_tags:{name}", args=args)


def bulk_url(action, *customers):
    address = reverse("wagtail_bulk_action", args=["oscar_customers_ext", "customer", action])
    return f"{address}?next=/admin/customers/&" + "&".join(f"id={customer.pk}" for customer in customers)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("vip", "VIP"),
        ("vip", " Vip "),
        ("trade fair", "Trade \t\u00a0 Fair"),
        ("caf\u00e9", "CAFE\u0301"),
        ("straße", "STRASSE"),
        ("istanbul", "İSTANBUL"),
        ("İstanbul", "ISTANBUL"),
        ("ısparta", "ISPARTA"),
        ("κόσμος", "ΚΌΣΜΟΣ"),
        ("می\u200cخواهم", "میخواهم"),
    ],
)
def test_spellings_of_one_word_are_one_tag(one, other):
    customer = tagged(one)

    customer.tags.add(other)

    assert names(customer) == [tag_name(one)]
    customer.tags.remove(other)
    assert names(customer) == []


@pytest.mark.parametrize(
    ("one", "other"), [("żona", "zona"), ("resume", "résumé"), ("王", "玉"), ("a b", "ab")]
)
def test_other_words_are_other_tags(one, other):
    assert tag_key(one) != tag_key(other)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("  ", "A tag needs at least one character that can be seen."),
        ("\u200d", "A tag needs at least one character that can be seen."),
        ("a,b", "commas separate tags"),
        ('the "best"', "quotation marks"),
        ("a\x00b", "“ab” holds control characters"),
        ("a\u202eb", "“ab” holds control characters"),
        ("x" * 500, "has 500 characters; a tag has at most 100."),
    ],
)
def test_what_cannot_be_a_tag_gets_a_sentence(text, sentence):
    with pytest.raises(ValidationError, match=sentence):
        get_or_create_tags(["good", text])

    assert not CustomerTag.objects.exists()


def test_a_hundred_letters_that_fold_to_more_fit(shop):
    customer = tagged("ß" * 100)

    assert CustomerTag.objects.get().key == "s" * 200
    assert names(customer) == ["ß" * 100]


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_many_who_invent_a_tag_at_once_make_one(shop):
    customers = [create_customer(email=f"{number}@example.org").pk for number in range(8)]
    spellings = ["VIP", "vip", "Vip ", "vIP"] * 2

    def give(pk, spelling):
        try:
            Customer.objects.get(pk=pk).tags.add(spelling, "second")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(give, customers, spellings))

    assert sorted(CustomerTag.objects.values_list("key", flat=True)) == ["second", "vip"]
    assert TaggedCustomer.objects.count() == 16


def test_tags_of_a_new_customer_are_kept(editor):
    get_or_create_tags(["Press"])

    editor.post(url("add"), FORM | {"tags": '"trade fair", press, Trade Fair'})

    assert names(Customer.objects.get()) == ["Press", "Trade Fair"]


def test_a_tag_of_500_characters_loses_nothing_of_the_form(editor):
    response = editor.post(
        url("add"), FORM | {"company_name": "Typed at length", "tags": "good, " + "x" * 500}
    )

    assert "has 500 characters; a tag has at most 100." in response.text
    assert "Typed at length" in response.text
    assert "x" * 500 in response.text
    assert not Customer.objects.exists()
    assert not CustomerTag.objects.exists()


def edited(client, customer, **changes):
    form = client.get(url("edit", customer.pk)).context["form"]
    shown = {name: form[name].value() or "" for name in form.fields if name != "tags"}
    return shown | {"tags": ", ".join(f'"{name}"' for name in names(customer))} | changes


def test_editing_tags_is_logged_with_old_and_new(editor):
    customer = tagged("press", "Alps")
    before = customer.modified_at

    editor.post(url("edit", customer.pk), edited(editor, customer, tags="press, Zoo"))

    customer.refresh_from_db()
    assert names(customer) == ["press", "Zoo"]
    assert customer.modified_at > before
    assert ModelLogEntry.objects.get().data == {"changes": {"tags": ["Alps, press", "press, Zoo"]}}
    assert "Alps, press" in editor.get(url("activity", customer.pk)).text


def test_another_spelling_is_no_change(editor):
    customer = tagged("Press")

    editor.post(url("edit", customer.pk), edited(editor, customer, tags=" PRESS "))

    assert names(customer) == ["Press"]
    assert ModelLogEntry.objects.get().data == {"changes": {}}


def by_bulk(customer):
    add_tag([customer.pk], "new", actor=None)


def by_renaming(customer):
    rename_tag(CustomerTag.objects.get(), "journalist", actor=None)


def by_merging(customer):
    (into,) = get_or_create_tags(["media"])
    merge_tags([CustomerTag.objects.get(name="press")], into=into, actor=None)


@pytest.mark.parametrize("change", [by_bulk, by_renaming, by_merging])
def test_tags_that_others_changed_meanwhile_are_not_overwritten_unknowingly(editor, change):
    customer = tagged("press")
    mine = edited(editor, customer)
    change(customer)
    stored = names(customer)

    refused = editor.post(url("edit", customer.pk), mine)

    assert "was changed while you were editing. Stored now is: Tags:" in refused.text
    assert names(customer) == stored


def test_tags_are_links_to_the_filtered_list(editor):
    customer = tagged("<script>alert(1)</script>")
    link = (
        f'<a href="/admin/customers/?tag={CustomerTag.objects.get().pk}" class="customers-tag">&lt;script&gt;'
    )

    assert link in editor.get(url("edit", customer.pk)).text
    assert link in editor.get(url("inspect", customer.pk)).text


@pytest.mark.parametrize("few", [0, querysets.FEW])
def test_the_list_is_filtered_by_tags(editor, monkeypatch, few):
    monkeypatch.setattr(querysets, "FEW", few)
    tagged("press", "vip", email="ann@example.org")
    tagged("press", email="bob@example.org")
    tagged(email="cleo@example.org")
    press, vip = get_or_create_tags(["press", "vip"])

    def found(*tags):
        return [customer.email for customer in editor.get(url("index"), {"tag": tags}).context["object_list"]]

    assert found(press.pk) == ["bob@example.org", "ann@example.org"]
    assert found(vip.pk) == ["ann@example.org"]
    assert found(press.pk, vip.pk) == ["bob@example.org", "ann@example.org"]


@pytest.mark.parametrize("tag", ["4711", "press", "1'--", "9" * 30, "\x00"])
def test_a_tag_that_is_none_is_no_error(editor, tag):
    tagged("press")

    assert editor.get(url("index"), {"tag": tag}).status_code == 200


def test_the_filter_offers_a_hundred_tags_and_the_one_asked_for(editor):
    tags = get_or_create_tags([f"t{number:03}" for number in range(120)])

    form = editor.get(url("index"), {"tag": tags[115].pk}).context["filters"].form

    offered = [str(label) for _value, label in form.fields["tag"].choices]
    assert len(offered) == 101
    assert offered[-1] == "t115"


def test_the_list_shows_tags_from_the_start(viewer):
    tagged("<b>press")

    page = viewer.get(url("index")).text

    assert (
        f'<a href="{CustomerTag.objects.get().customers_url}" class="customers-tag">&lt;b&gt;press</a>'
        in page
    )


def test_the_column_costs_no_query_per_row(shop, django_assert_num_queries):
    for number in range(12):
        tagged("press", f"tag{number}", email=f"{number}@example.org")

    with django_assert_num_queries(2):
        customers = list(TAGS.prepare(Customer.objects.order_by("pk")))
        shown = [[str(tag) for tag in TAGS.column.get_value(customer)] for customer in customers]

    assert shown[3] == ["press", "tag3"]


def test_many_customers_get_a_tag_at_once(editor):
    ann, bob = tagged("vip"), create_customer(email="bob@example.org")
    cleo = create_customer(email="cleo@example.org")
    page = editor.get(bulk_url("add_tags", ann, bob))
    assert 'name="tags"' in page.text
    before = bob.modified_at

    response = editor.post(bulk_url("add_tags", ann, bob), {"tags": "VIP, press"}, follow=True)

    assert "Tags of 2 customers changed." in response.text
    assert [names(customer) for customer in (ann, bob, cleo)] == [["press", "vip"], ["press", "vip"], []]
    entries = ModelLogEntry.objects.filter(action=ADD_TAG).values_list("object_id", "data__tag")
    assert sorted(entries) == sorted([(str(ann.pk), "press"), (str(bob.pk), "press"), (str(bob.pk), "vip")])
    bob.refresh_from_db()
    assert bob.modified_at > before
    assert "Tag press added" in editor.get(url("activity", ann.pk)).text


@pytest.mark.parametrize(
    ("action", "tags", "sentence"),
    [
        ("add_tags", "", "This field is required."),
        ("add_tags", "x" * 500, "a tag has at most 100."),
        ("remove_tags", "unheard-of", "There is no tag “unheard-of”."),
    ],
)
def test_a_mistake_in_the_bulk_form_keeps_selection_and_entry(editor, action, tags, sentence):
    customer = tagged("vip")

    page = editor.post(bulk_url(action, customer), {"tags": tags})

    assert page.status_code == 200
    assert sentence in page.text
    assert f"id={customer.pk}" in page.text
    assert tags in page.text
    assert "ann@example.org" in page.text
    assert names(customer) == ["vip"]
    assert CustomerTag.objects.count() == 1


def test_taking_a_tag_away_from_many(editor):
    ann, bob = tagged("vip", "press"), tagged("press", email="bob@example.org")

    editor.post(bulk_url("remove_tags", ann, bob), {"tags": "VIP"})

    assert [names(ann), names(bob)] == [["press"], ["press"]]
    assert [entry.object_id for entry in ModelLogEntry.objects.filter(action=REMOVE_TAG)] == [str(ann.pk)]
    assert "Tag vip taken away" in editor.get(url("activity", ann.pk)).text


def test_giving_and_taking_cost_the_same_for_many(shop, django_assert_max_num_queries):
    pks = [create_customer(email=f"{number}@example.org").pk for number in range(50)]
    actor = make_user("staff@example.org")

    with django_assert_max_num_queries(12):
        assert len(add_tag(pks, "vip", actor=actor)) == 50
    assert add_tag(pks, "Vip", actor=actor) == []
    with django_assert_max_num_queries(12):
        assert len(remove_tag(pks, "vip", actor=actor)) == 50
    assert remove_tag(pks, "vip", actor=actor) == remove_tag(pks, "never", actor=actor) == []
    assert ModelLogEntry.objects.count() == 100


def test_viewers_change_no_tags(viewer):
    customer = tagged("vip")

    viewer.post(bulk_url("add_tags", customer), {"tags": "press"})
    viewer.post(bulk_url("remove_tags", customer), {"tags": "vip"})

    assert names(customer) == ["vip"]
    assert not ModelLogEntry.objects.exists()


@pytest.fixture
def keeper(sign_in):
    """Keeps the tags, and may look at customers."""
    codenames = [f"{verb}_customertag" for verb in ("add", "change", "delete", "view")]
    return sign_in("view_customer", *codenames)


def test_the_tags_page_counts_customers_in_a_fixed_number_of_queries(
    keeper, django_assert_num_queries, django_assert_max_num_queries
):
    tagged("press")
    keeper.get(tags_url("index"))
    with django_assert_max_num_queries(15) as one:
        page = keeper.get(tags_url("index"))
    assert (
        f'href="/admin/customers/?tag={CustomerTag.objects.get().pk}" aria-label="Customers of press: 1"'
        in page.text
    )
    for number in range(20):
        tagged("press", f"tag{number}", email=f"{number}@example.org")
    with django_assert_num_queries(len(one)):
        page = keeper.get(tags_url("index"))
    assert 'aria-label="Customers of press: 21">21</a>' in page.text


def test_tags_are_searched_in_any_spelling(keeper):
    get_or_create_tags(["İstanbul", "Torino"])

    found = keeper.get(tags_url("index"), {"q": "ISTAN"}).context["object_list"]

    assert [tag.name for tag in found] == ["İstanbul"]


def test_renaming_keeps_customers_and_addresses(keeper):
    customer = tagged("pres")
    tag = CustomerTag.objects.get()

    response = keeper.post(tags_url("edit", tag.pk), {"name": " Press "})

    assert response.status_code == 302
    assert names(customer) == ["Press"]
    assert CustomerTag.objects.get().customers_url == tag.customers_url
    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.data) == ("wagtail.edit", {"changes": {"name": ["pres", "Press"]}})


def test_renaming_to_another_tag_offers_to_merge(keeper):
    customer = tagged("vip gold", "VIP")
    gold, _vip = get_or_create_tags(["vip gold", "VIP"])

    page = keeper.post(tags_url("edit", gold.pk), {"name": "vip"})

    assert page.status_code == 200
    link = "/admin/customer-tags/merge/?tags=%22vip+gold%22&amp;into=VIP"
    assert f'There is a tag “VIP” already. <a href="{link}">Merge the two</a>' in page.text
    assert names(customer) == ["VIP", "vip gold"]
    assert (
        "One customer has these tags and will have <strong>VIP</strong> instead:"
        in keeper.get(link.replace("&amp;", "&")).text
    )


@pytest.mark.parametrize("name", ["", "x" * 500, "a,b", "\u200d"])
def test_bad_names_of_tags_change_nothing(keeper, name):
    (tag,) = get_or_create_tags(["press"])

    for address in (tags_url("edit", tag.pk), tags_url("add")):
        assert keeper.post(address, {"name": name}).status_code == 200

    assert [tag.name for tag in CustomerTag.objects.all()] == ["press"]


def test_making_a_tag_beforehand(keeper):
    keeper.post(tags_url("add"), {"name": "Press"})
    again = keeper.post(tags_url("add"), {"name": "PRESS"})

    assert "There is a tag “Press” already." in again.text
    assert [tag.key for tag in CustomerTag.objects.all()] == ["press"]


def test_merging_gives_each_customer_one_tag(keeper):
    both, one = tagged("vip gold", "VIP"), tagged("v.i.p.", email="bob@example.org")
    other = tagged("press", email="cleo@example.org")
    data = {"tags": '"vip gold", v.i.p.', "into": "vip"}

    page = keeper.get(tags_url("merge"), data)
    assert "2 customers have these tags" in page.text
    assert CustomerTag.objects.count() == 4
    keeper.post(tags_url("merge"), data)

    assert [names(customer) for customer in (both, one, other)] == [["VIP"], ["VIP"], ["press"]]
    assert sorted(CustomerTag.objects.values_list("name", flat=True)) == ["VIP", "press"]
    merged = ModelLogEntry.objects.get(action="oscar_customers_ext.merge_tags")
    assert merged.data == {"merged": ["v.i.p.", "vip gold"]}
    assert str(merged.message) == "Tags v.i.p., vip gold merged into this one"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"tags": "press", "into": "unheard-of"}, "There is no tag “unheard-of”."),
        ({"tags": "press", "into": "press"}, "Name a tag that is not the one which stays."),
        ({"tags": "press", "into": "press, vip"}, "Name one tag only."),
        ({"tags": "", "into": "vip"}, "This field is required."),
    ],
)
def test_a_merge_that_cannot_be_gets_a_sentence(keeper, data, sentence):
    get_or_create_tags(["press", "vip"])

    for response in (keeper.get(tags_url("merge"), data), keeper.post(tags_url("merge"), data)):
        assert sentence in response.text
    assert CustomerTag.objects.count() == 2


def test_deleting_a_used_tag_says_how_many_have_it(keeper):
    customer = tagged("press", "vip")
    (tag,) = get_or_create_tags(["press"])

    assert "One customer has this tag. The customer stays" in keeper.get(tags_url("delete", tag.pk)).text
    keeper.post(tags_url("delete", tag.pk))

    assert names(customer) == ["vip"]
    assert [entry.action for entry in ModelLogEntry.objects.all()] == ["wagtail.delete"]


def test_deleting_many_tags_leaves_the_customers(shop):
    customer = tagged("press", "vip")

    delete_tags(get_or_create_tags(["press", "vip"]), actor=None)

    assert names(customer) == []


def test_names_are_completed_for_staff_of_customers_only(sign_in):
    get_or_create_tags(["Press", "Impressum", "vip"])
    may = sign_in("view_customer")

    assert may.get(tags_url("complete"), {"term": "PRESS"}).json() == ["Impressum", "Press"]
    assert may.get(tags_url("complete")).json() == []
    assert may.get(tags_url("complete"), {"term": "\x00"}).json() == []
    assert may.get(tags_url("complete"), {"term": "pr\x00ess"}).json() == ["Impressum", "Press"]
    assert (
        f'data-w-tag-url-value="{tags_url("complete")}"'
        in sign_in("change_customer", email="two@example.org")
        .get(bulk_url("add_tags", create_customer(email="ann@example.org")))
        .text
    )


def test_wagtails_own_completion_does_not_tell_the_tags(sign_in):
    get_or_create_tags(["Secret investigation"])
    client = sign_in()

    response = client.get("/admin/tag-autocomplete/oscar_customers_ext/customertag/", {"term": "secret"})

    assert response.status_code == 404
