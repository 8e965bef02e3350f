"""Every URL of ours in the Wagtail admin, asked as everybody. A URL that is not in the table fails the test."""

import re
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.auth import get_user
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver, reverse
from wagtail import hooks
from wagtail.permission_policies import ModelPermissionPolicy

import oscar_customers_ext
from oscar_customers_ext.coupons.actions import create_coupon
from oscar_customers_ext.customers.actions import create_customer, link_order
from oscar_customers_ext.customers.addresses.actions import save_address
from oscar_customers_ext.customers.addresses.books import new_address
from oscar_customers_ext.customers.notes.actions import add_note
from oscar_customers_ext.customers.tags.actions import add_tag
from oscar_customers_ext.groups.actions import add_to_group
from oscar_customers_ext.groups.offers.actions import create_discount
from oscar_customers_ext.groups.offers.terms import Terms
from oscar_customers_ext.memberships.actions import grant_membership
from oscar_customers_ext.models import (
    Customer,
    CustomerGroup,
    CustomerNote,
    CustomerTag,
    CustomerVoucher,
    ExportProfile,
    Membership,
    SavedView,
)
from oscar_customers_ext.tax.actions import add_exemption
from oscar_customers_ext.transfers.imports.actions import check_import, confirm_import, start_import
from oscar_customers_ext.transfers.imports.slices import advance
from tests.factories import make_basket, make_order, make_plan, make_terms, make_user

pytestmark = pytest.mark.django_db

CANARY = "Canary Rossi"
ADDRESS = {
    "first_name": "Canary",
    "last_name": "Rossi",
    "line1": "Via Roma 1",
    "line4": "Torino",
    "postcode": "10121",
}
PERMISSIONS = ["add_customer", "change_customer", "delete_customer", "view_customer", "approve_customer"]
PERMISSIONS += [f"{action}_membershipplan" for action in ("add", "change", "delete", "view")]
#: Permissions beside that to read the customer: they open nothing alone.
BESIDE_CUSTOMER = [
    "manage_account_customer",
    "view_order",
    "subscribe_customer",
    "view_membership",
    "add_membership",
    "change_membership",
    "assign_role_customer",
    "view_customervoucher",
    "add_customervoucher",
    "change_customervoucher",
    "delete_customervoucher",
    "view_basket",
    "view_customernote",
    "add_customernote",
    "change_customernote",
    "delete_customernote",
    "export_customer",
    *(f"{verb}_taxexemption" for verb in ("view", "add", "change", "delete")),
]
GROUPS_AND_TAGS = [
    "assign_group_customer",
    "change_styles_customergroup",
    *(f"{verb}_customergroup" for verb in ("add", "change", "delete", "view")),
    *(f"{verb}_customertag" for verb in ("add", "change", "delete", "view")),
]
OFFERS = [f"{verb}_conditionaloffer" for verb in ("add", "change", "delete", "view")]
CHANGE_ACCOUNT = [("manage_account_customer", "change_customer")]
ASSIGN_GROUP = [("assign_group_customer", "view_customer"), ("assign_group_customer", "change_customer")]
STYLES = "change_styles_customergroup"
OF_GROUP = {
    name: [(name, "view_customergroup"), (name, "change_customergroup")] for name in [*OFFERS, STYLES]
}
OF_CUSTOMER = {name: [(name, "view_customer"), (name, "change_customer")] for name in BESIDE_CUSTOMER}

IMPORT = [("import_customer", "view_customer"), ("import_customer", "change_customer")]

#: Name of the URL -> who may open it: any of these, or all of a tuple.
TABLE = {
    "oscar_customers:index": ["view_customer", "change_customer"],
    "oscar_customers:index_results": ["view_customer", "change_customer"],
    "oscar_customers:add": ["add_customer"],
    "oscar_customers:edit": ["change_customer"],
    "oscar_customers:addresses": ["view_customer", "change_customer"],
    "oscar_customers:add_address": ["change_customer"],
    "oscar_customers:edit_address": ["change_customer"],
    "oscar_customers:delete_address": ["change_customer"],
    "oscar_customers:approval": ["view_customer", "change_customer"],
    "oscar_customers:archive": ["change_customer"],
    "oscar_customers:restore": ["change_customer"],
    "oscar_customers:delete": ["delete_customer"],
    "oscar_customers:activity": ["view_customer", "change_customer"],
    "oscar_customers:account": OF_CUSTOMER["manage_account_customer"],
    "oscar_customers:account_create": CHANGE_ACCOUNT,
    "oscar_customers:account_attach": CHANGE_ACCOUNT,
    "oscar_customers:account_password": CHANGE_ACCOUNT,
    "oscar_customers:account_link": CHANGE_ACCOUNT,
    "oscar_customers:account_rename": CHANGE_ACCOUNT,
    "oscar_customers:account_activate": CHANGE_ACCOUNT,
    "oscar_customers:account_deactivate": CHANGE_ACCOUNT,
    "oscar_customers:account_vouch": CHANGE_ACCOUNT,
    "oscar_customers:inspect": ["view_customer", "change_customer"],
    "oscar_customers:history": ["view_customer", "change_customer"],
    "oscar_customers:history_results": ["view_customer", "change_customer"],
    "oscar_customers:email": [
        ("manage_account_customer", "view_customer"),
        ("manage_account_customer", "change_customer"),
    ],
    "oscar_customers:email_change": [("manage_account_customer", "change_customer")],
    "oscar_customers:email_change_resend": [("manage_account_customer", "change_customer")],
    "oscar_customers:email_change_cancel": [("manage_account_customer", "change_customer")],
    "oscar_customers:marketing": ["view_customer", "change_customer"],
    "oscar_customers:from_source": ["view_customer", "change_customer"],
    "oscar_customers:columns": ["view_customer", "change_customer"],
    "oscar_customers:export": OF_CUSTOMER["export_customer"],
    "oscar_customers:delete_export_profile": OF_CUSTOMER["export_customer"],
    "oscar_customers:views": ["view_customer", "change_customer"],
    "oscar_customers:save_view": ["view_customer", "change_customer"],
    "oscar_customers:edit_view": ["view_customer", "change_customer"],
    "oscar_customers:delete_view": ["view_customer", "change_customer"],
    "oscar_customers:subscribe": OF_CUSTOMER["subscribe_customer"],
    "oscar_customers:unsubscribe": OF_CUSTOMER["subscribe_customer"],
    "oscar_customers:object": OF_CUSTOMER["subscribe_customer"],
    "oscar_customers:carts": OF_CUSTOMER["view_basket"],
    "oscar_customers:prices": ["view_customer", "change_customer"],
    "oscar_customers:prices_of_cart": OF_CUSTOMER["view_basket"],
    "oscar_customers:bookings": OF_CUSTOMER["view_order"],
    "oscar_customers:notes": OF_CUSTOMER["view_customernote"],
    "oscar_customers:add_note": OF_CUSTOMER["add_customernote"],
    "oscar_customers:edit_note": OF_CUSTOMER["change_customernote"],
    "oscar_customers:delete_note": OF_CUSTOMER["delete_customernote"],
    "oscar_customers:pin_note": OF_CUSTOMER["change_customernote"],
    "oscar_customers:unpin_note": OF_CUSTOMER["change_customernote"],
    "oscar_customers:note_file": OF_CUSTOMER["view_customernote"],
    "oscar_customers:remove_note_file": OF_CUSTOMER["change_customernote"],
    "oscar_customers:memberships": OF_CUSTOMER["view_membership"],
    "oscar_customers:grant_membership": OF_CUSTOMER["add_membership"],
    "oscar_customers:renew_membership": OF_CUSTOMER["change_membership"],
    "oscar_customers:revoke_membership": OF_CUSTOMER["change_membership"],
    "oscar_customers:coupons": OF_CUSTOMER["view_customervoucher"],
    "oscar_customers:create_coupon": OF_CUSTOMER["add_customervoucher"],
    "oscar_customers:change_coupon": OF_CUSTOMER["change_customervoucher"],
    "oscar_customers:mail_coupon": OF_CUSTOMER["change_customervoucher"],
    "oscar_customers:end_coupon": OF_CUSTOMER["change_customervoucher"],
    "oscar_customers:delete_coupon": OF_CUSTOMER["delete_customervoucher"],
    "oscar_customers:vat_numbers": ["view_customer", "change_customer"],
    "oscar_customers:check_vat_numbers": ["change_customer"],
    "oscar_customers:tax": OF_CUSTOMER["view_taxexemption"],
    "oscar_customers:add_tax_exemption": OF_CUSTOMER["add_taxexemption"],
    "oscar_customers:change_tax_exemption": OF_CUSTOMER["change_taxexemption"],
    "oscar_customers:end_tax_exemption": OF_CUSTOMER["change_taxexemption"],
    "oscar_customers:delete_tax_exemption": OF_CUSTOMER["delete_taxexemption"],
    "oscar_customers:tax_document": OF_CUSTOMER["view_taxexemption"],
    "oscar_customers:roles": OF_CUSTOMER["assign_role_customer"],
    "oscar_customers:change_roles": OF_CUSTOMER["assign_role_customer"],
    "oscar_customers_plans:index": ["view_membershipplan", "change_membershipplan"],
    "oscar_customers_plans:index_results": ["view_membershipplan", "change_membershipplan"],
    "oscar_customers_plans:add": ["add_membershipplan"],
    "oscar_customers_plans:edit": ["change_membershipplan"],
    "oscar_customers_plans:delete": ["delete_membershipplan"],
    "oscar_customers_plans:history": ["view_membershipplan", "change_membershipplan"],
    "oscar_customers_plans:history_results": ["view_membershipplan", "change_membershipplan"],
    "oscar_customers:groups": ["view_customer", "change_customer"],
    "oscar_customers:change_groups": ASSIGN_GROUP,
    "oscar_customers_groups:index": ["view_customergroup", "change_customergroup"],
    "oscar_customers_groups:index_results": ["view_customergroup", "change_customergroup"],
    "oscar_customers_groups:add": ["add_customergroup"],
    "oscar_customers_groups:edit": ["change_customergroup"],
    "oscar_customers_groups:delete": ["delete_customergroup"],
    "oscar_customers_groups:history": ["view_customergroup", "change_customergroup"],
    "oscar_customers_groups:history_results": ["view_customergroup", "change_customergroup"],
    "oscar_customers_groups:members": [
        ("view_customergroup", "view_customer"),
        ("view_customergroup", "change_customer"),
        ("change_customergroup", "view_customer"),
        ("change_customergroup", "change_customer"),
    ],
    "oscar_customers_groups:add_members": [
        ("assign_group_customer", "view_customergroup", "view_customer"),
        ("assign_group_customer", "view_customergroup", "change_customer"),
        ("assign_group_customer", "change_customergroup", "view_customer"),
        ("assign_group_customer", "change_customergroup", "change_customer"),
    ],
    "oscar_customers_groups:remove_member": ASSIGN_GROUP,
    "oscar_customers_groups:discounts": OF_GROUP["view_conditionaloffer"],
    "oscar_customers_groups:discounts_tab": OF_GROUP["view_conditionaloffer"],
    "oscar_customers_groups:add_discount": OF_GROUP["add_conditionaloffer"],
    "oscar_customers_groups:link_offer": OF_GROUP["change_conditionaloffer"],
    "oscar_customers_groups:edit_discount": OF_GROUP["change_conditionaloffer"],
    "oscar_customers_groups:unlink_offer": OF_GROUP["change_conditionaloffer"],
    "oscar_customers_groups:suspend_discount": OF_GROUP["change_conditionaloffer"],
    "oscar_customers_groups:unsuspend_discount": OF_GROUP["change_conditionaloffer"],
    "oscar_customers_groups:delete_discount": OF_GROUP["delete_conditionaloffer"],
    "oscar_customers_groups:styles": OF_GROUP[STYLES],
    "oscar_customers_groups:change_styles": OF_GROUP[STYLES],
    "oscar_customers_tags:index": ["view_customertag", "change_customertag"],
    "oscar_customers_tags:index_results": ["view_customertag", "change_customertag"],
    "oscar_customers_tags:add": ["add_customertag"],
    "oscar_customers_tags:edit": ["change_customertag"],
    "oscar_customers_tags:delete": ["delete_customertag"],
    "oscar_customers_tags:history": ["view_customertag", "change_customertag"],
    "oscar_customers_tags:history_results": ["view_customertag", "change_customertag"],
    "oscar_customers_tags:merge": ["change_customertag"],
    "oscar_customers_tags:complete": [
        "add_customer",
        "view_customer",
        "change_customer",
        "view_customertag",
        "change_customertag",
    ],
    "oscar_customers_orders:index": ["view_order"],
    "oscar_customers_orders:index_results": ["view_order"],
    "oscar_customers_orders:inspect": ["view_order"],
    "oscar_customers_approvals:index": ["approve_customer"],
    "oscar_customers_approvals:index_results": ["approve_customer"],
    "oscar_customers_approvals:approve": ["approve_customer"],
    "oscar_customers_approvals:decline": ["approve_customer"],
    "oscar_customers_orders:of_customer": OF_CUSTOMER["view_order"],
    "oscar_customers:imports": IMPORT,
    "oscar_customers:import_file": IMPORT,
    "oscar_customers:import_job": IMPORT,
    "oscar_customers:import_columns": IMPORT,
    "oscar_customers:import_progress": IMPORT,
    "oscar_customers:import_run": IMPORT,
    "oscar_customers:import_cancel": IMPORT,
    "oscar_customers:import_forget": IMPORT,
    "oscar_customers:import_undo": IMPORT,
    "oscar_customers:import_failed": IMPORT,
}

#: Pages where those who may see the list keep something of their own.
OWN_PAGES = ["oscar_customers:columns", "oscar_customers:save_view"]

#: What each single permission opens, and the pairs that only open something together.
ROLES = [
    [],
    *([name] for name in PERMISSIONS),
    *([name] for name in BESIDE_CUSTOMER),
    *([name, reading] for name in BESIDE_CUSTOMER for reading in ("view_customer", "change_customer")),
    *([name] for name in GROUPS_AND_TAGS),
    ["view_customergroup", "view_customer"],
    *([name] for name in OFFERS),
    *([name, reading] for name in OFFERS for reading in ("view_customergroup", "change_customergroup")),
    ["change_customergroup", "change_customer"],
    ["change_styles_customergroup", "view_customergroup"],
    ["change_styles_customergroup", "change_customergroup"],
    ["import_customer"],
    ["import_customer", "view_customer"],
    ["import_customer", "change_customer"],
    ["assign_group_customer", "view_customer"],
    ["assign_group_customer", "change_customer"],
    ["assign_group_customer", "view_customergroup"],
    ["assign_group_customer", "view_customergroup", "view_customer"],
]


def our_url_names():
    admin = next(pattern for pattern in get_resolver().url_patterns if str(pattern.pattern) == "admin/")
    return {
        f"{resolver.namespace}:{pattern.name}"
        for resolver in admin.url_patterns
        if (getattr(resolver, "namespace", None) or "").startswith("oscar_customers")
        for pattern in resolver.url_patterns
    }


@pytest.fixture
def urls(shop, settings, tmp_path):
    settings.OSCAR_CUSTOMERS_PRIVATE_ROOT = str(tmp_path)
    customer = create_customer(email="canary@example.org", first_name="Canary", last_name="Rossi")
    order = make_order("canary@example.org")
    link_order(order)
    address = save_address(customer, new_address(customer, **ADDRESS, country_id="IT"))
    plan = make_plan()
    membership = grant_membership(customer, plan)
    account = make_user("canary@example.org")
    coupon = create_coupon(customer, make_terms())
    keys = {
        "oscar_customers_orders:inspect": [order.pk],
        "oscar_customers:edit_address": [customer.pk, "guest", address.pk],
        "oscar_customers:delete_address": [customer.pk, "guest", address.pk],
        **keys_of_note(customer),
        **keys_of_exemption(customer),
        "oscar_customers:renew_membership": [customer.pk, membership.pk],
        "oscar_customers:revoke_membership": [customer.pk, membership.pk],
        **{
            f"oscar_customers:{name}_coupon": [customer.pk, coupon.pk]
            for name in ("change", "mail", "end", "delete")
        },
        "oscar_customers:account_attach": [customer.pk, account.pk],
        "oscar_customers:prices_of_cart": [
            customer.pk,
            make_basket(products=[shop], email=customer.email).pk,
        ],
    }
    for name in ("edit", "delete", "history", "history_results"):
        keys[f"oscar_customers_plans:{name}"] = [plan.pk]
    saved = SavedView.objects.create(owner=make_user("owner@example.org"), name="Everybody")
    profile = ExportProfile.objects.create(owner=saved.owner, name="For the mailing")
    keys["oscar_customers:delete_export_profile"] = [profile.pk]
    keys |= {"oscar_customers:edit_view": [saved.pk], "oscar_customers:delete_view": [saved.pk]}
    keys |= keys_of_imports()
    group = CustomerGroup.objects.create(name="Trade", slug="trade")
    add_to_group([customer.pk], group, actor=None)
    discount = create_discount(group, Terms("Trade price", "Percentage", Decimal(10)), actor=None)
    of_offer = ("edit_discount", "unlink_offer", "suspend_discount", "unsuspend_discount", "delete_discount")
    keys |= {f"oscar_customers_groups:{name}": [group.pk, discount.pk] for name in of_offer}
    add_tag([customer.pk], "press", actor=None)
    tag = CustomerTag.objects.get()
    keys["oscar_customers_groups:remove_member"] = [group.pk, customer.pk]
    by_namespace = {"oscar_customers_groups": [group.pk], "oscar_customers_tags": [tag.pk]}
    without_pk = {
        "index",
        "index_results",
        "add",
        "columns",
        "views",
        "save_view",
        "export",
        "merge",
        "complete",
        "from_source",
        "imports",
        "import_file",
    }

    def arguments(name):
        namespace, _colon, rest = name.partition(":")
        return [] if rest in without_pk else keys.get(name, by_namespace.get(namespace, [customer.pk]))

    return {name: reverse(name, args=arguments(name)) for name in TABLE}


def keys_of_note(customer):
    note = add_note(customer, text=CANARY, files=[SimpleUploadedFile("canary.txt", b"x")], actor=None)
    pages = ("edit_note", "delete_note", "pin_note", "unpin_note")
    files = ("note_file", "remove_note_file")
    return {
        **{f"oscar_customers:{name}": [customer.pk, note.pk] for name in pages},
        **{f"oscar_customers:{name}": [customer.pk, note.files.get().pk] for name in files},
    }


def keys_of_exemption(customer):
    document = SimpleUploadedFile("canary.txt", b"x")
    exemption = add_exemption(customer, reason=CANARY, document=document, actor=None)
    pages = ("change_tax_exemption", "end_tax_exemption", "delete_tax_exemption", "tax_document")
    return {f"oscar_customers:{name}": [customer.pk, exemption.pk] for name in pages}


def keys_of_imports():
    """Each page of an import has its step: one that is checked, one that is at it, one that is done."""

    def started(content=f"name,email\n{CANARY},canary@example.org\nCanary,nobody\n"):
        return start_import(BytesIO(content.encode()), name="canary.csv")

    checked, checking, done = advance(check_import(started())), check_import(started()), started()
    done = advance(confirm_import(done))
    assert (checked.state, checking.state, done.state) == ("checked", "checking", "done")
    pages = {"job": checked, "columns": checked, "progress": checking, "run": checked, "cancel": checking}
    pages |= {"forget": checked, "undo": done, "failed": done}
    return {f"oscar_customers:import_{name}": [job.pk] for name, job in pages.items()}


def may_open(name, permissions):
    for needed in TABLE[name]:
        if set(needed if isinstance(needed, tuple) else [needed]) <= set(permissions):
            return True
    return False


def own_the_view(client):
    """Saved views belong to somebody: those of others are not there for anybody."""
    SavedView.objects.update(owner=get_user(client))
    ExportProfile.objects.update(owner=get_user(client))


def assert_refused(response):
    assert response.status_code in (302, 403), response
    assert CANARY not in response.text
    assert "canary@example.org" not in response.text


def test_every_url_is_in_the_table():
    assert our_url_names() == set(TABLE)


@pytest.mark.parametrize("permissions", ROLES, ids=lambda names: "+".join(names) or "nothing")
def test_each_url_opens_for_its_permission_only(urls, sign_in, permissions):
    client = sign_in(*permissions)
    own_the_view(client)
    for name, url in urls.items():
        for method in (client.get, client.head):
            response = method(url)
            if may_open(name, permissions):
                assert response.status_code == 200, (name, permissions)
            else:
                assert_refused(response)


def test_a_superuser_opens_everything(urls, sign_in):
    client = sign_in(superuser=True)
    own_the_view(client)
    for name, url in urls.items():
        assert client.get(url).status_code == 200, name


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_visitors_and_buyers_are_sent_away(urls, method, django_user_model):
    buyer = Client()
    buyer.force_login(
        django_user_model.objects.create_user("buyer", "buyer@example.org"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    for client in (Client(), buyer):
        for url in urls.values():
            assert_refused(getattr(client, method)(url))


def test_posting_without_permission_changes_nothing(urls, viewer):
    for name, url in urls.items():
        response = viewer.post(url, {"first_name": "Eve", "email": "eve@example.org"})
        # Where one may post without changing a customer, the form comes back: what was posted is for another one.
        assert response.status_code in (302, 403, 404, 405) or name in OWN_PAGES, name

    assert [customer.first_name for customer in Customer.objects.all()] == ["Canary"]
    note = CustomerNote.objects.get()
    assert (note.text, note.pinned, note.files.count()) == (CANARY, False, 1)
    assert [membership.state for membership in Membership.objects.all()] == ["active"]
    assert [coupon.state for coupon in CustomerVoucher.objects.with_use()] == ["unused"]


@pytest.mark.parametrize("file_format", ["csv", "xlsx", ""])
def test_lists_cannot_be_exported(urls, sign_in, file_format):
    client = sign_in(superuser=True)
    for name, url in urls.items():
        if name.split(":")[1] in ("index", "index_results", "of_customer"):
            response = client.get(url, {"export": file_format})
            assert response.status_code == 403, name
            assert CANARY not in response.text


def test_the_menu_shows_what_may_be_opened(sign_in):
    page = sign_in("view_order").get(reverse("wagtailadmin_home")).text
    assert reverse("oscar_customers_orders:index") in page
    assert reverse("oscar_customers:index") not in page


def test_the_menu_is_absent_without_permission(sign_in):
    page = sign_in().get(reverse("wagtailadmin_home")).text
    assert "customer-orders" not in page
    assert reverse("oscar_customers:index") not in page


@pytest.fixture
def hidden_from_staff(monkeypatch):
    """A policy of the site's own that keeps one customer from this staff: asked for each object, as Wagtail defines it."""
    hidden = []

    def allows(ask):
        def user_has(self, user, action, instance):
            return instance.pk not in hidden and ask(self, user, action, instance)

        return user_has

    def shows(ask):
        def instances(self, user, action):
            return ask(self, user, action).exclude(pk__in=hidden)

        return instances

    for name in ("user_has_permission_for_instance", "user_has_any_permission_for_instance"):
        monkeypatch.setattr(ModelPermissionPolicy, name, allows(getattr(ModelPermissionPolicy, name)))
    for name in ("instances_user_has_permission_for", "instances_user_has_any_permission_for"):
        monkeypatch.setattr(ModelPermissionPolicy, name, shows(getattr(ModelPermissionPolicy, name)))
    return hidden


def test_each_object_is_asked_for(urls, sign_in, hidden_from_staff):
    editor = sign_in(*PERMISSIONS, *BESIDE_CUSTOMER, *GROUPS_AND_TAGS)
    customer = Customer.objects.get()
    names = [
        name for name in urls if name.endswith(("edit", "inspect", "history", "history_results", "activity"))
    ]
    names += [
        name
        for name in urls
        if name.endswith((":archive", ":restore", ":delete", "of_customer", "address", "addresses"))
    ]
    names += [name for name in urls if TABLE[name] in OF_CUSTOMER.values() and name not in names]
    of_others = ("oscar_customers_plans", "oscar_customers_groups", "oscar_customers_tags")
    # Of no customer: whose they are, and whom the page lists, is asked where it acts.
    of_no_customer = ("oscar_customers:export", "oscar_customers:delete_export_profile")
    names = [name for name in names if not name.startswith(of_others) and name not in of_no_customer]
    names += [
        "oscar_customers:groups",
        "oscar_customers:change_groups",
        "oscar_customers_groups:remove_member",
    ]
    for name in names:
        if name != "oscar_customers_orders:inspect":
            assert editor.get(urls[name]).status_code == 200, name

    hidden_from_staff.append(customer.pk)

    for name in names:
        if name != "oscar_customers_orders:inspect":
            assert_refused(editor.get(urls[name]))
            assert_refused(editor.post(urls[name], {"first_name": "Eve"}))
    assert CANARY not in editor.get(urls["oscar_customers:index"]).text
    assert CANARY not in editor.get(urls["oscar_customers_groups:members"]).text
    assert CANARY not in editor.get(urls["oscar_customers_groups:add_members"], {"q": "canary"}).text
    for action in ("archive", "delete", "remove_from_groups", "remove_tags"):
        bulk = reverse("wagtail_bulk_action", args=["oscar_customers_ext", "customer", action])
        for ids in (customer.pk, "all"):
            assert CANARY not in editor.get(bulk, {"id": ids}).text
            editor.post(
                f"{bulk}?id={ids}&next=/admin/", {"groups": CustomerGroup.objects.get().pk, "tags": "press"}
            )
    assert [group.name for group in customer.groups.all()] == ["Trade"]
    assert [tag.name for tag in customer.tags.all()] == ["press"]
    customer.refresh_from_db()
    assert (customer.first_name, customer.archived_at) == ("Canary", None)


def test_every_permission_that_is_asked_for_can_be_given_to_a_group_in_the_admin(db):
    asked = set()
    for path in Path(oscar_customers_ext.__file__).parent.rglob("*.py"):
        asked |= set(re.findall(r'"((?:oscar_customers_ext|order|basket|offer)\.[a-z_]+)"', path.read_text()))
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission.pk
        for permission in Permission.objects.select_related("content_type")
    }
    offered = set()
    for hook in hooks.get_hooks("register_permissions"):
        offered |= {permission.pk for permission in hook()}

    asked = {name for name in asked if name in known}
    assert len(asked) > 10
    assert {name for name in asked if known[name] not in offered} == set()
