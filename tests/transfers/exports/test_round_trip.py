"""Out of one shop and into an empty one: what is exported there is what was exported here."""

import io
import json

import pytest
from django.core.management import call_command

from oscar_customers_ext.models import Customer, CustomerGroup
from oscar_customers_ext.transfers.exports.columns import COLUMNS, DEFAULT
from oscar_customers_ext.transfers.exports.formats import FORMATS
from tests.transfers.exports.customers import make_full_customer, read_back, written

pytestmark = pytest.mark.django_db

COMES_BACK = [name for name in DEFAULT if not COLUMNS[name].readonly]


def empty_the_register():
    Customer.objects.update(user=None)
    for customer in Customer.objects.all():
        customer.memberships.all().delete()
        customer.order_links.all().delete()
        customer.notes.all().delete()
        customer.delete()


def import_file(path):
    out = io.StringIO()
    call_command("import_customers", str(path), "--json", stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue())


@pytest.mark.parametrize("name", FORMATS)
def test_what_was_exported_is_exported_again_from_an_empty_register(tmp_path, shop, name):
    make_full_customer("ann@example.org")
    make_full_customer(
        "bob@example.org", first_name="=Bob", last_name="O'Hara", company_name="Müller; -5 | ü"
    )
    first = written(tmp_path, format=name, columns=COMES_BACK)
    before = read_back(first)
    empty_the_register()
    assert CustomerGroup.objects.count() == 1

    report = import_file(first)

    assert (report["created"], report["failed"], report["rows"]) == (2, 0, 2), report
    assert read_back(written(tmp_path, format=name, columns=COMES_BACK)) == before


def test_the_same_file_into_the_same_register_changes_nothing(tmp_path, shop):
    # A country in the file counts for the customer as well as for the address.
    make_full_customer("ann@example.org", country_id="IT")

    report = import_file(written(tmp_path, format="xlsx", columns=DEFAULT))

    assert (report["unchanged"], report["updated"], report["rows"]) == (1, 0, 1), report
