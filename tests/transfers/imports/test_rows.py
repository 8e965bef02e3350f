"""What a row means: whom it finds, what it changes, what it may not."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from oscar_customers_ext.contacts.actions import record_consent
from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.models import ConsentEntry, Customer, CustomerGroup, ImportRow
from oscar_customers_ext.transfers.imports import actions
from oscar_customers_ext.transfers.imports.slices import advance
from tests.factories import make_user
from tests.transfers.imports.conftest import checked, imported, upload

pytestmark = pytest.mark.django_db


def outcomes(job):
    rows = job.rows.filter(is_forecast=job.state == "checked").order_by("number")
    return [row.outcome for row in rows]


def messages(job):
    return list(job.rows.filter(is_forecast=False).order_by("number").values_list("message", flat=True))


def test_a_row_finds_its_customer_by_id_number_there_address_or_number_here(shop):
    ann = create_customer(email="ann@example.org", number="A-1")
    imported(upload("email,external_id\nann@example.org,77\n", source="old shop"))

    for line, header in [
        (f"{ann.pk},Ida", "register id,first name"),
        ("77,Ext", "external_id,first name"),
        ("ANN@example.org,Mail", "email,first name"),
        ("A-1,Number", "customer number,first name"),
    ]:
        job = imported(upload(f"{header}\n{line}\n", source="old shop"))
        ann.refresh_from_db()
        assert ann.first_name == line.partition(",")[2], messages(job)
    assert Customer.objects.count() == 1


def test_a_number_of_somebody_else_fails(shop):
    create_customer(email="ann@example.org", number="A-1")

    job = imported(upload("email,customer number,first name\nbob@example.org,A-1,Bob\n"))

    assert outcomes(job) == ["failed"]
    assert messages(job) == ["This customer number belongs to somebody with another e-mail address."]
    assert Customer.objects.get().first_name == ""


@pytest.mark.parametrize(("policy", "name"), [("overwrite", "Anna"), ("fill", "Ann"), ("never", "Ann")])
def test_policies(shop, policy, name):
    create_customer(email="ann@example.org", first_name="Ann")

    imported(upload("email,first_name,phone\nann@example.org,Anna,5\n", policies={"name": policy}))

    customer = Customer.objects.get()
    assert (customer.first_name, customer.phone) == (name, "5")


def test_an_empty_cell_leaves_what_is_there(shop):
    create_customer(email="ann@example.org", first_name="Ann", phone="5")

    job = imported(upload("email,first_name,phone\nann@example.org,,\n"))

    assert outcomes(job) == ["unchanged"]
    assert Customer.objects.get().first_name == "Ann"


def test_the_dry_run_shows_old_and_new(shop):
    create_customer(email="ann@example.org", first_name="Ann")

    job = checked(
        upload("email,first_name,password\nann@example.org,Anna,canary-secret\nbob@example.org,Bob,\n")
    )

    first, second = job.rows.order_by("number")
    assert first.changes == {"first_name": ["Ann", "Anna"], "account": ["", "Yes"]}
    assert second.changes == {"email": ["", "bob@example.org"], "first_name": ["", "Bob"]}
    assert Customer.objects.get().first_name == "Ann"
    assert job.percent == 100


@pytest.mark.parametrize("kind", ["is_staff", "is_superuser", "group"])
def test_nobody_who_works_behind_the_shop_is_touched(shop, kind):
    user = make_user("boss@example.org", **({} if kind == "group" else {kind: True}))
    if kind == "group":
        group = Group.objects.create(name="Editors")
        group.permissions.add(Permission.objects.get(codename="access_admin"))
        user.groups.add(group)
    customer = create_customer(email="boss@example.org", first_name="Boss")
    Customer.objects.filter(pk=customer.pk).update(user=user)
    password = user.password

    job = imported(upload("email,first_name,password\nboss@example.org,Eve,new-password\n"))

    assert messages(job) == ["This is somebody who works behind the shop; no file changes that."]
    customer.refresh_from_db()
    user.refresh_from_db()
    assert (customer.first_name, user.password) == ("Boss", password)


def test_a_password_never_changes_an_account_that_is_there(shop):
    imported(upload("email,password\nann@example.org,correct-horse\n"))

    job = imported(upload("email,password\nann@example.org,other-password\n"))

    assert job.counts == {"unchanged": 1, "rows": 1}
    assert Customer.objects.get().user.check_password("correct-horse")


def test_a_weak_password_is_told_and_gives_no_account(shop, settings):
    settings.AUTH_PASSWORD_VALIDATORS = [
        {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"}
    ]
    content = "email,password\nann@example.org,tiny\n"

    forecast = checked(upload(content)).rows.get().message
    job = imported(upload(content))

    assert forecast.startswith("No user account: This password is too short.")
    assert messages(job) == [forecast]
    assert job.counts == {"created": 1, "notices": 1, "rows": 1}
    assert Customer.objects.get().user is None


def test_mail_only_when_asked(shop, mailoutbox, django_capture_on_commit_callbacks):
    content = "email,password\nann@example.org,correct-horse\n"
    with django_capture_on_commit_callbacks(execute=True):
        imported(upload(content))
    assert mailoutbox == []

    with django_capture_on_commit_callbacks(execute=True):
        imported(upload("email\nbob@example.org\n", accounts="all", send_links=True))
    assert [mail.to for mail in mailoutbox] == [["bob@example.org"]]


def test_a_yes_of_the_file_never_overrules_an_objection(shop):
    ann = create_customer(email="ann@example.org")
    record_consent(ann.contact, state="objected", source="staff")

    job = imported(upload("email,newsletter,consentat\nann@example.org,yes,2020-01-02\n"))

    assert messages(job) == ["This person objected here, and is not subscribed by a file."]
    assert ConsentEntry.objects.count() == 1


def test_a_yes_that_is_older_than_a_no_is_kept_in_the_ledger_alone(shop):
    ann = create_customer(email="ann@example.org")
    now = timezone.now()
    record_consent(ann.contact, state="unsubscribed", source="staff", at=now - timedelta(days=1))

    imported(upload("email,newsletter,consentat\nann@example.org,yes,2020-01-02\n"))

    assert ann.contact.subscriptions.get().state == "unsubscribed"
    old = ann.contact.consents.get(source="import")
    assert old.at == datetime(2020, 1, 1, 23, tzinfo=UTC)
    assert messages(imported(upload("email,newsletter\nann@example.org,yes\n")))[0].startswith(
        "This person unsubscribed here"
    )


@pytest.mark.parametrize(
    ("former", "line", "state"),
    [
        # Whether anybody asked, a bare no does not say.
        (None, "no,", None),
        (None, "unsubscribed,", "unsubscribed"),
        (None, "objected,2020-01-02", "objected"),
        ("subscribed", "no,", "unsubscribed"),
        ("subscribed", "objected,", "objected"),
        ("subscribed", "objected,2020-01-02", "subscribed"),
        ("unsubscribed", "objected,2020-01-02", "objected"),
        ("objected", "no,", "objected"),
        ("objected", "unsubscribed,", "objected"),
        ("objected", "objected,", "objected"),
    ],
)
def test_a_no_and_an_objection_are_not_the_same(shop, former, line, state):
    ann = create_customer(email="ann@example.org")
    if former:
        record_consent(ann.contact, state="subscribed", source="staff", at=datetime(2021, 1, 1, tzinfo=UTC))
        if former != "subscribed":
            record_consent(ann.contact, state=former, source="staff")
    file = f"email,newsletter,consentat\nann@example.org,{line}\n"

    imported(upload(file))

    subscription = ann.contact.subscriptions.first()
    assert (subscription and subscription.state) == state
    entries = ConsentEntry.objects.count()
    assert imported(upload(file)).counts == {"unchanged": 1, "rows": 1}
    assert ConsentEntry.objects.count() == entries


def test_unknown_groups_tags_and_countries(shop):
    CustomerGroup.objects.create(name="Trade", slug="trade")
    header = "email,customer group,tags,address,city,postcode,country\n"
    line = 'ann@example.org,"trade, Gold",vip,Via Roma 1,Torino,10121,Wonderland\n'

    job = imported(upload(header + line))
    customer = Customer.objects.get()
    assert [str(group) for group in customer.groups.all()] == ["Trade"]
    assert [str(tag) for tag in customer.tags.all()] == ["vip"]
    assert customer.addresses.count() == 0
    assert messages(job) == [
        "The shop has no country “Wonderland”, so this address is left out. There is no customer group “Gold”."
    ]

    made = imported(upload(header + line, unknown_groups="create"))
    assert sorted(map(str, customer.groups.all())) == ["Gold", "Trade"]
    assert outcomes(made) == ["updated"]
    assert outcomes(imported(upload(header + line, unknown_countries="fail"))) == ["failed"]
    other = line.replace("ann", "bob").replace("vip", "new").replace("Wonderland", "Italia")
    assert outcomes(imported(upload(header + other, unknown_tags="fail"))) == ["failed"]


def test_skipping(shop):
    create_customer(email="ann@example.org")
    content = "email,first_name\nann@example.org,Ann\nbob@example.org,Bob\n"

    assert outcomes(imported(upload(content, existing="skip", new="skip"))) == ["skipped", "skipped"]
    assert Customer.objects.get().first_name == ""


def test_a_member_of_staff_imports_what_he_may_do_elsewhere(shop):
    CustomerGroup.objects.create(name="Trade", slug="trade")
    actor = make_user("editor@example.org")
    actor.user_permissions.add(Permission.objects.get(codename="import_customer"))

    content = (
        "email,newsletter,note,groups,password,taxexempt\nann@example.org,yes,Hi,trade,correct-horse,yes\n"
    )
    job = imported(upload(content.replace("groups", "gruppi"), actor=actor), actor=actor)

    customer = Customer.objects.get()
    assert job.counts == {"created": 1, "rows": 1}
    assert customer.user is None
    assert customer.contact.subscriptions.count() == customer.notes.count() == customer.groups.count() == 0
    assert customer.tax_exemptions.count() == 0
    entry = ModelLogEntry.objects.get(action="oscar_customers_ext.import_create")
    assert (entry.user, entry.object_id) == (actor, str(customer.pk))
    assert entry.message == "Created by the import of list.csv, row 1"


def test_the_same_file_twice_logs_nothing(shop):
    content = "email,first_name,tags,note\nann@example.org,Ann,vip,Hi\n"
    imported(upload(content))
    modified = Customer.objects.get().modified_at
    logged = ModelLogEntry.objects.filter(action__contains="import_").exclude(label="list.csv").count()

    imported(upload(content))

    assert Customer.objects.get().modified_at == modified
    entries = ModelLogEntry.objects.filter(action__contains="import_").exclude(label="list.csv")
    assert entries.count() == logged == 1


def test_two_tabs_confirm_one_run(shop):
    job = upload("email\nann@example.org\n")
    actions.confirm_import(job)

    with pytest.raises(actions.ImportRefused, match="another step"):
        actions.confirm_import(job)


def test_a_cancelled_run_keeps_what_was_done_and_forgets_the_file(shop, django_capture_on_commit_callbacks):
    content = "email\n" + "".join(f"p{n}@example.org\n" for n in range(1200))
    job = advance(actions.confirm_import(upload(content)), seconds=0)
    assert (job.rows_done, job.percent) == (500, 41)

    with django_capture_on_commit_callbacks(execute=True):
        job = actions.cancel_import(job)

    job.refresh_from_db()
    assert (job.state, job.rows_done, job.rows_file.name, job.file.name) == ("cancelled", 500, "", "")
    assert Customer.objects.count() == 500
    assert advance(job).state == "cancelled"


def statements(number):
    content = "email,first_name,tags,note,newsletter,address,city,postcode,country\n" + "".join(
        f"q{number}-{n}@example.org,Ann,vip,Hi,yes,Via Roma {n},Torino,10121,IT\n" for n in range(number)
    )
    found = []
    for _time in range(2):
        job = actions.confirm_import(upload(content))
        with CaptureQueriesContext(connection) as queries:
            advance(job, seconds=0)
        found.append(len([q for q in queries if "INSERT" not in q["sql"]]))
        imported_rows = ImportRow.objects.filter(job=job).count()
        assert imported_rows == number
        actions.cancel_import(job)
    return found


def test_a_slice_costs_as_much_for_many_rows_as_for_few(shop):
    statements(1)
    assert statements(400) == statements(2)


def test_a_mapping_is_remembered(shop):
    job = upload("Kunde,Mail\nAnn Rossi,ann@example.org\n")
    assert job.mapping == [None, "email"]
    job = actions.change_mapping(job, mapping=["name", "email"])
    imported(job)

    again = upload("kunde,MAIL\nBob,bob@example.org\n")
    assert again.mapping == ["name", "email"]


def test_the_tick_for_mail_is_not_remembered(shop):
    imported(upload("email\nann@example.org\n", accounts="all", send_links=True))

    again = upload("email\nbob@example.org\n")
    assert (again.options["accounts"], again.options["send_links"]) == ("all", False)


@pytest.mark.parametrize(
    "mapping", [["email"], ["email", "email"], ["email", "is_staff"], ["first_name", None]]
)
def test_a_mapping_that_cannot_be(shop, mapping):
    job = upload("a,b\n1,2\n")
    with pytest.raises(actions.ValidationError):
        actions.change_mapping(job, mapping=mapping)


def test_options_that_cannot_be(shop):
    job = upload("email\nann@example.org\n")
    for options in ({"new": "x"}, {"other": 1}, {"match": ["name"]}, {"policies": {"is_staff": "overwrite"}}):
        with pytest.raises(actions.ValidationError):
            actions.change_options(job, options=options)


def test_another_encoding(shop):
    job = upload("name;email\nJosé;jose@example.org\n".encode("cp1250"))
    assert job.encoding == "cp1252"
    job = actions.change_reading(job, encoding="cp1250")
    imported(job)
    assert Customer.objects.get().last_name == "José"
