"""Out of one shop and into an empty one: what is exported there is what was exported here."""

import io
import json

import pytest
from django.core.management import call_command

from oscar_customers_ext.contacts.models import ConsentEntry, ConsentState, Subscription
from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.customers.addresses.actions import save_address
from oscar_customers_ext.customers.marketing.actions import set_subscription
from oscar_customers_ext.models import Customer, CustomerGroup, ExternalId
from oscar_customers_ext.tax.models import TaxExemption
from oscar_customers_ext.transfers.exports.columns import COLUMNS, DEFAULT
from oscar_customers_ext.transfers.exports.formats import FORMATS
from tests.factories import make_country
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


def various_customers():
    """What differs between the columns of a file and the tables behind them."""
    ann = make_full_customer("ann@example.org")
    bob = make_full_customer("bob@example.org")
    make_country("FR", name="France")
    bob.country_id = "FR"
    bob.save()
    address = bob.addresses.get()
    address.line2, address.line3, address.phone_number = "Scala B", "Interno 4", "+390115550100"
    save_address(bob, address)
    set_subscription(bob, state=ConsentState.OBJECTED, actor=None)
    eve = make_full_customer("eve@example.org", phone="")
    eve.addresses.update(phone_number="+390115550111")
    set_subscription(eve, state=ConsentState.UNSUBSCRIBED, actor=None)
    TaxExemption.objects.create(customer=eve, reason="Embassy")
    create_customer(email="", first_name="Nobody", company_name="=1+1", phone="+39 011 5550100")
    return ann, bob, eve


@pytest.mark.parametrize("columns", [DEFAULT, list(COLUMNS)], ids=["default", "all"])
@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_the_same_file_into_the_same_register_changes_nothing(tmp_path, shop, name, columns):
    various_customers()
    before = list(Customer.objects.order_by("pk").values())
    lines = ConsentEntry.objects.count()

    report = import_file(written(tmp_path, format=name, columns=columns))

    assert (report["unchanged"], report["updated"], report["rows"]) == (4, 0, 4), report
    assert list(Customer.objects.order_by("pk").values()) == before
    assert ConsentEntry.objects.count() == lines


def test_what_an_import_notes_for_itself_is_not_exported(tmp_path, shop):
    path = tmp_path / "list.csv"
    path.write_text("email,phone,first_name\n,+39 011 5550100,Ann\n")
    assert import_file(path)["created"] == 1
    assert ExternalId.objects.get().source == "~row"

    assert read_back(written(tmp_path, format="csv", columns=["first_name", "external_ids"]))[1] == [
        ["Ann", ""]
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_consents_and_exemptions_are_no_weaker_after_the_way_out_and_in(tmp_path, shop, name):
    various_customers()
    columns = ["email", "number", "first_name", "phone", "newsletter", "consent_at", "tax_exempt"]
    first = written(tmp_path, format=name, columns=columns)
    before = read_back(first)
    assert [row[4] for row in before[1]] == ["subscribed", "objected", "unsubscribed", ""]
    assert [row[6] for row in before[1]] == ["", "", "yes", ""]
    empty_the_register()
    Subscription.objects.all().delete()
    ConsentEntry.objects.all()._raw_delete(using="default")

    assert import_file(first)["created"] == 4

    assert read_back(written(tmp_path, format=name, columns=columns)) == before
    yes = tmp_path / "yes.csv"
    yes.write_text("email,newsletter\nbob@example.org,yes\neve@example.org,yes\n")
    assert import_file(yes)["updated"] == 0
