from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.customers.addresses.actions import save_address
from oscar_customers_ext.customers.addresses.books import new_address
from oscar_customers_ext.models import Customer, VatCheck
from oscar_customers_ext.tax.vat.actions import check_vat_number, record_answer
from oscar_customers_ext.tax.vat.registries import Answer
from oscar_customers_ext.tax.vat.verdicts import VatVerdict, verdict_of, verdicts_of
from tests.factories import make_user

from . import fake_registry as fake

pytestmark = pytest.mark.django_db

NUMBER = "IT00743110157"
GERMAN, FRENCH, GREEK = "DE136695976", "FR61954506077", "EL094259216"
ADDRESS = {
    "first_name": "Ann",
    "last_name": "Rossi",
    "line1": "Via Roma 1",
    "line4": "Torino",
    "postcode": "10121",
}


def age(number, **ago):
    moment = timezone.now() - timedelta(**ago)
    VatCheck.objects.filter(number=number).update(checked_at=moment, asked_at=moment)


def run(**options):
    out = StringIO()
    try:
        call_command("check_vat_numbers", stdout=out, **options)
    except CommandError as error:
        out.write(f"{error}\n")
    return {
        line.strip().partition("  ")[2]: int(line.split()[0])
        for line in out.getvalue().splitlines()
        if line[0] == " "
    } | {line: 1 for line in out.getvalue().splitlines() if line[0] != " "}


def test_a_verdict_is_kept_with_its_moment(registry):
    registry.answers[NUMBER] = fake.VALID
    before = timezone.now()

    check = check_vat_number(NUMBER)

    assert before <= check.checked_at <= timezone.now()
    assert verdict_of(NUMBER) == VatVerdict(NUMBER, "valid", check.checked_at, "WAPIAAAAXYZ", "ACME S.R.L.")
    assert verdict_of(NUMBER).is_fresh
    assert verdict_of(GERMAN) == VatVerdict(GERMAN)


def test_a_new_verdict_replaces_the_one_before_wholly(registry):
    registry.answers[NUMBER] = fake.VALID
    check_vat_number(NUMBER)
    registry.answers[NUMBER] = fake.INVALID

    check = check_vat_number(NUMBER)

    assert (check.state, check.company_name, check.consultation_number) == ("invalid", "", "")
    assert VatCheck.objects.count() == 1


@pytest.mark.parametrize("number", ["GB980780684", "CHE107787577MWST", "12 34", ""])
def test_nobody_is_asked_about_what_the_registry_does_not_know(registry, number, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert check_vat_number(number) is None
        assert (verdict_of(number).state, verdict_of(number).is_fresh) == ("unsupported", False)
    assert registry.questions == []


def test_without_a_registry_nobody_is_asked(registry, settings):
    settings.OSCAR_CUSTOMERS_VAT_REGISTRY = ""

    assert check_vat_number(NUMBER) is None
    assert verdict_of(NUMBER).state == "unsupported"
    assert registry.questions == []


def test_no_answer_takes_nothing_from_a_verdict_that_counts(registry):
    registry.answers[NUMBER] = fake.VALID
    check_vat_number(NUMBER)
    age(NUMBER, days=29)
    registry.answers[NUMBER] = fake.garbage

    check = check_vat_number(NUMBER)

    assert (check.state, check.company_name) == ("valid", "ACME S.R.L.")
    assert check.asked_at - check.checked_at > timedelta(days=28)


def test_no_answer_takes_the_place_of_a_verdict_that_counts_no_more(registry):
    registry.answers[NUMBER] = fake.VALID
    check_vat_number(NUMBER)
    age(NUMBER, days=31)
    assert not verdict_of(NUMBER).is_fresh
    registry.answers[NUMBER] = fake.garbage

    check = check_vat_number(NUMBER)

    assert (check.state, check.company_name, check.consultation_number) == ("unavailable", "", "")


class BrokenRegistry:
    def supports(self, number):
        return True

    def ask(self, number, *, timeout):
        raise KeyError(number)


def test_a_registry_of_the_site_that_fails_is_logged_and_unavailable(settings, caplog):
    settings.OSCAR_CUSTOMERS_VAT_REGISTRY = f"{__name__}.BrokenRegistry"

    assert check_vat_number("CHE107787577MWST").state == "unavailable"
    assert "The registry of VAT numbers failed" in caplog.text


def test_many_verdicts_cost_one_query(django_assert_num_queries):
    record_answer(NUMBER, Answer("valid"))

    with django_assert_num_queries(1):
        found = verdicts_of([NUMBER, GERMAN, "GB980780684"])

    assert [verdict.state for verdict in found.values()] == ["valid", "", "unsupported"]


# In the background


def test_where_tasks_run_at_once_nobody_is_asked(shop, registry, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        create_customer(email="ann@example.org", vat_number=NUMBER)

    assert registry.questions == []
    assert not VatCheck.objects.exists()


def test_a_worker_is_told_of_a_new_number_of_a_customer(shop, worker, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        customer = create_customer(email="ann@example.org", vat_number="00743110157", country_id="IT")
        assert worker.results == []
    assert [result.args for result in worker.results] == [[NUMBER]]
    with django_capture_on_commit_callbacks(execute=True):
        Customer.objects.get().save(update_fields=["first_name"])
    assert len(worker.results) == 1
    with django_capture_on_commit_callbacks(execute=True):
        customer.vat_number = GERMAN
        customer.save()

    assert [result.args for result in worker.results] == [[NUMBER], [GERMAN]]


def test_a_worker_is_told_of_the_numbers_of_addresses(shop, worker, django_capture_on_commit_callbacks):
    guest = create_customer(email="ann@example.org")
    owner = create_customer(email="bob@example.org")
    Customer.objects.filter(pk=owner.pk).update(user=make_user("bob@example.org"))
    owner.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        for customer in (guest, owner):
            address = new_address(customer, **ADDRESS, country_id="IT")
            save_address(customer, address, company_name="Rossi", vat_number="00743110157")

    assert [result.args for result in worker.results] == [[NUMBER], [NUMBER]]


def test_a_worker_is_not_told_of_what_is_known_or_cannot_be_asked(
    shop, worker, django_capture_on_commit_callbacks
):
    record_answer(NUMBER, Answer("invalid"))
    with django_capture_on_commit_callbacks(execute=True):
        create_customer(email="ann@example.org", vat_number=NUMBER)
        create_customer(email="bob@example.org", vat_number="GB980780684")
        create_customer(email="eve@example.org", vat_number="IT123")

    assert worker.results == []


def test_a_worker_asks_again_about_what_got_no_answer(shop, worker, django_capture_on_commit_callbacks):
    record_answer(NUMBER, Answer("unavailable"))
    with django_capture_on_commit_callbacks(execute=True):
        create_customer(email="ann@example.org", vat_number=NUMBER)

    assert [result.args for result in worker.results] == [[NUMBER]]


# The command


def test_the_command_asks_about_all_numbers_in_use_once(shop, registry):
    registry.answers[NUMBER] = fake.VALID
    create_customer(email="ann@example.org", vat_number="it 00743110157")
    customer = create_customer(email="bob@example.org", vat_number=NUMBER)
    save_address(
        customer, new_address(customer, **ADDRESS, country_id="IT"), company_name="Bob", vat_number=NUMBER
    )
    create_customer(email="eve@example.org", vat_number=GERMAN)
    create_customer(email="max@example.org", vat_number="GB980780684")
    create_customer(email="tom@example.org", vat_number="IT123")

    assert run() == {
        "valid": 1,
        "invalid": 1,
        "unavailable": 0,
        "left for the next run": 0,
        "verdicts about numbers that nobody uses deleted": 0,
    }
    assert registry.asked == [GERMAN, NUMBER]
    assert run()["valid"] == 0
    assert len(registry.questions) == 2


def test_the_command_asks_again_before_a_verdict_runs_out_the_oldest_first(shop, registry):
    for email, number, days in (("ann", NUMBER, 23), ("bob", GERMAN, 28), ("eve", FRENCH, 22)):
        create_customer(email=f"{email}@example.org", vat_number=number)
        record_answer(number, Answer("valid"))
        age(number, days=days)

    run()

    assert registry.asked == [GERMAN, NUMBER]


def test_the_command_stops_at_its_limit_and_goes_on_next_time(shop, registry):
    for email, number in (("ann", NUMBER), ("bob", GERMAN), ("eve", FRENCH)):
        create_customer(email=f"{email}@example.org", vat_number=number)

    assert run(limit=2)["left for the next run"] == 1
    assert run(limit=2)["left for the next run"] == 0
    assert registry.asked == [GERMAN, FRENCH, NUMBER]


@pytest.mark.parametrize("limit", ["0", "-1", "x", "²", ""])
def test_a_limit_that_is_none_is_refused(limit):
    with pytest.raises(CommandError):
        call_command("check_vat_numbers", f"--limit={limit}")


def test_the_command_says_what_got_no_answer_and_leaves_a_country_that_is_down(shop, registry):
    numbers = ["IT00743110157", "IT01114601006", "IT00488410010", "IT00159560366", "IT00905811006"]
    for place, number in enumerate(numbers):
        create_customer(email=f"ann{place}@example.org", vat_number=number)
        registry.answers[number] = fake.unavailable("MS_UNAVAILABLE")
    create_customer(email="bob@example.org", vat_number=GERMAN)
    registry.answers[GERMAN] = fake.VALID

    report = run()

    assert report == {
        "valid": 1,
        "invalid": 0,
        "unavailable": 3,
        "left for the next run": 2,
        "verdicts about numbers that nobody uses deleted": 0,
        "The registry gave no answer about 3 numbers.": 1,
    }
    assert len(registry.questions) == 4


def test_the_command_counts_a_verdict_that_only_stayed_as_no_answer(shop, registry):
    create_customer(email="ann@example.org", vat_number=NUMBER)
    record_answer(NUMBER, Answer("valid"))
    age(NUMBER, days=25)
    registry.answers[NUMBER] = fake.garbage

    report = run()

    assert (report["valid"], report["unavailable"]) == (0, 1)
    assert VatCheck.objects.get().state == "valid"


def test_the_command_deletes_verdicts_about_numbers_that_nobody_uses(shop, registry):
    create_customer(email="ann@example.org", vat_number=NUMBER)
    for number in (NUMBER, GERMAN, FRENCH):
        record_answer(number, Answer("valid"))
    age(NUMBER, days=3)
    age(GERMAN, days=3)

    assert run()["verdicts about numbers that nobody uses deleted"] == 1
    assert set(VatCheck.objects.values_list("number", flat=True)) == {NUMBER, FRENCH}


def test_without_a_registry_the_command_asks_nobody(shop, registry, settings):
    settings.OSCAR_CUSTOMERS_VAT_REGISTRY = ""
    create_customer(email="ann@example.org", vat_number=NUMBER)

    assert run()["valid"] == 0
    assert registry.questions == []
