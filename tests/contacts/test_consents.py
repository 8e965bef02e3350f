"""The ledger of consents: what was said, when, to which words, and the subscription that follows."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils import timezone, translation

from oscar_customers_ext.contacts.actions import get_or_create_contact, record_consent, record_consents
from oscar_customers_ext.customers.actions import create_customer, register_user, subscribe_address
from oscar_customers_ext.exceptions import ConsentObjected, InvalidEmail, LedgerClosed, NoAddress
from oscar_customers_ext.lifecycle.actions import delete_customers
from oscar_customers_ext.models import ConsentEntry, Contact, Customer, MailingList, Subscription
from tests.factories import make_user
from tests.flows.test_concurrency import in_threads, on_postgres
from tests.signals import recorded_signals

pytestmark = pytest.mark.django_db

SUBSCRIBED, UNSUBSCRIBED, OBJECTED = "subscribed", "unsubscribed", "objected"


@pytest.fixture
def ann(shop):
    return get_or_create_contact(email="Ann@example.org")


def say(contact, state, **said):
    return record_consent(contact, state=state, **{"source": "form", **said})


def state_of(contact):
    return {found.mailing_list.slug: found.state for found in Subscription.objects.filter(contact=contact)}


def states(contact):
    """Of the ledger, oldest first."""
    return list(
        ConsentEntry.objects.filter(contact=contact).order_by("at", "pk").values_list("state", flat=True)
    )


def test_there_is_one_default_list_with_a_name_in_the_shops_language(db):
    with translation.override("it"):
        made = MailingList.objects.default()

    assert (made.name, made.slug, made.is_default) == ("Newsletter", "newsletter", True)
    assert MailingList.objects.default() == made
    assert MailingList.objects.count() == 1


def test_a_list_that_was_made_by_hand_becomes_the_default(db):
    by_hand = MailingList.objects.create(name="News", slug="newsletter")

    assert MailingList.objects.default() == by_hand
    assert MailingList.objects.get().is_default


def test_a_default_list_may_have_any_name(db):
    by_hand = MailingList.objects.create(name="News", slug="news", is_default=True)

    assert MailingList.objects.default() == by_hand


def test_a_consent_is_a_line_with_all_that_proves_it(ann):
    staff = make_user("staff@example.org")
    before = timezone.now()

    entry = say(ann, SUBSCRIBED, text="  Yes, send me the newsletter.  ", staff=staff)

    entry.refresh_from_db()
    assert (entry.contact, entry.mailing_list, entry.state) == (
        ann,
        MailingList.objects.default(),
        SUBSCRIBED,
    )
    assert (entry.email, entry.source, entry.staff) == ("Ann@example.org", "form", staff)
    assert entry.text == "Yes, send me the newsletter."
    assert before <= entry.at <= timezone.now()
    subscription = Subscription.objects.get()
    assert (subscription.contact, subscription.state, subscription.changed_at) == (ann, SUBSCRIBED, entry.at)


def test_the_subscription_is_what_the_last_line_says(ann):
    for state in (SUBSCRIBED, UNSUBSCRIBED, SUBSCRIBED, OBJECTED):
        say(ann, state)
        assert state_of(ann) == {"newsletter": state}

    assert states(ann) == [SUBSCRIBED, UNSUBSCRIBED, SUBSCRIBED, OBJECTED]
    assert Subscription.objects.count() == 1


def test_the_same_again_writes_nothing_but_other_words_are_another_proof(ann):
    say(ann, SUBSCRIBED, text="Yes")

    assert say(ann, SUBSCRIBED, text="Yes") is None
    assert say(ann, SUBSCRIBED) is None
    assert states(ann) == [SUBSCRIBED]
    assert say(ann, SUBSCRIBED, text="Yes, please") is not None
    assert states(ann) == [SUBSCRIBED, SUBSCRIBED]
    assert record_consents([ann.pk], state=SUBSCRIBED, source="form", text="Other").unchanged == [ann.pk]


def test_who_never_subscribed_can_say_no_but_is_not_unsubscribed_with_many_others(ann):
    assert record_consents([ann.pk], state=UNSUBSCRIBED, source="staff").unchanged == [ann.pk]
    assert states(ann) == []

    say(ann, UNSUBSCRIBED)

    assert state_of(ann) == {"newsletter": UNSUBSCRIBED}


def test_lists_do_not_know_of_each_other(ann):
    events = MailingList.objects.create(name="Events", slug="events")

    say(ann, OBJECTED, mailing_list=events)
    say(ann, SUBSCRIBED)

    assert state_of(ann) == {"newsletter": SUBSCRIBED, "events": OBJECTED}


def test_who_objected_is_subscribed_only_when_that_is_confirmed(ann):
    say(ann, OBJECTED)

    with pytest.raises(ConsentObjected, match="only after an extra confirmation") as caught:
        say(ann, SUBSCRIBED)

    assert caught.value.contact == ann
    assert (states(ann), state_of(ann)) == ([OBJECTED], {"newsletter": OBJECTED})
    say(ann, SUBSCRIBED, confirmed=True)
    assert (states(ann), state_of(ann)) == ([OBJECTED, SUBSCRIBED], {"newsletter": SUBSCRIBED})


def test_an_objection_is_not_weakened_by_unsubscribing(ann):
    say(ann, OBJECTED)

    assert say(ann, UNSUBSCRIBED) is None
    assert (states(ann), state_of(ann)) == ([OBJECTED], {"newsletter": OBJECTED})


def test_nobody_without_an_address_is_subscribed(shop):
    nobody = get_or_create_contact(email="")

    with pytest.raises(NoAddress, match="Without an e-mail address nobody can be subscribed"):
        say(nobody, SUBSCRIBED)

    assert not ConsentEntry.objects.exists()
    say(nobody, OBJECTED)
    assert state_of(nobody) == {"newsletter": OBJECTED}


def test_an_older_line_changes_nothing_but_the_ledger(ann):
    year_ago = timezone.now() - timedelta(days=365)
    say(ann, OBJECTED)

    say(ann, SUBSCRIBED, at=year_ago)

    assert state_of(ann) == {"newsletter": OBJECTED}
    assert states(ann) == [SUBSCRIBED, OBJECTED]
    assert say(ann, SUBSCRIBED, at=year_ago) is None
    assert states(ann) == [SUBSCRIBED, OBJECTED]


def test_an_older_objection_is_history_when_the_contact_subscribed_later(ann):
    say(ann, SUBSCRIBED, at=timezone.now() - timedelta(days=1))
    say(ann, OBJECTED, at=timezone.now() - timedelta(days=2))

    assert state_of(ann) == {"newsletter": SUBSCRIBED}
    say(ann, UNSUBSCRIBED)
    assert state_of(ann) == {"newsletter": UNSUBSCRIBED}


def test_a_slow_clock_does_not_make_a_later_line_the_older_one(ann):
    ahead = timezone.now() + timedelta(minutes=1)
    say(ann, SUBSCRIBED)
    Subscription.objects.update(changed_at=ahead)

    entry = say(ann, UNSUBSCRIBED)

    assert entry.at == ahead
    assert state_of(ann) == {"newsletter": UNSUBSCRIBED}


def test_nobody_consents_in_the_future(ann):
    with pytest.raises(ValidationError, match="A consent cannot be given in the future"):
        say(ann, SUBSCRIBED, at=timezone.now() + timedelta(days=1))

    assert not ConsentEntry.objects.exists()


def test_many_are_recorded_with_the_queries_of_one(ann, django_assert_num_queries):
    MailingList.objects.default()
    many = [get_or_create_contact(email=f"bob{number}@example.org") for number in range(30)]
    objector, nobody = get_or_create_contact(email="eve@example.org"), get_or_create_contact(email="")
    say(objector, OBJECTED)

    with django_assert_num_queries(7):
        record_consents([ann.pk], state=SUBSCRIBED, source="staff")
    # One more for all who are subscribed already: whether a file says so.
    with django_assert_num_queries(8):
        recorded = record_consents(
            [ann.pk, objector.pk, nobody.pk, *(contact.pk for contact in many)],
            state=SUBSCRIBED,
            source="staff",
            text="On paper",
        )

    assert [entry.contact for entry in recorded.entries] == many
    assert (recorded.unchanged, recorded.objected) == ([ann.pk], [objector.pk])
    assert recorded.without_address == [nobody.pk]
    assert Subscription.objects.filter(state=SUBSCRIBED).count() == 31


def test_no_line_is_changed_or_deleted(ann):
    entry = say(ann, SUBSCRIBED)
    lines = ConsentEntry.objects.all()
    entry.state = OBJECTED
    attempts = [
        entry.save,
        entry.delete,
        lines.delete,
        lambda: lines.update(state=OBJECTED),
        lambda: lines.bulk_update([entry], ["state"]),
        lambda: ConsentEntry.objects.update_or_create(pk=entry.pk, defaults={"state": OBJECTED}),
        lambda: ann.consents.update(state=OBJECTED),
    ]

    for attempt in attempts:
        with pytest.raises(LedgerClosed, match="only ever added"):
            attempt()

    assert list(ConsentEntry.objects.values_list("state", flat=True)) == [SUBSCRIBED]


def test_a_contact_with_consents_cannot_be_deleted(ann):
    say(ann, UNSUBSCRIBED)

    with pytest.raises(ProtectedError):
        ann.delete()


def test_a_member_of_staff_who_is_deleted_leaves_the_line(ann):
    staff = make_user("staff@example.org")
    say(ann, SUBSCRIBED, staff=staff)

    staff.delete()

    assert ConsentEntry.objects.get().staff is None


def test_the_contact_of_a_deleted_customer_stays_when_it_ever_said_something(shop):
    said, silent = (create_customer(email=f"{name}@example.org") for name in ("said", "silent"))
    say(said.contact, OBJECTED)

    delete_customers([said.pk, silent.pk], actor=None)

    assert list(Contact.objects.all()) == [said.contact]
    assert state_of(said.contact) == {"newsletter": OBJECTED}
    again = create_customer(email="said@example.org")
    assert again.contact == said.contact


@pytest.mark.django_db(transaction=True)
def test_a_change_of_consent_is_told_after_the_commit(shop):
    contact = get_or_create_contact(email="ann@example.org")
    with recorded_signals() as sent:
        entry = say(contact, SUBSCRIBED)
        say(contact, SUBSCRIBED)

    assert sent.names == ["consent_changed"]
    assert sent[0][1] == {"sender": ConsentEntry, "contact": contact, "entry": entry}


# The address changes


@pytest.fixture
def subscriber(shop):
    customer = create_customer(email="old@example.org")
    say(customer.contact, SUBSCRIBED, text="Yes")
    return customer


def move(customer, email):
    customer.email = email
    customer.save()
    customer.refresh_from_db()
    return customer.contact


def test_a_subscription_ends_with_its_address(subscriber):
    contact = subscriber.contact

    assert move(subscriber, "new@example.org") == contact

    assert contact.__class__.objects.get().email == "new@example.org"
    assert state_of(contact) == {"newsletter": UNSUBSCRIBED}
    last = ConsentEntry.objects.first()
    assert (last.source, last.email, last.staff) == ("address_changed", "old@example.org", None)
    assert str(last.source_label) == "Change of the e-mail address"
    assert not Subscription.objects.filter(state=SUBSCRIBED).exists()


def test_another_spelling_is_the_same_address(subscriber):
    contact = move(subscriber, "OLD@example.org")

    assert (contact.email, state_of(contact)) == ("OLD@example.org", {"newsletter": SUBSCRIBED})
    assert states(contact) == [SUBSCRIBED]


def test_a_subscription_ends_when_the_address_is_taken_away(subscriber):
    contact = move(subscriber, "")

    assert (contact.email_key, state_of(contact)) == (None, {"newsletter": UNSUBSCRIBED})


def test_a_contact_at_the_new_address_keeps_its_own_word(subscriber):
    left, there = subscriber.contact, get_or_create_contact(email="new@example.org")
    say(there, SUBSCRIBED, text="My own yes")

    assert move(subscriber, "new@example.org") == there

    assert (states(there), state_of(there)) == ([SUBSCRIBED], {"newsletter": SUBSCRIBED})
    assert (left.email, state_of(left)) == ("old@example.org", {"newsletter": UNSUBSCRIBED})


def test_consent_is_not_carried_to_a_contact_that_said_nothing(subscriber):
    there = get_or_create_contact(email="new@example.org")

    move(subscriber, "new@example.org")

    assert (states(there), state_of(there)) == ([], {})


def test_an_objection_holds_at_both_addresses(shop):
    customer = create_customer(email="old@example.org")
    say(customer.contact, OBJECTED)

    contact = move(customer, "new@example.org")

    assert state_of(contact) == {"newsletter": OBJECTED}
    left = Contact.objects.get(email_key="old@example.org")
    assert (left != contact, state_of(left)) == (True, {"newsletter": OBJECTED})


def test_an_objection_is_carried_to_a_contact_that_has_not_spoken_for_itself(shop):
    customer = create_customer(email="old@example.org")
    say(customer.contact, OBJECTED)
    silent, spoken = (get_or_create_contact(email=f"{name}@example.org") for name in ("silent", "spoken"))
    say(spoken, SUBSCRIBED)

    assert move(customer, "silent@example.org") == silent
    assert state_of(silent) == {"newsletter": OBJECTED}
    assert move(customer, "spoken@example.org") == spoken
    assert state_of(spoken) == {"newsletter": SUBSCRIBED}


# The register


def test_who_subscribes_enters_the_register(shop, mailoutbox):
    contact = subscribe_address("Ann@example.org", text="Yes", source="footer")

    customer = Customer.objects.get()
    assert (customer.contact, customer.email, customer.orders_count) == (contact, "Ann@example.org", 0)
    assert [source.source for source in customer.sources.all()] == ["newsletter"]
    entry = ConsentEntry.objects.get()
    assert (entry.source, entry.text, entry.state) == ("footer", "Yes", SUBSCRIBED)
    assert subscribe_address("ann@EXAMPLE.org", text="Yes", source="footer") == contact
    assert (Customer.objects.count(), ConsentEntry.objects.count()) == (1, 1)
    assert mailoutbox == []


def test_the_register_can_be_left_out(shop, settings):
    settings.OSCAR_CUSTOMERS_CREATE_ON_NEWSLETTER = False

    contact = subscribe_address("ann@example.org", text="Yes")

    assert not Customer.objects.exists()
    assert state_of(contact) == {"newsletter": SUBSCRIBED}
    assert create_customer(email="ann@example.org").contact == contact


def test_a_customer_who_is_there_is_subscribed_and_the_source_noted(shop, settings):
    customer = create_customer(email="ann@example.org", first_name="Ann")

    assert subscribe_address("ann@example.org", text="Yes") == customer.contact
    assert [source.source for source in customer.sources.all()] == ["staff", "newsletter"]


@pytest.mark.parametrize("email", ["", "  ", "ann@", "ann@exa mple.org"])
def test_what_is_no_address_is_not_subscribed(shop, email):
    with pytest.raises(InvalidEmail):
        subscribe_address(email, text="Yes")

    assert (Customer.objects.count(), Contact.objects.count(), ConsentEntry.objects.count()) == (0, 0, 0)


def test_who_objected_is_not_entered_either(shop):
    say(get_or_create_contact(email="ann@example.org"), OBJECTED)

    with pytest.raises(ConsentObjected):
        subscribe_address("ann@example.org", text="Yes")

    assert (Customer.objects.count(), ConsentEntry.objects.count()) == (0, 1)
    subscribe_address("ann@example.org", text="Yes", confirmed=True)
    assert Customer.objects.count() == 1


def test_registering_gives_no_consent(shop):
    register_user(make_user("ann@example.org"))

    assert (ConsentEntry.objects.count(), Subscription.objects.count()) == (0, 0)


# At the same moment


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_two_at_once_end_in_what_the_last_line_says(shop):
    contact = get_or_create_contact(email="ann@example.org")
    jobs = [(SUBSCRIBED, OBJECTED, UNSUBSCRIBED)[number % 3] for number in range(150)]

    in_threads(lambda state: say(contact, state, confirmed=True, text="x"), jobs)

    last = ConsentEntry.objects.order_by("at", "pk").last()
    assert Subscription.objects.get().state == last.state
    assert Subscription.objects.get().changed_at == last.at
    written = list(ConsentEntry.objects.order_by("pk").values_list("at", flat=True))
    assert written == sorted(written)
    # No state was written twice in a row: each writer saw the one before.
    in_order = states(contact)
    assert all(one != two for one, two in zip(in_order, in_order[1:], strict=False))
    assert MailingList.objects.count() == 1


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_the_default_list_is_made_once(shop):
    made = in_threads(lambda _number: MailingList.objects.default().pk, range(64))

    assert len(set(made)) == MailingList.objects.count() == 1


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_many_who_subscribe_one_address_make_one_customer(shop):
    in_threads(lambda number: subscribe_address("ann@example.org", text=f"Form {number}"), range(64))

    assert (Customer.objects.count(), Contact.objects.count(), Subscription.objects.count()) == (1, 1, 1)
