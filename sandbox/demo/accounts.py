"""User accounts that the staff of the demo shop made for people who had bought as guests."""

from django.contrib.auth import get_user_model

from demo.logins import ADMIN, PASSWORD
from oscar_customers_ext.accounts.actions import create_account, deactivate_account
from oscar_customers_ext.models import Customer

#: Told by phone, so the address counts as proven.
BY_PHONE = ("noemie@example.org", "noemie")
#: Sets a password by "forgotten password", which proves the address.
LEFT_OPEN = "siobhan@example.net"
DEACTIVATED = "inigo.munoz@example.com"
#: Somebody registered with this address after a guest had bought with it: staff may attach the account.
NOT_ATTACHED = "zoe.lefevre@example.net"


def load_user_accounts():
    """Idempotent."""
    staff = get_user_model().objects.get(username=ADMIN)
    email, username = BY_PHONE
    for customer in without_account(email):
        create_account(customer, username=username, password=PASSWORD, vouched=True, actor=staff)
    for customer in without_account(LEFT_OPEN):
        create_account(customer, actor=staff)
    for customer in without_account(DEACTIVATED):
        create_account(customer, actor=staff)
        deactivate_account(customer, actor=staff)
    if not get_user_model().objects.filter(email=NOT_ATTACHED).exists():
        get_user_model().objects.create_user("zoe", NOT_ATTACHED, PASSWORD)


def without_account(email):
    return Customer.objects.for_email(email).guests()
