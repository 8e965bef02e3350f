"""The page of the export: whom it exports, who may, what it remembers, and what it tells nobody."""

import re
from dataclasses import replace

import pytest
from asgiref.sync import async_to_sync
from django.apps import apps
from django.contrib.auth import get_user
from django.contrib.auth.models import Permission
from django.contrib.sites.models import Site
from django.core.checks import run_checks
from django.db import connection
from django.http import QueryDict
from django.test import AsyncClient
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.log_actions import registry
from wagtail.models import ModelLogEntry

from oscar_customers_ext.customers.actions import create_customer, link_order
from oscar_customers_ext.customers.tags.actions import add_tag
from oscar_customers_ext.models import Customer, CustomerTag, ExportProfile, ExportSettings, StaffSite
from oscar_customers_ext.transfers.exports.audit import EXPORT
from oscar_customers_ext.transfers.exports.columns import DEFAULT
from oscar_customers_ext.transfers.exports.formats import FORMATS
from oscar_customers_ext.transfers.exports.settings_page import check_settings_app
from oscar_customers_ext.transfers.tables.reading import open_table
from tests.factories import make_order, make_user

pytestmark = pytest.mark.django_db

PAGE = "/admin/customers/export/"


@pytest.fixture
def exporter(sign_in):
    return sign_in("view_customer", "export_customer")


@pytest.fixture
def three(shop):
    customers = [
        create_customer(email=f"{name}@example.org", first_name=name) for name in ("ann", "bob", "eve")
    ]
    add_tag([customers[0].pk, customers[2].pk], "press", actor=None)
    return customers


def posted(scope="all", **choices):
    return {
        "query": "",
        "scope": scope,
        "format": "csv",
        "delimiter": ",",
        "dates": "iso",
        "columns": ["email"],
        **choices,
    }


def download(client, **choices):
    response = client.post(PAGE, posted(**choices))
    assert response.status_code == 200, response
    assert response.streaming, re.findall(r"error-message[^>]*>(.*?)<", response.text, re.DOTALL)
    return response


def lines(response):
    return b"".join(response).decode("utf-8-sig").split("\r\n")[:-1]


def log_entries():
    return ModelLogEntry.objects.filter(action=EXPORT)


def test_the_page_says_how_many_and_sends_all(exporter, three):
    page = exporter.get(PAGE).text
    assert "All 3 customers; archived ones are left out" in page
    assert log_entries().count() == 0

    response = download(exporter, with_bom="on")

    assert lines(response) == ["email", "ann@example.org", "bob@example.org", "eve@example.org"][:1] + [
        "eve@example.org",
        "bob@example.org",
        "ann@example.org",
    ]
    assert re.fullmatch(
        r'attachment; filename="customers-\d{4}-\d\d-\d\d-\d{4}\.csv"', response["Content-Disposition"]
    )
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert response["X-Content-Type-Options"] == "nosniff"


def test_the_list_is_exported_with_its_search_filters_and_order(exporter, three):
    query = f"tag={CustomerTag.objects.get().pk}&ordering=email_key&q=example"
    page = exporter.get(f"{PAGE}?{query}").text
    assert "The 2 customers whom the list finds with its search and filters, in its order" in page
    assert "All 3 customers" in page

    assert lines(download(exporter, scope="list", query=query)) == [
        "email",
        "ann@example.org",
        "eve@example.org",
    ]
    backwards = query.replace("email_key", "-email_key")
    assert lines(download(exporter, scope="list", query=backwards))[1:] == [
        "eve@example.org",
        "ann@example.org",
    ]
    assert len(lines(download(exporter, scope="all", query=query))) == 4


def test_all_come_in_the_order_of_a_list_that_is_only_sorted(exporter, three):
    query = "ordering=email_key"
    assert "All 3 customers" in exporter.get(f"{PAGE}?{query}").text

    assert lines(download(exporter, query=query)) == [
        "email",
        "ann@example.org",
        "bob@example.org",
        "eve@example.org",
    ]


def test_the_selection_is_exported(exporter, three):
    query = f"id={three[0].pk}&id={three[1].pk}&id=x&id=99999999999999999999"
    page = exporter.get(f"{PAGE}?{query}").text
    assert "The 2 selected customers" in page

    assert lines(download(exporter, scope="selection", query=query))[1:] == [
        "bob@example.org",
        "ann@example.org",
    ]


def test_archived_customers_are_exported_from_the_list_of_archived_ones(exporter, three):
    Customer.objects.filter(pk=three[0].pk).update(archived_at="2026-01-01T00:00Z")

    assert len(lines(download(exporter))) == 3
    assert lines(download(exporter, scope="list", query="archived=yes")) == ["email", "ann@example.org"]


def test_a_filter_that_cannot_be_understood_exports_nobody(exporter, three):
    page = exporter.get(f"{PAGE}?tag=987654321&q=ann").text
    assert "A filter asks for something that is not there" in page

    response = exporter.post(PAGE, posted(scope="list", query="tag=987654321&q=ann"))

    assert not response.streaming
    assert "One of the filters cannot be understood" in response.text
    assert log_entries().count() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"scope": "list"},
        {"scope": "nothing"},
        {"format": "exe"},
        {"delimiter": "x"},
        {"dates": "x"},
        {"columns": []},
        {"columns": ["password", "search_text"]},
    ],
    ids=str,
)
def test_what_cannot_be_chosen_is_refused_and_what_was_typed_is_kept(exporter, three, wrong):
    response = exporter.post(PAGE, posted(**{"dates": "day", **wrong}))

    assert response.status_code == 200
    assert not response.streaming
    assert response.context["form"].errors
    # Where no column is ticked, those that can be are in sight.
    assert bool(re.search(r'<details class="customers-more"\s+open>', response.text)) == ("columns" in wrong)
    if "dates" not in wrong:
        assert '<option value="day" selected>' in response.text
    assert log_entries().count() == 0


def test_the_file_is_sent_piece_by_piece_under_asgi_too(exporter, three, monkeypatch):
    monkeypatch.setattr("oscar_customers_ext.transfers.exports.resources.SIZE", 1)
    client = AsyncClient()
    client.cookies = exporter.cookies

    async def pieces():
        response = await client.post(PAGE, posted())
        assert response.is_async
        return [piece async for piece in response]

    assert async_to_sync(pieces)() == [
        b"email\r\n",
        b"eve@example.org\r\n",
        b"bob@example.org\r\n",
        b"ann@example.org\r\n",
    ]


def test_opening_the_page_exports_nothing(exporter, three):
    for query in ("?export=csv", "?scope=all&format=csv&columns=email", ""):
        response = exporter.get(PAGE + query)
        assert not response.streaming
    assert exporter.head(PAGE).status_code == 200
    assert log_entries().count() == 0


def test_an_export_needs_the_token_of_the_page(three, exporter):
    exporter.handler.enforce_csrf_checks = True
    assert exporter.post(PAGE, posted()).status_code == 403


def test_columns_come_in_the_order_of_their_places(exporter, three):
    places = {"columns-place-email": "2", "columns-place-number": "1", "columns-place-first_name": "x"}
    response = download(exporter, columns=["email", "first_name", "number"], **places)
    assert lines(response)[0] == "number,email,first_name"


def test_every_export_is_logged_without_anything_personal(exporter, three):
    download(exporter, scope="list", query="q=ann@example.org&orders=no")

    entry = log_entries().get()
    assert entry.user == get_user(exporter)
    assert entry.data == {
        "number": 1,
        "format": "csv",
        "scope": "list",
        "filters": ["orders", "search"],
        "columns": ["email"],
    }
    assert entry.message == "1 customer exported as CSV (filtered by: orders, search)"
    assert entry.label == "customer export"
    assert registry.get_action_label(EXPORT) == "Export customers"
    download(exporter)
    assert log_entries().first().message == "3 customers exported as CSV"


def test_neither_form_nor_download_puts_the_search_into_an_address(exporter, three):
    page = exporter.get(f"{PAGE}?q=ann%40example.org").text
    action = re.search(r'<form method="post"\s+action="([^"]*)"', page)[1]
    assert action == PAGE
    assert '<input type="hidden" name="query" value="q=ann%40example.org">' in page


def test_columns_need_their_permission(sign_in, three, exporter):
    page = exporter.get(PAGE).text
    assert 'value="tags"' in page
    for name in ("note", "notes", "memberships", "username"):
        assert f'value="{name}"' not in page
    response = exporter.post(PAGE, posted(columns=["email", "note", "memberships"]))
    assert lines(response)[0] == "email"

    everything = sign_in(
        *(
            "view_customer",
            "export_customer",
            "view_customernote",
            "view_membership",
            "manage_account_customer",
        ),
        email="all@example.org",
    )
    chosen = ["email", "note", "memberships", "username"]
    assert lines(download(everything, columns=chosen))[0] == "email,note,memberships,username"


def test_who_is_limited_to_sites_exports_what_is_seen(exporter, three):
    north = Site.objects.create(domain="north.example", name="North")
    StaffSite.objects.create(group=get_user(exporter).groups.get(), site=north)
    three[1].sites.add(north)
    link_order(make_order("bob@example.org"))
    link_order(make_order("bob@example.org", site=north, total="5.00"))
    three[1].sites.set([north])

    assert "The only customer; archived ones are left out" in exporter.get(PAGE).text
    columns = ["email", "orders_count", "orders_total"]
    assert lines(download(exporter, columns=columns)) == [",".join(columns), "bob@example.org,1,5.00"]
    everybody = "&".join(f"id={customer.pk}" for customer in three)
    assert lines(download(exporter, scope="selection", query=everybody)) == ["email", "bob@example.org"]
    assert lines(download(exporter, scope="list", query="q=example")) == ["email", "bob@example.org"]


def test_the_list_leads_to_the_page_with_its_filters(exporter, viewer, three, sign_in):
    tag = CustomerTag.objects.get().pk
    listing = reverse("oscar_customers:index")
    page = sign_in("view_customer", "export_customer", "add_customer", email="x@example.org").get(
        f"{listing}?tag={tag}&q=example&p=1"
    )
    [entry] = [
        button
        for button in page.context["view"].header_more_buttons
        if button.url and button.url.startswith(PAGE)
    ]
    assert QueryDict(entry.url.partition("?")[2]).dict() == {"tag": str(tag), "q": "example"}
    assert f'href="{entry.url.replace("&", "&amp;")}"' in page.text


def test_the_list_offers_no_export_to_who_may_not(viewer, three):
    assert PAGE not in viewer.get(reverse("oscar_customers:index")).text


@pytest.mark.parametrize("ids", ["all", "one"])
def test_ticked_customers_are_taken_to_the_page(exporter, three, ids):
    bulk = reverse("wagtail_bulk_action", args=["oscar_customers_ext", "customer", "export"])
    chosen = "all" if ids == "all" else three[0].pk
    for method in (exporter.get, exporter.post):
        response = method(f"{bulk}?id={chosen}&q=example&next=/admin/")
        assert response.status_code == 302
        expected = "q=example" if ids == "all" else f"q=example&id={chosen}"
        assert response.url == f"{PAGE}?{expected}"
    assert log_entries().count() == 0


def test_the_bulk_action_is_for_those_who_may_export(viewer, three):
    bulk = reverse("wagtail_bulk_action", args=["oscar_customers_ext", "customer", "export"])
    assert viewer.get(f"{bulk}?id={three[0].pk}&next=/admin/").url == "/admin/"


def test_the_settings_of_the_shop_count_until_something_else_is_chosen(exporter, three):
    form = exporter.get(PAGE).context["form"]
    assert (form["format"].value(), form["columns"].value()) == ("xlsx", DEFAULT)
    assert ExportSettings.objects.count() == 0

    ExportSettings.objects.create(format="tsv", with_bom=False, dates="day", columns=["number", "email"])

    form = exporter.get(PAGE).context["form"]
    assert [form[name].value() for name in ("format", "with_bom", "dates", "columns")] == [
        "tsv",
        False,
        "day",
        ["number", "email"],
    ]


def test_the_page_of_settings_is_for_its_permission(sign_in, exporter, three):
    edit = reverse("wagtailsettings:edit", args=["oscar_customers_ext", "exportsettings"])
    home = reverse("wagtailadmin_home")
    assert exporter.get(edit, follow=True).redirect_chain[-1][0] == home
    assert edit not in exporter.get(home).text

    keeper = sign_in("change_exportsettings", email="keeper@example.org")
    assert "Customer export" in keeper.get(home).text
    page = keeper.get(edit, follow=True)
    assert page.status_code == 200
    url = page.redirect_chain[-1][0]
    chosen = {"format": "csv", "delimiter": ";", "dates": "day", "columns": ["email", "number"]}
    response = keeper.post(url, {**chosen, "columns-place-number": "1", "columns-place-email": "2"})
    assert response.status_code == 302
    stored = ExportSettings.objects.get()
    assert stored.values == {**chosen, "with_bom": False, "columns": ["number", "email"]}
    wrong = keeper.post(url, {**chosen, "format": "exe"})
    assert wrong.status_code == 200
    assert ExportSettings.objects.get().format == "csv"


def test_the_permission_of_the_settings_can_be_given(db):
    assert Permission.objects.filter(codename="change_exportsettings").exists()


def test_a_check_misses_the_app_of_the_settings(settings):
    assert check_settings_app(None) == []
    with settings_without_app():
        [warning] = check_settings_app(None)
    assert warning.id == "oscar_customers_ext.W025"
    assert 'Add "wagtail.contrib.settings" to INSTALLED_APPS.' in warning.hint
    assert warning.id not in {found.id for found in run_checks()}


class settings_without_app:
    def __enter__(self):
        self.known = apps.is_installed
        apps.is_installed = lambda name: name != "wagtail.contrib.settings" and self.known(name)

    def __exit__(self, *error):
        apps.is_installed = self.known


def test_a_profile_is_saved_used_and_replaced(exporter, three):
    choices = posted(
        format="json", columns=["email", "number"], name="Mailing", save_profile="1", query="q=ann"
    )
    response = exporter.post(PAGE, choices)
    profile = ExportProfile.objects.get()
    assert response.url == f"{PAGE}?q=ann&profile={profile.pk}"
    assert (profile.name, profile.is_shared, profile.owner) == ("Mailing", False, get_user(exporter))
    assert log_entries().count() == 0

    form = exporter.get(response.url).context["form"]
    assert (form["format"].value(), form["columns"].value(), form["name"].value()) == (
        "json",
        ["email", "number"],
        "Mailing",
    )
    exporter.post(PAGE, {**choices, "format": "tsv", "is_shared": "on"})
    profile = ExportProfile.objects.get()
    assert (profile.format, profile.is_shared) == ("tsv", True)


def test_a_profile_needs_a_name(exporter, three):
    response = exporter.post(PAGE, posted(save_profile="1"))
    assert "Give the profile a name." in response.text
    assert ExportProfile.objects.count() == 0


def test_profiles_of_others_are_seen_when_they_are_shared(exporter, three):
    other = make_user("other@example.org")
    shared = ExportProfile.objects.create(owner=other, name="<script>alert(1)</script>", is_shared=True)
    secret = ExportProfile.objects.create(owner=other, name="My own business")

    page = exporter.get(PAGE).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page
    assert "My own business" not in page
    assert exporter.get(f"{PAGE}?profile={shared.pk}").status_code == 200
    assert exporter.get(f"{PAGE}?profile={secret.pk}").status_code == 404
    assert exporter.get(f"{PAGE}?profile=x").status_code == 404
    delete = "oscar_customers:delete_export_profile"
    assert exporter.post(reverse(delete, args=[secret.pk])).status_code == 404
    assert exporter.post(reverse(delete, args=[shared.pk])).status_code == 302
    assert ExportProfile.objects.count() == 2


def test_a_profile_of_ones_own_is_deleted_after_a_question(exporter, three):
    own = ExportProfile.objects.create(owner=get_user(exporter), name="Mailing", is_shared=True)
    url = reverse("oscar_customers:delete_export_profile", args=[own.pk])
    assert "Delete the export profile “Mailing” for everybody?" in exporter.get(url).text
    assert ExportProfile.objects.count() == 1
    assert exporter.post(url).url == PAGE
    assert ExportProfile.objects.count() == 0


def test_a_format_that_cannot_hold_so_many_is_refused_on_the_page(exporter, three, monkeypatch):
    monkeypatch.setitem(FORMATS, "ods", replace(FORMATS["ods"], rows_at_most=2))

    response = exporter.post(PAGE, posted(format="ods"))

    assert not response.streaming
    assert "OpenDocument (ODS) holds at most 2 customers, and these are 3." in response.text
    assert log_entries().count() == 0


def test_the_pages_cost_the_same_with_many_customers_and_profiles(exporter, three):
    def counted():
        with CaptureQueriesContext(connection) as queries:
            exporter.get(f"{PAGE}?q=example&id={three[0].pk}")
        return len(queries)

    counted()
    for_three = counted()
    for number in range(20):
        create_customer(email=f"more{number}@example.org")
        ExportProfile.objects.create(owner=get_user(exporter), name=f"Profile {number}")
    assert counted() == for_three <= 20


def test_the_file_of_the_page_is_one_that_the_importer_reads(exporter, three, tmp_path):
    response = exporter.post(PAGE, posted(format="xlsx", columns=DEFAULT))
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"".join(response))
    table = open_table(str(path), "list.xlsx")
    assert table.header == DEFAULT
    assert len(list(table.rows())) == 3
