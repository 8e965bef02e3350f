"""The section Tax of a customer, its pages, and what the list shows of it."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.models import OrderTaxIdentity, TaxExemption
from oscar_customers_ext.tax.actions import add_exemption
from tests.factories import make_country, make_order, make_user

pytestmark = pytest.mark.django_db

ALL = [f"{verb}_taxexemption" for verb in ("view", "add", "change", "delete")]
PDF = b"%PDF-1.7\nhello"


@pytest.fixture(autouse=True)
def root(settings, tmp_path):
    settings.OSCAR_CUSTOMERS_PRIVATE_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def customer(shop):
    return create_customer(email="ann@example.org", first_name="Ann")


@pytest.fixture
def clerk(sign_in):
    return sign_in("view_customer", "change_customer", *ALL)


def url(name, *args):
    return reverse(f"oscar_customers:{name}", args=args)


def test_an_exemption_is_entered_changed_ended_and_deleted(clerk, customer):
    germany = make_country("DE", "Germany")
    back = url("edit", customer.pk) + "#tab-benefits"

    page = clerk.post(
        url("add_tax_exemption", customer.pk),
        {
            "reason": "Embassy",
            "valid_from": "2020-01-01",
            "countries": ["DE"],
            "document": SimpleUploadedFile("card.pdf", PDF),
        },
    )
    assert page.url == back
    exemption = TaxExemption.objects.get()
    assert (exemption.customer, exemption.reason) == (customer, "Embassy")
    assert (exemption.valid_from, exemption.valid_until) == (date(2020, 1, 1), None)
    assert list(exemption.countries.all()) == [germany]
    assert exemption.created_by.email == "staff@example.org"

    form = clerk.get(url("change_tax_exemption", customer.pk, exemption.pk))
    assert 'value="Embassy"' in form.text
    assert "card.pdf" in form.text
    clerk.post(
        url("change_tax_exemption", customer.pk, exemption.pk),
        {"reason": "Consulate", "valid_from": "2020-01-01", "valid_until": "2030-12-31"},
    )
    exemption.refresh_from_db()
    assert (exemption.reason, exemption.valid_until) == ("Consulate", date(2030, 12, 31))
    assert (exemption.countries.count(), exemption.document_name) == (0, "card.pdf")

    assert "It ends at once" in clerk.get(url("end_tax_exemption", customer.pk, exemption.pk)).text
    exemption.refresh_from_db()
    assert exemption.state == "active"
    clerk.post(url("end_tax_exemption", customer.pk, exemption.pk))
    exemption.refresh_from_db()
    assert exemption.state == "expired"

    assert "Consulate" in clerk.get(url("delete_tax_exemption", customer.pk, exemption.pk)).text
    assert TaxExemption.objects.exists()
    clerk.post(url("delete_tax_exemption", customer.pk, exemption.pk))
    assert not TaxExemption.objects.exists()


def test_the_section_lists_all_with_state_and_what_may_be_done(clerk, customer, sign_in):
    today = timezone.localdate()
    add_exemption(customer, reason="Old", valid_until=today - timedelta(days=9), actor=None)
    now = add_exemption(
        customer,
        reason="<script>alert(1)</script>",
        valid_from=today - timedelta(days=1),
        valid_until=today,
        countries=[make_country("DE", "Germany")],
        document=SimpleUploadedFile("<b>.pdf", PDF),
        actor=None,
    )
    add_exemption(customer, reason="Later", valid_from=today + timedelta(days=1), actor=None)

    text = clerk.get(url("tax", customer.pk)).text

    for label in ("Old", "Later", "Expired", "Active", "Future", "Germany", "All countries"):
        assert label in text
    assert "<script>alert" not in text
    assert "&lt;b&gt;.pdf" in text
    assert text.count(url("end_tax_exemption", customer.pk, now.pk)) == 1
    assert text.count("/end/") == 1
    assert "this one has no user account" in text

    text = (
        sign_in("view_customer", "view_taxexemption", email="v@example.org").get(url("tax", customer.pk)).text
    )
    assert "/change/" not in text
    assert "/delete/" not in text
    assert "/add/" not in text


def test_who_pays_tax_like_everybody_is_told_so(clerk, customer):
    assert "This customer pays tax like everybody else." in clerk.get(url("tax", customer.pk)).text


@pytest.mark.parametrize(
    ("data", "field", "sentence"),
    [
        ({"reason": ""}, "reason", "Say why this customer pays no tax. The buyer reads it."),
        ({"reason": "x" * 256}, "reason", "Ensure this value has at most 255 characters (it has 256)."),
        ({"reason": "a\0b"}, "reason", "Null characters are not allowed."),
        ({"valid_from": "tomorrow"}, "valid_from", "Write the date like 2026-12-31."),
        ({"valid_from": "9999-12-31"}, "valid_from", "Choose a date between 1970 and 2999."),
        (
            {"valid_from": "2026-02-02", "valid_until": "2026-02-01"},
            "valid_until",
            "The end must not lie before the start.",
        ),
        ({"countries": ["XX"]}, "countries", "A country that was chosen is not among those of the shop."),
        ({"countries": ["9" * 40]}, "countries", "A country that was chosen is not among those of the shop."),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(clerk, customer, data, field, sentence):
    typed = {"reason": "Typed at length", "valid_from": "2026-03-04", **data}

    response = clerk.post(url("add_tax_exemption", customer.pk), typed)

    assert response.context["form"].errors[field] == [sentence]
    assert response.status_code == 200
    if "reason" not in data:
        assert 'value="Typed at length"' in response.text
    assert not TaxExemption.objects.exists()


def test_an_overlapping_exemption_is_refused_and_the_document_asked_for_again(clerk, customer, root):
    add_exemption(customer, reason="Embassy", actor=None)

    response = clerk.post(
        url("add_tax_exemption", customer.pk),
        {"reason": "Again", "document": SimpleUploadedFile("card.pdf", PDF)},
    )

    form = response.context["form"]
    assert form.non_field_errors() == [
        "The exemption “Embassy” holds in that time for all countries already. Change or end it first, or choose "
        "other dates."
    ]
    assert form.errors["document"] == ["Nothing is saved yet. Please choose the document again."]
    assert 'value="Again"' in response.text
    assert TaxExemption.objects.count() == 1
    assert [path for path in root.rglob("*") if path.is_file()] == []


def test_a_document_that_is_no_document_gets_a_sentence(clerk, customer, root):
    response = clerk.post(
        url("add_tax_exemption", customer.pk),
        {"reason": "Embassy", "document": SimpleUploadedFile("run.exe", b"MZ")},
    )

    assert (
        response.context["form"]
        .errors["document"][0]
        .startswith("“run.exe” is of a type that cannot be attached.")
    )
    assert not TaxExemption.objects.exists()
    assert list(root.iterdir()) == []


def test_a_document_is_removed_by_ticking_its_box(clerk, customer):
    exemption = add_exemption(customer, reason="A", document=SimpleUploadedFile("card.pdf", PDF), actor=None)

    clerk.post(
        url("change_tax_exemption", customer.pk, exemption.pk), {"reason": "A", "remove_document": "on"}
    )

    exemption.refresh_from_db()
    assert exemption.document_name == ""
    assert clerk.get(url("tax_document", customer.pk, exemption.pk)).status_code == 404
    assert "remove_document" not in clerk.get(url("change_tax_exemption", customer.pk, exemption.pk)).text


def test_the_document_is_a_download_and_nothing_else(clerk, customer):
    exemption = add_exemption(customer, reason="A", document=SimpleUploadedFile("card.pdf", PDF), actor=None)

    response = clerk.get(url("tax_document", customer.pk, exemption.pk))

    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"] == 'attachment; filename="card.pdf"'
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_document_that_is_gone_from_the_disk_gets_a_sentence(clerk, customer, root):
    exemption = add_exemption(customer, reason="A", document=SimpleUploadedFile("card.pdf", PDF), actor=None)
    next(path for path in root.rglob("*") if path.is_file()).unlink()

    response = clerk.get(url("tax_document", customer.pk, exemption.pk), follow=True)

    assert "The file “card.pdf” is no longer on the server." in response.text


@pytest.mark.parametrize(
    "name", ["change_tax_exemption", "end_tax_exemption", "delete_tax_exemption", "tax_document"]
)
def test_an_exemption_is_reached_through_its_own_customer_only(clerk, customer, name):
    other = create_customer(email="bob@example.org")
    exemption = add_exemption(other, reason="Bob", document=SimpleUploadedFile("card.pdf", PDF), actor=None)

    assert clerk.get(url(name, customer.pk, exemption.pk)).status_code == 404
    assert clerk.post(url(name, customer.pk, exemption.pk), {"reason": "Mine"}).status_code in (404, 405)
    exemption.refresh_from_db()
    assert (exemption.reason, exemption.valid_until) == ("Bob", None)


@pytest.mark.parametrize(
    ("permissions", "name", "changes"),
    [
        (["change_taxexemption"], "end_tax_exemption", True),
        (["view_taxexemption", "add_taxexemption", "delete_taxexemption"], "end_tax_exemption", False),
        (["delete_taxexemption"], "delete_tax_exemption", True),
        (["view_taxexemption", "add_taxexemption", "change_taxexemption"], "delete_tax_exemption", False),
    ],
)
def test_each_page_acts_for_its_permission_only(sign_in, customer, permissions, name, changes):
    exemption = add_exemption(customer, reason="A", valid_from=date(2020, 1, 1), actor=None)
    before = TaxExemption.objects.values().get()

    sign_in("view_customer", "change_customer", *permissions).post(url(name, customer.pk, exemption.pk))

    assert (list(TaxExemption.objects.values()) != [before]) is changes


def test_ending_what_began_today_is_refused_with_a_sentence(clerk, customer):
    exemption = add_exemption(customer, reason="A", valid_from=timezone.localdate(), actor=None)

    response = clerk.post(url("end_tax_exemption", customer.pk, exemption.pk), follow=True)

    assert "This tax exemption did not begin before today." in response.text
    exemption.refresh_from_db()
    assert exemption.valid_until is None


def test_the_section_costs_the_same_for_one_and_for_many(clerk, customer, django_assert_max_num_queries):
    def queries():
        with django_assert_max_num_queries(15) as captured:
            assert clerk.get(url("tax", customer.pk)).status_code == 200
        return len(captured)

    add_exemption(customer, reason="First", valid_until=date(2000, 1, 1), actor=None)
    queries()
    one = queries()
    TaxExemption.objects.bulk_create(
        TaxExemption(customer=customer, reason=f"Number {number}", valid_from=date(2020, 1, 1))
        for number in range(1000)
    )

    assert queries() == one


def test_the_list_shows_and_finds_who_is_exempt(clerk, customer, django_assert_max_num_queries):
    today = timezone.localdate()
    people = {name: create_customer(email=f"{name}@example.org") for name in ("now", "later", "before")}
    add_exemption(people["now"], reason="Embassy", actor=None)
    add_exemption(people["later"], reason="Agency", valid_from=today + timedelta(days=1), actor=None)
    add_exemption(people["before"], reason="Army", valid_until=today - timedelta(days=1), actor=None)

    def found(state):
        response = clerk.get(reverse("oscar_customers:index"), {"tax_exempt": state})
        return {found.email.partition("@")[0] for found in response.context["object_list"]}

    assert found("active") == {"now"}
    assert found("future") == {"later"}
    assert found("expired") == {"before"}
    assert found("none") == {"ann"}

    def shown():
        clerk.post(reverse("oscar_customers:columns"), {"show-tax_exempt": "on", "place-tax_exempt": "1"})
        with django_assert_max_num_queries(100) as captured:
            text = clerk.get(reverse("oscar_customers:index")).text
        return text, len(captured)

    text, _warm = shown()
    text, many = shown()
    assert "Embassy" in text
    assert "Agency" not in text
    for person in list(people.values())[1:]:
        person.delete()
    assert shown()[1] == many


def test_the_activity_tells_of_it_to_those_who_may_see_it(clerk, customer, sign_in):
    add_exemption(customer, reason="Embassy", actor=None)

    page = url("activity", customer.pk)
    assert "Tax exemption “Embassy” added" in clerk.get(page).text
    assert "Tax exemption “Embassy” added" in clerk.get(page, {"topic": "tax"}).text
    assert "Embassy" not in sign_in("view_customer", email="v@example.org").get(page).text


def test_the_tab_has_the_section_for_its_permission(clerk, customer, sign_in):
    section = url("tax", customer.pk)

    assert section in clerk.get(url("edit", customer.pk)).text
    other = sign_in("change_customer", "add_taxexemption", email="other@example.org")
    assert section not in other.get(url("edit", customer.pk)).text


def test_the_order_page_shows_what_was_kept(sign_in, shop):
    exempt, taxed = make_order(), make_order()
    OrderTaxIdentity.objects.create(
        order=exempt, is_exempt=True, exemption_reason="<b>Embassy</b>", country_code="DE"
    )
    client = sign_in("view_order")

    text = client.get(reverse("oscar_customers_orders:inspect", args=[exempt.pk])).text
    assert "&lt;b&gt;Embassy&lt;/b&gt;" in text
    assert "As it was when the order was placed." in text
    assert "order-tax" not in client.get(reverse("oscar_customers_orders:inspect", args=[taxed.pk])).text


def test_why_this_price_says_it_in_the_words_of_the_shop(clerk, customer, sign_in):
    customer.user = make_user("ann@example.org")
    customer.save(update_fields=["user"])
    add_exemption(customer, reason="Agency", countries=[make_country("DE", "Germany")], actor=None)
    sentence = "The tax exemption “Agency” holds for deliveries to these countries, and no address is known yet: Germany."

    assert sentence in clerk.get(url("prices", customer.pk)).text
    customer.country_id = "DE"
    customer.save()
    assert "No tax is charged: Agency" in clerk.get(url("prices", customer.pk)).text
    assert (
        "Agency" not in sign_in("view_customer", email="v@example.org").get(url("prices", customer.pk)).text
    )
