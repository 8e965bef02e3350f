"""Staff change the style sheet of a group, and members load it."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from oscar_customers_ext.content import forms
from oscar_customers_ext.content.actions import change_styles
from oscar_customers_ext.models import CustomerGroup
from tests.content.pages import customer_classes, stylesheets
from tests.factories import make_user

pytestmark = pytest.mark.django_db

GOOD = ".retail { display: none }"
BOUND = ".customer-group-trade .retail { display: none; }"


@pytest.fixture
def group(db):
    return CustomerGroup.objects.create(name="Trade <b>", slug="trade")


@pytest.fixture
def stylist(sign_in):
    return sign_in("view_customergroup", "change_customergroup", "change_styles_customergroup")


def url(group, name="change_styles"):
    return reverse(f"oscar_customers_groups:{name}", args=[group.pk])


def stored(group):
    return CustomerGroup.objects.get(pk=group.pk).styles


def log():
    return list(ModelLogEntry.objects.values_list("action", flat=True))


def test_saving_keeps_what_was_typed_and_logs_it(stylist, group):
    typed = f"/* For shops */\r\n{GOOD}\r\n"
    response = stylist.post(url(group), {"styles": typed})

    assert response.status_code == 302
    assert response.url == reverse("oscar_customers_groups:edit", args=[group.pk]) + "#tab-styles"
    assert stored(group) == f"/* For shops */\n{GOOD}"
    assert log() == ["oscar_customers_ext.change_styles"]
    history = stylist.get(reverse("oscar_customers_groups:history", args=[group.pk])).text
    assert "Style sheet changed" in history

    stylist.post(url(group), {"styles": typed})
    assert log() == ["oscar_customers_ext.change_styles"]


def test_checking_shows_what_members_load_and_saves_nothing(stylist, group):
    response = stylist.post(url(group), {"styles": GOOD, "check": "1"})

    assert " ".join(response.context["sheet"].css.split()) == BOUND
    assert "Nothing in it is refused. It is not saved yet." in response.text
    assert GOOD in response.text
    assert stored(group) == ""
    assert log() == []


@pytest.mark.parametrize("button", [{}, {"check": "1"}])
def test_what_is_refused_is_told_with_its_line_and_nothing_is_lost(stylist, group, button):
    group.styles = GOOD
    group.save()
    typed = "a { color: red }\n@import 'x';\nb { background: url(x) }</style><script>alert(1)</script>"

    response = stylist.post(url(group), {"styles": typed, **button})

    assert response.status_code == 200
    assert response.context["form"].errors["styles"] == [
        "Some of it is refused, see above. Nothing is saved."
    ]
    assert [str(fault) for fault in response.context["sheet"].faults] == [
        "Line 2: “@import” is not allowed.",
        "Line 3: Addresses are not allowed: a style sheet loads nothing.",
        "Line 3: This cannot be read as CSS: something is missing or too much.",
    ]
    assert "What is left without the refused parts" in response.text
    assert ".customer-group-trade a" in response.text
    assert "&lt;/style&gt;&lt;script&gt;alert(1)" in response.text
    assert "<script>alert(1)" not in response.text
    assert "It is not saved yet" not in response.text
    assert stored(group) == GOOD
    assert log() == []


@pytest.mark.parametrize("button", [{}, {"check": "1"}])
@pytest.mark.parametrize(
    "fault", ['p{content:"\\d800"}', "p{width:" + "{" * 1500, "(" * 1200 + ")" * 1200 + "{a:b}"]
)
def test_what_no_file_can_hold_and_brackets_without_end_are_told_and_not_lost(stylist, group, button, fault):
    typed = f"{GOOD}\n{fault}"

    response = stylist.post(url(group), {"styles": typed, **button})

    assert response.status_code == 200
    assert [one.line for one in response.context["sheet"].faults] == [2]
    assert response.context["form"]["styles"].value() == typed
    assert stored(group) == ""
    assert log() == []


@pytest.mark.parametrize("fault", ['p{content:"\\d800"}', "p{width:" + "{" * 1500])
def test_a_sheet_that_could_once_be_saved_and_not_be_shown_is_mended(make_member, stylist, group, fault):
    member = make_member("trade")
    CustomerGroup.objects.update(styles=f"{GOOD}\n{fault}")

    (address,) = stylesheets(page_of(member))
    assert " ".join(member.get(address).text.split()) == BOUND
    page = stylist.get(url(group))
    assert page.status_code == 200
    assert [one.line for one in page.context["sheet"].faults] == [2]
    assert stylist.post(url(group), {"styles": GOOD}).status_code == 302
    assert stored(group) == GOOD


def test_twenty_faults_are_enough_at_once(stylist, group):
    response = stylist.post(url(group), {"styles": "@import 'x';\n" * 50})

    assert response.text.count("is not allowed.</li>") == 20
    assert "And 30 more." in response.text


def test_emptying_takes_the_sheet_away(stylist, group):
    CustomerGroup.objects.update(styles=GOOD)

    stylist.post(url(group), {"styles": " \r\n "})

    assert stored(group) == ""


def test_of_two_who_change_it_at_once_the_second_is_asked(stylist, group):
    version = stylist.get(url(group)).context["form"]["version"].value()
    CustomerGroup.objects.update(styles="b { color: blue }")

    response = stylist.post(url(group), {"styles": GOOD, "version": version})

    assert "Somebody else has changed this style sheet" in response.text
    assert stored(group) == "b { color: blue }"
    again = response.context["form"]["version"].value()
    assert stylist.post(url(group), {"styles": GOOD, "version": again}).status_code == 302
    assert stored(group) == GOOD


def test_a_group_that_is_deleted_meanwhile_is_told_and_nothing_typed_is_lost(stylist, group, monkeypatch):
    check = forms.faults_of

    def check_while_somebody_deletes(*args):
        CustomerGroup.objects.all().delete()
        return check(*args)

    monkeypatch.setattr(forms, "faults_of", check_while_somebody_deletes)

    response = stylist.post(url(group), {"styles": GOOD})

    assert response.status_code == 200
    assert response.context["form"].non_field_errors() == ["This group was deleted meanwhile."]
    assert GOOD in response.text
    assert log() == []


def test_the_action_takes_no_bad_sheet_either(group):
    with pytest.raises(ValidationError) as refused:
        change_styles(group, "@import 'x';", actor=None)

    assert refused.value.messages == ["Line 1: “@import” is not allowed."]
    assert stored(group) == ""


@pytest.mark.parametrize(
    "permissions",
    [
        ["view_customergroup", "change_customergroup"],
        ["change_styles_customergroup"],
        ["view_customer", "change_customer", "assign_group_customer"],
    ],
)
def test_without_the_permission_nothing_is_changed(sign_in, group, permissions):
    client = sign_in(*permissions)

    response = client.post(url(group), {"styles": GOOD})

    assert response.status_code in (302, 403)
    assert stored(group) == ""
    assert log() == []


def test_the_form_of_the_group_cannot_smuggle_a_sheet_in(sign_in, group):
    client = sign_in("view_customergroup", "change_customergroup")
    edit = reverse("oscar_customers_groups:edit", args=[group.pk])

    client.post(edit, {"name": "Trade", "slug": "trade", "colour_none": "on", "styles": "@import 'x'"})

    assert CustomerGroup.objects.get().name == "Trade"
    assert stored(group) == ""


def test_the_way_there_is_shown_to_those_who_may_go_it(sign_in, stylist, group):
    edit = reverse("oscar_customers_groups:edit", args=[group.pk])
    index = reverse("oscar_customers_groups:index")
    assert url(group, "styles") in stylist.get(edit).text
    assert url(group) in stylist.get(index).text
    assert url(group) in stylist.get(url(group, "styles")).text
    assert "<form" not in stylist.get(url(group, "styles")).text

    other = sign_in("view_customergroup", "change_customergroup", email="other@example.org")

    assert url(group, "styles") not in other.get(edit).text
    assert url(group) not in other.get(index).text


def test_the_classes_are_listed_with_the_groups_own(stylist, group):
    CustomerGroup.objects.update(slug="a" * 64)

    page = stylist.get(url(group)).text

    for name in ("customer-guest", "customer-signed-in", "customer-approved"):
        assert f"<code>{name}</code>" in page
    assert "<code>customer-group-" + "a" * 40 + "-ffe054fe</code>" in page


# What browsers load


def page_of(client):
    return client.get(reverse("catalogue:index"))


def test_members_load_the_sheet_and_others_do_not(make_member, client):
    member = make_member("trade", "press")
    change_styles(CustomerGroup.objects.get(slug="trade"), GOOD, actor=None)

    (address,) = stylesheets(page_of(member))
    assert stylesheets(page_of(client)) == []
    assert stylesheets(page_of(make_member("press", email="b@example.org"))) == []
    assert stylesheets(member.get(reverse("customer:profile-view"))) == [address]
    assert "trade" not in address

    response = member.get(address)
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert " ".join(response.text.split()) == BOUND


def test_the_address_changes_with_the_sheet_and_the_class(make_member):
    member = make_member("trade")
    group = CustomerGroup.objects.get()
    change_styles(group, GOOD, actor=None)
    (first,) = stylesheets(page_of(member))

    change_styles(group, "a { color: red }", actor=None)
    (second,) = stylesheets(page_of(member))
    CustomerGroup.objects.update(slug="dealers")
    (third,) = stylesheets(page_of(member))
    CustomerGroup.objects.update(styles="")

    assert len({first, second, third}) == 3
    assert stylesheets(page_of(member)) == []
    assert customer_classes(page_of(member))[-1] == "customer-group-dealers"
    for address in (first, second, third):
        assert member.get(address).status_code == 404


def test_an_address_nobody_was_told_leads_nowhere(shop):
    for key in ("trade", "0" * 32):
        assert Client().get(reverse("oscar_customers_shop:group_styles", args=[key])).status_code == 404
    address = reverse("oscar_customers_shop:group_styles", args=["trade"])
    assert Client().post(address).status_code == 405


def test_what_got_into_the_column_by_another_door_is_served_clean(make_member):
    member = make_member("trade")
    CustomerGroup.objects.update(styles="@import '//evil.example';\n</style><script>\na { color: red }")

    (address,) = stylesheets(page_of(member))
    served = member.get(address).text

    assert "evil" not in served
    assert "<" not in served


def test_several_sheets_stand_in_the_order_of_the_slugs(make_member):
    member = make_member("b", "a")
    for group in CustomerGroup.objects.all():
        change_styles(group, f".{group.slug} {{ color: red }}", actor=None)

    served = [member.get(address).text for address in stylesheets(page_of(member))]

    assert [text.split()[0] for text in served] == [".customer-group-a", ".customer-group-b"]


def test_a_shop_without_our_pages_has_no_sheets_and_no_error(make_member, settings):
    member = make_member("trade")
    change_styles(CustomerGroup.objects.get(), GOOD, actor=None)
    settings.ROOT_URLCONF = "tests.content.urls_without_ours"

    response = page_of(member)

    assert response.status_code == 200
    assert stylesheets(response) == []


def test_staff_see_the_same_page_as_everybody(stylist, group):
    make_user("x@example.org")
    assert customer_classes(page_of(stylist))[0] == "customer-signed-in"
