"""What a template shows to some and hides from others."""

import pytest
from django.db import connection
from django.template import Context, Template, TemplateSyntaxError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from oscar_customers_ext.models import Customer, CustomerGroup
from tests.factories import make_plan, make_user

pytestmark = pytest.mark.django_db


def render(source, request=None, **context):
    if request is not None:
        context["request"] = request
    return Template("{% load oscar_customers %}" + source).render(Context(context))


def only_for(conditions, request, **context):
    source = f"{{% only_for {conditions} %}}SECRET{{% else %}}other{{% endonly_for %}}"
    return render(source, request, **context)


def request_of(client):
    """One that came through the middleware."""
    return client.get(reverse("catalogue:index")).wsgi_request


@pytest.fixture
def guest(client, shop):
    return request_of(client)


CONDITIONS = {
    'state="guest"': {"guest"},
    'state="signed-in"': {"account", "pending", "trade"},
    'state="approved"': {"trade"},
    'group="trade"': {"trade", "pending"},
    'group="press, trade"': {"trade", "pending"},
    'group="press"': set(),
    'plan="Club"': {"trade"},
    'group="press" plan="Club"': {"trade"},
    'plan="Gold"': set(),
    'group="Trade"': set(),
    'group=""': set(),
    "group=missing": set(),
    "state=missing": set(),
    "group=nothing plan=nothing": set(),
    "group=groups": {"trade", "pending"},
    "group=group": {"trade", "pending"},
    "group=group.pk": {"trade", "pending"},
    "group=unsaved": set(),
    "group=True": set(),
    "group=broken": set(),
    'plan="1"': set(),
}


@pytest.mark.parametrize("conditions", CONDITIONS)
def test_who_sees_what(make_member, client, caplog, conditions):
    class Broken:
        def __iter__(self):
            raise RuntimeError

    trade = make_member("trade")
    make_plan().memberships.create(customer=trade.customer)
    pending = make_member("trade", email="pending@example.org")
    Customer.objects.filter(pk=pending.customer.pk).update(approved_buyer=False)
    account = make_member(email="account@example.org")
    Customer.objects.filter(pk=account.customer.pk).delete()
    group = CustomerGroup.objects.get(slug="trade")
    context = {
        "groups": ["press", group],
        "group": group,
        "unsaved": CustomerGroup(slug="trade"),
        "nothing": None,
        "broken": Broken(),
    }
    people = {"guest": client, "account": account, "pending": pending, "trade": trade}

    seen = {
        name for name, who in people.items() if only_for(conditions, request_of(who), **context) == "SECRET"
    }

    assert seen == CONDITIONS[conditions]
    assert ("could not be found out" in caplog.text) is (conditions == "group=broken")


def test_without_a_request_everything_is_hidden(shop):
    for conditions in ('state="guest"', 'state="signed-in"', 'group="trade"'):
        assert only_for(conditions, None) == "other"
    assert render('{% only_for group="trade" %}SECRET{% endonly_for %}') == ""


def test_a_request_that_did_not_pass_the_middleware_sees_nothing(rf, make_member):
    request = rf.get("/")
    request.user = make_member("trade").customer.user

    for conditions in ('state="guest"', 'state="signed-in"', 'group="trade"'):
        assert only_for(conditions, request) == "other"


def test_one_within_the_other_needs_both(make_member):
    source = '{% only_for state="approved" %}A{% only_for group="trade" %}B{% endonly_for %}{% endonly_for %}'
    trade = make_member("trade")
    assert render(source, request_of(trade)) == "AB"
    assert render(source, request_of(make_member(email="b@example.org"))) == "A"

    Customer.objects.update(approved_buyer=False)

    assert render(source, request_of(trade)) == ""


def test_a_group_that_is_renamed_or_deleted_opens_nothing(make_member):
    client = make_member("trade")
    assert only_for('group="trade"', request_of(client)) == "SECRET"

    CustomerGroup.objects.update(slug="dealers")
    assert only_for('group="trade"', request_of(client)) == "other"
    CustomerGroup.objects.all().delete()
    assert only_for('group="trade"', request_of(client)) == "other"
    assert only_for('group="dealers"', request_of(client)) == "other"


def test_a_membership_counts_to_its_last_moment(make_member):
    client = make_member()
    membership = make_plan().memberships.create(customer=client.customer)
    assert only_for('plan="Club"', request_of(client)) == "SECRET"

    membership.revoked_at = timezone.now()
    membership.save()

    assert only_for('plan="Club"', request_of(client)) == "other"


def test_a_lookup_that_fails_hides_and_is_logged_once(make_member, monkeypatch, caplog):
    client = make_member("trade")
    monkeypatch.setattr(CustomerGroup.objects.__class__, "of", lambda self, customer: 1 / 0, raising=False)
    request = request_of(client)

    assert only_for('group="trade"', request) == "other"
    assert only_for('group="trade"', request) == "other"
    assert caplog.text.count("What customer") == 1


def test_the_rule_costs_one_query_for_groups_and_one_for_plans(make_member):
    request = request_of(make_member("trade"))
    del request.__dict__["_customers_visitor"]

    with CaptureQueriesContext(connection) as queries:
        for _time in range(5):
            only_for('group="trade" plan="Club"', request)
            only_for('group="press" plan="Club"', request)

    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 2


def test_an_error_in_what_is_shown_is_the_templates_own(make_member):
    class Broken:
        def __str__(self):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        render(
            '{% only_for group="trade" %}{{ broken }}{% endonly_for %}',
            request_of(make_member("trade")),
            broken=Broken(),
        )


@pytest.mark.parametrize(
    "source",
    [
        "{% only_for %}x{% endonly_for %}",
        '{% only_for "trade" %}x{% endonly_for %}',
        '{% only_for groups="trade" %}x{% endonly_for %}',
        '{% only_for state="guests" %}x{% endonly_for %}',
        '{% only_for state="members" %}x{% endonly_for %}',
        '{% only_for state="guest" group="trade" %}x{% endonly_for %}',
        '{% only_for group="trade" and %}x{% endonly_for %}',
        '{% only_for group="trade" %}x',
    ],
)
def test_a_mistake_in_a_template_is_told_when_it_is_loaded(source):
    with pytest.raises(TemplateSyntaxError):
        render(source)


def test_an_account_of_somebody_else_says_nothing(make_member, rf):
    """A request keeps what it found for one user only."""
    request = request_of(make_member("trade"))
    assert only_for('group="trade"', request) == "SECRET"

    request.user = make_user("eve@example.org")
    del request.__dict__["customer"]

    assert only_for('group="trade"', request) == "other"
