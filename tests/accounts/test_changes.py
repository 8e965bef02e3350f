"""Staff change a customer's user account."""

import pytest
from django.contrib.auth import get_user_model
from wagtail.models import ModelLogEntry

from oscar_customers_ext.models import Customer, VerifiedEmail
from tests.accounts.office import ANN, CHANGES, PASSWORD, PROTECTED, actions_in_log, protect, url, user_of
from tests.factories import make_user

pytestmark = pytest.mark.django_db


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
