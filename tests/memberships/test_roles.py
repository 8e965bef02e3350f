"""Roles: Django groups that a setting allows. Admin access and accounts of staff are out of reach."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.checks import run_checks
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    GroupSitePermission,
    ModelLogEntry,
    Page,
)

from oscar_customers_ext.memberships.actions import assign_roles
from oscar_customers_ext.memberships.roles import allowed_roles
from tests.factories import make_user

pytestmark = pytest.mark.django_db

FORBIDDEN = "A role that was chosen cannot be given to customers."
STAFF = "This account belongs to staff. Its groups are changed by an administrator."


@pytest.fixture
def roles(settings):
    """Two that are allowed, and one that is not."""
    settings.OSCAR_CUSTOMERS_ROLES = ["Dealer", "Press"]
    return [Group.objects.create(name=name) for name in ("Dealer", "Press", "Elsewhere")]


@pytest.fixture
def staff(sign_in):
    return sign_in("view_customer", "change_customer", "assign_role_customer")


def url(customer, name="change_roles"):
    return reverse(f"oscar_customers:{name}", args=[customer.pk])


def names(customer):
    return sorted(group.name for group in customer.user.groups.all())


def assert_refused(response, customer, sentence=FORBIDDEN, before=()):
    assert response.status_code == 200
    assert sentence in response.text
    assert names(customer) == list(before)
    assert not ModelLogEntry.objects.exists()


def test_roles_are_given_and_taken(staff, member, roles):
    dealer, press, elsewhere = roles
    member.user.groups.add(elsewhere, press)
    page = staff.get(url(member)).text
    assert "Dealer" in page
    assert "Elsewhere" not in page

    response = staff.post(url(member), {"roles": [dealer.pk]}, follow=True)

    assert response.redirect_chain == [
        (f"{reverse('oscar_customers:edit', args=[member.pk])}#tab-account", 302)
    ]
    assert "Roles saved." in response.text
    assert names(member) == ["Dealer", "Elsewhere"]
    [entry] = ModelLogEntry.objects.for_instance(member)
    assert entry.user.email == "staff@example.org"
    assert entry.data == {"old": ["Press"], "new": ["Dealer"]}
    assert entry.message == "Roles changed from Press to Dealer"


def test_all_are_taken(staff, member, roles):
    member.user.groups.set(roles)

    staff.post(url(member), {})

    assert names(member) == ["Elsewhere"]
    assert ModelLogEntry.objects.get().message == "Roles changed from Dealer, Press to none"


def test_what_does_not_change_is_not_logged(staff, member, roles):
    member.user.groups.add(roles[0])

    staff.post(url(member), {"roles": [roles[0].pk]})

    assert not ModelLogEntry.objects.exists()


def test_a_group_outside_the_list_cannot_be_posted(staff, member, roles):
    for chosen in (roles[2].pk, 4711, "nonsense", "1; DROP TABLE", -1, "9" * 20):
        assert_refused(staff.post(url(member), {"roles": [roles[0].pk, chosen]}), member)


# What carries admin access


def permission(name):
    label, codename = name.split(".")
    return Permission.objects.get(content_type__app_label=label, codename=codename)


def powerful():
    """Every way in which a group can become one of staff."""
    for name in (
        "wagtailadmin.access_admin",
        "partner.dashboard_access",
        "auth.change_user",
        "auth.add_group",
        "oscar_customers_ext.view_customer",
        "oscar_customers_ext.assign_role_customer",
        "wagtailcore.add_collection",
        "order.change_order",
        "sites.change_site",
    ):
        yield name, lambda group, name=name: group.permissions.add(permission(name))
    yield (
        "pages",
        lambda group: GroupPagePermission.objects.create(
            group=group,
            page=Page.add_root(instance=Page(title="Root", slug="root")),
            permission=Permission.objects.get(content_type__app_label="wagtailcore", codename="change_page"),
        ),
    )
    yield (
        "collections",
        lambda group: GroupCollectionPermission.objects.create(
            group=group,
            collection=Collection.add_root(instance=Collection(name="Root")),
            permission=permission("wagtaildocs.add_document"),
        ),
    )
    yield (
        "sites",
        lambda group: GroupSitePermission.objects.create(
            group=group,
            site=_site(),
            permission=permission("wagtailredirects.add_redirect"),
        ),
    )


def _site():
    from wagtail.models import Site

    root = Page.add_root(instance=Page(title="Root", slug="root"))
    return Site.objects.create(hostname="elsewhere", root_page=root)


@pytest.mark.parametrize("empower", [pytest.param(do, id=name) for name, do in powerful()])
def test_an_allowed_group_with_admin_access_is_out_of_reach(staff, member, roles, empower):
    empower(roles[0])
    assert "Dealer" not in staff.get(url(member)).text

    assert_refused(staff.post(url(member), {"roles": [roles[0].pk]}), member)
    with pytest.raises(ValidationError):
        assign_roles(member, [roles[0]], actor=None)
    # It is not taken either, when an administrator has given it.
    member.user.groups.add(roles[0])
    assert_refused(staff.post(url(member), {"roles": []}), member, sentence=STAFF, before=["Dealer"])


def test_a_permission_of_the_sites_own_makes_no_group_of_staff(member, roles, django_user_model):
    from django.contrib.contenttypes.models import ContentType

    # The app of a site: in the tests, taggit stands for it.
    tags = ContentType.objects.get(app_label="taggit", model="tag")
    roles[0].permissions.add(
        Permission.objects.create(content_type=tags, codename="see_prices", name="See prices")
    )

    assert list(allowed_roles()) == roles[:2]
    assert assign_roles(member, roles[:1], actor=None) == roles[:1]


# Accounts of staff


@pytest.mark.parametrize("make_staff", ["is_staff", "is_superuser", "group", "permission"])
def test_an_account_of_staff_is_out_of_reach(staff, member, roles, make_staff, staff_group):
    if make_staff == "group":
        member.user.groups.add(staff_group("wagtailadmin.access_admin"))
    elif make_staff == "permission":
        member.user.user_permissions.add(permission("wagtailadmin.access_admin"))
    else:
        setattr(member.user, make_staff, True)
        member.user.save()
    before = names(member)
    assert STAFF in staff.get(url(member)).text
    assert STAFF in staff.get(url(member, "roles")).text

    assert_refused(staff.post(url(member), {"roles": [roles[0].pk]}), member, sentence=STAFF, before=before)


def test_a_customer_without_account_has_no_roles(staff, customer, roles):
    sentence = "Roles belong to a user account, and this customer has none."
    assert sentence in staff.get(url(customer, "roles")).text
    assert sentence in staff.get(url(customer)).text

    assert sentence in staff.post(url(customer), {"roles": [roles[0].pk]}).text
    assert not ModelLogEntry.objects.exists()


# The section


def test_the_section_shows_roles_and_other_groups(staff, member, roles):
    member.user.groups.set(roles[1:])
    text = staff.get(url(member, "roles")).text

    assert "<li>Press</li>" in text
    assert "Groups of this account that are not changed here:" in text
    assert "Elsewhere" in text
    assert url(member) in text


def test_the_section_is_hidden_without_the_setting(staff, member, settings):
    section = url(member, "roles")
    edit = reverse("oscar_customers:edit", args=[member.pk])
    assert section not in staff.get(edit).text

    settings.OSCAR_CUSTOMERS_ROLES = ["Dealer"]
    assert section in staff.get(edit).text


def test_the_section_is_hidden_without_permission(editor, member, roles):
    assert url(member, "roles") not in editor.get(reverse("oscar_customers:edit", args=[member.pk])).text
    assert editor.get(url(member, "roles")).status_code in (302, 403)
    assert editor.post(url(member), {"roles": [roles[0].pk]}).status_code in (302, 403)
    assert names(member) == []


def test_the_section_asks_as_much_with_many_groups(staff, member, roles, django_assert_max_num_queries):
    member.user.groups.set(Group.objects.create(name=f"Group {number}") for number in range(50))
    staff.get(url(member, "roles"))
    with django_assert_max_num_queries(15):
        staff.get(url(member, "roles"))


# The check


def warnings():
    return [
        message.msg
        for message in run_checks(databases=["default"])
        if message.id == "oscar_customers_ext.W007"
    ]


def test_a_setting_without_fault_says_nothing(roles):
    assert warnings() == []


def test_the_check_names_what_is_missing_and_what_has_admin_access(roles, settings):
    roles[1].permissions.add(permission("wagtailadmin.access_admin"))
    settings.OSCAR_CUSTOMERS_ROLES = ["Dealer", "Press", "Nobody"]

    assert warnings() == [
        "OSCAR_CUSTOMERS_ROLES names a group that does not exist: Nobody.",
        "OSCAR_CUSTOMERS_ROLES names a group that carries admin access: Press.",
    ]


def test_no_setting_no_check(db):
    assert warnings() == []


def test_a_user_that_is_gone_by_now(member, roles):
    make_user("else@example.org")
    member.user.delete()
    with pytest.raises(ValidationError):
        assign_roles(member, roles[:1], actor=None)
