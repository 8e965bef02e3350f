"""Customers with everything that an export can hold, and files read back as the importer reads them."""

from oscar_customers_ext.contacts.models import ConsentState
from oscar_customers_ext.customers.actions import create_customer, link_order
from oscar_customers_ext.customers.addresses.actions import save_address
from oscar_customers_ext.customers.addresses.books import new_address
from oscar_customers_ext.customers.marketing.actions import set_subscription
from oscar_customers_ext.customers.notes.actions import add_note
from oscar_customers_ext.customers.tags.actions import add_tag
from oscar_customers_ext.groups.actions import add_to_group
from oscar_customers_ext.memberships.actions import grant_membership
from oscar_customers_ext.models import Customer, CustomerGroup
from oscar_customers_ext.transfers.exports.actions import export_customers
from oscar_customers_ext.transfers.exports.models import ExportProfile
from oscar_customers_ext.transfers.tables.reading import open_table
from tests.factories import make_country, make_order, make_plan


def make_full_customer(email="ann@example.org", **fields):
    make_country()
    customer = create_customer(
        email=email,
        **{
            "first_name": "Ann",
            "last_name": "Rossi",
            "company_name": "Rossi & Figli",
            "phone": "+39 011 5550100",
        }
        | fields,
    )
    address = new_address(customer, line1="Via Roma 1", line4="Torino", postcode="10121", country_id="IT")
    address.is_default_for_billing = True
    save_address(customer, address)
    group, _is_new = CustomerGroup.objects.get_or_create(slug="trade", defaults={"name": "Trade, big"})
    add_to_group([customer.pk], group, actor=None)
    add_tag([customer.pk], "press", actor=None)
    add_tag([customer.pk], "vip", actor=None)
    set_subscription(customer, state=ConsentState.SUBSCRIBED, actor=None)
    add_note(customer, text="Likes blue.\nCalls on Mondays.", files=[], actor=None)
    grant_membership(customer, make_plan(f"Club {email}"))
    link_order(make_order(email))
    customer.refresh_from_db()
    return customer


def shape(**values):
    return ExportProfile(**values)


def exported(customers=None, *, actor=None, **values):
    customers = Customer.objects.order_by("pk") if customers is None else customers
    return export_customers(customers, shape=shape(**values), actor=actor, scope="all")


def written(tmp_path, customers=None, **values):
    """The path of a file with these customers."""
    export = exported(customers, **values)
    path = tmp_path / export.file_name
    path.write_bytes(b"".join(export.pieces))
    return path


def read_back(path):
    """Header and rows, as the importer has them."""
    table = open_table(str(path), path.name)
    rows = list(table.rows())
    assert [row.problem for row in rows if row.problem] == []
    return table.header, [row.cells for row in rows]
