"""What customers type, and what editors or attackers put into addresses of the admin."""

import csv
import json
import re
from pathlib import Path

import pytest
from django.urls import reverse

from oscar_customers_ext.customers.actions import create_customer, link_order
from oscar_customers_ext.models import Customer
from tests.factories import make_address, make_order, make_user

pytestmark = pytest.mark.django_db

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
MARK = "zzxss"
PAYLOADS = [
    f"<script>{MARK}()</script>",
    f'"><img src=x onerror={MARK}()>',
    f"'><svg/onload={MARK}()>",
    f"javascript:{MARK}()",
    f"{{{{ 7|add:'{MARK}' }}}}",
    f"</textarea><script>{MARK}()</script>",
]


def url(name, *args):
    return reverse(f"oscar_customers:{name}", args=args)


def corpus():
    """Texts collected elsewhere, where their folder is present."""
    found = []
    for name in ("xss-dompurify", "naughty-strings"):
        entries = json.loads((DATA / "text" / name / "data.json").read_text(encoding="utf-8"))
        found += [
            text for entry in entries if (text := entry["payload"] if isinstance(entry, dict) else entry)
        ]
    with (DATA / "tables/hostile-tables/xss_names.csv").open(encoding="utf-8", newline="") as lines:
        found += [cell for row in csv.reader(lines) for cell in row]
    return found


def pages_of(customer, order):
    return [
        url("index"),
        url("edit", customer.pk),
        url("inspect", customer.pk),
        url("history", customer.pk),
        url("activity", customer.pk),
        url("archive", customer.pk),
        url("delete", customer.pk),
        reverse("wagtail_bulk_action", args=["oscar_customers_ext", "customer", "archive"])
        + f"?id={customer.pk}",
        reverse("oscar_customers_orders:index"),
        reverse("oscar_customers_orders:inspect", args=[order.pk]),
        reverse("oscar_customers_orders:of_customer", args=[customer.pk]),
    ]


def hostile_customer(payload):
    text = payload.replace("\x00", "")
    columns = {
        "first_name": text[:255],
        "last_name": text[:255],
        "company_name": text[:255],
        "phone": text[:64],
    }
    customer = create_customer(
        email="ann@example.org",
        vat_number=text[:32],
        organisation_id=text[:64],
        source=text[:64] or "x",
        **columns,
    )
    order = make_order("ann@example.org", status=text[:100], shipping_address=make_address(line1=text[:255]))
    order.notes.create(message=text, user=make_user("clerk@example.org", first_name=text[:30]))
    link_order(order)
    return customer, order


def assert_harmless(page, payload):
    """No payload stands in the page as it was typed, and no address runs script."""
    if "<" in payload:
        assert payload not in page
    assert f'href="javascript:{MARK}' not in page


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_a_customer_typed_runs_script(editor, payload):
    customer, order = hostile_customer(payload)
    editor.post(
        url("edit", customer.pk),
        {"first_name": payload, "email": "ann@example.org", "number": customer.number},
    )

    for address in pages_of(customer, order):
        response = editor.get(address)
        assert response.status_code == 200, address
        assert_harmless(response.text, payload)
        assert f"<script>{MARK}" not in response.text
        assert f"onerror={MARK}()>" not in response.text.replace("&gt;", "")


@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason="the folder with payloads and naughty strings is absent")
def test_no_page_breaks_on_texts_collected_elsewhere(editor):
    texts = [text.replace("\x00", "").encode("utf-8", "replace").decode()[:255] for text in corpus()]
    assert len(texts) > 400
    customers = [
        create_customer(email="", first_name=text, company_name=text) for text in texts if text.strip()
    ]

    addresses = [f"{url('index')}?p={page}" for page in range(1, len(customers) // 20 + 2)]
    addresses += [url("inspect", customer.pk) for customer in customers if "<" in customer.first_name]
    hostile = [text for text in texts if re.search(r"<\w+[^>]*[\s/>]", text)]
    for address in addresses:
        response = editor.get(address)
        assert response.status_code == 200
        assert [text for text in hostile if text in response.text] == []


LONG = "a " * 50_000


@pytest.mark.parametrize(
    "query",
    [
        {"q": LONG},
        {"q": "x" * 100_000},
        {"q": "%_\\'\";--"},
        {"p": "abc"},
        {"p": "-1"},
        {"p": "0"},
        {"p": "999999999999999999999999"},
        {"ordering": "password"},
        {"ordering": "-user__password"},
        {"ordering": ["created_at", "email_key"]},
        {"nonsense": "1"},
        {"country": [f"{number}" for number in range(1000)]},
        {"source": ["x"] * 1000},
        {"site": "abc"},
        {"kind": "neither"},
        {"created_at_from": "31/31/31"},
        {"created_at_from": "0001-01-01"},
        {"date_placed_to": "9999-12-31"},
        {"membership": "9" * 20},
        {"archived": "maybe"},
        {"customer": "9" * 19},
        {"customer": "9" * 400},
        {"customer": "-1"},
    ],
    ids=lambda query: str(query)[:40],
)
@pytest.mark.parametrize(
    "name", ["oscar_customers:index", "oscar_customers:index_results", "oscar_customers_orders:index"]
)
def test_no_question_breaks_a_list(editor, name, query):
    create_customer(email="ann@example.org")

    assert editor.get(reverse(name), query).status_code == 200


@pytest.mark.parametrize(
    ("name", "field"),
    [("oscar_customers:index", "created_at"), ("oscar_customers_orders:index", "date_placed")],
)
def test_days_at_the_ends_of_the_calendar_get_a_sentence(editor, name, field):
    def errors(first, last):
        response = editor.get(reverse(name), {f"{field}_from": first, f"{field}_to": last})
        return response.context["filters"].form.errors.get(field)

    for day in ("0001-01-01", "1969-12-31", "3000-01-01", "9999-12-31"):
        assert errors(day, "") == errors("", day) == ["Choose a date between 1970 and 2999."], day
    assert errors("1970-01-01", "2999-12-31") is None


def test_an_archived_customer_stays_hidden_when_a_filter_cannot_be_understood(editor):
    customer = create_customer(email="ann@example.org", first_name="Ann")
    editor.post(url("archive", customer.pk))

    assert list(editor.get(url("index"), {"country": "XX"}).context["object_list"]) == []


def test_staff_accounts_are_out_of_reach(editor, django_user_model):
    staff = make_user("boss@example.org", is_staff=True, is_superuser=True, first_name="Boss")
    customer = create_customer(email="boss@example.org", user=staff)
    before = django_user_model.objects.filter(pk=staff.pk).values().get()
    posted = {"first_name": "Eve", "email": "eve@example.org", "number": customer.number, "version": ""}
    smuggled = {
        "is_staff": "",
        "is_superuser": "",
        "password": "x",
        "user": "",
        "user_id": "",
        "contact": "",
        "groups": "1",
    }

    editor.post(url("edit", customer.pk), posted | smuggled)
    editor.post(url("archive", customer.pk))
    editor.post(url("delete", customer.pk))

    assert django_user_model.objects.filter(pk=staff.pk).values().get() == before


def test_columns_that_are_no_fields_cannot_be_posted(editor):
    customer = create_customer(email="ann@example.org")
    contact = customer.contact_id

    editor.post(
        url("edit", customer.pk),
        {
            "first_name": "Ann",
            "email": "ann@example.org",
            "number": customer.number,
            "orders_count": "99",
            "orders_total": "99",
            "user": "1",
            "contact": "1",
            "email_key": "eve@example.org",
            "created_at": "2000-01-01",
            "archived_at": "2000-01-01",
            "search_text": "eve",
        },
    )

    stored = Customer.objects.get()
    assert stored.first_name == "Ann"
    assert (stored.orders_count, stored.user, stored.contact_id) == (0, None, contact)
    assert (stored.email_key, stored.archived_at) == ("ann@example.org", None)
    assert "eve" not in stored.search_text
    assert stored.created_at == customer.created_at
