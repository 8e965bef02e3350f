"""The new e-mail address of a registered customer, as staff enter it, send it again and cancel it."""

import pytest
from wagtail.models import ModelLogEntry

from oscar_customers_ext.accounts.email_changes import actions
from oscar_customers_ext.accounts.models import EmailChange
from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.exceptions import InvalidEmail
from oscar_customers_ext.models import Customer
from tests.accounts.email_changes.story import (
    LINK,
    NEW,
    OLD,
    UNCHANGED,
    addresses,
    follow,
    later,
    logged,
    url,
)
from tests.customers.test_screen import FORM
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_new_address_waits_and_both_addresses_are_told(manager, ann, sends):
    details = manager.get(url("edit", ann.pk)).text
    assert url("email_change", ann.pk) in details
    assert "The old address gets a notice." in manager.get(url("email_change", ann.pk)).text

    mails = sends(lambda: manager.post(url("email_change", ann.pk), {"email": NEW}))

    assert set(mails) == {OLD, NEW}
    assert "It becomes yours when you confirm it on this page:" in mails[NEW]
    assert "72 hours" in mails[NEW]
    assert NEW not in mails[OLD]
    assert addresses(ann) == UNCHANGED
    change = EmailChange.objects.get()
    assert (change.email, change.email_key, change.requested_by.email) == (
        NEW,
        NEW.lower(),
        "staff@example.org",
    )
    assert logged() == ["request_email_change"]
    assert (
        str(ModelLogEntry.objects.get().message)
        == f"New e-mail address {NEW} entered; it waits for confirmation"
    )
    section = manager.get(url("email", ann.pk)).text
    for expected in (
        NEW,
        "Waits for confirmation until",
        url("email_change_resend", ann.pk),
        url("email_change_cancel", ann.pk),
    ):
        assert expected in section
    assert NEW in manager.get(url("edit", ann.pk)).text


def test_the_mails_speak_the_customers_language(ann, sends):
    Customer.objects.update(language="it")

    mails = sends(lambda: actions.request_email_change(ann, email=NEW, actor=None))

    assert "Buongiorno Ann" in mails[NEW]
    assert "Se non lo hai chiesto, ferma la modifica" in mails[OLD]


def test_the_link_leads_to_the_shop_whatever_host_was_asked(manager, ann, sends):
    mails = sends(
        lambda: manager.post(url("email_change", ann.pk), {"email": NEW}, headers={"host": "evil.example"})
    )

    assert "evil" not in "".join(mails.values())
    assert LINK.search(mails[NEW])


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("", "This field is required"),
        ("ann@", "Enter a valid email address"),
        ("OLD@example.org", "This is the customer&#x27;s address already."),
        ("Bob@example.org", "Another customer or user account has this e-mail address."),
        ("EVE@example.org", "Another customer or user account has this e-mail address."),
        (f"{'x' * 300}@example.org", ""),
    ],
)
def test_bad_input_gets_a_sentence_and_sends_nothing(manager, ann, mailoutbox, email, sentence):
    create_customer(email="bob@example.org")
    make_user("eve@example.org", is_active=False)

    response = manager.post(url("email_change", ann.pk), {"email": email})

    assert response.status_code == 200
    assert sentence in response.text
    assert email in response.text
    assert (EmailChange.objects.count(), logged(), mailoutbox) == (0, [], [])


def test_an_address_that_nobody_can_have_is_refused(ann):
    for email in ("", "  ", "ann@exa mple.org", "no address"):
        with pytest.raises(InvalidEmail):
            actions.request_email_change(ann, email=email, actor=None)


@pytest.mark.parametrize("staff", [{"is_staff": True}, {"is_superuser": True}])
def test_an_account_of_staff_is_never_touched(manager, ann, links, mailoutbox, staff):
    type(ann.user).objects.filter(pk=ann.user_id).update(**staff)
    mailoutbox.clear()

    assert "may work in the admin" in manager.get(url("email_change", ann.pk)).text
    manager.post(url("email_change", ann.pk), {"email": "evil@example.org"})
    manager.post(url("email_change_resend", ann.pk))
    manager.post(url("edit", ann.pk), FORM | {"email": "evil@example.org", "number": ann.number})
    follow(links["confirm"])

    assert addresses(ann) == UNCHANGED
    assert EmailChange.objects.get().email == NEW
    assert mailoutbox == []


def test_an_address_that_differs_from_the_one_of_a_staff_account_is_not_changed_either(manager, ann):
    type(ann.user).objects.filter(pk=ann.user_id).update(is_staff=True, email="boss@example.org")

    assert "may work in the admin" in manager.get(url("edit", ann.pk)).text
    manager.post(url("edit", ann.pk), FORM | {"email": "evil@example.org", "number": ann.number})

    assert addresses(ann) == (OLD, "boss@example.org", OLD)


def test_a_guests_address_is_changed_on_the_details_alone(manager, shop, mailoutbox):
    guest = create_customer(email=OLD)
    assert "This customer has no user account." in manager.get(url("email_change", guest.pk)).text
    assert "is changed on the tab Details, at once" in manager.get(url("email", guest.pk)).text

    manager.post(url("email_change", guest.pk), {"email": NEW})
    assert EmailChange.objects.count() == 0
    manager.post(url("edit", guest.pk), FORM | {"email": NEW, "number": guest.number})

    guest.refresh_from_db()
    assert (guest.email, guest.contact.email) == (NEW, NEW)
    entry = ModelLogEntry.objects.get()
    assert entry.data["changes"]["email"] == [OLD, NEW]
    assert mailoutbox == []


@pytest.mark.parametrize(
    "permissions", [["change_customer", "view_customer"], ["manage_account_customer", "view_customer"]]
)
def test_the_address_of_an_account_takes_two_permissions(sign_in, ann, mailoutbox, permissions):
    client = sign_in(*permissions)

    response = client.post(url("email_change", ann.pk), {"email": NEW})
    client.post(url("edit", ann.pk), FORM | {"email": NEW, "number": ann.number})

    assert response.status_code in (302, 403)
    assert addresses(ann) == UNCHANGED
    assert (EmailChange.objects.count(), mailoutbox) == (0, [])
    assert url("email_change", ann.pk) not in client.get(url("edit", ann.pk)).text


def test_a_setting_forbids_it(manager, ann, links, mailoutbox, settings):
    settings.OSCAR_CUSTOMERS_STAFF_MAY_CHANGE_EMAIL = False
    guest, nobody = create_customer(email="guest@example.org"), create_customer(email="")
    mailoutbox.clear()
    sentence = "In this shop e-mail addresses are not changed by staff."

    assert sentence in manager.get(url("email_change", ann.pk)).text
    assert sentence in manager.get(url("edit", guest.pk)).text
    for name in ("email_change", "email_change_resend"):
        manager.post(url(name, ann.pk), {"email": "evil@example.org"})
    for customer in (ann, guest):
        manager.post(
            url("edit", customer.pk), FORM | {"email": "evil@example.org", "number": customer.number}
        )
    page = follow(links["confirm"])
    manager.post(url("edit", nobody.pk), FORM | {"email": "first@example.org", "number": nobody.number})

    assert sentence in page.text
    assert addresses(ann) == UNCHANGED
    guest.refresh_from_db()
    assert guest.email == "guest@example.org"
    assert mailoutbox == []
    # To enter the first address changes none.
    nobody.refresh_from_db()
    assert nobody.email == "first@example.org"
    manager.post(url("email_change_cancel", ann.pk))
    assert EmailChange.objects.count() == 0


def test_a_change_is_sent_again_and_cancelled(manager, ann, links, sends):
    assert (
        "The link that was sent before stops working." in manager.get(url("email_change_resend", ann.pk)).text
    )
    later(hours=100)

    mails = sends(lambda: manager.post(url("email_change_resend", ann.pk)))

    assert set(mails) == {NEW}
    assert "This link has expired" in follow(links["confirm"]).text
    manager.post(url("email_change_cancel", ann.pk))
    assert EmailChange.objects.count() == 0
    assert "This link has expired" in follow(LINK.search(mails[NEW])[1]).text
    response = manager.post(url("email_change_resend", ann.pk), follow=True)
    assert "No change of the e-mail address is pending." in response.text
    manager.post(url("email_change_cancel", ann.pk))
    assert logged() == ["request_email_change", "resend_email_change", "cancel_email_change"]


def test_looking_changes_nothing(manager, ann, links, mailoutbox):
    mailoutbox.clear()
    for name in ("email", "email_change", "email_change_resend", "email_change_cancel"):
        assert manager.get(url(name, ann.pk)).status_code == 200

    assert (EmailChange.objects.count(), mailoutbox) == (1, [])


def test_the_screens_cost_few_queries(manager, ann, links, django_assert_max_num_queries):
    for name, at_most in (("email", 15), ("edit", 25)):
        manager.get(url(name, ann.pk))
        with django_assert_max_num_queries(at_most):
            manager.get(url(name, ann.pk))
