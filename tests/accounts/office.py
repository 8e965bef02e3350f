"""Whom staff see on the tab of accounts, what they post there, and what they find in the log."""

from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import ModelLogEntry

PASSWORD = "correct-horse-battery"
ANN = "ann@example.org"
NEW = {"account_username": "", "account_password": "", "account_password_again": ""}
WITH_PASSWORD = NEW | {"account_password": PASSWORD, "account_password_again": PASSWORD}


def url(name, *args):
    return reverse(f"oscar_customers:{name}", args=args)


def actions_in_log():
    return [entry.action.split(".")[1] for entry in ModelLogEntry.objects.order_by("pk")]


def user_of(customer):
    customer.refresh_from_db()
    return customer.user


def protect(user, how):
    if how in ("is_staff", "is_superuser"):
        setattr(user, how, True)
        user.save()
    else:
        group = Group.objects.create(name="Office")
        group.permissions.set(Permission.objects.filter(codename=how))
        user.groups.add(group)


PROTECTED = ["is_staff", "is_superuser", "access_admin", "dashboard_access"]
CHANGES = {
    "account_password": {"account_password": PASSWORD + "x", "account_password_again": PASSWORD + "x"},
    "account_rename": {"username": "new"},
    "account_activate": {},
    "account_deactivate": {},
    "account_link": {},
    "account_vouch": {},
}
