"""Approving and declining in the Wagtail admin."""

import pytest
from django.db import transaction
from django.urls import reverse
from wagtail.models import ModelLogEntry

from oscar_customers_ext.approval.actions import approve_customers, decline_customers
from oscar_customers_ext.approval.forms import MAILS_AT_ONCE
from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.models import Customer
from oscar_customers_ext.viewsets.approvals import AT_MOST
from tests.customers.test_screen import FORM
from tests.factories import make_user
from tests.test_permissions import hidden_from_staff  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db

INDEX = "/admin/customer-approvals/"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def approver(sign_in):
    return sign_in("approve_customer", "view_customer")


def waiting(email="ann@example.org", **columns):
    return create_customer(email=email, approved_buyer=False, **columns)


def url(name, customer):
    return reverse(f"oscar_customers_approvals:{name}", args=[customer.pk])


def bulk_url(action, *ids):
    query = "&".join(f"id={pk}" for pk in ids)
    return f"{reverse('wagtail_bulk_action', args=['oscar_customers_ext', 'customer', action])}?{query}&next={INDEX}"


def shown(client, **query):
    return [str(customer) for customer in client.get(INDEX, query).context["object_list"]]


def log_of(customer):
    return [
        (entry.action.partition(".")[2], str(entry.message), entry.user and entry.user.email)
        for entry in ModelLogEntry.objects.for_instance(customer).order_by("pk")
    ]


# The actions


def test_approving_and_declining_are_remembered_with_their_time_and_logged(shop, mailoutbox):
    actor = make_user("staff@example.org")
    customer = waiting()
    assert (customer.approval_state, customer.approval_decided_at) == ("pending", None)

    assert approve_customers([customer.pk], actor=actor) == [customer]
    customer.refresh_from_db()
    assert customer.approval_state == "approved"
    approved_at = customer.approval_decided_at
    assert customer.modified_at == approved_at is not None

    assert decline_customers([customer.pk], actor=actor) == [customer]
    customer.refresh_from_db()
    assert customer.approval_state == "declined"
    assert customer.approval_decided_at > approved_at
    assert log_of(customer) == [
        ("approve", "Approved as buyer", "staff@example.org"),
        ("decline", "Declined as buyer", "staff@example.org"),
    ]
    assert mailoutbox == []


@pytest.mark.parametrize("decide", [approve_customers, decline_customers])
def test_deciding_the_same_again_changes_and_tells_nothing(
    decide, shop, mailoutbox, django_capture_on_commit_callbacks
):
    customer = waiting()
    decide([customer.pk], actor=None)
    before = Customer.objects.values().get()

    with django_capture_on_commit_callbacks(execute=True):
        assert decide([customer.pk, 0], actor=None, mail=True) == []

    assert Customer.objects.values().get() == before
    assert len(log_of(customer)) == 1
    assert mailoutbox == []


def test_a_mail_goes_to_the_stored_address_in_the_customers_language(
    shop, mailoutbox, settings, django_capture_on_commit_callbacks
):
    settings.OSCAR_SHOP_NAME = "Cups & Co"
    italian = waiting("anna@example.org", first_name="Anna", last_name="O'Neil & <b>", language="it")
    nameless = waiting("", first_name="Nobody")

    with django_capture_on_commit_callbacks(execute=True):
        approve_customers([italian.pk, nameless.pk], actor=None, mail=True, message="Benvenuta & <b>ciao</b>")

    [mail] = mailoutbox
    assert mail.to == ["anna@example.org"]
    assert mail.subject == "Il tuo account presso Cups & Co è approvato"
    assert "O'Neil & <b>" in mail.body
    assert "Benvenuta & <b>ciao</b>" in mail.body
    assert log_of(italian)[0][1] == "Approved as buyer and told by mail"
    assert log_of(nameless)[0][1] == "Approved as buyer"


def test_no_mail_goes_out_when_the_decision_is_rolled_back(
    shop, mailoutbox, django_capture_on_commit_callbacks
):
    customer = waiting()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        decline_customers([customer.pk], actor=None, mail=True)
        transaction.set_rollback(True)

    assert Customer.objects.get().approval_state == "pending"
    assert mailoutbox == []
    assert ModelLogEntry.objects.count() == 0


# The queue


def test_the_queue_shows_who_waits_the_oldest_first(approver):
    waiting("first@example.org")
    waiting("second@example.org")
    create_customer(email="approved@example.org")
    decline_customers([waiting("declined@example.org").pk], actor=None)
    archived = waiting("archived@example.org")
    Customer.objects.filter(pk=archived.pk).update(archived_at=archived.created_at)

    assert shown(approver) == ["first@example.org", "second@example.org"]
    assert shown(approver, ordering="-created_at") == ["second@example.org", "first@example.org"]
    assert shown(approver, q="second") == ["second@example.org"]
    assert shown(approver, approved="declined") == ["declined@example.org"]
    assert shown(approver, approved="nonsense") == ["first@example.org", "second@example.org"]
    assert shown(approver, kind="registered") == []


def test_the_queue_costs_the_same_with_one_and_with_many(
    approver, django_assert_num_queries, django_assert_max_num_queries
):
    waiting("0@example.org", country_id="IT")
    approver.get(INDEX)
    with django_assert_max_num_queries(15) as one:
        approver.get(INDEX)

    for number in range(1, 60):
        waiting(f"{number}@example.org", country_id="IT")
    with django_assert_num_queries(len(one)):
        response = approver.get(INDEX)

    assert len(response.context["object_list"]) == 20


def test_an_empty_queue_says_so(approver):
    assert "Nobody is waiting for approval" in approver.get(INDEX).text


def test_names_are_shown_as_they_are_and_run_nothing(sign_in):
    client = sign_in("approve_customer")
    customer = waiting(first_name=HOSTILE, company_name=HOSTILE)

    for page in (INDEX, url("approve", customer), url("decline", customer), bulk_url("approve", customer.pk)):
        text = client.get(page).text
        assert HOSTILE not in text
        assert "&lt;script&gt;" in text


def test_the_name_leads_to_the_card_for_those_who_may_open_it(approver, sign_in):
    customer = waiting()
    card = reverse("oscar_customers:inspect", args=[customer.pk])

    assert card in approver.get(INDEX).text
    page = sign_in("approve_customer", email="only@example.org").get(INDEX).text
    assert card not in page
    assert "ann@example.org" in page


def test_the_menu_says_how_many_wait(sign_in):
    client = sign_in("approve_customer")

    def label():
        return next(part for part in client.get("/admin/").text.split('"') if part.startswith("Approvals"))

    assert label() == "Approvals"
    waiting()
    assert label() == "Approvals (1)"
    for number in range(AT_MOST):
        waiting(f"{number}@example.org")
    assert label() == "Approvals (99+)"


def test_the_menu_hides_the_queue_without_permission(sign_in):
    waiting()
    assert INDEX not in sign_in("change_customer", "view_customer").get("/admin/").text


# One customer


@pytest.mark.parametrize("name", ["approve", "decline"])
def test_looking_decides_nothing(name, approver):
    customer = waiting()

    assert approver.get(url(name, customer)).status_code == 200

    customer.refresh_from_db()
    assert customer.approval_state == "pending"
    assert log_of(customer) == []


def test_approving_one_sends_no_mail_unless_ticked(approver, mailoutbox, django_capture_on_commit_callbacks):
    customer = waiting()

    with django_capture_on_commit_callbacks(execute=True):
        response = approver.post(f"{url('approve', customer)}?next={INDEX}%3Fq=ann", follow=True)

    assert response.redirect_chain == [(f"{INDEX}?q=ann", 302)]
    assert "Customer ann@example.org approved." in response.text
    customer.refresh_from_db()
    assert customer.approval_state == "approved"
    assert log_of(customer) == [("approve", "Approved as buyer", "staff@example.org")]
    assert mailoutbox == []


def test_declining_one_with_a_mail_and_a_few_words(approver, mailoutbox, django_capture_on_commit_callbacks):
    customer = waiting()

    with django_capture_on_commit_callbacks(execute=True):
        response = approver.post(
            url("decline", customer), {"mail": "on", "message": "We sell to trade only."}
        )

    assert response.url == f"{reverse('oscar_customers:inspect', args=[customer.pk])}#tab-account"
    customer.refresh_from_db()
    assert customer.approval_state == "declined"
    [mail] = mailoutbox
    assert (mail.to, "We sell to trade only." in mail.body) == (["ann@example.org"], True)


def test_words_without_a_mail_are_asked_about_and_kept(approver, mailoutbox):
    customer = waiting()

    response = approver.post(url("approve", customer), {"message": "Welcome!"})

    assert response.status_code == 200
    assert "Your words go out with the mail only" in response.text
    assert response.context["form"]["message"].value() == "Welcome!"
    customer.refresh_from_db()
    assert customer.approval_state == "pending"
    assert mailoutbox == []


def test_too_many_words_are_refused_and_kept(approver):
    customer = waiting()

    response = approver.post(url("approve", customer), {"mail": "on", "message": "x" * 2001})

    assert response.context["form"].errors.keys() == {"message"}
    assert response.context["form"]["message"].value() == "x" * 2001
    customer.refresh_from_db()
    assert customer.approval_state == "pending"


def test_whoever_has_no_address_gets_no_mail(approver, mailoutbox, django_capture_on_commit_callbacks):
    customer = waiting("", first_name="Ann")

    assert "This customer has no e-mail address." in approver.get(url("approve", customer)).text
    with django_capture_on_commit_callbacks(execute=True):
        approver.post(url("approve", customer), {"mail": "on"})

    customer.refresh_from_db()
    assert customer.approval_state == "approved"
    assert mailoutbox == []


def test_the_second_of_two_who_decide_is_told(approver, mailoutbox):
    customer = waiting()
    approve_customers([customer.pk], actor=None)

    response = approver.post(url("approve", customer), {"mail": "on"}, follow=True)

    assert "Customer ann@example.org was approved already." in response.text
    assert len(log_of(customer)) == 1


def test_nobody_is_led_to_another_site(approver):
    customer = waiting()

    response = approver.post(f"{url('approve', customer)}?next=https://evil.example.org/")

    assert response.url.startswith("/admin/")


def test_whoever_may_only_approve_goes_back_to_the_queue(sign_in):
    client = sign_in("approve_customer")
    customer = waiting()

    assert client.get(url("approve", customer)).context["back_url"] == INDEX
    assert client.post(url("approve", customer)).url == INDEX


def test_a_customer_who_is_not_there_is_not_found(approver):
    assert approver.get(reverse("oscar_customers_approvals:approve", args=[10**6])).status_code == 404


# Many customers


@pytest.mark.parametrize(("action", "state"), [("approve", "approved"), ("decline", "declined")])
def test_many_are_decided_at_once(action, state, approver, mailoutbox, django_capture_on_commit_callbacks):
    customers = [waiting("ann@example.org"), waiting("bob@example.org"), waiting("eve@example.org")]

    page = approver.get(bulk_url(action, customers[0].pk, customers[1].pk))
    assert page.status_code == 200
    assert 'name="mail"' in page.text
    with django_capture_on_commit_callbacks(execute=True):
        response = approver.post(bulk_url(action, customers[0].pk, customers[1].pk), follow=True)

    assert f"2 customers {action}d." in response.text
    states = [customer.approval_state for customer in Customer.objects.order_by("pk")]
    assert states == [state, state, "pending"]
    assert [entry[2] for entry in log_of(customers[0])] == ["staff@example.org"]
    assert mailoutbox == []


def test_many_are_told_when_the_box_is_ticked(approver, mailoutbox, django_capture_on_commit_callbacks):
    customers = [waiting("ann@example.org"), waiting("", first_name="Nobody")]
    already = create_customer(email="bob@example.org")

    with django_capture_on_commit_callbacks(execute=True):
        approver.post(bulk_url("approve", already.pk, *(c.pk for c in customers)), {"mail": "on"})

    assert [mail.to for mail in mailoutbox] == [["ann@example.org"]]


def test_too_many_mails_are_refused(approver, mailoutbox, django_capture_on_commit_callbacks):
    customers = [waiting(f"{number}@example.org") for number in range(MAILS_AT_ONCE + 1)]

    with django_capture_on_commit_callbacks(execute=True):
        response = approver.post(bulk_url("approve", *(c.pk for c in customers)), {"mail": "on"})

    assert response.status_code == 200
    assert "At most 100 mails go out at once" in response.text
    assert not Customer.objects.approved().exists()
    assert mailoutbox == []


def test_all_that_the_list_finds_can_be_approved(approver):
    waiting("ann@example.org")
    create_customer(email="bob@example.org")
    decline_customers([waiting("eve@example.org").pk], actor=None)

    approver.post(bulk_url("approve", "all").replace("?", "?approved=pending&"))

    assert {customer.email: customer.approval_state for customer in Customer.objects.all()} == {
        "ann@example.org": "approved",
        "bob@example.org": "approved",
        "eve@example.org": "declined",
    }


@pytest.mark.parametrize("action", ["approve", "decline"])
def test_many_are_decided_with_the_permission_only(action, editor):
    customer = waiting()

    for method in (editor.get, editor.post):
        assert "ann@example.org" not in method(bulk_url(action, customer.pk)).text

    customer.refresh_from_db()
    assert customer.approval_state == "pending"


# The Details tab


def edit(client, customer, **fields):
    form = {**FORM, "email": customer.email, "number": customer.number, "version": "", **fields}
    return client.post(
        reverse("oscar_customers:edit", args=[customer.pk]), {k: v for k, v in form.items() if v}
    )


def test_the_box_on_the_form_is_a_decision(sign_in):
    client = sign_in("approve_customer", "change_customer")
    customer = waiting()

    edit(client, customer)
    customer.refresh_from_db()
    approved_at = customer.approval_decided_at
    assert customer.approval_state == "approved"
    assert approved_at is not None

    edit(client, customer, approved_buyer="")
    customer.refresh_from_db()
    assert customer.approval_state == "declined"
    assert customer.approval_decided_at > approved_at
    [first, second] = ModelLogEntry.objects.for_instance(customer).order_by("pk")
    assert second.data["changes"]["approved_buyer"] == ["True", "False"]


def test_saving_something_else_is_no_decision(sign_in):
    client = sign_in("approve_customer", "change_customer")
    customer = waiting()

    edit(client, customer, approved_buyer="", first_name="Anna")

    customer.refresh_from_db()
    assert (customer.first_name, customer.approval_state) == ("Anna", "pending")


@pytest.mark.parametrize("box", ["on", ""])
def test_a_hand_made_post_decides_nothing_without_the_permission(box, editor):
    asking, buying = waiting(), create_customer(email="bob@example.org")

    assert 'name="approved_buyer"' not in editor.get(reverse("oscar_customers:edit", args=[asking.pk])).text
    for customer in (asking, buying):
        edit(editor, customer, approved_buyer=box, approval_decided_at="2026-01-01", first_name="Anna")

    for customer, state in ((asking, "pending"), (buying, "approved")):
        customer.refresh_from_db()
        assert (customer.first_name, customer.approval_state) == ("Anna", state)
        assert customer.approval_decided_at is None


@pytest.mark.parametrize("new_ones_are_approved", [True, False])
def test_a_hand_made_new_customer_follows_the_setting_without_the_permission(
    new_ones_are_approved, editor, settings
):
    settings.OSCAR_CUSTOMERS_APPROVE_NEW_CUSTOMERS = new_ones_are_approved
    opposite = {} if new_ones_are_approved else {"approved_buyer": "on"}

    editor.post(reverse("oscar_customers:add"), {"email": "new@example.org", **opposite})

    assert Customer.objects.get().approved_buyer is new_ones_are_approved


def test_the_list_tells_the_three_states_apart(viewer):
    create_customer(email="approved@example.org")
    waiting("pending@example.org")
    decline_customers([waiting("declined@example.org").pk], actor=None)

    for state in ("approved", "pending", "declined"):
        found = viewer.get(reverse("oscar_customers:index"), {"approved": state}).context["object_list"]
        assert [customer.email for customer in found] == [f"{state}@example.org"]


def test_the_read_only_page_says_the_state(viewer):
    page = viewer.get(reverse("oscar_customers:inspect", args=[waiting().pk])).text
    assert "Waiting for approval" in page


# The tab of the account


def section(client, customer):
    return client.get(reverse("oscar_customers:approval", args=[customer.pk])).text


def test_the_tab_of_the_account_leads_to_what_may_be_decided(approver, django_assert_max_num_queries):
    customer = waiting()

    with django_assert_max_num_queries(15):
        page = section(approver, customer)
    assert "Waiting for approval" in page
    assert url("approve", customer) in page
    assert url("decline", customer) in page

    approve_customers([customer.pk], actor=None)
    page = section(approver, customer)
    assert url("approve", customer) not in page
    assert url("decline", customer) in page

    decline_customers([customer.pk], actor=None)
    page = section(approver, customer)
    assert "Declined" in page
    assert url("approve", customer) in page
    assert url("decline", customer) not in page


def test_the_tab_of_the_account_offers_nothing_without_the_permission(editor):
    customer = waiting()

    page = section(editor, customer)

    assert "Waiting for approval" in page
    assert url("approve", customer) not in page
    assert 'href="#tab-account"' in editor.get(reverse("oscar_customers:edit", args=[customer.pk])).text


def test_each_customer_is_asked_for(approver, request):
    customer = waiting()
    request.getfixturevalue("hidden_from_staff").append(customer.pk)

    for name in ("approve", "decline"):
        assert approver.get(url(name, customer)).status_code == 302
        approver.post(url(name, customer))
        approver.post(bulk_url(name, customer.pk))
    assert shown(approver) == []
    assert "Waiting" not in section(approver, customer)
    customer.refresh_from_db()
    assert customer.approval_state == "pending"


def test_each_tab_is_there_once(sign_in):
    page = sign_in(superuser=True).get(reverse("oscar_customers:edit", args=[waiting().pk])).text
    assert page.count('href="#tab-account"') == 1
