"""The shop's page on which customers change their own company and VAT number."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from oscar_customers_ext.activity.events import timeline
from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.models import Customer
from oscar_customers_ext.tax.vat.actions import record_answer, save_company
from oscar_customers_ext.tax.vat.audit import CHANGE_COMPANY
from oscar_customers_ext.tax.vat.registries import Answer
from tests.factories import make_user

pytestmark = pytest.mark.django_db

NUMBER, GERMAN = "IT00743110157", "DE136695976"
PAGE = reverse("oscar_customers_shop:company")


def test_the_customer_stores_and_changes_both(ann, enter):
    buyer = enter(ann)
    assert buyer.post(PAGE, {"company_name": "Rossi S.r.l.", "vat_number": "it 00743110157"}).url == PAGE

    ann.refresh_from_db()
    assert (ann.company_name, ann.vat_number) == ("Rossi S.r.l.", NUMBER)
    assert ann.search_text.count("it00743110157") == 1
    page = buyer.get(PAGE).text
    assert "Company and VAT number saved." in page
    assert f'value="{NUMBER}"' in page


def test_the_log_and_the_activity_say_that_the_customer_did_it(ann, enter):
    enter(ann).post(PAGE, {"company_name": "Rossi", "vat_number": NUMBER})

    entry = ModelLogEntry.objects.get(action=CHANGE_COMPANY)
    assert entry.user is None
    assert entry.data == {"changes": {"company_name": ["", "Rossi"], "vat_number": ["", NUMBER]}}
    event = timeline(ann, {"changes"})[0]
    assert event.text == "The customer changed company and VAT number in the shop"
    assert sorted(event.changes) == [("Company name", "", "Rossi"), ("VAT number", "", NUMBER)]


def test_what_stays_the_same_is_not_logged(ann, enter):
    ann.vat_number = NUMBER
    ann.save()

    enter(ann).post(PAGE, {"company_name": "", "vat_number": NUMBER})
    assert not ModelLogEntry.objects.filter(action=CHANGE_COMPANY).exists()


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (Answer("valid", "<script>"), "Confirmed by the registry on"),
        (Answer("invalid"), "The registry did not know this number on"),
        (Answer("unavailable"), "The registry gave no answer so far. It is asked again."),
        (None, "The registry was not asked yet."),
    ],
)
def test_the_verdict_is_said_in_words(ann, enter, answer, sentence):
    ann.vat_number = NUMBER
    ann.save()
    if answer:
        record_answer(NUMBER, answer)

    page = enter(ann).get(PAGE).text
    assert sentence in page
    assert "<script>" not in page.partition('<h2 class="h4">')[2].partition("</form>")[0]


def test_numbers_that_no_registry_knows_say_so(ann, enter):
    ann.vat_number = "GB980780684"
    ann.save()

    assert "Numbers of this country are not checked by a registry." in enter(ann).get(PAGE).text


def test_a_new_number_throws_the_verdict_of_the_old_one_away(ann, enter):
    ann.vat_number = NUMBER
    ann.save()
    record_answer(NUMBER, Answer("valid"))
    buyer = enter(ann)

    buyer.post(PAGE, {"company_name": "", "vat_number": GERMAN})
    page = buyer.get(PAGE).text
    assert "The registry was not asked yet." in page
    assert "Confirmed" not in page


def test_what_is_no_number_gets_a_sentence_and_nothing_is_lost(ann, enter):
    response = enter(ann).post(PAGE, {"company_name": "Typed at length", "vat_number": "IT00743110158"})

    assert response.context["form"].errors == {
        "vat_number": ["The check digits of this VAT number are wrong. Is a digit mistyped?"]
    }
    assert 'value="Typed at length"' in response.text
    ann.refresh_from_db()
    assert (ann.company_name, ann.vat_number) == ("", "")


def test_a_number_from_before_stays_when_the_name_changes(ann, enter):
    ann.vat_number = "IT123"
    ann.save()

    assert enter(ann).post(PAGE, {"company_name": "Rossi", "vat_number": "IT123"}).status_code == 302
    ann.refresh_from_db()
    assert (ann.company_name, ann.vat_number) == ("Rossi", "IT123")


def test_an_account_that_belongs_to_no_customer_reads_a_sentence(shop):
    create_customer(email="ann@example.org", vat_number=NUMBER)
    stranger = Client()
    stranger.force_login(make_user("ann@example.org"), backend="django.contrib.auth.backends.ModelBackend")

    page = stranger.get(PAGE).text
    assert "This account belongs to no customer yet" in page
    assert NUMBER not in page
    assert stranger.post(PAGE, {"company_name": "Evil", "vat_number": GERMAN}).status_code == 200
    assert list(Customer.objects.values_list("company_name", "vat_number")) == [("", NUMBER)]


def test_visitors_are_sent_to_sign_in(client, db):
    for response in (client.get(PAGE), client.post(PAGE, {"company_name": "Evil"})):
        assert response.status_code == 302
        assert "/login/" in response.url


def test_the_account_leads_to_it(ann, enter):
    buyer = enter(ann)
    assert f'href="{PAGE}"' in buyer.get(reverse("customer:profile-view")).text


def test_only_the_two_columns_are_written(ann):
    held = Customer.objects.get(pk=ann.pk)
    Customer.objects.filter(pk=ann.pk).update(phone="011 5550100")

    save_company(held, company_name="Rossi", vat_number=NUMBER)
    ann.refresh_from_db()
    assert (ann.phone, ann.company_name, held.vat_number) == ("011 5550100", "Rossi", NUMBER)
