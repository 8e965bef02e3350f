"""Which exemption holds, when, where and for whom; and the words for why not."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone, translation
from oscar.core.loading import get_model

from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.models import TaxExemption
from oscar_customers_ext.tax import rules
from oscar_customers_ext.tax.decisions import country_of, decide, verdicts_of
from oscar_customers_ext.verdicts import Verdict
from tests.factories import make_country, make_user
from tests.tax.shops import Shop

pytestmark = pytest.mark.django_db

TODAY = date(2026, 7, 1)
BEFORE, AFTER = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def exemption(reason="Embassy", valid_from=None, valid_until=None, **countries):
    found = TaxExemption(reason=reason, valid_from=valid_from, valid_until=valid_until)
    found.country_codes, found.country_names = set(countries), list(countries.values())
    return found


GERMAN = {"DE": "Germany", "FR": "France"}


@pytest.mark.parametrize(
    ("exemptions", "country", "reason", "sentence"),
    [
        ([], "IT", "none", "This customer has no tax exemption."),
        ([exemption()], "", "exempt", "No tax is charged: Embassy"),
        ([exemption(valid_from=TODAY, valid_until=TODAY)], "", "exempt", "No tax is charged: Embassy"),
        ([exemption(valid_from=AFTER)], "", "not-yet", "The tax exemption “Embassy” begins on July 2, 2026."),
        (
            [exemption(valid_until=BEFORE)],
            "",
            "expired",
            "The tax exemption “Embassy” ended on June 30, 2026.",
        ),
        ([exemption(**GERMAN)], "DE", "exempt", "No tax is charged: Embassy"),
        (
            [exemption(**GERMAN)],
            "IT",
            "other-country",
            "The tax exemption “Embassy” holds for deliveries to these countries: Germany, France.",
        ),
        (
            [exemption(**GERMAN)],
            "",
            "other-country",
            "The tax exemption “Embassy” holds for deliveries to these countries, and no address is known yet: "
            "Germany, France.",
        ),
        (
            [exemption(valid_from=AFTER, **GERMAN)],
            "DE",
            "not-yet",
            "The tax exemption “Embassy” begins on July 2, 2026.",
        ),
        ([exemption("Old", valid_until=BEFORE), exemption("New")], "", "exempt", "No tax is charged: New"),
        (
            [exemption("Old", valid_until=BEFORE), exemption("Later", valid_from=AFTER)],
            "",
            "not-yet",
            "The tax exemption “Later” begins on July 2, 2026.",
        ),
        ([exemption("A", DE="Germany"), exemption("B", IT="Italy")], "IT", "exempt", "No tax is charged: B"),
    ],
)
def test_the_verdict_says_what_and_why(exemptions, country, reason, sentence):
    verdict = rules.exemption_verdict(exemptions, TODAY, lambda: country)

    assert (verdict.rule, verdict.reason, str(verdict.sentence)) == ("tax-exemption", reason, sentence)
    assert verdict.applies is (reason == "exempt")
    assert (verdict.about is None) is (reason == "none")


def test_the_country_is_looked_up_only_where_it_matters():
    def fail():
        raise AssertionError

    for exemptions in ([], [exemption()], [exemption(valid_until=BEFORE, **GERMAN)]):
        rules.exemption_verdict(exemptions, TODAY, fail)


def test_the_sentence_is_in_the_language_of_the_reader():
    verdict = rules.exemption_verdict([exemption(valid_from=AFTER)], TODAY, str)

    with translation.override("it"):
        assert str(verdict.sentence) == "L’esenzione fiscale “Embassy” inizia il 02 Luglio 2026."


def test_the_first_rule_that_holds_decides_and_all_are_told(monkeypatch):
    yes, no = Verdict("vat-number", True, "valid", "Yes"), Verdict("vat-number", False, "unknown", "No")
    purchase = rules.Purchase(None, TODAY, str)
    purchase.exemptions = []

    for answer, deciding, told in (
        (yes, "vat-number", ["none", "valid"]),
        (no, "tax-exemption", ["none", "unknown"]),
        (None, "tax-exemption", ["none"]),
    ):
        monkeypatch.setattr(rules, "RULES", (rules.exemption_rule, lambda purchase, answer=answer: answer))
        assert rules.judge(purchase).rule == deciding
        assert [verdict.reason for verdict in rules.verdicts_for(purchase)] == told


def test_who_is_asked_for(exempt_ann, request_of):
    assert decide(request=request_of()).verdict.reason == "guest"
    assert decide(request=request_of(make_user("bob@example.org"))).verdict.reason == "unattached"
    assert decide(request=request_of(exempt_ann.user)).verdict.reason == "exempt"
    assert decide(user=exempt_ann.user).verdict.reason == "exempt"
    assert decide(user=AnonymousUser()).verdict.reason == "guest"


def test_staff_who_ask_for_a_customer_get_the_customers_prices_and_not_their_own(exempt_ann, request_of):
    clerk = make_user("clerk@example.org")
    selector = Shop("included").selector()

    assert selector.strategy(request=request_of(clerk), user=exempt_ann.user).tax_decision.is_exempt
    request = request_of(exempt_ann.user)
    request.session = {"checkout_data": {"shipping": {"new_address_fields": {"country_id": "FR"}}}}
    assert not selector.strategy(request=request, user=clerk).tax_decision.is_exempt
    assert selector.strategy(request=request, user=exempt_ann.user).tax_decision.is_exempt


def test_the_customer_of_the_request_counts_more_than_its_user(exempt_ann, request_of):
    request = request_of(exempt_ann.user)
    request.customer = None

    assert decide(request=request).verdict.reason == "unattached"


def test_the_country_is_that_of_the_checkout_else_the_default_else_the_customers(ann, request_of):
    for code, name in (("DE", "Germany"), ("FR", "France"), ("ES", "Spain")):
        make_country(code, name)
    request = request_of(ann.user)
    assert country_of(ann, request) == ""
    ann.country_id = "IT"
    assert country_of(ann, request) == "IT"
    book = get_model("address", "UserAddress").objects
    fields = {"user": ann.user, "line1": "1", "line4": "Paris", "postcode": "75001"}
    book.create(**fields, country_id="FR", is_default_for_shipping=True)
    assert country_of(ann, request) == "FR"
    chosen = book.create(**fields, country_id="DE")
    request.session = {"checkout_data": {"shipping": {"user_address_id": chosen.pk}}}
    assert country_of(ann, request) == "DE"
    request.session["checkout_data"]["shipping"]["new_address_fields"] = {"country_id": "ES"}
    assert country_of(ann, request) == "ES"
    assert country_of(ann) == "FR"


def test_looking_for_the_country_leaves_the_session_alone(ann, request_of):
    request = request_of(ann.user)
    country_of(ann, request)
    assert request.session == {}


def test_the_day_is_the_shops(ann, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 6, 30, 22, 30, tzinfo=UTC))
    TaxExemption.objects.create(customer=ann, reason="July in Rome", valid_from=date(2026, 7, 1))

    assert [verdict.reason for verdict in verdicts_of(ann)] == ["exempt"]


def test_staff_read_for_any_customer_and_country_what_the_rules_say(ann):
    make_country("DE", "Germany")
    TaxExemption.objects.create(customer=ann, reason="Agency").countries.set(["DE"])

    assert [verdict.reason for verdict in verdicts_of(ann)] == ["other-country"]
    assert [verdict.reason for verdict in verdicts_of(ann, country="DE")] == ["exempt"]
    assert [verdict.reason for verdict in verdicts_of(create_customer(email="guest@example.org"))] == [
        "guest"
    ]
