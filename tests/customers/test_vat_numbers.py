import pytest
from django.core.exceptions import ValidationError

from oscar_customers_ext.customers.vat_numbers import (
    EXAMPLES,
    canonical,
    country_of_prefix,
    parse_vat_number,
    prefix_of_country,
    prefix_of_number,
)

CHECKSUM = "The check digits of this VAT number are wrong. Is a digit mistyped?"
OF_ITALY = (
    "This is no VAT number of the country IT; one looks like IT00743110157. A number of another country begins with "
    "the letters of that country."
)
FOREIGN = (
    "This is a VAT number of another country (DE); one of the chosen country looks like IT00743110157. Correct the "
    "number, or the country."
)


@pytest.mark.parametrize("prefix", EXAMPLES)
def test_each_example_is_a_number_of_its_country(prefix):
    number = EXAMPLES[prefix]

    assert parse_vat_number(number) == number
    assert prefix_of_number(number) == prefix


@pytest.mark.parametrize("prefix", sorted(set(EXAMPLES) - {"XI"}))
def test_the_letters_may_come_from_the_country(prefix):
    number = EXAMPLES[prefix]
    typed = number if prefix == "CH" else number[2:]

    assert parse_vat_number(typed, country_of_prefix(prefix)) == number


@pytest.mark.parametrize(
    ("typed", "country", "stored"),
    [
        (" it 007.431 101-57 ", "", "IT00743110157"),
        ("gb 980 7806 84", "", "GB980780684"),
        ("980780684", "GB", "GB980780684"),
        ("980780684", "IM", "GB980780684"),
        ("GBGD001", "GB", "GBGD001"),
        ("XI 980780684", "GB", "XI980780684"),
        ("GR094259216", "", "EL094259216"),
        ("el 094 259 216", "GR", "EL094259216"),
        ("094259216", "GR", "EL094259216"),
        ("CHE-107.787.577 IVA", "CH", "CHE107787577IVA"),
        ("che-107.787.577 mwst", "", "CHE107787577MWST"),
        ("NO 995 525 828 MVA", "", "NO995525828MVA"),
        ("61 954 506 077", "MC", "FR61954506077"),
        ("BE697449992", "", "BE0697449992"),
        ("BE0697449992", "BE", "BE0697449992"),
    ],
)
def test_numbers_are_stored_compact_and_with_their_letters(typed, country, stored):
    assert parse_vat_number(typed, country) == stored
    assert parse_vat_number(stored, country, any_country=False) == stored


@pytest.mark.parametrize(
    ("typed", "country", "stored"),
    [
        ("", "IT", ""),
        ("  ", "", ""),
        ("-- ", "", ""),
        ("12-345 6", "US", "12-345 6"),
        ("SE-1234", "US", "SE-1234"),
    ]
    + [("  12   34 ", "", "12 34"), ("EU372022452", "", "EU372022452"), ("<b>x</b>", "US", "<b>x</b>")],
)
def test_what_no_rule_is_known_for_is_stored_as_typed(typed, country, stored):
    assert parse_vat_number(typed, country) == stored
    assert prefix_of_number(stored) == ""


def test_a_number_of_a_checked_country_is_compacted_wherever_its_owner_is():
    assert parse_vat_number("de 136695976", "US", any_country=False) == "DE136695976"


@pytest.mark.parametrize(
    ("typed", "country", "sentence"),
    [
        ("IT00743110158", "", CHECKSUM),
        ("00743110158", "IT", CHECKSUM),
        ("DE136695977", "IT", CHECKSUM),
        ("136695976", "IT", OF_ITALY),
        ("IT0074311015", "", OF_ITALY),
        ("IT" + "1" * 200, "IT", OF_ITALY),
        ("IT٠٠٧٤٣١١٠١٥٧", "", OF_ITALY),
        ("<script>", "IT", OF_ITALY),
        ("IT\x0000743110157", "IT", OF_ITALY),
        ("CHE-107.787.577", "CH", OF_ITALY.replace("IT00743110157", "CHE107787577MWST").replace("IT", "CH")),
        ("995525828", "NO", OF_ITALY.replace("IT00743110157", "NO995525828MVA").replace("IT", "NO")),
        ("SE-1234", "", OF_ITALY.replace("IT00743110157", "SE123456789701").replace("IT", "SE")),
    ],
)
def test_what_is_no_number_gets_a_sentence(typed, country, sentence):
    with pytest.raises(ValidationError) as refused:
        parse_vat_number(typed, country)

    assert refused.value.messages == [sentence]
    assert canonical(typed, country) == ""


def test_a_number_of_another_country_gets_a_sentence_where_both_are_chosen():
    assert parse_vat_number("DE136695976", "IT") == "DE136695976"
    with pytest.raises(ValidationError) as refused:
        parse_vat_number("DE136695976", "IT", any_country=False)

    assert refused.value.messages == [FOREIGN]


@pytest.mark.parametrize(
    ("country", "prefix"),
    [("IT", "IT"), ("it", "IT"), ("GR", "EL"), ("EL", ""), ("XI", ""), ("US", ""), ("", ""), (None, "")],
)
def test_the_letters_of_a_country(country, prefix):
    assert prefix_of_country(country) == prefix


def test_what_was_stored_before_it_was_checked_is_read_leniently():
    assert canonical("it 00743110157") == "IT00743110157"
    assert canonical("00743110157", "IT") == "IT00743110157"
    assert canonical("IT123", "IT") == ""
    assert canonical("12 34", "US") == ""
