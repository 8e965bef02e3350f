"""Notes of staff about a customer: who may do what with them, and that nobody else ever sees them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from oscar_customers_ext.customers.actions import create_customer, register_user
from oscar_customers_ext.customers.notes.actions import add_note, delete_note, edit_note, pin_note, unpin_note
from oscar_customers_ext.models import CustomerNote
from tests.checkout import buy
from tests.factories import make_user
from tests.statements import Statements

pytestmark = pytest.mark.django_db

ALL = [f"{action}_customernote" for action in ("view", "add", "change", "delete")]


@pytest.fixture(autouse=True)
def _private_root(settings, tmp_path):
    settings.OSCAR_CUSTOMERS_PRIVATE_ROOT = str(tmp_path)


@pytest.fixture
def clerk(sign_in):
    return sign_in("view_customer", "change_customer", *ALL)


@pytest.fixture
def customer(shop):
    return create_customer(email="ann@example.org", first_name="Ann")


def url(name, *args):
    return reverse(f"oscar_customers:{name}", args=args)


def texts(response):
    return [note.text for note in response.context["page"]]


def test_the_pinned_note_stands_on_top_then_the_newest(clerk, customer):
    ann = make_user("clerk@example.org", first_name="Carla", last_name="Neri")
    notes = [add_note(customer, text=text, actor=ann) for text in ("first", "second", "third")]
    for days, note in enumerate(reversed(notes)):
        CustomerNote.objects.filter(pk=note.pk).update(created_at=timezone.now() - timedelta(days=days))
    pin_note(notes[0], actor=ann)
    edit_note(notes[1], text="second, edited", actor=ann)

    page = clerk.get(url("notes", customer.pk))

    assert texts(page) == ["first", "third", "second, edited"]
    assert page.text.count("Carla Neri") == 3
    assert page.text.count("edited on") == 1
    assert page.text.count("Pinned") == 1
    assert "<form" not in page.text


def test_a_note_is_plain_text_with_its_line_breaks(clerk, customer):
    add_note(customer, text="<script>alert(1)</script>\n\n  {{ 1 }} & so on", actor=None)

    page = clerk.get(url("notes", customer.pk)).text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;\n\n  {{ 1 }} &amp; so on</p>" in page
    assert "<script>" not in page
    assert "Somebody whose account is gone" in page


def test_adding_a_note_leads_back_to_the_tab_and_is_logged_without_the_text(clerk, customer):
    response = clerk.post(url("add_note", customer.pk), {"text": "Canary of the log"})

    assert response.url == url("edit", customer.pk) + "#tab-notes"
    note = CustomerNote.objects.get()
    assert (note.text, note.customer, note.author.email) == (
        "Canary of the log",
        customer,
        "staff@example.org",
    )
    assert (note.modified_at, note.pinned) == (None, False)
    entry = ModelLogEntry.objects.get()
    assert (entry.action, str(entry.message), entry.user) == (
        "oscar_customers_ext.add_note",
        "Note added",
        note.author,
    )
    assert "Canary" not in str(entry.data)


def test_an_empty_note_gets_a_sentence(clerk, customer):
    response = clerk.post(url("add_note", customer.pk), {"text": " \n "})

    assert "Write something, or attach a file." in response.text
    assert CustomerNote.objects.count() == 0


def test_a_note_that_is_too_long_gets_a_sentence_and_stays_in_the_form(clerk, customer):
    response = clerk.post(url("add_note", customer.pk), {"text": "x" * 20_001})

    assert "at most 20000 characters" in response.text
    assert "x" * 20_001 in response.text
    assert CustomerNote.objects.count() == 0


def test_the_author_stays_when_somebody_else_edits(clerk, customer):
    author = make_user("author@example.org")
    note = add_note(customer, text="old", actor=author)

    response = clerk.post(
        url("edit_note", customer.pk, note.pk), {"text": "new", "version": note.version}, follow=True
    )

    assert response.status_code == 200
    note.refresh_from_db()
    assert (note.text, note.author, note.modified_by.email) == ("new", author, "staff@example.org")
    assert note.modified_at > note.created_at
    assert "edited by" in clerk.get(url("notes", customer.pk)).text
    assert [entry.action for entry in ModelLogEntry.objects.order_by("pk")] == [
        "oscar_customers_ext.add_note",
        "oscar_customers_ext.edit_note",
    ]


def test_saving_without_a_change_changes_nothing(customer):
    note = add_note(customer, text="same", actor=None)

    edit_note(note, text="same\r\n", actor=None)

    note.refresh_from_db()
    assert note.modified_at is None
    assert ModelLogEntry.objects.count() == 1


def test_two_who_edit_one_note_are_told_of_each_other(clerk, customer):
    note = add_note(customer, text="old", actor=None)
    seen = note.version
    edit_note(note, text="theirs <b>", actor=None)

    refused = clerk.post(url("edit_note", customer.pk, note.pk), {"text": "mine", "version": seen})

    assert "was changed while you were editing. Stored now is: “theirs &lt;b&gt;”" in refused.text
    assert refused.context["form"]["text"].value() == "mine"
    assert CustomerNote.objects.get().text == "theirs <b>"
    again = {"text": "mine", "version": refused.context["form"]["version"].value()}
    assert clerk.post(url("edit_note", customer.pk, note.pk), again).status_code == 302
    assert CustomerNote.objects.get().text == "mine"


def test_deleting_asks_first(clerk, customer):
    note = add_note(customer, text="gone soon", actor=None)

    asked = clerk.get(url("delete_note", customer.pk, note.pk))
    assert "gone soon" in asked.text
    assert CustomerNote.objects.count() == 1

    assert clerk.post(url("delete_note", customer.pk, note.pk)).status_code == 302
    assert CustomerNote.objects.count() == 0
    assert ModelLogEntry.objects.latest("pk").action == "oscar_customers_ext.delete_note"


def test_pinning_takes_the_pin_from_the_other_note(clerk, customer):
    first, second = (add_note(customer, text=text, actor=None) for text in ("first", "second"))
    pin_note(first, actor=None)

    assert clerk.get(url("pin_note", customer.pk, second.pk)).status_code == 200
    assert list(CustomerNote.objects.pinned()) == [first]
    clerk.post(url("pin_note", customer.pk, second.pk))

    assert list(CustomerNote.objects.pinned()) == [second]
    clerk.post(url("unpin_note", customer.pk, second.pk))
    assert list(CustomerNote.objects.pinned()) == []


def test_pinning_twice_does_and_logs_nothing_more(customer):
    note = add_note(customer, text="x", actor=None)
    for _time in range(2):
        pin_note(note, actor=None)
    for _time in range(2):
        unpin_note(note, actor=None)

    actions = [entry.action.rpartition(".")[2] for entry in ModelLogEntry.objects.order_by("pk")]
    assert actions == ["add_note", "pin_note", "unpin_note"]


def test_a_note_that_is_deleted_while_it_is_pinned_is_not_found(clerk, customer):
    note = add_note(customer, text="x", actor=None)

    def delete(number, connection):
        if number == 2:
            CustomerNote.objects.all().delete()

    with connection.execute_wrapper(Statements("oscar_customers_ext.customers.notes.actions", delete)):
        response = clerk.post(url("pin_note", customer.pk, note.pk))

    assert response.status_code == 404


def test_the_database_allows_one_pinned_note_per_customer(customer):
    other = create_customer(email="bob@example.org")
    for owner in (customer, other):
        pin_note(add_note(owner, text="x", actor=None), actor=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        CustomerNote.objects.create(customer=customer, text="y", pinned=True)


def test_the_card_shows_the_pinned_note_to_those_who_may_see_notes(sign_in, customer):
    pin_note(add_note(customer, text="Allergic to <b>nuts</b>", actor=None), actor=None)
    clerk = sign_in("view_customer", "change_customer", "view_customernote")

    for name in ("edit", "inspect"):
        page = clerk.get(url(name, customer.pk)).text
        assert "Allergic to &lt;b&gt;nuts&lt;/b&gt;" in page, name
        assert 'tab-notes"' in page, name

    stranger = sign_in("view_customer", "change_customer", email="other@example.org")
    for name in ("edit", "inspect"):
        page = stranger.get(url(name, customer.pk)).text
        assert "Allergic" not in page, name
        assert 'tab-notes"' not in page, name


def test_the_edit_screen_asks_few_questions_with_a_pinned_note(
    clerk, customer, django_assert_max_num_queries
):
    pin_note(add_note(customer, text="x", actor=None), actor=None)
    clerk.get(url("edit", customer.pk))
    with django_assert_max_num_queries(25):
        clerk.get(url("edit", customer.pk))


@pytest.mark.parametrize(
    ("permission", "opened"),
    [
        ("view_customernote", {"notes"}),
        ("add_customernote", {"add_note"}),
        ("change_customernote", {"edit_note", "pin_note", "unpin_note"}),
        ("delete_customernote", {"delete_note"}),
    ],
)
def test_each_permission_opens_its_own_pages(sign_in, customer, permission, opened):
    note = add_note(customer, text="canary", actor=None)
    client = sign_in("view_customer", permission)

    for name in ("notes", "add_note", "edit_note", "pin_note", "unpin_note", "delete_note"):
        args = (customer.pk,) if name in ("notes", "add_note") else (customer.pk, note.pk)
        response = client.get(url(name, *args))
        assert (response.status_code == 200) == (name in opened), name
        if name not in opened:
            assert "canary" not in response.text
            assert client.post(url(name, *args), {"text": "evil"}).status_code in (302, 403, 405)
    note.refresh_from_db()
    assert (note.text, note.pinned, CustomerNote.objects.count()) == ("canary", False, 1)


def test_the_section_links_only_to_what_may_be_done(sign_in, customer):
    note = add_note(customer, text="x", actor=None)

    page = sign_in("view_customer", "view_customernote").get(url("notes", customer.pk)).text

    for name in ("edit_note", "pin_note", "delete_note"):
        assert url(name, customer.pk, note.pk) not in page
    assert url("add_note", customer.pk) not in page


def test_a_note_is_reached_through_its_own_customer_only(clerk, customer):
    other = create_customer(email="bob@example.org")
    note = add_note(other, text="canary", actor=None)

    for name in ("edit_note", "delete_note", "pin_note", "unpin_note"):
        for method in (clerk.get, clerk.post):
            response = method(url(name, customer.pk, note.pk), {"text": "evil"})
            assert response.status_code == 404, name
            assert "canary" not in response.text
    note.refresh_from_db()
    assert (note.text, note.pinned) == ("canary", False)


def test_nothing_is_changed_by_looking(clerk, customer):
    note = add_note(customer, text="x", actor=None)

    for name in ("edit_note", "delete_note", "pin_note", "unpin_note"):
        assert clerk.get(url(name, customer.pk, note.pk)).status_code == 200

    note.refresh_from_db()
    assert (note.text, note.pinned, note.modified_at) == ("x", False, None)


def test_the_tab_costs_the_same_with_one_and_with_a_thousand_notes(
    clerk, customer, django_assert_num_queries, django_assert_max_num_queries
):
    add_note(customer, text="x", actor=make_user("author@example.org"))
    clerk.get(url("notes", customer.pk))
    with django_assert_max_num_queries(15) as one:
        clerk.get(url("notes", customer.pk))
    CustomerNote.objects.bulk_create(CustomerNote(customer=customer, text=f"{n}") for n in range(1000))
    with django_assert_num_queries(len(one)):
        response = clerk.get(url("notes", customer.pk))

    assert len(response.context["page"]) == 20
    assert f"{url('notes', customer.pk)}?page=2" in response.text
    assert len(clerk.get(url("notes", customer.pk), {"page": "51"}).context["page"]) == 1
    assert clerk.get(url("notes", customer.pk), {"page": "nonsense"}).context["page"].number == 1


def test_the_group_form_of_wagtail_offers_the_permissions(sign_in):
    page = sign_in(superuser=True).get(reverse("wagtailusers_groups:add")).text

    assert "note" in page
    for codename in (*ALL, "view_basket"):
        assert _value_of(codename) in page, codename


def _value_of(codename):
    return f'value="{Permission.objects.get(codename=codename).pk}"'


def test_buyers_never_see_a_note(client, shop):
    user = make_user("ann@example.org")
    customer = register_user(user)
    pin_note(add_note(customer, text="Canary of the shop", actor=None), actor=None)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    assert buy(client, shop).status_code == 302
    for name in ("summary", "profile-view", "order-list", "address-list"):
        page = client.get(reverse(f"customer:{name}"), follow=True)
        assert page.status_code == 200, name
        assert "Canary" not in page.text, name


def test_deleting_the_customer_deletes_the_notes(customer):
    note = add_note(customer, text="x", actor=None)
    delete_note(note, actor=None)
    add_note(customer, text="y", actor=None)

    customer.delete()

    assert CustomerNote.objects.count() == 0
