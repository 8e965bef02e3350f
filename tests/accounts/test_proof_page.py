"""A buyer who is signed in proves the own address: the page, the link that it mails, and where it is offered."""

import re

import pytest
from django.contrib.messages import get_messages
from django.contrib.sites.models import Site
from django.core.cache import cache
from django.test import Client, TestCase
from django.urls import reverse

from oscar_customers_ext.approval.actions import approve_customers
from oscar_customers_ext.contacts.models import Contact
from oscar_customers_ext.customers.actions import (
    create_customer,
    link_order,
    register_user,
    subscribe_address,
    touch_customer,
)
from oscar_customers_ext.models import Customer, CustomerOrder, VerifiedEmail
from tests.accounts.test_forgotten_password import NEW
from tests.checkout import fill_basket, place_order
from tests.factories import make_order, make_user

pytestmark = pytest.mark.django_db

ANN = "ann@example.org"
PAGE = "/shop/customer/email/prove/"
SIGN_OUT = f"{PAGE}sign-out/"
PROFILE = "customer:profile-view"
PASSWORD = "correct-horse"
OFFER = "Prove your e-mail address: we send you a link."
IN_THE_MESSAGE = "prove your e-mail address on the pages of your account: we send you a link."


@pytest.fixture(autouse=True)
def _no_links_sent_before():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def known(shop):
    """Somebody whom the shop knows, with an order as a guest, and who has registered since."""
    link_order(make_order(ANN))
    user = make_user(ANN, password=PASSWORD)
    assert register_user(user) is None
    return user


@pytest.fixture
def browser(known):
    browser = Client()
    browser.force_login(known, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def link_in(message):
    [path] = re.findall(r"http://[^/]+(/shop/customer/email/prove/\S+)", message.body)
    return path


def follow(browser, message, password=NEW):
    """Opens the link, signs out where that is asked for, and chooses a password."""
    page = browser.get(link_in(message), follow=True)
    if page.request["PATH_INFO"] == SIGN_OUT:
        page = browser.post(SIGN_OUT, follow=True)
    return browser.post(page.request["PATH_INFO"], {"new_password1": password, "new_password2": password})


def told(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def ask(browser, **request):
    with TestCase.captureOnCommitCallbacks(execute=True):
        response = browser.post(PAGE, **request)
    assert (response.status_code, response.url) == (302, PAGE)
    return response


def test_visitors_are_sent_to_the_shops_log_in(client, shop, mailoutbox):
    for response in (client.get(PAGE), client.post(PAGE)):
        assert response.url == f"/shop/accounts/login/?next={PAGE}"
    assert mailoutbox == []


def test_looking_sends_nothing(browser, mailoutbox):
    for _time in range(3):
        page = browser.get(PAGE)
        browser.head(PAGE)

    assert f"<strong>{ANN}</strong>" in page.text
    assert "choose your password again" in page.text
    assert mailoutbox == []
    assert not VerifiedEmail.objects.exists()


def test_a_post_without_token_is_refused(known, mailoutbox):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(known, backend="django.contrib.auth.backends.ModelBackend")

    assert browser.post(PAGE).status_code == 403
    assert mailoutbox == []


def test_the_button_mails_a_link_that_proves_the_address(browser, known, mailoutbox):
    assert told(ask(browser)) == [f"We have sent a link to {ANN}."]

    [message] = mailoutbox
    assert message.to == [ANN]
    assert message.subject == f"Prove your e-mail address at {Site.objects.get_current().name}"
    assert "If you did not ask for this mail, you need not do anything" in message.body
    assert not VerifiedEmail.objects.exists()
    assert ANN not in link_in(message)

    assert follow(browser, message).url == reverse("password-reset-complete")

    known.refresh_from_db()
    assert known.check_password(NEW)
    proof = VerifiedEmail.objects.get()
    assert (proof.user, proof.source) == (known, "password_reset")
    assert Customer.objects.get().user == known
    assert [link.proven for link in CustomerOrder.objects.all()] == [True]


def test_whoever_registered_a_strangers_address_proves_nothing_by_asking(browser, known, mailoutbox):
    ask(browser)

    # The stranger reads the mail, and the account is the stranger's.
    follow(Client(), mailoutbox[0])

    assert browser.get(reverse(PROFILE)).status_code == 302
    known.refresh_from_db()
    assert not known.check_password(PASSWORD)


def test_the_mail_goes_to_the_stored_address_and_leads_to_the_shop(known, browser, mailoutbox):
    ask(browser, data={"email": "evil@example.net"}, headers={"host": "evil.example"})

    [message] = mailoutbox
    assert message.to == [ANN]
    assert "evil" not in message.body


def test_it_speaks_the_buyers_language(browser, mailoutbox):
    page = browser.get(PAGE, headers={"accept-language": "it"}).text
    ask(browser, headers={"accept-language": "it"})

    assert "Dimostra il tuo indirizzo e-mail" in page
    assert "Dimostra il tuo indirizzo e-mail" in mailoutbox[0].subject


def test_a_second_link_waits_some_minutes_in_every_session(browser, known, mailoutbox):
    ask(browser)
    other = Client()
    other.force_login(known, backend="django.contrib.auth.backends.ModelBackend")
    for again in (browser, other):
        [*_first, sentence] = told(ask(again))
        assert sentence.startswith("We have sent you a link just now.")
        assert "after 5 minutes" in sentence
    known.email = "victim@example.org"
    known.save()
    ask(browser)

    assert [message.to for message in mailoutbox] == [[ANN]]
    cache.clear()
    ask(browser)
    assert [message.to for message in mailoutbox] == [[ANN], ["victim@example.org"]]


def test_somebody_else_need_not_wait(browser, mailoutbox):
    ask(browser)
    bob = Client()
    bob.force_login(make_user("bob@example.org"), backend="django.contrib.auth.backends.ModelBackend")

    ask(bob)

    assert [message.to for message in mailoutbox] == [[ANN], ["bob@example.org"]]


@pytest.mark.parametrize(
    ("email", "is_proven", "sentence"),
    [
        (ANN, True, "is proven. There is nothing that you need to do."),
        ("", False, "Your account has no e-mail address."),
        ("no address", False, "Your account has no e-mail address."),
    ],
)
def test_without_need_there_is_no_button_and_no_mail(browser, known, mailoutbox, email, is_proven, sentence):
    type(known).objects.filter(pk=known.pk).update(email=email)
    if is_proven:
        VerifiedEmail.objects.create(user=known, email=ANN, source="staff")

    page = browser.get(PAGE).text
    response = ask(browser)

    assert sentence in page
    assert "Send me the link" not in page
    assert told(response) == ["There is no e-mail address of yours that needs to be proven."]
    assert mailoutbox == []
    assert PAGE not in browser.get(reverse(PROFILE)).text


def test_opening_the_link_changes_nothing_and_who_is_signed_in_is_asked_to_sign_out(
    browser, known, mailoutbox
):
    ask(browser)
    link = link_in(mailoutbox[0])
    scanner = Client(enforce_csrf_checks=True)
    for _time in range(2):
        assert scanner.get(link, follow=True).status_code == 200
        opened = browser.get(link)
        assert opened.url == SIGN_OUT
        assert (opened["Referrer-Policy"], opened["Cache-Control"]) == ("no-referrer", "no-store, private")
        assert "Sign out and choose the password" in browser.get(SIGN_OUT).text
        assert browser.get(reverse(PROFILE)).status_code == 200
    assert browser.post(link).status_code == 405
    assert not VerifiedEmail.objects.exists()

    follow(browser, mailoutbox[0])

    assert VerifiedEmail.objects.get().user == known


def test_a_link_works_once_and_a_forged_one_never(browser, known, mailoutbox):
    ask(browser)
    link = link_in(mailoutbox[0])
    page = Client().get(f"{link}x", follow=True)
    Client().post(page.request["PATH_INFO"], {"new_password1": NEW, "new_password2": NEW})
    assert not VerifiedEmail.objects.exists()
    follow(Client(), mailoutbox[0])
    VerifiedEmail.objects.all().delete()

    follow(Client(), mailoutbox[0], password="another-new-horse")

    known.refresh_from_db()
    assert known.check_password(NEW)
    assert not VerifiedEmail.objects.exists()


@pytest.mark.parametrize("path", [f"{PAGE}x/y/", f"{PAGE}%00/%00/", f"{PAGE}é/1-1/?mailed=%00"])
def test_what_is_no_link_leads_nowhere(browser, path):
    for who in (browser, Client()):
        assert who.get(path, follow=True).status_code in (200, 404)
    assert browser.get(reverse(PROFILE)).status_code == 200


def test_signing_out_needs_a_link(browser, client):
    for who in (browser, client):
        assert who.get(SIGN_OUT).url == PAGE
        assert who.post(SIGN_OUT).url == PAGE
    assert browser.get(reverse(PROFILE)).status_code == 200


# Where it is offered


def test_the_account_offers_it_until_it_is_done(browser, known):
    assert f'href="{PAGE}"' in browser.get(reverse(PROFILE)).text

    VerifiedEmail.objects.create(user=known, email=ANN, source="staff")

    assert PAGE not in browser.get(reverse(PROFILE)).text


def test_nobody_learns_from_the_offer_whether_the_shop_knows_an_address(browser, client, settings, shop):
    settings.OSCAR_CUSTOMERS_APPROVE_NEW_CUSTOMERS = False
    new = make_user("new@example.org")
    assert register_user(new) is not None
    client.force_login(new, backend="django.contrib.auth.backends.ModelBackend")

    def shown(who, email):
        who.get(reverse("checkout:index"))
        page = who.get(reverse("customer:order-list")).text
        return re.sub(r'csrf\w*" value="\w+|messagelist-\w+', "", page).replace(email, "")

    assert shown(browser, ANN) == shown(client, new.email)


def as_contact():
    subscribe_address(ANN, text="Yes")


def as_visitor_of_an_event():
    touch_customer(email=ANN, source="event")


def as_entered_by_staff():
    create_customer(email=ANN)


@pytest.mark.parametrize("known_first", [as_contact, as_visitor_of_an_event, as_entered_by_staff])
def test_who_was_known_first_proves_the_address_waits_is_approved_and_buys(
    known_first, client, shop, settings, mailoutbox
):
    settings.OSCAR_CUSTOMERS_APPROVE_NEW_CUSTOMERS = False
    known_first()
    user = make_user(ANN, password=PASSWORD)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    fill_basket(client, shop)

    stopped = client.get(reverse("checkout:index"))
    assert IN_THE_MESSAGE in told(stopped)[-1]
    as_script = client.get(reverse("checkout:index"), headers={"accept": "application/json"})
    assert IN_THE_MESSAGE in as_script.json()["error"]
    account = client.get(reverse(PROFILE)).text
    assert OFFER in account
    assert "waiting for approval" in account
    ask(client)
    follow(client, mailoutbox[0])
    assert client.login(username=ANN, password=NEW)

    customer = Customer.objects.get()
    assert (customer.user, customer.approval_state) == (user, "pending")
    assert customer in Customer.objects.pending().registered()
    account = client.get(reverse(PROFILE)).text
    assert "waiting for approval" in account
    assert OFFER not in account
    approve_customers([customer.pk], actor=None)
    assert client.get(reverse("checkout:index")).url == reverse("checkout:shipping-address")
    assert "alert-warning" not in client.get(reverse(PROFILE)).text
    assert place_order(client).url != reverse("checkout:thank-you")


def test_a_contact_without_customer_waits_without_proof(client, shop, settings):
    settings.OSCAR_CUSTOMERS_APPROVE_NEW_CUSTOMERS = False
    settings.OSCAR_CUSTOMERS_CREATE_ON_NEWSLETTER = False
    as_contact()
    assert Contact.objects.get().email == ANN
    user = make_user(ANN)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    client.get(reverse("checkout:index"))

    assert Customer.objects.pending().get().user == user


def test_the_account_asks_once_whether_the_address_is_proven(
    browser, settings, django_assert_max_num_queries
):
    settings.OSCAR_CUSTOMERS_APPROVE_NEW_CUSTOMERS = False
    with django_assert_max_num_queries(100) as captured:
        browser.get(reverse(PROFILE))

    table = 'FROM "oscar_customers_ext_verifiedemail"'
    assert sum(table in query["sql"] for query in captured.captured_queries) == 1
