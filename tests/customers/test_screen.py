"""The customer screen in the Wagtail admin."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.contrib.staticfiles.finders import find
from django.urls import reverse
from oscar.core.loading import get_model
from wagtail.models import ModelLogEntry

from oscar_customers_ext.customers.actions import create_customer, link_order
from oscar_customers_ext.models import (
    Contact,
    Customer,
    CustomerGroup,
    CustomerNote,
    CustomerTag,
    EmailChange,
)
from tests.factories import make_order, make_user

pytestmark = pytest.mark.django_db

FORM = {
    "first_name": "Ann",
    "last_name": "Rossi",
    "email": "ann@example.org",
    "phone": "",
    "country": "",
    "language": "",
    "approved_buyer": "on",
    "company_name": "",
    "organisation_id": "",
    "vat_number": "",
    "number": "",
}


def url(name, *args):
    return reverse(f"oscar_customers:{name}", args=args)


def test_the_stylesheet_is_whole():
    """A rule that lost its end takes all rules behind it along, and no page complains."""
    styles = Path(find("oscar_customers_ext/admin.css")).read_text()
    assert styles.count("{") == styles.count("}") > 0


def test_the_list_shows_name_orders_and_links_to_the_card(editor):
    customer = create_customer(email="ann@example.org", first_name="Ann", last_name="Rossi")
    link_order(make_order("ann@example.org"))

    response = editor.get(url("index"))

    assert response.status_code == 200
    assert [row.pk for row in response.context["object_list"]] == [customer.pk]
    assert "Ann Rossi" in response.text
    assert url("edit", customer.pk) in response.text


@pytest.mark.parametrize("question", ["rossi ann", "ROSSI", "ann@exa", "011 5550", "+390115550100"])
def test_searching_finds_each_word_wherever_it_is(editor, question):
    create_customer(
        email="ann@example.org", first_name="Ann", last_name="Rossi", phone="011 5550100", country_id="IT"
    )
    create_customer(email="bob@example.com", first_name="Bob")

    found = editor.get(url("index_results"), {"q": question}).context["object_list"]

    assert [str(customer) for customer in found] == ["Ann Rossi"]


def test_searching_finds_the_number(editor):
    customer = create_customer(email="ann@example.org")
    create_customer(email="bob@example.com")

    found = editor.get(url("index_results"), {"q": customer.number}).context["object_list"]

    assert list(found) == [customer]


def test_filters_narrow_the_list(editor):
    create_customer(email="ann@example.org", country_id="IT")
    create_customer(email="bob@example.com", user=make_user("bob@example.com"))
    link_order(make_order("ann@example.org"))

    def found(**query):
        return [str(customer) for customer in editor.get(url("index"), query).context["object_list"]]

    assert found(kind="guest") == ["ann@example.org"]
    assert found(kind="registered") == ["bob@example.com"]
    assert found(orders="yes") == ["ann@example.org"]
    assert found(orders="no") == ["bob@example.com"]
    assert found(country="IT", kind="registered") == []


@pytest.mark.parametrize("ordering", ["last_name", "-orders_count", "created_at", "-email"])
def test_the_list_can_be_sorted(editor, ordering):
    assert editor.get(url("index"), {"ordering": ordering, "q": "x"}).status_code == 200


def test_the_list_costs_the_same_with_one_and_with_many_customers(
    editor, django_assert_num_queries, django_assert_max_num_queries
):
    create_customer(email="ann@example.org", country_id="IT")
    editor.get(url("index"))
    with django_assert_max_num_queries(20) as one:
        editor.get(url("index"))
    for number in range(12):
        create_customer(email=f"bob{number}@example.org", country_id="IT")
    with django_assert_num_queries(len(one)):
        editor.get(url("index"))


def test_creating_lands_on_the_card_with_contact_and_history(editor, mailoutbox):
    response = editor.post(url("add"), FORM)

    customer = Customer.objects.get()
    assert response.url == url("edit", customer.pk)
    assert (customer.email_key, customer.number) == ("ann@example.org", f"C{customer.pk:06d}")
    assert customer.contact == Contact.objects.get()
    assert [source.source for source in customer.sources.all()] == ["staff"]
    assert [entry.action for entry in ModelLogEntry.objects.all()] == ["wagtail.create"]
    assert mailoutbox == []


def test_a_customer_needs_no_address(editor):
    editor.post(url("add"), FORM | {"email": ""})

    customer = Customer.objects.get()
    assert (customer.email, customer.email_key, customer.contact.email_key) == ("", None, None)


def test_two_customers_may_be_without_address(editor):
    for name in ("Ann", "Bob"):
        editor.post(url("add"), FORM | {"email": "", "first_name": name})

    assert Customer.objects.filter(email_key=None).count() == 2


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"email": "ann@"}, "Enter a valid email address"),
        ({"email": "ANN@Example.org"}, "belongs to a customer who is there already"),
        ({"email": "x@example.org", "number": "K-1"}, "This customer number is taken"),
        ({"email": "x@example.org", "number": "C000999"}, "looks like one that the shop gives out itself"),
        ({"email": "x@example.org", "number": "c000999"}, "looks like one that the shop gives out itself"),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(editor, changed, sentence):
    existing = create_customer(email="ann@example.org", number="K-1")

    response = editor.post(url("add"), FORM | {"company_name": "Typed at length"} | changed)

    assert response.status_code == 200
    assert sentence in response.text
    assert "Typed at length" in response.text
    assert Customer.objects.get() == existing


def test_a_taken_address_links_to_the_customer_who_has_it(editor):
    existing = create_customer(email="ann@example.org", first_name="<b>Ann</b>")

    response = editor.post(url("add"), FORM)

    assert f'<a href="{url("edit", existing.pk)}">&lt;b&gt;Ann&lt;/b&gt;</a>' in response.text


def test_editing_writes_only_what_was_changed(editor):
    customer = create_customer(email="ann@example.org", first_name="Ann")
    form_page = editor.get(url("edit", customer.pk))
    assert form_page.status_code == 200
    link_order(make_order("ann@example.org"))

    response = editor.post(url("edit", customer.pk), FORM | {"last_name": "Verdi", "number": customer.number})

    assert response.url == url("edit", customer.pk)
    customer.refresh_from_db()
    assert (customer.last_name, customer.orders_count) == ("Verdi", 1)
    assert "verdi" in customer.search_text
    assert ModelLogEntry.objects.get().action == "wagtail.edit"


def test_the_contact_follows_to_a_new_address(editor):
    customer = create_customer(email="ann@example.org")
    contact = customer.contact

    editor.post(url("edit", customer.pk), FORM | {"email": "Ann@New.example", "number": customer.number})

    contact.refresh_from_db()
    assert (contact.email, contact.email_key) == ("Ann@New.example", "ann@new.example")
    assert Customer.objects.get().contact == contact


def test_the_address_of_an_account_is_not_changed_here(editor):
    customer = create_customer(email="bob@example.com", user=make_user("bob@example.com"))

    editor.post(url("edit", customer.pk), FORM | {"email": "eve@example.com", "number": customer.number})

    customer.refresh_from_db()
    assert (customer.email, customer.last_name) == ("bob@example.com", "Rossi")


def test_the_card_shows_contact_and_origin(editor):
    customer = create_customer(email="ann@example.org", phone="+39 011 5550100")

    page = editor.get(url("edit", customer.pk)).text

    assert "Marketing contact" in page
    assert 'href="mailto:ann@example.org"' in page
    assert 'href="tel:+390115550100"' in page
    assert "Entered by staff" in page
    assert "Not proven" in page


def test_the_edit_screen_asks_few_questions_of_whoever_may_see_everything(
    sign_in, django_assert_max_num_queries
):
    codenames = Permission.objects.filter(content_type__app_label="oscar_customers_ext").values_list(
        "codename"
    )
    editor = sign_in("view_order", "view_basket", *(codename for (codename,) in codenames))
    user = make_user("ann@example.org", is_staff=False)
    customer = create_customer(
        email="ann@example.org", user=user, country=get_model("address", "Country").objects.get()
    )
    customer.tags.add("vip", "press")
    customer.sites.add(1)
    CustomerNote.objects.create(customer=customer, text="Ring first", pinned=True)
    EmailChange.objects.create(customer=customer, email="new@example.org")
    link_order(make_order(user=user))
    editor.get(url("edit", customer.pk))
    with django_assert_max_num_queries(25):
        page = editor.get(url("edit", customer.pk)).text
    assert "Ring first" in page
    assert "new@example.org" in page


def test_view_only_staff_read_and_change_nothing(viewer):
    customer = create_customer(email="ann@example.org", first_name="Ann", vat_number="IT123")

    listing = viewer.get(url("index"))
    page = viewer.get(url("inspect", customer.pk))
    refused = viewer.post(url("edit", customer.pk), FORM | {"first_name": "Eve"})

    assert url("inspect", customer.pk) in listing.text
    assert url("add") not in listing.text
    assert page.status_code == 200
    assert "IT123" in page.text
    assert url("edit", customer.pk) not in page.text
    assert refused.status_code == 302
    assert Customer.objects.get().first_name == "Ann"


def test_the_history_tells_who_changed_a_customer(editor):
    customer = create_customer(email="ann@example.org")
    editor.post(url("edit", customer.pk), FORM | {"number": customer.number})

    page = editor.get(url("history", customer.pk))

    assert page.status_code == 200
    assert "Edit" in page.text


@pytest.mark.parametrize("name", ["oscar_customers", "oscar_customers_groups", "oscar_customers_tags"])
def test_the_history_has_no_search_for_products(sign_in, name):
    """Oscar's context processor gives every template a search form, and Wagtail's header shows one of that name."""
    models = {
        "oscar_customers": lambda: create_customer(email="ann@example.org"),
        "oscar_customers_groups": lambda: CustomerGroup.objects.create(name="Trade", slug="trade"),
        "oscar_customers_tags": lambda: CustomerTag.objects.create(name="press"),
    }
    client = sign_in(superuser=True)

    page = client.get(reverse(f"{name}:history", args=[models[name]().pk]))

    assert page.context["search_form"] is None
    assert 'name="q"' not in page.text


@pytest.mark.parametrize(
    "ordering", ["-created_at", "created_at", "last_name", "-orders_count", "-last_order_at"]
)
def test_what_is_found_keeps_its_order(editor, ordering):
    for number in range(25):
        create_customer(
            email=f"p{number}@example.org",
            first_name=f"{number % 3}",
            last_name=f"Rossi {number % 5}",
            orders_count=number % 4,
        )

    def shown(**query):
        query |= {"ordering": ordering}
        pages = [editor.get(url("index"), query | {"p": number}) for number in (1, 2)]
        return [customer.pk for page in pages for customer in page.context["object_list"]]

    found = shown(q="rossi")

    assert len(set(found)) == 25
    assert found == shown()
