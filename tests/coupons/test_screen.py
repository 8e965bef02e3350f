"""Coupons on the Benefits tab, in the menus, in the list, and on the account page."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model
from wagtail.models import ModelLogEntry

from oscar_customers_ext.coupons import audit, views
from oscar_customers_ext.coupons import bulk as bulk_coupons
from oscar_customers_ext.coupons.actions import create_coupon, create_coupons, end_coupon
from oscar_customers_ext.coupons.bulk import CreateCouponsBulkAction
from oscar_customers_ext.coupons.terms import Kind, Scope, Usage
from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.models import Customer, CustomerVoucher
from tests.factories import make_order, make_terms

from .conftest import ANN, DAY, signed_in

pytestmark = pytest.mark.django_db

Range = get_model("offer", "Range")
Voucher = get_model("voucher", "Voucher")
ConditionalOffer = get_model("offer", "ConditionalOffer")
FORM = {
    "kind": "percentage",
    "value": "10",
    "scope": "everything",
    "product_range": "",
    "minimum": "",
    "starts_at": "2026-01-31 12:00",
    "ends_at": "2999-01-31 12:00",
    "usage": "once",
    "times": "",
    "code": "",
}
RIGHTS = ("view_customer", "view_customervoucher", "add_customervoucher", "change_customervoucher")


@pytest.fixture
def staff(sign_in):
    return sign_in(*RIGHTS, "delete_customervoucher", "view_order")


def url(name, *args):
    return reverse(f"oscar_customers:{name}", args=args)


def text_of(page):
    return " ".join(page.text.split())


def use(coupon, order=None):
    coupon.voucher.applications.create(order=order or make_order())
    return order


def test_staff_create_a_coupon_and_see_it_on_the_tab(
    staff, ann, mailoutbox, django_capture_on_commit_callbacks
):
    assert "This customer has no coupon." in staff.get(url("coupons", ann.pk)).text
    assert "Mail the code to ann@example.org" in staff.get(url("create_coupon", ann.pk)).text

    with django_capture_on_commit_callbacks(execute=True):
        response = staff.post(url("create_coupon", ann.pk), FORM | {"minimum": "50", "mail": "on"})

    assert response.status_code == 302
    coupon = CustomerVoucher.objects.get()
    voucher = coupon.voucher
    assert re.fullmatch(r"([A-HJ-NP-Z2-9]{4}-){3}[A-HJ-NP-Z2-9]{4}", voucher.code)
    assert (voucher.usage, voucher.start_datetime.isoformat()) == ("Single use", "2026-01-31T11:00:00+00:00")
    assert voucher.name.startswith("Coupon for Ann Rossi, ")
    assert (coupon.customer, coupon.has_random_code, coupon.mailed_to_key) == (ann, True, ANN)
    offer = voucher.offers.get()
    assert (offer.offer_type, offer.benefit.type, offer.benefit.value) == ("Voucher", "Percentage", 10)
    assert (offer.condition.type, offer.condition.value) == ("Value", 50)
    assert "Ann" not in offer.name
    page = text_of(staff.get(url("coupons", ann.pk)))
    for words in (
        voucher.code,
        "10% off all products",
        "for carts of €50.00 or more",
        "Unused",
        "0 of 1",
        "Mail again",
    ):
        assert words in page
    assert [mail.to for mail in mailoutbox] == [[ANN]]
    assert voucher.code in mailoutbox[0].body


def test_the_log_tells_it_without_the_code(staff, ann):
    staff.post(url("create_coupon", ann.pk), FORM)
    code = Voucher.objects.get().code

    entry = ModelLogEntry.objects.get(action=audit.CREATE)

    assert code not in str(entry.data)
    assert f"Coupon …{code[-4:]} created" in entry.message
    assert entry.user is not None
    assert code not in staff.get(url("activity", ann.pk)).text
    assert f"Coupon …{code[-4:]} created" in staff.get(url("activity", ann.pk)).text


def test_an_amount_for_a_range_in_any_number_of_orders(staff, ann):
    tea = Range.objects.create(name="Tea <b>pots</b>")
    changes = {
        "kind": "amount",
        "value": "5.50",
        "scope": "range",
        "product_range": tea.pk,
        "usage": "unlimited",
    }

    staff.post(url("create_coupon", ann.pk), FORM | changes)

    offer = ConditionalOffer.objects.get()
    assert (offer.benefit.type, offer.benefit.range, offer.condition.range) == ("Absolute", tea, tea)
    assert offer.max_global_applications is None
    assert "€5.50 off Tea &lt;b&gt;pots&lt;/b&gt;" in staff.get(url("coupons", ann.pk)).text


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"value": "-5"}, "value", "A coupon takes off more than zero"),
        ({"value": "0"}, "value", "A coupon takes off more than zero"),
        ({"value": "NaN"}, "value", "Enter a number."),
        ({"value": "150"}, "value", "A percentage cannot be more than 100."),
        ({"value": ""}, "value", "This field is required."),
        ({"value": "1.005"}, "value", "no more than 2 decimal places"),
        ({"kind": "amount", "value": "-5"}, "value", "A coupon takes off more than zero"),
        ({"ends_at": "2026-01-30 12:00"}, "ends_at", "The end must be later than the start."),
        ({"ends_at": "2026-02-01 12:00"}, "ends_at", "This end lies in the past"),
        ({"ends_at": "tomorrow"}, "ends_at", "Write date and time like"),
        ({"ends_at": "9999-12-31 23:59"}, "ends_at", "between 1970 and 2999"),
        ({"minimum": "-1"}, "minimum", "must be more than zero"),
        ({"scope": "range"}, "product_range", "Choose a range of products."),
        ({"scope": "range", "product_range": "9" * 30}, "product_range", "There is no such range"),
        ({"usage": "times"}, "times", "Say in how many orders"),
        ({"usage": "times", "times": "0"}, "times", "Say in how many orders"),
        ({"usage": "times", "times": "99999999999"}, "times", "Say in how many orders"),
        ({"usage": "often"}, "usage", "Select a valid choice."),
        ({"code": "ANN 10"}, "code", "A code has no spaces"),
        ({"code": "ANN\u200b10"}, "code", "A code has no spaces and no invisible characters."),
        ({"code": "x" * 200}, "code", "at most 128 characters"),
        ({"code": "taken"}, "code", "There is a coupon with this code already."),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(staff, ann, changes, field, sentence):
    create_coupon(ann, make_terms(), code="TAKEN")

    page = staff.post(url("create_coupon", ann.pk), FORM | {"value": "12.5"} | changes)

    assert page.status_code == 200
    [error] = page.context["form"].errors[field]
    assert sentence in error
    for name, value in changes.items():
        assert page.context["form"][name].value() == value
    assert CustomerVoucher.objects.count() == 1


def test_a_code_cannot_be_typed_for_somebody_without_account(staff, guest_ann):
    page = staff.post(url("create_coupon", guest_ann.pk), FORM | {"code": "ANN10"})

    assert "works only for a customer who signs in" in page.context["form"].errors["code"][0]
    assert not Voucher.objects.exists()


def test_somebody_without_account_and_address_could_not_use_one(staff, shop):
    customer = create_customer(email="", first_name="Nobody")

    page = staff.post(url("create_coupon", customer.pk), FORM | {"mail": "on"})

    assert "neither an account nor an e-mail address" in page.text
    assert not Voucher.objects.exists()


def test_who_has_no_account_is_mailed_the_code_unless_staff_say_no(staff, ann):
    assert not staff.get(url("create_coupon", ann.pk)).context["form"]["mail"].value()
    Customer.objects.update(user=None)
    assert staff.get(url("create_coupon", ann.pk)).context["form"]["mail"].value()

    staff.post(url("create_coupon", ann.pk), FORM)

    assert "Not usable before it is mailed" in staff.get(url("coupons", ann.pk)).text


def test_dates_and_use_can_be_changed(staff, ann, coupon):
    page = url("change_coupon", ann.pk, coupon.pk)
    assert staff.get(page).context["form"]["usage"].value() == "once"

    staff.post(
        page, {"starts_at": "2026-01-01 10:00", "ends_at": "2990-01-01 10:00", "usage": "times", "times": "3"}
    )

    voucher = Voucher.objects.get()
    assert (voucher.usage, voucher.end_datetime.year) == ("Multi-use", 2990)
    assert voucher.offers.get().max_global_applications == 3
    assert "0 of 3" in text_of(staff.get(url("coupons", ann.pk)))
    form = staff.get(page).context["form"]
    assert (form["usage"].value(), form["times"].value()) == ("times", 3)
    assert ModelLogEntry.objects.filter(action=audit.CHANGE).count() == 1


def test_an_end_that_is_over_may_stay_and_other_things_change(staff, ann):
    now = timezone.now().replace(microsecond=0, second=0)
    coupon = create_coupon(ann, make_terms(starts_at=now - 9 * DAY, ends_at=now - DAY))
    typed = timezone.localtime(coupon.voucher.end_datetime).strftime("%Y-%m-%d %H:%M")

    response = staff.post(
        url("change_coupon", ann.pk, coupon.pk),
        {"starts_at": "2026-01-01 10:00", "ends_at": typed, "usage": "unlimited", "times": ""},
    )

    assert response.status_code == 302


def test_ending_it_is_asked_first_and_told_in_the_list(staff, ann, coupon):
    page = url("end_coupon", ann.pk, coupon.pk)
    assert coupon.voucher.code in staff.get(page).text
    assert CustomerVoucher.objects.with_use().get().state == "unused"

    staff.post(page)

    assert CustomerVoucher.objects.with_use().get().state == "ended"
    assert "Ended" in staff.get(url("coupons", ann.pk)).text
    assert "This coupon is over already." in staff.post(page, follow=True).text
    assert ModelLogEntry.objects.filter(action=audit.END).count() == 1
    assert (
        "This coupon is over already" in staff.post(url("mail_coupon", ann.pk, coupon.pk), follow=True).text
    )


def test_one_that_had_not_begun_can_be_ended_too(ann):
    now = timezone.now()
    coupon = end_coupon(create_coupon(ann, make_terms(starts_at=now + DAY, ends_at=now + 2 * DAY)))

    coupon.voucher.full_clean()
    assert CustomerVoucher.objects.with_use().get().state == "ended"


def test_an_unused_one_can_be_deleted_with_all_that_was_made_for_it(staff, ann, coupon):
    staff.post(url("delete_coupon", ann.pk, coupon.pk))

    for model in (Voucher, ConditionalOffer, get_model("offer", "Condition"), get_model("offer", "Benefit")):
        assert not model.objects.exists()
    assert not CustomerVoucher.objects.exists()
    assert ModelLogEntry.objects.filter(action=audit.DELETE).count() == 1


def test_a_used_one_is_kept(staff, ann, coupon):
    use(coupon)

    page = staff.post(url("delete_coupon", ann.pk, coupon.pk), follow=True)

    assert "This coupon was used in an order, so it is kept." in page.text
    assert CustomerVoucher.objects.count() == 1


def test_mailing_again_goes_to_the_address_of_now(
    staff, ann, coupon, mailoutbox, django_capture_on_commit_callbacks
):
    page = url("mail_coupon", ann.pk, coupon.pk)
    assert "is mailed to ann@example.org" in staff.get(page).text
    assert mailoutbox == []

    with django_capture_on_commit_callbacks(execute=True):
        staff.post(page)

    coupon.refresh_from_db()
    assert (coupon.mailed_to_key, [mail.to for mail in mailoutbox]) == (ANN, [[ANN]])
    ann.refresh_from_db()
    ann.email = "anna@example.org"
    ann.save()
    assert "to an earlier address, ann@example.org" in text_of(staff.get(url("coupons", ann.pk)))


def test_a_mail_that_does_not_leave_counts_as_not_mailed(
    staff, ann, coupon, settings, monkeypatch, django_capture_on_commit_callbacks
):
    def refuse(self, *args, **kwargs):
        raise OSError("no mail server")

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)

    with django_capture_on_commit_callbacks(execute=True):
        staff.post(url("mail_coupon", ann.pk, coupon.pk))

    coupon.refresh_from_db()
    assert (coupon.mailed_to_key, coupon.mailed_at) == ("", None)
    assert "could not be mailed to ann@example.org" in staff.get(url("activity", ann.pk)).text


def test_the_mail_speaks_the_customers_language(ann, mailoutbox, django_capture_on_commit_callbacks):
    Customer.objects.update(language="it")
    terms = make_terms(kind=Kind.AMOUNT, value=Decimal(5), usage=Usage.TIMES, times=3)

    with django_capture_on_commit_callbacks(execute=True):
        create_coupon(ann, terms, mail=True)

    [mail] = mailoutbox
    assert "ecco un buono creato per te" in mail.body
    assert "5,00\xa0€ di sconto su tutti i prodotti" in mail.body
    assert "Vale per 3 ordini." in mail.body


def test_each_state_is_told(staff, ann):
    now = timezone.now()
    several = {"usage": Usage.TIMES, "times": 2}
    create_coupon(ann, make_terms())
    create_coupon(ann, make_terms(starts_at=now + DAY))
    create_coupon(ann, make_terms(ends_at=now - timedelta(hours=1)))
    end_coupon(create_coupon(ann, make_terms()))
    use(create_coupon(ann, make_terms()))
    use(create_coupon(ann, make_terms(**several)))
    used_up = create_coupon(ann, make_terms(**several))
    use(used_up)
    use(used_up)

    coupons = CustomerVoucher.objects.with_use().order_by("pk")

    states = ["unused", "not_yet", "expired", "ended", "used", "in_use", "used"]
    assert [coupon.state for coupon in coupons] == states
    page = text_of(staff.get(url("coupons", ann.pk)))
    for label in ("Unused", "Not yet valid", "Expired", "Ended", "Used", "Used, still valid", "2 of 2"):
        assert label in page


def test_the_orders_of_a_coupon_are_linked_for_who_may_see_orders(staff, sign_in, ann, coupon):
    order = make_order()
    use(coupon, order)
    link = reverse("oscar_customers_orders:inspect", args=[order.pk])

    assert link in staff.get(url("coupons", ann.pk)).text

    page = sign_in("view_customer", "view_customervoucher", email="other@example.org").get(
        url("coupons", ann.pk)
    )
    assert link not in page.text
    assert "1 of 1" in text_of(page)


def test_the_section_costs_the_same_with_one_and_with_many(staff, ann, coupon):
    page = url("coupons", ann.pk)
    staff.get(page)
    with CaptureQueriesContext(
        connection,
    ) as few:
        staff.get(page)
    create_coupons([ann.pk] * 1, make_terms())
    for _number in range(25):
        create_coupon(ann, make_terms(usage=Usage.UNLIMITED))
    busy = CustomerVoucher.objects.last()
    for _number in range(30):
        use(busy)

    with CaptureQueriesContext(connection) as many:
        response = staff.get(page)

    assert len(response.context["rows"]) == 20
    assert len(many) == len(few) <= 15


def test_the_coupon_of_another_customer_is_not_there(staff, ann, bob, coupon):
    for name in ("change_coupon", "mail_coupon", "end_coupon", "delete_coupon"):
        for method in (staff.get, staff.post):
            assert method(url(name, bob.pk, coupon.pk)).status_code == 404
    assert CustomerVoucher.objects.with_use().get().state == "unused"


def test_menus_lead_to_a_new_coupon_for_who_may_make_one(sign_in, ann):
    link = url("create_coupon", ann.pk)
    maker = sign_in("view_customer", "change_customer", "add_customervoucher")
    for page in (url("index"), url("edit", ann.pk), url("inspect", ann.pk)):
        assert link in maker.get(page).text, page
    for page in (url("index"), url("edit", ann.pk)):
        text = maker.get(page).text
        assert text.index(link) < text.index(url("archive", ann.pk)), page

    other = sign_in("view_customer", "change_customer", email="other@example.org")
    for page in (url("index"), url("edit", ann.pk), url("inspect", ann.pk)):
        assert link not in other.get(page).text, page


def bulk(customers):
    ids = "&".join(f"id={customer.pk}" for customer in customers)
    address = reverse("wagtail_bulk_action", args=["oscar_customers_ext", "customer", "create_coupons"])
    return f"{address}?{ids}&next={url('index')}"


def test_many_get_one_each(staff, ann, bob, mailoutbox, django_capture_on_commit_callbacks):
    nobody = create_customer(email="", first_name="Nobody")
    question = staff.get(bulk([ann, bob, nobody]))
    assert "3 customers are selected" in question.text
    assert not Voucher.objects.exists()

    with django_capture_on_commit_callbacks(execute=True):
        page = staff.post(bulk([ann, bob, nobody]), FORM | {"mail": "on"}, follow=True)

    assert "2 coupons created, one each. 1 customer was left out." in page.text
    coupons = CustomerVoucher.objects.order_by("pk")
    assert {coupon.customer for coupon in coupons} == {ann, bob}
    assert len({coupon.voucher.code for coupon in coupons}) == 2
    assert ConditionalOffer.objects.count() == 2
    assert sorted(mail.to[0] for mail in mailoutbox) == [ANN, "bob@example.org"]
    assert [coupon.mailed_to_key for coupon in coupons] == [coupon.customer.email_key for coupon in coupons]
    assert ModelLogEntry.objects.filter(action=audit.CREATE).count() == 2


def test_bad_terms_for_many_make_none(staff, ann, bob):
    page = staff.post(bulk([ann, bob]), FORM | {"value": "150"})

    assert "A percentage cannot be more than 100." in page.text
    assert not Voucher.objects.exists()


def test_so_many_at_once_and_so_many_mails_and_no_more(staff, ann, bob, monkeypatch, mailoutbox):
    assert (CreateCouponsBulkAction.at_most, bulk_coupons.MAILS_AT_ONCE) == (1000, 100)
    monkeypatch.setattr(bulk_coupons, "MAILS_AT_ONCE", 1)
    page = staff.post(bulk([ann, bob]), FORM | {"mail": "on"})
    assert "At most 1 mails go out at once" in page.text

    monkeypatch.setattr(CreateCouponsBulkAction, "at_most", 1)
    page = staff.post(bulk([ann, bob]), FORM)
    assert "2 customers are selected, and at most 1 can be worked on at once." in page.text

    assert not Voucher.objects.exists()
    assert mailoutbox == []


def test_who_may_make_none_makes_none_for_many(sign_in, ann):
    client = sign_in("view_customer", "change_customer", "view_customervoucher", "change_customervoucher")

    assert client.post(bulk([ann]), FORM).status_code in (302, 403)
    assert not Voucher.objects.exists()


def test_many_cost_a_fixed_number_of_statements(shop):
    def statements(number, start):
        customers = [create_customer(email=f"{start}{n}@example.org") for n in range(number)]
        with CaptureQueriesContext(connection) as queries:
            create_coupons([customer.pk for customer in customers], make_terms())
        return len(queries)

    statements(1, "first")
    few = statements(2, "few")

    # SQLite takes fewer values in one statement.
    assert few <= 15
    assert statements(100, "many") <= few + 6


MY_COUPONS = "/shop/customer/coupons/"


def test_visitors_are_sent_to_the_log_in(shop):
    assert Client().get(MY_COUPONS).url == f"/shop/accounts/login/?next={MY_COUPONS}"


def test_buyers_find_their_own_coupons_and_no_others(ann, bob, coupon):
    other = create_coupon(bob, make_terms(scope=Scope.SHIPPING), code="CANARY")
    client = signed_in(ann)

    page = client.get(MY_COUPONS).text

    assert coupon.voucher.code in page
    assert "10% off all products" in page
    assert "Unused" in page
    assert other.voucher.code not in page
    assert f'href="{MY_COUPONS}"' in client.get(reverse("customer:profile-view")).text


def test_those_that_can_be_used_come_first(ann):
    now = timezone.now()
    create_coupon(ann, make_terms(), code="NOW")
    create_coupon(ann, make_terms(usage=Usage.TIMES, times=2), code="TWICE")
    create_coupon(ann, make_terms(starts_at=now + DAY), code="LATER")
    use(create_coupon(ann, make_terms(), code="USED"))
    use(create_coupon(ann, make_terms(usage=Usage.TIMES, times=1), code="ONE"))
    use(create_coupon(ann, make_terms(usage=Usage.UNLIMITED), code="OFTEN"))
    create_coupon(ann, make_terms(ends_at=now - DAY / 2), code="EXPIRED")
    end_coupon(create_coupon(ann, make_terms(), code="ENDED"))

    rows = signed_in(ann).get(MY_COUPONS).context["rows"]

    codes = [row["coupon"].voucher.code for row in rows]
    assert codes == ["OFTEN", "TWICE", "NOW", "LATER", "ENDED", "EXPIRED", "ONE", "USED"]
    assert [row["coupon"].state.is_open for row in rows] == [True] * 4 + [False] * 4


def test_whole_days_are_told_without_hours(ann, settings):
    settings.TIME_ZONE = "Europe/Rome"
    rome = ZoneInfo("Europe/Rome")
    days = {"starts_at": datetime(2026, 1, 1, tzinfo=rome), "ends_at": datetime(2999, 2, 1, tzinfo=rome)}
    hours = {
        "starts_at": datetime(2026, 1, 1, 9, 2, tzinfo=rome),
        "ends_at": datetime(2999, 2, 1, 12, 30, tzinfo=rome),
    }
    whole = create_coupon(ann, make_terms(**days))
    part = create_coupon(ann, make_terms(**hours))

    page = text_of(signed_in(ann).get(MY_COUPONS))

    for coupon, cells in (
        (whole, "<td>Jan. 1, 2026</td> <td>Jan. 31, 2999</td>"),
        (part, "<td>Jan. 1, 2026, 9:02 a.m.</td> <td>Feb. 1, 2999, 12:30 p.m.</td>"),
    ):
        row = page[page.index(coupon.voucher.code) :].split("</tr>")[0]
        assert cells in row
        assert row.index("Unused") < row.index("10% off")


def test_the_mail_ends_no_date_with_two_full_stops(ann, mailoutbox, django_capture_on_commit_callbacks):
    start = datetime(2026, 1, 1, 9, 2, tzinfo=ZoneInfo("Europe/Rome"))
    with django_capture_on_commit_callbacks(execute=True):
        create_coupon(ann, make_terms(starts_at=start, ends_at=start.replace(year=2999)), mail=True)

    assert "Valid from Jan. 1, 2026, 9:02 a.m. to Jan. 1, 2999, 9:02 a.m.\n" in mailoutbox[0].body


def test_who_has_none_reads_so_and_is_not_led_there(ann):
    client = signed_in(ann)

    assert "You have no coupon." in client.get(MY_COUPONS).text
    assert f'href="{MY_COUPONS}"' not in client.get(reverse("customer:profile-view")).text


def test_an_account_that_is_not_attached_has_none(ann, coupon):
    client = signed_in(ann)
    Customer.objects.update(user=None)

    assert coupon.voucher.code not in client.get(MY_COUPONS).text


@pytest.fixture
def dashboard(sign_in):
    """Somebody who may use Oscar's dashboard."""
    return sign_in(superuser=True)


def test_oscars_dashboard_shows_and_edits_it_like_any_voucher(dashboard, ann, coupon):
    listing = dashboard.get(reverse("dashboard:voucher-list"))
    assert coupon.voucher.name in listing.text
    assert dashboard.get(reverse("dashboard:voucher-stats", args=[coupon.voucher.pk])).status_code == 200
    page = reverse("dashboard:voucher-update", args=[coupon.voucher.pk])
    form = dashboard.get(page).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    data["offers"] = [offer.pk for offer in coupon.voucher.offers.all()]
    data |= {"start_datetime": "2026-01-01 10:00", "end_datetime": "2990-01-01 10:00", "usage": "Multi-use"}

    response = dashboard.post(page, data)

    assert response.status_code == 302, response.context["form"].errors
    again = CustomerVoucher.objects.with_use().get()
    assert (again.voucher.end_datetime.year, again.state, again.customer) == (2990, "unused", ann)
    assert (
        dashboard.get(reverse("dashboard:offer-detail", args=[coupon.voucher.offers.get().pk])).status_code
        == 200
    )
    for step in ("offer-metadata", "offer-condition", "offer-benefit", "offer-restrictions"):
        assert (
            dashboard.get(reverse(f"dashboard:{step}", args=[coupon.voucher.offers.get().pk])).status_code
            == 200
        )


def test_deleting_the_voucher_in_the_dashboard_deletes_the_coupon(dashboard, coupon):
    dashboard.post(reverse("dashboard:voucher-delete", args=[coupon.voucher.pk]))

    assert not CustomerVoucher.objects.exists()


def test_the_public_page_of_the_offer_is_there_for_its_customer_only(ann, bob, coupon):
    page = coupon.voucher.offers.get().get_absolute_url()

    assert Client().get(page).status_code == 404
    assert signed_in(bob).get(page).status_code == 404
    own = signed_in(ann).get(page)
    assert own.status_code == 200
    assert "Rossi" not in own.text
    assert coupon.voucher.code not in own.text
    Customer.objects.filter(pk=ann.pk).delete()
    assert signed_in(ann).get(page).status_code == 404


def test_the_page_of_an_offer_whose_voucher_is_nobodys_own_is_as_oscar_has_it(ann, coupon):
    CustomerVoucher.objects.all().delete()

    assert Client().get(coupon.voucher.offers.get().get_absolute_url()).status_code == 200


def first_deleting(monkeypatch, name, delete):
    """A colleague is faster: the view has read the coupon, and then it is deleted."""
    action = getattr(views, name)

    def act(*args, **kwargs):
        delete()
        return action(*args, **kwargs)

    monkeypatch.setattr(views, name, act)


@pytest.mark.parametrize("name", ["end_coupon", "mail_coupon", "delete_coupon"])
def test_a_coupon_that_a_colleague_deleted_is_said_to_be_gone(staff, ann, coupon, monkeypatch, name):
    first_deleting(monkeypatch, name, lambda: coupon.voucher.delete())

    page = staff.post(url(name, ann.pk, coupon.pk), follow=True)

    assert page.status_code == 200
    assert "This coupon was deleted meanwhile." in page.text


def test_a_change_of_a_coupon_that_a_colleague_deleted_keeps_what_was_typed(staff, ann, coupon, monkeypatch):
    first_deleting(monkeypatch, "change_coupon", lambda: coupon.voucher.delete())
    dates = {"starts_at": "2026-01-31 12:00", "ends_at": "2999-01-31 12:00"}

    page = staff.post(url("change_coupon", ann.pk, coupon.pk), dates | {"usage": "once", "times": ""})

    assert page.status_code == 200
    assert "This coupon was deleted meanwhile." in page.text
    assert "2999-01-31 12:00" in page.text


def test_a_customer_whom_a_colleague_deleted_gets_no_coupon(staff, ann, monkeypatch):
    first_deleting(monkeypatch, "create_coupon", lambda: Customer.objects.filter(pk=ann.pk).delete())

    page = staff.post(url("create_coupon", ann.pk), FORM)

    assert page.status_code == 200
    assert "This customer was deleted meanwhile." in page.text
    assert not Voucher.objects.exists()
