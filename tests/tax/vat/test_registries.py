import time

import pytest

from oscar_customers_ext.tax.vat.registries import INVALID, UNAVAILABLE, VALID, Answer, ViesRegistry

from . import fake_registry as fake

NUMBER = "IT00743110157"


def ask(number=NUMBER, timeout=5):
    return ViesRegistry().ask(number, timeout=timeout)


def test_a_valid_number_brings_name_and_consultation_number(registry, settings):
    settings.OSCAR_CUSTOMERS_VAT_NUMBER = "DE136695976"
    registry.answers[NUMBER] = fake.VALID

    assert ask() == Answer(VALID, "ACME S.R.L.", "WAPIAAAAXYZ")
    assert registry.questions == [
        {
            "countryCode": "IT",
            "vatNumber": "00743110157",
            "requesterMemberStateCode": "DE",
            "requesterNumber": "136695976",
        }
    ]


def test_without_an_own_number_nobody_asks_in_its_name(registry):
    assert ask() == Answer(INVALID)
    assert registry.questions == [{"countryCode": "IT", "vatNumber": "00743110157"}]


def test_greece_is_asked_about_by_its_own_letters(registry):
    ask("EL094259216")

    assert registry.questions == [{"countryCode": "EL", "vatNumber": "094259216"}]


@pytest.mark.parametrize(
    "fault",
    ["MS_UNAVAILABLE", "MS_MAX_CONCURRENT_REQ", "GLOBAL_MAX_CONCURRENT_REQ", "TIMEOUT", "INVALID_INPUT"]
    + ["INVALID_REQUESTER_INFO", "SERVICE_UNAVAILABLE", "VALID", "anything"],
)
def test_a_fault_is_no_verdict(registry, fault):
    registry.answers[NUMBER] = fake.unavailable(fault)

    assert ask() == Answer(UNAVAILABLE)


@pytest.mark.parametrize(("valid", "word", "state"), [(True, "VALID", VALID), (False, "INVALID", INVALID)])
def test_the_verdict_may_be_said_twice(registry, valid, word, state):
    registry.answers[NUMBER] = {"valid": valid, "userError": word, "name": "---"}

    assert ask() == Answer(state)


@pytest.mark.parametrize(
    "answer",
    [
        fake.garbage,
        fake.a_list,
        fake.nothing,
        fake.broken,
        fake.refused,
        fake.moved,
        fake.packed,
        fake.huge,
        {"valid": "true"},
        {"valid": 1},
        {"valid": None},
        {"valid": True, "vatNumber": "1"},
        {"valid": True, "countryCode": "DE"},
        {"valid": True, "userError": ["VALID"]},
    ],
    ids=lambda answer: getattr(answer, "__name__", None) or str(answer),
)
def test_whatever_is_no_answer_is_unavailable_and_never_invalid(registry, answer):
    registry.answers[NUMBER] = answer

    assert ask() == Answer(UNAVAILABLE)
    assert len(registry.questions) == 1


@pytest.mark.parametrize("answer", [fake.slow, fake.trickling])
def test_a_slow_registry_is_waited_for_no_longer_than_was_said(registry, answer):
    registry.answers[NUMBER] = answer
    begun = time.monotonic()

    assert ask(timeout=0.3) == Answer(UNAVAILABLE)
    assert time.monotonic() - begun < 2


def test_nobody_there_is_unavailable(settings):
    settings.OSCAR_CUSTOMERS_VAT_REGISTRY_URL = "http://127.0.0.1:9/rest-api"

    assert ask() == Answer(UNAVAILABLE)


@pytest.mark.parametrize("url", ["", "no url", "ftp://127.0.0.1/", "http://"])
def test_a_wrong_address_is_unavailable(settings, url):
    settings.OSCAR_CUSTOMERS_VAT_REGISTRY_URL = url

    assert ask() == Answer(UNAVAILABLE)


def test_the_texts_of_the_registry_are_cut_and_put_on_one_line(registry):
    registry.answers[NUMBER] = {
        "valid": True,
        "name": "A\x00B\r\n<script>" + "x" * 300,
        "requestIdentifier": "W" * 100,
    }

    answer = ask()

    assert answer.company_name == ("A B <script>" + "x" * 300)[:255]
    assert answer.consultation_number == "W" * 64


@pytest.mark.parametrize("name", [None, 5, ["x"], {"a": 1}])
def test_a_name_that_is_no_text_is_none(registry, name):
    registry.answers[NUMBER] = {"valid": True, "name": name, "requestIdentifier": name}

    assert ask() == Answer(VALID)


@pytest.mark.parametrize(
    ("number", "supported"),
    [(NUMBER, True), ("EL094259216", True), ("XI980780684", True), ("GB980780684", False)]
    + [
        ("CHE107787577MWST", False),
        ("NO995525828MVA", False),
        ("12 34", False),
        ("IT123", False),
        ("", False),
    ],
)
def test_vies_knows_the_union_and_northern_ireland(number, supported):
    assert ViesRegistry().supports(number) is supported
