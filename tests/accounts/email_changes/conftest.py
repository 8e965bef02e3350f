"""A registered customer, staff, and the links of a change that was just requested."""

import pytest

from oscar_customers_ext.accounts.email_changes import actions
from oscar_customers_ext.contacts.actions import record_consent
from oscar_customers_ext.customers.actions import register_user
from oscar_customers_ext.models import VerifiedEmail
from tests.accounts.email_changes.story import LINK, NEW, OLD
from tests.factories import make_user


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
