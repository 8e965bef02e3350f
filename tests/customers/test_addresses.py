"""The Addresses tab: both kinds of address book, through the admin."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from oscar.core.loading import get_model
from wagtail.models import ModelLogEntry

from oscar_customers_ext import loader
from oscar_customers_ext.activity.events import timeline
from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.customers.addresses.actions import save_address
from oscar_customers_ext.customers.addresses.books import address_book, new_address
from oscar_customers_ext.customers.addresses.companies import company_of
from oscar_customers_ext.customers.addresses.forms import address_form_class
from oscar_customers_ext.customers.addresses.storefront import CompanyNameMixin
from oscar_customers_ext.customers.addresses.views import book_name
from oscar_customers_ext.models import AddressCompany, CustomerAddress
from tests.factories import make_country, make_user

pytestmark = pytest.mark.django_db

UserAddress = get_model("address", "UserAddress")

FORM = {
    "first_name": "Ann",
    "last_name": "Rossi",
    "company_name": "Rossi S.r.l.",
    "line1": "Via Roma 1",
    "line2": "",
    "line3": "",
    "line4": "Torino",
    "state": "",
    "postcode": "10121",
    "country": "IT",
    "phone_number": "011 5550100",
    "notes": "",
}


def guest():
    return create_customer(email="guest@example.org", first_name="Ann", last_name="Rossi")


def account():
    return create_customer(email="ann@example.org", user=make_user("ann@example.org"))


@pytest.fixture(params=[guest, account], ids=lambda make: make.__name__)
def customer(request, shop):
    return request.param()


def url(name, customer, *args):
    return reverse(f"oscar_customers:{name}", args=[customer.pk, *args])


def url_of(name, customer, address):
    return url(name, customer, book_name(customer), address.pk)


def add(customer, **columns):
    company_name = columns.pop("company_name", "")
    columns = {
        "line1": "Via Roma 1",
        "first_name": "Ann",
        "last_name": "Rossi",
        "line4": "Torino",
        "postcode": "10121",
        "country": make_country(),
    } | columns
    return save_address(customer, new_address(customer, **columns), company_name=company_name)


def rows():
    return UserAddress.objects.count(), CustomerAddress.objects.count()


def logged(customer):
    return [
        entry.action.rpartition(".")[2] for entry in ModelLogEntry.objects.for_instance(customer).reverse()
    ]


def errors(response):
    assert response.status_code == 200
    return response.context["form"].errors


def test_an_address_is_added_to_the_book_in_force(editor, customer):
    response = editor.post(url("add_address", customer), FORM | {"is_default_for_billing": "on"})

    assert response.url == reverse("oscar_customers:edit", args=[customer.pk]) + "#tab-addresses"
    [address] = address_book(customer)
    assert str(address) == "Ann Rossi, Via Roma 1, Torino, 10121, Italy"
    assert (company_of(address).company_name, address.phone_number) == ("Rossi S.r.l.", "+390115550100")
    assert (address.is_default_for_billing, address.is_default_for_shipping) == (True, False)
    assert rows() == ((1, 0) if customer.is_registered else (0, 1))
    assert logged(customer) == ["add_address"]


def test_the_first_address_is_offered_as_both_defaults(editor, customer):
    def defaults():
        form = editor.get(url("add_address", customer)).context["form"]
        return form["is_default_for_billing"].value(), form["is_default_for_shipping"].value()

    assert defaults() == (True, True)
    add(customer)
    assert defaults() == (False, False)


def test_the_tab_shows_lines_company_phone_and_defaults(editor, customer):
    add(customer, company_name="Rossi S.r.l.", is_default_for_shipping=True, phone_number="+390115550100")
    add(customer, line1="Via Po 2")

    page = editor.get(url("addresses", customer)).text

    for text in ("Rossi S.r.l.", "Via Roma 1", "Via Po 2", "Torino", "tel:+390115550100"):
        assert text in page
    assert page.count("Default for shipping") == 1
    assert "Default for billing" not in page
    assert ("address book in the shop" in page) == customer.is_registered
    for address in address_book(customer):
        assert url_of("edit_address", customer, address) in page
        assert url_of("delete_address", customer, address) in page


def test_an_empty_book_says_how_it_is_filled(editor, customer):
    page = editor.get(url("addresses", customer)).text

    assert ("The address book is empty." in page) == customer.is_registered
    assert ("No address is kept." in page) != customer.is_registered


def test_viewers_see_addresses_without_links_to_change_them(viewer, customer):
    address = add(customer)

    page = viewer.get(url("addresses", customer)).text

    assert "Via Roma 1" in page
    assert url("add_address", customer) not in page
    assert url_of("edit_address", customer, address) not in page
    for name in ("edit_address", "delete_address"):
        assert viewer.post(url_of(name, customer, address), FORM).status_code == 302
    viewer.post(url("add_address", customer), FORM | {"line1": "Via Po 2"})
    assert [str(found.line1) for found in address_book(customer)] == ["Via Roma 1"]


def test_an_address_is_changed_and_the_log_says_what(editor, customer):
    address = add(customer, company_name="Rossi S.r.l.")
    page = url_of("edit_address", customer, address)
    assert editor.get(page).context["form"]["company_name"].value() == "Rossi S.r.l."

    editor.post(
        page, FORM | {"line1": "Via Po 2", "company_name": "Bianchi", "is_default_for_shipping": "on"}
    )

    [stored] = address_book(customer)
    assert (stored.pk, stored.line1, company_of(stored).company_name) == (address.pk, "Via Po 2", "Bianchi")
    assert logged(customer) == ["add_address", "edit_address"]
    event = timeline(customer, {"changes"})[0]
    assert event.text == "Address changed: Ann Rossi, Via Po 2, Torino, 10121, Italy"
    assert sorted(event.changes) == [
        ("Company name", "Rossi S.r.l.", "Bianchi"),
        ("Default shipping address", "No", "Yes"),
        ("First line of address", "Via Roma 1", "Via Po 2"),
        ("Phone number", "", "+390115550100"),
    ]


def test_saving_without_a_change_is_not_logged(editor, customer):
    address = add(customer, company_name="Rossi S.r.l.", phone_number="+390115550100")

    editor.post(url_of("edit_address", customer, address), FORM)

    assert logged(customer) == ["add_address"]


def test_an_empty_company_deletes_it(editor, customer):
    address = add(customer, company_name="Rossi S.r.l.")

    editor.post(url_of("edit_address", customer, address), FORM | {"company_name": ""})

    assert company_of(address_book(customer).get()).company_name == ""
    assert not AddressCompany.objects.exists()


def test_deleting_asks_first(editor, customer):
    address = add(customer, is_default_for_shipping=True)
    page = url_of("delete_address", customer, address)

    question = editor.get(page).text
    assert "Via Roma 1" in question
    assert "It is the default for shipping." in question
    assert address_book(customer).count() == 1

    assert editor.post(page).url.endswith("#tab-addresses")
    assert rows() == (0, 0)
    assert logged(customer) == ["add_address", "delete_address"]
    assert editor.post(page).status_code == 404


@pytest.mark.parametrize("kind", ["is_default_for_billing", "is_default_for_shipping"])
def test_a_new_default_takes_the_place_of_the_old_one(editor, customer, kind):
    first, second = add(customer, **{kind: True}), add(customer, line1="Via Po 2")
    other = create_customer(email="bob@example.org")
    add(other, **{kind: True})

    editor.post(url_of("edit_address", customer, second), FORM | {"line1": "Via Po 2", kind: "on"})

    assert [row.pk for row in address_book(customer).filter(**{kind: True})] == [second.pk]
    assert not getattr(address_book(customer).get(pk=first.pk), kind)
    assert getattr(address_book(other).get(), kind)


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"line1": ""}, "line1", "This field is required."),
        ({"last_name": ""}, "last_name", "This field is required."),
        ({"postcode": "1012"}, "postcode", "The postcode '1012' is not valid for Italy"),
        ({"postcode": ""}, "postcode", "This field is required."),
        ({"country": ""}, "country", "This field is required."),
        (
            {"country": "XX"},
            "country",
            "Select a valid choice. That choice is not one of the available choices.",
        ),
        ({"phone_number": "12"}, "phone_number", "This is not a valid local phone format for Italy."),
        (
            {"phone_number": "+39 1"},
            "phone_number",
            "This is not a valid local or international phone format.",
        ),
        ({"line1": "x" * 5000}, "line1", "Ensure this value has at most 255 characters (it has 5000)."),
        (
            {"company_name": "x" * 256},
            "company_name",
            "Ensure this value has at most 255 characters (it has 256).",
        ),
        ({"line4": "Tor\x00ino"}, "line4", "Null characters are not allowed."),
    ],
)
def test_a_mistake_gets_a_sentence_and_nothing_is_lost(editor, customer, changed, field, sentence):
    response = editor.post(url("add_address", customer), FORM | {"notes": "Ring twice"} | changed)

    assert errors(response)[field][0] == sentence
    assert "Ring twice" in response.text
    assert rows() == (0, 0)
    assert logged(customer) == []


def test_a_country_that_is_not_shipped_to_is_no_default_for_shipping(editor, customer):
    abroad = make_country("NO", "Norway")
    abroad.is_shipping_country = False
    abroad.save()
    norway = FORM | {"country": "NO", "postcode": "0150", "phone_number": ""}

    response = editor.post(url("add_address", customer), norway | {"is_default_for_shipping": "on"})

    assert errors(response) == {
        "is_default_for_shipping": [
            "The shop does not ship to Norway, so this cannot be the default shipping address."
        ]
    }
    assert rows() == (0, 0)
    editor.post(url("add_address", customer), norway | {"is_default_for_billing": "on"})
    assert address_book(customer).get().is_default_for_billing


def test_an_address_is_not_added_twice(editor, customer):
    editor.post(url("add_address", customer), FORM)
    response = editor.post(
        url("add_address", customer), FORM | {"line1": " via roma 1 ", "company_name": "Other"}
    )

    assert response.context["form"].non_field_errors() == ["This customer has this address already."]
    assert sum(rows()) == 1
    other = add(customer, line1="Via Po 2")
    response = editor.post(url_of("edit_address", customer, other), FORM)
    assert response.context["form"].non_field_errors() == ["This customer has this address already."]
    assert address_book(customer).filter(line1="Via Po 2").exists()


def test_two_customers_may_live_at_one_address(editor, customer):
    add(create_customer(email="bob@example.org"))
    editor.post(url("add_address", customer), FORM)

    assert address_book(customer).count() == 1


class NoPostBoxes(CompanyNameMixin):
    """What a site's own form may ask of an address."""

    def clean_line1(self):
        if "box" in self.cleaned_data["line1"].lower():
            raise ValidationError("We do not ship to post boxes.")
        return self.cleaned_data["line1"]


def test_the_rules_of_the_sites_own_form_hold_for_staff(editor, customer, monkeypatch):
    path = f"{__name__}.NoPostBoxes"
    monkeypatch.setitem(loader.MIXINS, ("address.forms", "UserAddressForm"), (path,))
    address_form_class.cache_clear()
    try:
        response = editor.post(url("add_address", customer), FORM | {"line1": "PO Box 7"})
        editor.post(url("add_address", customer), FORM)
    finally:
        address_form_class.cache_clear()

    assert errors(response) == {"line1": ["We do not ship to post boxes."]}
    assert [company_of(address).company_name for address in address_book(customer)] == ["Rossi S.r.l."]


def test_staff_enter_the_company_without_our_class_loader(editor, customer, monkeypatch):
    monkeypatch.delitem(loader.MIXINS, ("address.forms", "UserAddressForm"))
    address_form_class.cache_clear()
    try:
        editor.post(url("add_address", customer), FORM)
    finally:
        address_form_class.cache_clear()

    assert company_of(address_book(customer).get()).company_name == "Rossi S.r.l."


def test_an_address_is_found_through_its_owner_only(editor, customer):
    owners = [
        create_customer(email="bob@example.org"),
        create_customer(email="eve@example.org", user=make_user("eve@example.org")),
    ]
    for owner in owners:
        address = add(owner, line1="Canary 7")
        for book in ("account", "guest", "other"):
            for name in ("edit_address", "delete_address"):
                page = url(name, customer, book, address.pk)
                assert editor.get(page).status_code == 404
                assert editor.post(page, FORM).status_code == 404
        assert address_book(owner).get().line1 == "Canary 7"


def test_a_page_of_the_book_that_is_no_longer_in_force_meets_no_other_row(editor, shop):
    customer = account()
    address = add(customer)

    stale = url("delete_address", customer, "guest", address.pk)

    assert editor.post(stale).status_code == 404
    assert address_book(customer).count() == 1


def test_what_is_written_is_shown_and_not_run(editor, customer):
    payload = "<script>zzxss()</script>"
    address = add(
        customer, line1=payload, last_name=payload, company_name=payload, line4=payload, notes=payload
    )

    for page in (
        url("addresses", customer),
        url_of("edit_address", customer, address),
        url_of("delete_address", customer, address),
        url("activity", customer),
    ):
        text = editor.get(page).text
        assert payload not in text
        assert "&lt;script&gt;zzxss" in text
    editor.post(url_of("delete_address", customer, address))
    assert payload not in editor.get(reverse("oscar_customers:edit", args=[customer.pk])).text


def test_the_tab_costs_the_same_with_one_and_with_a_thousand_addresses(
    editor, customer, django_assert_num_queries, django_assert_max_num_queries
):
    add(customer, company_name="Rossi S.r.l.", is_default_for_billing=True)
    editor.get(url("addresses", customer))
    with django_assert_max_num_queries(15) as one:
        editor.get(url("addresses", customer))

    country = make_country()
    model = type(address_book(customer).get())
    owner = {"user": customer.user} if customer.is_registered else {"customer": customer}
    model.objects.bulk_create(
        model(**owner, line1=f"Via Roma {number}", country=country, hash=str(number)) for number in range(999)
    )
    with django_assert_num_queries(len(one)):
        page = editor.get(url("addresses", customer))
    assert page.context["page"].paginator.num_pages == 50
    assert len(page.context["addresses"]) == 20
    assert "Default for billing" in page.text
    with django_assert_num_queries(len(one)):
        assert "Page 50 of 50" in editor.get(url("addresses", customer), {"page": 50}).text
    assert editor.get(url("addresses", customer), {"page": "x"}).context["page"].number == 1


def test_a_policy_that_hides_a_customer_hides_the_addresses(sign_in, shop):
    customer = guest()
    address = add(customer)
    client = sign_in("view_order")

    for page in (url("addresses", customer), url_of("edit_address", customer, address)):
        assert client.get(page).status_code == 302
