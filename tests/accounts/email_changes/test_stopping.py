"""The old address stops a change."""

import pytest

from oscar_customers_ext.accounts.email_changes import actions
from oscar_customers_ext.accounts.models import EmailChange
from oscar_customers_ext.exceptions import AccountRefused
from tests.accounts.email_changes.story import LINK, NEW, UNCHANGED, addresses, follow, later, logged

pytestmark = pytest.mark.django_db


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


def test_the_old_address_can_stop_it(ann, links):
    response = follow(links["stop"])

    assert "The change was stopped." in response.text
    assert logged() == ["request_email_change", "stop_email_change"]
    assert "This link has expired" in follow(links["confirm"]).text
    assert addresses(ann) == UNCHANGED
