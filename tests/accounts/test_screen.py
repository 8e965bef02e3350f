"""The user account of a customer in the Wagtail admin."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.contrib.sites.models import Site
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from oscar_customers_ext.accounts.actions import create_account, vouch_for_address
from oscar_customers_ext.customers.actions import create_customer, link_order
from oscar_customers_ext.models import Customer, StaffSite, VerifiedEmail
from tests.customers.test_screen import FORM
from tests.factories import make_order, make_user

pytestmark = pytest.mark.django_db

PASSWORD = "correct-horse-battery"
ANN = "ann@example.org"
NEW = {"account_username": "", "account_password": "", "account_password_again": ""}
WITH_PASSWORD = NEW | {"account_password": PASSWORD, "account_password_again": PASSWORD}


def url(name, *args):
    return reverse(f"oscar_customers:{name}", args=args)


def actions_in_log():
    return [entry.action.split(".")[1] for entry in ModelLogEntry.objects.order_by("pk")]


@pytest.fixture
def manager(sign_in):
    return sign_in("add_customer", "change_customer", "view_customer", "manage_account_customer")


@pytest.fixture
def ann(shop):
    return create_customer(email=ANN, first_name="Ann", last_name="Rossi")


@pytest.fixture
def registered(ann):
    create_account(ann, username="ann.rossi", password=PASSWORD)
    ModelLogEntry.objects.all().delete()
    ann.refresh_from_db()
    return ann


def user_of(customer):
    customer.refresh_from_db()
    return customer.user


# The tab


def test_the_section_is_hidden_without_permission(editor, ann):
    assert url("account", ann.pk) not in editor.get(url("edit", ann.pk)).text


def test_the_section_is_there_with_it(manager, ann):
    page = manager.get(url("edit", ann.pk)).text

    assert "Account and roles" in page
    assert url("account", ann.pk) in page


def test_it_says_that_there_is_no_account_and_offers_one(manager, ann):
    section = manager.get(url("account", ann.pk)).text

    assert "This customer has no user account, and buys as a guest." in section
    assert url("account_create", ann.pk) in section


def test_it_shows_the_account_and_never_the_password(manager, registered):
    section = manager.get(url("account", registered.pk)).text

    assert "ann.rossi" in section
    assert ANN in section
    assert "Never" in section
    assert user_of(registered).password not in section
    assert PASSWORD not in section
    for name in ("rename", "password", "link", "vouch", "deactivate"):
        assert url(f"account_{name}", registered.pk) in section
    assert url("account_activate", registered.pk) not in section
    assert "<form" not in section


def test_it_shows_the_tick_how_and_when(manager, registered):
    vouch_for_address(registered, actor=make_user("boss@example.org"))

    section = manager.get(url("account", registered.pk)).text
    card = manager.get(url("edit", registered.pk)).text

    assert "icon-check" in section
    assert "vouched for by staff" in section
    assert url("account_vouch", registered.pk) not in section
    assert "Proven: the customer reads mail at this address." in card


def test_who_may_only_view_sees_no_buttons(sign_in, registered):
    section = sign_in("view_customer", "manage_account_customer").get(url("account", registered.pk)).text

    assert "ann.rossi" in section
    assert 'class="button' not in section


def test_another_address_of_the_account_is_pointed_out(manager, registered):
    get_user_model().objects.filter(pk=registered.user_id).update(email="new@example.org")

    section = manager.get(url("account", registered.pk)).text

    assert (
        f"The customer&#x27;s address is another one: {ANN}" in section
        or f"The customer's address is another one: {ANN}" in section
    )


def test_a_hostile_user_name_is_only_text(manager, registered):
    get_user_model().objects.filter(pk=registered.user_id).update(username="<script>alert(1)</script>")

    for name in ("account", "account_rename", "account_vouch", "account_link"):
        assert "<script>alert(1)" not in manager.get(url(name, registered.pk)).text


@pytest.mark.parametrize("orders", [1, 40])
def test_the_section_takes_few_queries(manager, registered, orders, django_assert_max_num_queries):
    for _number in range(orders):
        link_order(make_order(ANN))
    manager.get(url("account", registered.pk))

    with django_assert_max_num_queries(12):
        manager.get(url("account", registered.pk))


# A new account


def test_creating_one_without_a_password_sends_no_mail(manager, ann, mailoutbox):
    response = manager.post(url("account_create", ann.pk), NEW)

    user = user_of(ann)
    assert response.url == f"{url('edit', ann.pk)}#tab-account"
    assert (user.email, user.first_name, user.last_name) == (ANN, "Ann", "Rossi")
    assert (user.username, user.is_active, user.has_usable_password()) == ("ann", True, False)
    assert (user.is_staff, user.is_superuser) == (False, False)
    assert not VerifiedEmail.objects.exists()
    assert actions_in_log() == ["create_account"]
    assert mailoutbox == []


def test_creating_one_with_name_and_password(manager, ann, mailoutbox):
    manager.post(url("account_create", ann.pk), WITH_PASSWORD | {"account_username": "ann.rossi"})

    user = user_of(ann)
    assert user.username == "ann.rossi"
    assert user.check_password(PASSWORD)
    proof = VerifiedEmail.objects.get()
    assert (proof.user, proof.source) == (user, "staff")
    assert actions_in_log() == ["create_account", "vouch_for_address"]
    assert mailoutbox == []


def test_the_log_holds_no_secret(manager, ann):
    manager.post(url("account_create", ann.pk), WITH_PASSWORD)
    manager.post(
        url("account_password", ann.pk),
        {"account_password": "x" + PASSWORD, "account_password_again": "x" + PASSWORD},
    )
    manager.post(url("account_link", ann.pk))

    logged = "".join(str(entry.data) + str(entry.message) for entry in ModelLogEntry.objects.all())
    assert PASSWORD not in logged
    assert user_of(ann).password not in logged
    assert "password-reset" not in logged


def test_the_link_is_sent_when_ticked(manager, ann, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        manager.post(
            url("account_create", ann.pk), NEW | {"account_link": "on"}, headers={"host": "evil.example"}
        )
        manager.post(url("account_create", ann.pk), NEW | {"account_link": "on"})

    [message] = mailoutbox
    domain = Site.objects.get_current().domain
    assert message.to == [ANN]
    assert message.subject == f"Set a password for your account at {Site.objects.get_current().name}"
    [path] = re.findall(rf"http://{domain}(/shop/password-reset/confirm/\S+)", message.body)
    assert actions_in_log() == ["create_account", "send_password_link"]

    buyer = Client()
    page = buyer.get(path, follow=True)
    new = {"new_password1": "a-new-horse-battery", "new_password2": "a-new-horse-battery"}
    buyer.post(page.request["PATH_INFO"], new)
    assert user_of(ann).check_password("a-new-horse-battery")
    assert ann.email_is_proven


def test_a_second_press_makes_no_second_account(manager, ann, mailoutbox):
    for _press in range(2):
        response = manager.post(url("account_create", ann.pk), NEW)
        assert response.status_code == 302

    assert get_user_model().objects.filter(email=ANN).count() == 1
    assert actions_in_log() == ["create_account"]


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        (
            {"account_username": "Taken"},
            "account_username",
            "The user name Taken is taken. Choose another one.",
        ),
        ({"account_username": "a b"}, "account_username", "Enter a valid username."),
        ({"account_username": "x" * 200}, "account_username", "at most 150 characters"),
        ({"account_username": "bob@example.org"}, "account_username", "looks like an e-mail address"),
        ({"account_password": "12345", "account_password_again": "12345"}, "account_password", "too short"),
        (
            {"account_password": ANN, "account_password_again": ANN},
            "account_password",
            "too similar to the email address",
        ),
        (
            {"account_password": PASSWORD, "account_password_again": "x"},
            "account_password_again",
            "The two passwords differ.",
        ),
        ({"account_password": PASSWORD}, "account_password_again", "The two passwords differ."),
        ({"account_password_again": PASSWORD}, "account_password_again", "The two passwords differ."),
    ],
)
def test_what_is_wrong_gets_a_sentence_and_keeps_what_was_typed(
    manager, ann, settings, typed, field, sentence
):
    settings.AUTH_PASSWORD_VALIDATORS = [
        {"NAME": f"django.contrib.auth.password_validation.{name}"}
        for name in ("MinimumLengthValidator", "UserAttributeSimilarityValidator")
    ]
    make_user("bob@example.org", username="taken")

    response = manager.post(url("account_create", ann.pk), NEW | typed)

    assert response.status_code == 200
    assert sentence in " ".join(response.context["form"].errors[field])
    assert response.context["form"]["account_username"].value() == typed.get("account_username", "")
    assert PASSWORD not in response.text
    assert user_of(ann) is None
    assert actions_in_log() == []


def test_the_customers_own_address_may_be_the_user_name(manager, ann):
    manager.post(url("account_create", ann.pk), NEW | {"account_username": "Ann@Example.org"})

    assert user_of(ann).username == "Ann@Example.org"


def test_a_name_that_is_made_avoids_a_taken_one(manager, ann):
    make_user("other@example.com", username="ANN")

    manager.post(url("account_create", ann.pk), NEW)

    assert re.fullmatch(r"ann\d{6}", user_of(ann).username)


def test_without_an_address_name_and_password_are_needed(manager, shop):
    customer = create_customer(email="", first_name="Zoe")

    for typed in (NEW, NEW | {"account_username": "zoe"}, WITH_PASSWORD):
        response = manager.post(url("account_create", customer.pk), typed)
        assert "Without an e-mail address the customer cannot set a password." in response.text
    response = manager.post(
        url("account_create", customer.pk), WITH_PASSWORD | {"account_username": "zoe", "account_link": "on"}
    )
    assert "there is nowhere to send a link to" in response.text
    assert user_of(customer) is None

    manager.post(url("account_create", customer.pk), WITH_PASSWORD | {"account_username": "zoe"})
    assert user_of(customer).check_password(PASSWORD)
    assert not VerifiedEmail.objects.exists()


# Users with the address are there already


def protect(user, how):
    if how in ("is_staff", "is_superuser"):
        setattr(user, how, True)
        user.save()
    else:
        group = Group.objects.create(name="Office")
        group.permissions.set(Permission.objects.filter(codename=how))
        user.groups.add(group)


PROTECTED = ["is_staff", "is_superuser", "access_admin", "dashboard_access"]


def test_one_is_offered_to_be_attached_and_no_other_is_created(manager, ann):
    user = make_user("Ann@example.org", username="ann1")

    for response in (
        manager.get(url("account_create", ann.pk)),
        manager.post(url("account_create", ann.pk), NEW),
    ):
        assert (
            f"There is already a user account with the address {ANN}, so no other is created."
            in response.text
        )
        assert url("account_attach", ann.pk, user.pk) in response.text
    assert get_user_model().objects.filter(email__iexact=ANN).count() == 1
    assert user_of(ann) is None


def test_of_several_one_is_chosen(manager, ann):
    users = [make_user(ANN, username=name) for name in ("ann1", "ann2")]

    page = manager.get(url("account_create", ann.pk)).text
    manager.post(url("account_attach", ann.pk, users[1].pk))

    assert "There are already 2 user accounts with the address" in page
    assert user_of(ann) == users[1]


def test_attaching_is_logged_and_opens_no_orders(manager, ann, mailoutbox):
    link_order(make_order(ANN))
    user = make_user(ANN, username="ann1")
    link_order(make_order(user=user))

    page = manager.get(url("account_attach", ann.pk, user.pk)).text
    assert user_of(ann) is None
    response = manager.post(url("account_attach", ann.pk, user.pk))

    assert "Anybody can register with anybody" in page
    assert response.url == f"{url('edit', ann.pk)}#tab-account"
    assert user_of(ann) == user
    proven = {link.order.user_id: link.proven for link in ann.order_links.all()}
    assert proven == {None: False, user.pk: True}
    [entry] = ModelLogEntry.objects.all()
    assert (entry.action, str(entry.message)) == (
        "oscar_customers_ext.attach_account",
        "User account ann1 attached",
    )
    assert mailoutbox == []


@pytest.mark.parametrize("how", PROTECTED)
def test_staff_are_never_attached(manager, ann, how):
    user = make_user(ANN)
    protect(user, how)

    page = manager.get(url("account_create", ann.pk)).text
    response = manager.post(url("account_attach", ann.pk, user.pk))

    sentence = "This user account may work in the admin, so it is not touched here."
    assert sentence in page
    assert url("account_attach", ann.pk, user.pk) not in page
    assert sentence in response.text
    assert user_of(ann) is None


def test_nor_is_one_that_is_deactivated_or_another_customers_or_elsewhere(manager, ann):
    inactive = make_user(ANN, is_active=False)
    taken = make_user(ANN)
    create_customer(email="taken@example.org", user=taken)
    elsewhere = make_user("eve@example.org", first_name="Canary")

    for user, sentence in (
        (inactive, "This user account is deactivated, so it cannot be attached."),
        (taken, "This user account belongs to another customer."),
        (elsewhere, "This user account has another e-mail address than the customer."),
    ):
        response = manager.post(url("account_attach", ann.pk, user.pk))
        assert sentence in response.text
        assert "eve@example.org" not in response.text
    assert user_of(ann) is None
    assert actions_in_log() == []


@pytest.mark.parametrize("pk", ["0", "999999", "x", "-1"])
def test_an_account_that_is_not_there_is_not_found(manager, ann, pk):
    assert manager.post(url("account_attach", ann.pk, pk)).status_code == 404


# With a new customer


def test_a_new_customer_gets_no_account_unless_ticked(manager, mailoutbox):
    manager.post(url("add"), FORM | WITH_PASSWORD)

    assert user_of(Customer.objects.get()) is None
    assert mailoutbox == []


def test_a_new_customer_gets_one_when_ticked(manager, mailoutbox):
    response = manager.post(url("add"), FORM | WITH_PASSWORD | {"create_account": "on"})

    customer = Customer.objects.get()
    user = user_of(customer)
    assert response.url == url("edit", customer.pk)
    assert (user.email, user.first_name) == (ANN, "Ann")
    assert user.check_password(PASSWORD)
    assert sorted(actions_in_log()) == ["create", "create_account", "vouch_for_address"]
    assert mailoutbox == []


def test_and_a_link_when_that_is_ticked_once(manager, mailoutbox, django_capture_on_commit_callbacks):
    form = FORM | NEW | {"create_account": "on", "account_link": "on"}
    with django_capture_on_commit_callbacks(execute=True):
        manager.post(url("add"), form)
        manager.post(url("add"), form)

    assert [message.to for message in mailoutbox] == [[ANN]]


def test_what_is_wrong_with_the_account_creates_no_customer(manager):
    make_user("bob@example.org", username="taken")

    response = manager.post(url("add"), FORM | NEW | {"create_account": "on", "account_username": "taken"})

    assert "The user name taken is taken." in response.text
    assert not Customer.objects.exists()
    assert response.context["form"]["first_name"].value() == "Ann"


def test_an_address_that_has_an_account_is_told(manager):
    make_user(ANN)

    response = manager.post(url("add"), FORM | NEW | {"create_account": "on"})

    assert (
        "There is already a user account with this e-mail address. Save the customer without" in response.text
    )
    assert not Customer.objects.exists()


def test_without_permission_the_box_is_absent_and_a_hand_made_post_creates_no_account(editor):
    assert "create_account" not in editor.get(url("add")).text

    editor.post(url("add"), FORM | WITH_PASSWORD | {"create_account": "on"})

    assert user_of(Customer.objects.get()) is None
    assert not get_user_model().objects.filter(email=ANN).exists()


def test_who_takes_the_name_meanwhile_is_told_of(manager, monkeypatch):
    """Between the check of the form and the writing; nothing is written then."""
    from oscar_customers_ext.accounts import forms

    def quicker(customer, **kwargs):
        make_user("bob@example.org", username="ann.rossi")
        return create_account(customer, **kwargs)

    monkeypatch.setattr(forms, "create_account", quicker)

    response = manager.post(
        url("add"), FORM | NEW | {"create_account": "on", "account_username": "ann.rossi"}
    )

    assert "The user name ann.rossi is taken." in response.text
    assert not Customer.objects.exists()


# Changing it


def test_setting_a_password(manager, registered, mailoutbox):
    before = user_of(registered).password
    response = manager.post(
        url("account_password", registered.pk),
        {"account_password": "new-horse-9", "account_password_again": "new-horse-9"},
    )

    assert response.url == f"{url('edit', registered.pk)}#tab-account"
    assert user_of(registered).check_password("new-horse-9")
    assert user_of(registered).password != before
    assert actions_in_log() == ["set_password"]
    assert not VerifiedEmail.objects.exists()
    assert mailoutbox == []


@pytest.mark.parametrize(
    ("passwords", "sentence"),
    [
        (("short", "short"), "too short"),
        (("ann.rossi9", "ann.rossi9"), "too similar to the username"),
        (("a" * 12, "b" * 12), "differ"),
    ],
)
def test_a_password_that_is_refused(manager, registered, settings, passwords, sentence):
    settings.AUTH_PASSWORD_VALIDATORS = [
        {"NAME": f"django.contrib.auth.password_validation.{name}"}
        for name in ("MinimumLengthValidator", "UserAttributeSimilarityValidator")
    ]
    data = dict(zip(("account_password", "account_password_again"), passwords, strict=True))
    response = manager.post(url("account_password", registered.pk), data)

    assert sentence in response.text
    assert user_of(registered).check_password(PASSWORD)
    assert actions_in_log() == []


def test_renaming(manager, registered):
    manager.post(url("account_rename", registered.pk), {"username": " ann.bianchi "})

    assert user_of(registered).username == "ann.bianchi"
    [entry] = ModelLogEntry.objects.all()
    assert str(entry.message) == "User name changed from ann.rossi to ann.bianchi"


def test_the_same_name_is_no_change_and_another_case_is(manager, registered):
    manager.post(url("account_rename", registered.pk), {"username": "ann.rossi"})
    assert actions_in_log() == []

    manager.post(url("account_rename", registered.pk), {"username": "Ann.Rossi"})
    assert user_of(registered).username == "Ann.Rossi"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("BOB", "The user name BOB is taken. Choose another one."),
        ("bob@example.org", "looks like an e-mail address"),
        ("", "This field is required."),
        ("a/b", "Enter a valid username."),
        ("x" * 151, "at most 150 characters"),
    ],
)
def test_a_name_that_is_refused_is_kept_in_the_form(manager, registered, name, sentence):
    make_user("bob@example.org", username="bob")

    response = manager.post(url("account_rename", registered.pk), {"username": name})

    assert sentence in " ".join(response.context["form"].errors["username"])
    assert response.context["form"]["username"].value() == name
    assert user_of(registered).username == "ann.rossi"
    assert actions_in_log() == []


@pytest.mark.parametrize("name", ["create", "password", "rename", "link", "vouch", "deactivate", "activate"])
def test_each_page_says_whose_account_it_is_about(manager, registered, name):
    assert (
        '<p class="customers-whose">Ann Rossi</p>' in manager.get(url(f"account_{name}", registered.pk)).text
    )


def test_the_activity_tells_of_the_account_once(manager, registered):
    manager.post(url("account_vouch", registered.pk))

    activity = manager.get(url("activity", registered.pk)).text

    assert activity.count("Vouched for the e-mail address") == 1
    assert "E-mail address proven" not in activity


def test_deactivating_and_activating(manager, registered):
    for name, is_active in (("deactivate", False), ("deactivate", False), ("activate", True)):
        assert manager.get(url(f"account_{name}", registered.pk)).status_code == 200
        manager.post(url(f"account_{name}", registered.pk))
        assert user_of(registered).is_active is is_active

    assert actions_in_log() == ["deactivate_account", "activate_account"]


def test_sending_a_link(manager, registered, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        manager.get(url("account_link", registered.pk))
    assert mailoutbox == []

    with django_capture_on_commit_callbacks(execute=True):
        manager.post(url("account_link", registered.pk))

    assert [message.to for message in mailoutbox] == [[ANN]]
    assert "Hello Ann Rossi," in mailoutbox[0].body
    assert actions_in_log() == ["send_password_link"]


def test_the_link_is_written_in_the_customers_language(
    manager, registered, mailoutbox, django_capture_on_commit_callbacks
):
    Customer.objects.filter(pk=registered.pk).update(language="it")

    with django_capture_on_commit_callbacks(execute=True):
        manager.post(url("account_link", registered.pk))

    assert "Buongiorno Ann Rossi" in mailoutbox[0].body


@pytest.mark.parametrize(("column", "value"), [("email", ""), ("is_active", False)])
def test_a_link_needs_an_address_and_an_active_account(
    manager, registered, mailoutbox, django_capture_on_commit_callbacks, column, value
):
    get_user_model().objects.filter(pk=registered.user_id).update(**{column: value})

    with django_capture_on_commit_callbacks(execute=True):
        manager.post(url("account_link", registered.pk))

    assert mailoutbox == []
    assert actions_in_log() == []


def test_vouching_asks_first(manager, registered):
    link_order(make_order(ANN))
    page = manager.get(url("account_vouch", registered.pk)).text
    assert not VerifiedEmail.objects.exists()

    manager.post(url("account_vouch", registered.pk))

    assert "Whoever signs in with this account then sees all orders" in page
    assert VerifiedEmail.objects.get().source == "staff"
    assert [link.proven for link in registered.order_links.all()] == [True]
    assert actions_in_log() == ["vouch_for_address"]


CHANGES = {
    "account_password": {"account_password": PASSWORD + "x", "account_password_again": PASSWORD + "x"},
    "account_rename": {"username": "new"},
    "account_activate": {},
    "account_deactivate": {},
    "account_link": {},
    "account_vouch": {},
}


@pytest.mark.parametrize("how", PROTECTED)
def test_accounts_of_staff_are_never_changed(
    manager, registered, how, mailoutbox, django_capture_on_commit_callbacks
):
    user = user_of(registered)
    protect(user, how)
    before = get_user_model().objects.values().get(pk=user.pk)

    for name, data in CHANGES.items():
        with django_capture_on_commit_callbacks(execute=True):
            for response in (
                manager.get(url(name, registered.pk)),
                manager.post(url(name, registered.pk), data),
            ):
                assert "This user account may work in the admin, so it is not touched here." in response.text

    assert get_user_model().objects.values().get(pk=user.pk) == before
    assert not VerifiedEmail.objects.exists()
    assert actions_in_log() == []
    assert mailoutbox == []
    section = manager.get(url("account", registered.pk)).text
    assert 'class="button' not in section


def test_a_deactivated_member_of_the_admin_is_not_activated(manager, registered):
    user = user_of(registered)
    protect(user, "access_admin")
    get_user_model().objects.filter(pk=user.pk).update(is_active=False)

    manager.post(url("account_activate", registered.pk))

    assert not user_of(registered).is_active


def test_without_an_account_there_is_nothing_to_change(manager, ann):
    for name, data in CHANGES.items():
        response = manager.post(url(name, ann.pk), data)
        assert "This customer has no user account." in response.text
    assert actions_in_log() == []


def test_nothing_is_done_without_the_permission(editor, registered):
    before = get_user_model().objects.values().get(pk=registered.user_id)

    for name, data in CHANGES.items():
        assert editor.post(url(name, registered.pk), data).status_code == 302

    assert get_user_model().objects.values().get(pk=registered.user_id) == before
    assert actions_in_log() == []


def test_a_get_changes_nothing(manager, registered):
    before = get_user_model().objects.values().get(pk=registered.user_id)

    for name in CHANGES:
        assert manager.get(url(name, registered.pk), CHANGES[name]).status_code == 200

    assert get_user_model().objects.values().get(pk=registered.user_id) == before
    assert not VerifiedEmail.objects.exists()
    assert actions_in_log() == []


# Others with the address that is vouched for


@pytest.fixture
def rival(registered):
    return make_user(ANN, username="<b>rival")


def test_vouching_names_the_accounts_that_lose_their_password(manager, registered, rival):
    staff = make_user(ANN, username="the.boss", is_staff=True)

    page = manager.get(url("account_vouch", registered.pk)).text

    assert "These user accounts will lose their password:" in page
    assert "<li>&lt;b&gt;rival</li>" in page
    assert "the.boss" not in page
    manager.post(url("account_vouch", registered.pk))
    rival.refresh_from_db()
    staff.refresh_from_db()
    assert (rival.has_usable_password(), staff.has_usable_password()) == (False, True)


def test_nobody_is_named_where_somebody_proved_the_address(manager, registered, rival):
    VerifiedEmail.objects.create(user=rival, email=ANN, email_key=ANN, source="password_reset")

    assert "will lose their password:" not in manager.get(url("account_vouch", registered.pk)).text


def test_who_may_not_change_the_customer_of_the_other_account_does_not_vouch(manager, registered, rival):
    other = create_customer(email="other@example.org", user=rival)
    shop_a = Site.objects.get(pk=1)
    StaffSite.objects.create(group=Group.objects.get(name__startswith="Staff"), site=shop_a)
    registered.sites.add(shop_a)

    for ask in (manager.get, manager.post):
        page = ask(url("account_vouch", registered.pk)).text
        assert "it belongs to a customer whom you may not change" in page
        assert "rival" not in page
    rival.refresh_from_db()
    assert rival.has_usable_password()
    assert not VerifiedEmail.objects.exists()

    other.sites.add(shop_a)
    manager.post(url("account_vouch", registered.pk))
    assert VerifiedEmail.objects.get().user == registered.user
