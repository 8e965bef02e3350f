"""The rule that a company of another EU country pays no tax, which a shop switches on."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.checks import run_checks
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_customers_ext.models import OrderTaxIdentity, TaxExemption, VatCheck
from oscar_customers_ext.tax.decisions import verdicts_of
from oscar_customers_ext.tax.rules import Purchase
from oscar_customers_ext.tax.vat.actions import record_answer
from oscar_customers_ext.tax.vat.identity import Identity
from oscar_customers_ext.tax.vat.registries import Answer
from oscar_customers_ext.tax.vat.rule import vat_number_rule
from oscar_customers_ext.tax.vat.verdicts import VatVerdict
from tests.checkout import ADDRESS, fill_basket, go_to_preview, place_order
from tests.factories import make_country

pytestmark = pytest.mark.django_db

Order = get_model("order", "Order")
OWN, GERMAN, FRENCH, ITALIAN, NORTHERN = (
    "IT01114601006",
    "DE136695976",
    "FR61954506077",
    "IT00743110157",
    "XI980780684",
)
GERMAN_ADDRESS = ADDRESS | {"country": "DE", "postcode": "10115", "phone_number": ""}


@pytest.fixture
def rule(settings):
    settings.OSCAR_CUSTOMERS_VAT_NUMBER = OWN
    settings.OSCAR_CUSTOMERS_VAT_EXEMPTS_FOREIGN_COMPANIES = True
    return settings


@pytest.fixture
def bauer(ann):
    """A German company whose number the registry confirmed."""
    make_country("DE", "Germany")
    ann.company_name, ann.vat_number = "Bauer GmbH", GERMAN
    ann.save()
    record_answer(GERMAN, Answer("valid", "BAUER GMBH", "WAPI1"))
    return ann


def verdict(number=GERMAN, *, company="Bauer GmbH", state="valid", age=0, country="DE"):
    identity = Identity(company, number)
    if number:
        checked_at = timezone.now() - timedelta(days=age)
        identity.verdict = VatVerdict(number, state, checked_at if state in ("valid", "invalid") else None)
    found = vat_number_rule(Purchase(None, timezone.localdate(), lambda: country, lambda: identity))
    return found.applies, found.reason, str(found.sentence)


def test_a_valid_number_of_another_country_sent_to_another_country_is_exempt(rule):
    assert verdict() == (
        True,
        "valid",
        "No tax is charged: company in another EU country, VAT number DE136695976.",
    )
    assert verdict(country="FR")[:2] == (True, "valid")
    assert verdict("EL094259216", country="GR")[:2] == (True, "valid")
    assert verdict(country="MC")[:2] == (True, "valid")


@pytest.mark.parametrize(
    ("case", "reason", "sentence"),
    [
        ({"number": ""}, "no-number", "There is no VAT number."),
        ({"company": ""}, "no-company", "There is a VAT number, but no company name."),
        ({"number": ITALIAN}, "same-country", f"The VAT number {ITALIAN} is one of the shop's own country."),
        ({"number": "GB980780684"}, "not-eu", "The VAT number GB980780684 is none of the European Union."),
        ({"number": NORTHERN}, "not-eu", f"The VAT number {NORTHERN} is none of the European Union."),
        ({"number": "IT123"}, "not-eu", "The VAT number IT123 is none of the European Union."),
        ({"state": "invalid"}, "invalid", f"The registry does not know the VAT number {GERMAN}."),
        (
            {"state": "unavailable"},
            "unavailable",
            f"The registry gave no answer about the VAT number {GERMAN}, so tax is charged.",
        ),
        (
            {"state": "unsupported"},
            "unsupported",
            f"No registry is asked about the VAT number {GERMAN}, so tax is charged.",
        ),
        ({"state": ""}, "not-checked", f"The VAT number {GERMAN} is not checked yet, so tax is charged."),
        ({"age": 31}, "outdated", f"The VAT number {GERMAN} was checked too long ago."),
        ({"country": ""}, "no-address", "It is not known yet which country the goods are sent to."),
        ({"country": "IT"}, "sent-within", "The goods stay in the shop's own country."),
        ({"country": "CH"}, "sent-outside", "The goods are not sent to a country of the European Union."),
        ({"country": "GB"}, "sent-outside", "The goods are not sent to a country of the European Union."),
    ],
)
def test_everything_else_is_taxed_and_says_why(rule, case, reason, sentence):
    assert verdict(**case) == (False, reason, sentence)


@pytest.mark.parametrize(
    ("switch", "number"), [(False, OWN), (True, ""), (True, "IT123"), (True, "GB980780684"), (True, NORTHERN)]
)
def test_without_the_switch_or_a_shop_in_the_union_there_is_no_such_rule(rule, bauer, switch, number):
    rule.OSCAR_CUSTOMERS_VAT_EXEMPTS_FOREIGN_COMPANIES = switch
    rule.OSCAR_CUSTOMERS_VAT_NUMBER = number

    assert [found.rule for found in verdicts_of(bauer, country="DE")] == ["tax-exemption"]


def test_a_check_misses_the_shops_number(rule):
    rule.OSCAR_CUSTOMERS_VAT_NUMBER = ""

    [error] = [found for found in run_checks() if found.id == "oscar_customers_ext.E022"]
    assert "OSCAR_CUSTOMERS_VAT_NUMBER" in error.hint
    rule.OSCAR_CUSTOMERS_VAT_NUMBER = OWN
    assert not [found for found in run_checks() if found.id == "oscar_customers_ext.E022"]


def test_the_card_says_what_each_rule_says(rule, bauer):
    assert [(found.rule, found.applies) for found in verdicts_of(bauer, country="DE")] == [
        ("tax-exemption", False),
        ("vat-number", True),
    ]
    assert verdicts_of(bauer, country="IT")[1].reason == "sent-within"


# In the shop


def test_the_company_pays_no_tax_on_page_basket_and_order(taxed, rule, bauer, enter):
    buyer = enter(bauer)
    go_to_preview(buyer, taxed, address=GERMAN_ADDRESS)
    place_order(buyer)

    order = Order.objects.get()
    assert order.total_incl_tax == order.total_excl_tax == Decimal("14.02")
    identity = OrderTaxIdentity.objects.get()
    assert (identity.is_exempt, identity.exemption_id, identity.country_code) == (True, None, "DE")
    assert identity.exemption_reason == "Company in another EU country, VAT number DE136695976"
    assert (identity.vat_number, identity.vat_state, identity.consultation_number) == (
        GERMAN,
        "valid",
        "WAPI1",
    )


@pytest.mark.parametrize(
    "change", ["off", "sent within", "invalid", "outdated", "other number", "no company"]
)
def test_otherwise_it_pays(taxed, rule, bauer, enter, change):
    address = ADDRESS if change == "sent within" else GERMAN_ADDRESS
    if change == "off":
        rule.OSCAR_CUSTOMERS_VAT_EXEMPTS_FOREIGN_COMPANIES = False
    elif change == "invalid":
        record_answer(GERMAN, Answer("invalid"))
    elif change == "outdated":
        VatCheck.objects.update(checked_at=timezone.now() - timedelta(days=31))
    buyer = enter(bauer)
    go_to_preview(buyer, taxed, address=address)
    if change == "other number":
        typed = {"company_name": "Bauer GmbH", "vat_number": FRENCH}
        buyer.post(reverse("oscar_customers_shop:checkout_company"), typed)
    elif change == "no company":
        typed = {"company_name": "", "vat_number": GERMAN}
        buyer.post(reverse("oscar_customers_shop:checkout_company"), typed)
    place_order(buyer)

    order = Order.objects.get()
    assert order.total_incl_tax > order.total_excl_tax
    assert not OrderTaxIdentity.objects.get().is_exempt


def test_a_guest_who_types_a_valid_number_pays(taxed, rule, bauer, client):
    go_to_preview(client, taxed, email="guest@example.org", address=GERMAN_ADDRESS)
    typed = {"company_name": "Bauer GmbH", "vat_number": GERMAN}
    client.post(reverse("oscar_customers_shop:checkout_company"), typed)
    place_order(client)

    order = Order.objects.get()
    assert order.total_incl_tax > order.total_excl_tax
    identity = OrderTaxIdentity.objects.get()
    assert (identity.is_exempt, identity.vat_number, identity.vat_state) == (False, GERMAN, "valid")


def test_an_exemption_by_staff_comes_first(taxed, rule, bauer, enter):
    exemption = TaxExemption.objects.create(customer=bauer, reason="Embassy")
    buyer = enter(bauer)
    go_to_preview(buyer, taxed, address=GERMAN_ADDRESS)
    place_order(buyer)

    identity = OrderTaxIdentity.objects.get()
    assert (identity.exemption_id, identity.exemption_reason) == (exemption.pk, "Embassy")
    assert identity.vat_number == GERMAN


def test_the_rule_costs_one_query_in_the_basket(taxed, rule, bauer, enter, django_assert_max_num_queries):
    buyer = enter(bauer)
    fill_basket(buyer, taxed)
    counts = []
    for switch in (False, True):
        rule.OSCAR_CUSTOMERS_VAT_EXEMPTS_FOREIGN_COMPANIES = switch
        with django_assert_max_num_queries(200) as captured:
            buyer.get(reverse("basket:summary"))
        counts.append(len([query for query in captured if "SAVEPOINT" not in query["sql"]]))

    # The verdict, and the address that the basket goes to.
    assert counts[1] - counts[0] <= 2
