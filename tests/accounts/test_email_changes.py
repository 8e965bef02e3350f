"""The e-mail address of a registered customer: staff enter a new one, the customer confirms it."""

import logging
import re
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from oscar_customers_ext.accounts.email_changes import actions
from oscar_customers_ext.accounts.email_changes.tokens import CONFIRM, STOP, make_token
from oscar_customers_ext.accounts.models import EmailChange
from oscar_customers_ext.contacts.actions import get_or_create_contact, record_consent
from oscar_customers_ext.customers.actions import create_customer, link_order, register_user
from oscar_customers_ext.exceptions import AccountRefused, InvalidEmail
from oscar_customers_ext.models import Contact, Customer, Subscription, VerifiedEmail
from tests.customers.test_screen import FORM
from tests.factories import make_order, make_user
from tests.flows.test_concurrency import in_threads, on_postgres
from tests.settings import SECRET_KEY

pytestmark = pytest.mark.django_db

OLD, NEW = "old@example.org", "New@example.org"
LINK = re.compile(r"http://[\w.]+(/shop/customer/email/\w+/\S+/)")


def url(name, *args):
    return reverse(f"oscar_customers:{name}", args=args)


@pytest.fixture
def ann(shop):
    """A registered customer who has proved the address and subscribed to the newsletter there."""
    user = make_user(OLD, first_name="Ann")
    customer = register_user(user)
    VerifiedEmail.objects.create(user=user, email=OLD, source="password_reset")
    record_consent(customer.contact, state="subscribed", source="form", text="Yes")
    return customer


@pytest.fixture
def manager(sign_in):
    return sign_in("change_customer", "view_customer", "manage_account_customer")


@pytest.fixture
def sends(django_capture_on_commit_callbacks, mailoutbox):
    """Runs something, commits, and returns the mails that went out: address -> body."""

    def run(work):
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            work()
        return {address: mail.body for mail in mailoutbox for address in mail.to}

    return run


@pytest.fixture
def links(ann, sends):
    """The two links of a change that was just requested: to confirm, and to stop."""
    mails = sends(lambda: actions.request_email_change(ann, email=NEW, actor=None))
    return {"confirm": LINK.search(mails[NEW])[1], "stop": LINK.search(mails[OLD])[1]}


def follow(link, client=None):
    """Opens the link and presses the button."""
    client = client or Client()
    page = client.get(link, follow=True)
    return client.post(page.redirect_chain[-1][0], follow=True)


def addresses(customer):
    """Of customer, account and contact."""
    customer = Customer.objects.select_related("user", "contact").get(pk=customer.pk)
    return (customer.email, customer.user.email, customer.contact.email)


UNCHANGED, CHANGED = (OLD, OLD, OLD), (NEW, NEW, NEW)


def logged():
    return [
        action.partition(".")[2]
        for action in ModelLogEntry.objects.order_by("pk").values_list("action", flat=True)
    ]


# Entering it


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


# Confirming it


def test_where_the_old_address_was_unproven_password_and_sessions_of_before_are_dead(ann, links, sends):
    VerifiedEmail.objects.all().delete()
    squatter = Client()
    squatter.force_login(ann.user, backend="django.contrib.auth.backends.ModelBackend")
    pages = []

    mails = sends(lambda: pages.append(follow(links["confirm"], Client())))

    assert "A link to choose a new password was mailed to it" in pages[0].text
    ann.user.refresh_from_db()
    assert not ann.user.has_usable_password()
    assert squatter.get(reverse("customer:profile-view")).status_code == 302
    # The old address reads that it happened, and gets no link.
    assert set(mails) == {OLD, NEW}
    assert "/shop/password-reset/confirm/" in mails[NEW]
    assert "/shop/password-reset/" not in mails[OLD]


def test_where_it_was_proven_they_stay(ann, links, sends):
    browser = Client()
    browser.force_login(ann.user, backend="django.contrib.auth.backends.ModelBackend")

    assert set(sends(lambda: follow(links["confirm"]))) == {OLD}
    assert addresses(ann) == CHANGED

    ann.user.refresh_from_db()
    assert ann.user.check_password("correct-horse")
    assert browser.get(reverse("customer:profile-view")).status_code == 200


def test_the_button_changes_account_customer_and_contact(ann, links, mailoutbox):
    guests_order = make_order(NEW)
    client = Client()

    response = follow(links["confirm"], client)

    assert "Your new e-mail address is confirmed." in response.text
    assert addresses(ann) == CHANGED
    ann = Customer.objects.get(pk=ann.pk)
    assert ann.email_is_proven
    proofs = VerifiedEmail.objects.filter(user=ann.user_id).order_by("pk")
    assert [(proof.email, proof.source) for proof in proofs] == [
        (OLD, "password_reset"),
        (NEW, "email_change"),
    ]
    assert Subscription.objects.get(contact=ann.contact).state == "unsubscribed"
    assert EmailChange.objects.count() == 0
    entry = ModelLogEntry.objects.latest("pk")
    assert (entry.action, entry.user) == ("oscar_customers_ext.confirm_email_change", None)
    assert entry.data["changes"]["email"] == [OLD, NEW]
    # Nobody is signed in by a link, and a guest's order at the new address is the customer's own from now on.
    assert "_auth_user_id" not in client.session
    assert link_order(guests_order) == ann


def test_the_old_address_is_told_when_it_happened(ann, links, sends):
    mails = sends(lambda: follow(links["confirm"]))

    assert set(mails) == {OLD}
    assert "the new e-mail address for your account" in mails[OLD]
    assert "contact the shop at once" in mails[OLD]
    assert NEW not in mails[OLD]


def test_nobody_is_told_of_a_change_that_was_refused(ann, links, sends):
    create_customer(email=NEW)

    assert sends(lambda: follow(links["confirm"])) == {}


def test_the_old_address_can_stop_a_change_that_was_sent_again(ann, links, sends):
    later(hours=71)
    mails = sends(lambda: actions.resend_email_change(ann, actor=None))
    assert set(mails) == {NEW}

    assert "The change was stopped." in follow(links["stop"]).text
    assert EmailChange.objects.count() == 0
    assert "This link has expired" in follow(LINK.search(mails[NEW])[1]).text
    assert addresses(ann) == UNCHANGED


@pytest.mark.parametrize("replaced", [False, True])
def test_a_dead_link_to_stop_does_not_say_that_nothing_was_changed(ann, links, replaced):
    if replaced:
        actions.request_email_change(ann, email="third@example.org", actor=None)
    else:
        follow(links["confirm"])

    page = follow(links["stop"])

    assert "If the e-mail address of your account has changed already, contact the shop." in page.text
    assert "Nothing was changed" not in page.text
    assert EmailChange.objects.count() == replaced
    with pytest.raises(AccountRefused, match="contact the shop"):
        actions.stop_email_change("nonsense")


@pytest.mark.parametrize("purpose", ["confirm", "stop"])
def test_a_new_secret_key_leaves_the_links_alive_as_long_as_the_old_one_is_a_fallback(
    ann, links, settings, purpose
):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "rotated", []
    assert "This link has expired" in follow(links[purpose]).text

    settings.SECRET_KEY_FALLBACKS = ["older", SECRET_KEY]
    assert "This link has expired" not in follow(links[purpose]).text
    assert EmailChange.objects.count() == 0


def test_the_owner_may_be_signed_in_and_signs_in_with_the_new_address(ann, links):
    client = Client()
    assert client.login(username=OLD, password="correct-horse")

    response = follow(links["confirm"], client)

    assert response.redirect_chain[-1][0] == reverse("customer:profile-view")
    assert client.session["_auth_user_id"] == str(ann.user_id)
    assert Client().login(username=NEW, password="correct-horse")
    assert not Client().login(username=OLD, password="correct-horse")


def test_a_scanner_that_opens_the_link_changes_nothing_and_uses_nothing_up(ann, links):
    scanner = Client(headers={"user-agent": "Scanner"}, enforce_csrf_checks=True)
    for link in links.values():
        for _time in range(3):
            assert scanner.head(link).status_code == 302
            page = scanner.get(link, follow=True)
            assert page.status_code == 200
        assert scanner.post(link).status_code in (403, 405)
        assert scanner.post(page.redirect_chain[-1][0]).status_code == 403
    assert addresses(ann) == UNCHANGED

    follow(links["confirm"])
    assert addresses(ann) == CHANGED


def test_the_link_is_private(links):
    client = Client()
    for link in links.values():
        opened = client.get(link)
        assert (opened["Referrer-Policy"], opened["Cache-Control"]) == ("no-referrer", "no-store, private")
        token = link.rstrip("/").rpartition("/")[2]
        assert token not in opened.url
        page = client.get(opened.url)
        assert page["Cache-Control"] == "no-store, private"
        assert token not in page.text


def test_no_link_is_in_a_log(ann, links, caplog):
    caplog.set_level(logging.DEBUG)
    client = Client(enforce_csrf_checks=True)
    tokens = [link.rstrip("/").rpartition("/")[2] for link in links.values()]

    for link in links.values():
        page = client.get(link, follow=True)
        client.post(page.redirect_chain[-1][0])
    follow(links["confirm"])

    told = caplog.text + "".join(str(entry.data) for entry in ModelLogEntry.objects.all())
    assert [token for token in tokens if token in told] == []


def test_a_link_works_once(ann, links):
    follow(links["confirm"])
    Customer.objects.get(pk=ann.pk)
    page = follow(links["confirm"])

    assert "This link has expired, was used already, or was replaced by a newer one." in page.text
    assert logged().count("confirm_email_change") == 1
    assert "This link has expired" in follow(links["stop"]).text
    assert addresses(ann) == CHANGED


def later(**by):
    EmailChange.objects.update(requested_at=timezone.now() - timedelta(**by))


def password_set(customer):
    customer.user.set_password("another-horse")
    customer.user.save(update_fields=["password"])


def address_of_account_changed(customer):
    type(customer.user).objects.filter(pk=customer.user_id).update(email="third@example.org")


def address_of_customer_changed(customer):
    Customer.objects.filter(pk=customer.pk).update(email="third@example.org", email_key="third@example.org")


def account_taken_away(customer):
    Customer.objects.filter(pk=customer.pk).update(user=None)


def account_given_to_another(customer):
    Customer.objects.filter(pk=customer.pk).update(user=make_user("other@example.org"))


def deactivated(customer):
    type(customer.user).objects.filter(pk=customer.user_id).update(is_active=False)


@pytest.mark.parametrize(
    "what_happened",
    [
        lambda customer: actions.request_email_change(customer, email="third@example.org", actor=None),
        lambda customer: actions.request_email_change(customer, email=NEW, actor=None),
        lambda customer: actions.resend_email_change(customer, actor=None),
        lambda customer: actions.cancel_email_change(customer, actor=None),
        password_set,
        address_of_account_changed,
        address_of_customer_changed,
        account_taken_away,
        account_given_to_another,
        deactivated,
        lambda customer: customer.user.delete(),
        lambda customer: create_customer(email=NEW),
        lambda customer: make_user(NEW.upper()),
    ],
)
@pytest.mark.parametrize("moment", ["before the link is opened", "before the button is pressed"])
def test_a_link_dies_when_something_changes(ann, links, what_happened, moment):
    client = Client()
    if moment == "before the button is pressed":
        page = client.get(links["confirm"], follow=True)
        assert "Confirm this address" in page.text
    what_happened(ann)
    before = list(Customer.objects.order_by("pk").values_list("email", "user__email", "contact__email"))
    if moment == "before the link is opened":
        client.get(links["confirm"], follow=True)

    response = client.post(reverse("oscar_customers_shop:email_change_confirm"), follow=True)

    assert "confirmed" not in response.text
    assert (
        list(Customer.objects.order_by("pk").values_list("email", "user__email", "contact__email")) == before
    )
    assert not VerifiedEmail.objects.filter(email_key=NEW.lower()).exists()


def test_an_address_that_was_taken_meanwhile_is_told_of(ann, links):
    create_customer(email=NEW)

    assert "Another customer or user account has this e-mail address." in follow(links["confirm"]).text
    assert addresses(ann) == UNCHANGED


def test_a_link_expires(ann, links, settings):
    settings.OSCAR_CUSTOMERS_EMAIL_CHANGE_HOURS = 0

    assert "This link has expired" in follow(links["confirm"]).text
    assert addresses(ann) == UNCHANGED


def test_the_time_counts_from_the_request(ann, links, manager, settings):
    settings.OSCAR_CUSTOMERS_EMAIL_CHANGE_HOURS = 2
    later(hours=3)
    change = EmailChange.objects.get()
    token = make_token(change, CONFIRM)

    with pytest.raises(AccountRefused):
        actions.confirm_email_change(token)
    assert "Not confirmed in time." in manager.get(url("email", ann.pk)).text


def test_forged_links_and_links_for_something_else_are_dead(ann, links):
    change = EmailChange.objects.get()
    tokens = [
        "nonsense",
        "",
        signing.dumps({"change": change.pk, "state": "x"}, salt="oscar_customers_ext.email_change.confirm"),
        signing.dumps({"change": change.pk}),
        make_token(change, STOP),
        make_token(change, CONFIRM)[:-1],
        make_token(change, CONFIRM) + "x",
    ]
    for token in tokens:
        with pytest.raises(AccountRefused, match="This link has expired"):
            actions.confirm_email_change(token)
    client = Client()
    assert client.post(reverse("oscar_customers_shop:email_change_confirm")).status_code == 200
    assert "This link has expired" in client.get(reverse("oscar_customers_shop:email_change_stop")).text
    assert addresses(ann) == UNCHANGED


@pytest.mark.parametrize("which", ["confirm", "stop"])
def test_somebody_else_who_is_signed_in_is_turned_away(ann, links, which):
    client = Client()
    client.force_login(make_user("eve@example.org"), backend="django.contrib.auth.backends.ModelBackend")

    opened = client.get(links[which], follow=True)
    pressed = client.post(opened.redirect_chain[-1][0])

    for page in (opened, pressed):
        assert "You are signed in with another account." in page.text
        assert NEW not in page.text
        assert OLD not in page.text
    assert addresses(ann) == UNCHANGED
    assert EmailChange.objects.count() == 1
    follow(links["confirm"])
    assert addresses(ann) == CHANGED


def test_the_old_address_can_stop_it(ann, links):
    response = follow(links["stop"])

    assert "The change was stopped." in response.text
    assert logged() == ["request_email_change", "stop_email_change"]
    assert "This link has expired" in follow(links["confirm"]).text
    assert addresses(ann) == UNCHANGED


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


def test_the_activity_tells_of_the_account(manager, ann, links):
    follow(links["confirm"])

    page = manager.get(url("activity", ann.pk), {"topic": "account"}).text

    assert f"New e-mail address {NEW} entered; it waits for confirmation" in page
    assert "New e-mail address confirmed by the customer" in page
    assert f"<del>{OLD}</del>" in page


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


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_a_link_that_is_used_by_many_at_once_counts_once(shop):
    customer = register_user(make_user(OLD))
    token = make_token(actions.request_email_change(customer, email=NEW, actor=None), CONFIRM)

    def confirm(_number):
        try:
            return bool(actions.confirm_email_change(token))
        except AccountRefused:
            return False

    assert sum(in_threads(confirm, range(32))) == 1
    assert addresses(customer) == CHANGED
    assert VerifiedEmail.objects.count() == 1


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_two_customers_who_confirm_one_address_at_once_do_not_get_both(shop):
    tokens = []
    for number in range(8):
        customer = register_user(make_user(f"buyer{number}@example.org"))
        tokens.append(make_token(actions.request_email_change(customer, email=NEW, actor=None), CONFIRM))

    def confirm(token):
        try:
            return bool(actions.confirm_email_change(token))
        except AccountRefused as error:
            return error.messages[0]

    confirmed = in_threads(confirm, tokens)

    assert confirmed.count(True) == 1
    assert confirmed.count("Another customer or user account has this e-mail address.") == 7
    assert Customer.objects.filter(email_key=NEW.lower(), user__email=NEW).count() == 1


# The owner of the account changes it in the shop


def change_profile(user, email, sends):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    form = {"first_name": "Ann", "last_name": "Rossi", "email": email}
    sends(lambda: client.post(reverse("customer:profile-update"), form))
    user.refresh_from_db()
    assert user.email == email


def test_the_customer_follows_to_the_accounts_new_address_without_proof(ann, sends):
    change_profile(ann.user, NEW, sends)

    assert addresses(ann) == CHANGED
    ann = Customer.objects.get(pk=ann.pk)
    assert not ann.email_is_proven
    assert [proof.email for proof in VerifiedEmail.objects.all()] == [OLD]
    assert Subscription.objects.get(contact=ann.contact).state == "unsubscribed"
    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.user) == ("oscar_customers_ext.follow_account_address", None)
    assert entry.data["changes"]["email"] == [OLD, NEW]


def test_a_pending_change_is_void_when_the_owner_changes_the_address(ann, links, sends):
    change_profile(ann.user, "third@example.org", sends)

    assert EmailChange.objects.count() == 0
    assert "This link has expired" in follow(links["confirm"]).text
    assert addresses(ann) == ("third@example.org",) * 3


@pytest.mark.parametrize(
    "whose",
    [
        lambda: create_customer(email=NEW),
        lambda: get_or_create_contact(email=NEW),
        lambda: type(Customer.objects.get().user).objects.create_user("namesake", NEW.upper()),
    ],
)
def test_an_address_that_is_somebodys_is_not_taken_over(manager, ann, sends, whose):
    whose()
    before = list(Contact.objects.order_by("pk").values_list("email", flat=True))

    # The profile form refuses an address that another user has; a site's own form may not.
    user = ann.user
    user.email = NEW
    sends(user.save)

    assert addresses(ann) == (OLD, NEW, OLD)
    assert list(Contact.objects.order_by("pk").values_list("email", flat=True)) == before
    assert Subscription.objects.get().state == "subscribed"
    assert (
        "The owner of the account uses New@example.org in the shop now."
        in manager.get(url("email", ann.pk)).text
    )
    assert logged() == []


def test_who_registers_with_a_strangers_address_cannot_end_the_strangers_subscription(shop, sends):
    stranger = get_or_create_contact(email="victim@example.org")
    record_consent(stranger, state="subscribed", source="form", text="Yes")
    customer = register_user(make_user("victim@example.org"))

    change_profile(customer.user, "eve@example.org", sends)

    stranger.refresh_from_db()
    assert stranger.email == "victim@example.org"
    assert Subscription.objects.get(contact=stranger).state == "subscribed"
    assert addresses(customer) == ("victim@example.org", "eve@example.org", "victim@example.org")


def test_nothing_is_asked_at_a_log_in_and_little_at_another_change(ann, sends, django_assert_num_queries):
    user = ann.user
    with django_assert_num_queries(1):
        sends(lambda: user.save(update_fields=["last_login"]))
    with django_assert_num_queries(2):
        sends(user.save)


def test_the_shop_goes_on_when_following_fails(ann, sends, monkeypatch, caplog):
    def fail(_pk):
        raise RuntimeError("out of order")

    monkeypatch.setattr("oscar_customers_ext.receivers.follow_account_address", fail)

    change_profile(ann.user, NEW, sends)

    assert addresses(ann) == (OLD, NEW, OLD)
    assert f"The customer of user {ann.user_id} keeps the old e-mail address" in caplog.text


@pytest.mark.parametrize("email", ["", "no address"])
def test_an_account_without_a_usable_address_leaves_the_customers(ann, sends, email):
    user = ann.user
    user.email = email
    sends(user.save)

    assert addresses(ann) == (OLD, email, OLD)


def test_another_spelling_is_the_same_address(ann, sends):
    change_profile(ann.user, "OLD@example.org", sends)

    assert addresses(ann) == (OLD, "OLD@example.org", OLD)
    assert logged() == []
