"""``manage.py expire_memberships``: notices before the end, and telling of the end, each once."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import ModelLogEntry

from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.memberships import audit
from oscar_customers_ext.memberships.actions import grant_membership, renew_membership, revoke_membership
from oscar_customers_ext.memberships.notices import Expiry
from oscar_customers_ext.models import Customer, Membership
from tests.factories import make_plan, make_user
from tests.signals import recorded_signals

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)


@pytest.fixture
def plan(db):
    return make_plan(notice_days=14)


def ends_in(customer, plan, days):
    now = timezone.now()
    return grant_membership(customer, plan, starts_at=now - 30 * DAY, ends_at=now + days * DAY)


def run(*arguments):
    out = StringIO()
    call_command("expire_memberships", *arguments, stdout=out)
    return out.getvalue()


def report(noticed, ended):
    return f"{noticed:>8}  notices before the end\n{ended:>8}  memberships that are over\n"


def test_a_notice_is_sent_once(customer, plan, mailoutbox):
    Customer.objects.update(language="it")
    membership = ends_in(customer, plan, 13)

    assert run() == report(1, 0)
    assert run() == report(0, 0)

    [mail] = mailoutbox
    assert mail.to == ["ann@example.org"]
    assert mail.subject.startswith("La tessera Club scade il ")
    assert "Ann Rossi" in mail.body
    assert "/shop/customer/memberships/" in mail.body
    [entry] = ModelLogEntry.objects.filter(action=audit.NOTICE)
    assert entry.user is None
    assert Membership.objects.get(pk=membership.pk).noticed_at is not None


def test_a_notice_in_english_for_a_customer_without_language(customer, plan, mailoutbox):
    ends_in(customer, plan, 13)
    run()

    assert mailoutbox[0].subject.startswith("Your membership Club ends on ")


def test_nothing_hostile_becomes_a_header(customer, plan, mailoutbox):
    plan.name = "Club\nBcc: all@example.org <b>&"
    plan.save()
    ends_in(customer, plan, 13)
    run()

    assert "\n" not in mailoutbox[0].subject
    assert "<b>&" in mailoutbox[0].body
    assert mailoutbox[0].recipients() == ["ann@example.org"]


@pytest.mark.parametrize("days", [15, 400])
def test_it_is_not_sent_too_early(customer, plan, mailoutbox, days):
    ends_in(customer, plan, days)

    assert run() == report(0, 0)
    assert mailoutbox == []


def test_who_gets_none(shop, plan, mailoutbox):
    """Archived, without an address, deactivated, revoked, without an end, of a plan without notice, future."""
    now = timezone.now()

    def customer(name):
        return create_customer(email=name and f"{name}@example.org", last_name=name or "Nobody")

    archived = customer("archived")
    ends_in(archived, plan, 5)
    Customer.objects.filter(pk=archived.pk).update(archived_at=now)
    ends_in(customer(""), plan, 5)
    deactivated = customer("deactivated")
    ends_in(deactivated, plan, 5)
    Customer.objects.filter(pk=deactivated.pk).update(user=make_user("x@example.org", is_active=False))
    revoke_membership(ends_in(customer("revoked"), plan, 5))
    grant_membership(customer("endless"), plan, ends_at=None)
    ends_in(customer("without"), make_plan("Without"), 5)
    grant_membership(customer("future"), plan, starts_at=now + DAY, ends_at=now + 3 * DAY)

    assert run() == report(0, 0)
    assert mailoutbox == []


def test_no_notice_where_the_next_membership_is_there(customer, plan, mailoutbox):
    first = ends_in(customer, plan, 5)
    grant_membership(customer, plan, starts_at=first.ends_at)

    assert run() == report(0, 0)
    assert mailoutbox == []


def test_a_renewed_one_gets_its_next_notice(customer, plan, mailoutbox):
    membership = ends_in(customer, plan, 5)
    run()
    renew_membership(membership, ends_at=timezone.now() + 10 * DAY)

    run()

    assert len(mailoutbox) == 2


def test_the_end_is_told_once_and_to_nobody_by_mail(customer, plan, mailoutbox):
    membership = ends_in(customer, plan, -1)
    with recorded_signals() as sent:
        assert run() == report(0, 1)
        assert run() == report(0, 0)

    assert [(name, found["membership"].pk, found["reason"]) for name, found in sent] == [
        ("membership_ended", membership.pk, "expired")
    ]
    assert mailoutbox == []


def test_a_dry_run_writes_and_sends_nothing(customer, plan, mailoutbox):
    ends_in(customer, plan, 5)
    ends_in(customer, make_plan("Over"), -1)
    before = list(Membership.objects.order_by("pk").values())

    with recorded_signals() as sent:
        assert run("--dry-run") == "Nothing was written or sent. A run would do:\n" + report(1, 1)

    assert (sent, mailoutbox) == ([], [])
    assert list(Membership.objects.order_by("pk").values()) == before


def test_two_runs_at_once_send_one_mail(customer, plan, mailoutbox):
    """Both have read what is to be done before the first of them does it."""
    ends_in(customer, plan, 5)
    first, second = Expiry(), Expiry()
    both = [(run, run.to_notice().select_related("plan", "customer").get()) for run in (first, second)]

    done = [run._done(membership, run._notice) for run, membership in both]

    assert done == [True, False]
    assert len(mailoutbox) == 1
    assert ModelLogEntry.objects.filter(action=audit.NOTICE).count() == 1


def test_one_that_was_renewed_meanwhile_gets_no_notice(customer, plan, mailoutbox):
    expiry, membership = Expiry(), ends_in(customer, plan, 5)
    found = expiry.to_notice().select_related("plan", "customer").get()
    renew_membership(membership)

    assert expiry._done(found, expiry._notice) is False
    assert mailoutbox == []
    assert Membership.objects.get().noticed_at is None


def test_what_fails_is_logged_and_the_others_are_done(shop, plan, mailoutbox, settings, caplog, tmp_path):
    bad, good = (create_customer(email=f"{name}@example.org", language=name) for name in ("xx", "en"))
    ends_in(bad, plan, 5)
    ends_in(good, plan, 5)
    broken = tmp_path / "oscar_customers_ext" / "mail"
    broken.mkdir(parents=True)
    (broken / "membership_ends_body.txt").write_text(
        '{% load i18n %}{% get_current_language as code %}{% if code == "xx" %}{% include missing %}{% endif %}Hello'
    )
    [templates] = settings.TEMPLATES
    settings.TEMPLATES = [{**templates, "DIRS": [tmp_path]}]

    with pytest.raises(CommandError) as caught:
        run()

    assert str(caught.value) == "1 memberships could not be worked on; the log says why."
    assert [mail.to for mail in mailoutbox] == [["en@example.org"]]
    assert "xx@example.org" not in caplog.text
    assert Membership.objects.get(customer=bad).noticed_at is None


def test_a_site_that_has_not_mounted_the_pages_sends_no_link(customer, plan, mailoutbox, settings):
    settings.ROOT_URLCONF = "django.contrib.auth.urls"
    ends_in(customer, plan, 5)
    run()

    assert "http" not in mailoutbox[0].body


def test_the_statements_do_not_grow_with_those_who_are_not_due(customer, plan, django_assert_max_num_queries):
    many = [create_customer(email=f"m{number}@example.org") for number in range(50)]
    for one in many:
        ends_in(one, plan, 100)
    with django_assert_max_num_queries(3):
        run()
