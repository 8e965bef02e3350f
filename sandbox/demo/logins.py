"""The people who can sign in to the sandbox, written down once."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

PASSWORD = "sandbox-demo"

ADMIN, EDITOR, MARKET_EDITOR, VIEWER, BUYER, TRADE = (
    f"{name}@example.com" for name in ("admin", "editor", "market", "viewer", "buyer", "trade")
)
#: Limited to the customers of one of the two sites.
MARKET_EDITORS = "Customer editors of the market"


@dataclass(frozen=True)
class Login:
    email: str
    first_name: str
    last_name: str
    role: str
    group: str = ""
    is_superuser: bool = False


LOGINS = (
    Login(ADMIN, "Ada", "Moretti", "superuser: everything, in all three places", is_superuser=True),
    Login(EDITOR, "Elena", "Ricci", "Wagtail: manages customers, no superuser", group="Customer editors"),
    Login(
        *(MARKET_EDITOR, "Marta", "Bruni", "Wagtail: manages the customers of the market stall only"),
        group=MARKET_EDITORS,
    ),
    Login(VIEWER, "Vito", "Bassi", "Wagtail: looks at customers, changes nothing", group="Customer viewers"),
    Login(BUYER, "Bianca", "De Santis", "shop: has an account and orders"),
    Login(TRADE, "Tommaso", "Villa", "shop: waits for approval and cannot buy yet"),
)

# (app label, permission) pairs; those of an app that is not installed are left out.
READ_CUSTOMERS = (
    ("wagtailadmin", "access_admin"),
    ("oscar_customers_ext", "view_customer"),
    ("oscar_customers_ext", "view_membership"),
    ("oscar_customers_ext", "view_membershipplan"),
    ("oscar_customers_ext", "view_customervoucher"),
    ("oscar_customers_ext", "view_taxexemption"),
    ("oscar_customers_ext", "view_customergroup"),
    ("oscar_customers_ext", "view_customertag"),
    ("order", "view_order"),
    ("basket", "view_basket"),
    ("oscar_customers_ext", "view_customernote"),
    ("oscar_customers_ext", "view_taxexemption"),
    ("offer", "view_conditionaloffer"),
)
WRITE_CUSTOMERS = (
    ("oscar_customers_ext", "add_customer"),
    ("oscar_customers_ext", "change_customer"),
    ("oscar_customers_ext", "delete_customer"),
    ("oscar_customers_ext", "approve_customer"),
    ("oscar_customers_ext", "manage_account_customer"),
    ("oscar_customers_ext", "assign_role_customer"),
    ("oscar_customers_ext", "manage_account_customer"),
    ("oscar_customers_ext", "subscribe_customer"),
    ("oscar_customers_ext", "export_customer"),
    ("oscar_customers_ext", "add_membership"),
    ("oscar_customers_ext", "change_membership"),
    ("oscar_customers_ext", "add_membershipplan"),
    ("oscar_customers_ext", "change_membershipplan"),
    ("oscar_customers_ext", "delete_membershipplan"),
    ("oscar_customers_ext", "add_taxexemption"),
    ("oscar_customers_ext", "change_taxexemption"),
    ("oscar_customers_ext", "delete_taxexemption"),
    ("oscar_customers_ext", "add_customervoucher"),
    ("oscar_customers_ext", "change_customervoucher"),
    ("oscar_customers_ext", "delete_customervoucher"),
    ("oscar_customers_ext", "add_customernote"),
    ("oscar_customers_ext", "change_customernote"),
    ("oscar_customers_ext", "delete_customernote"),
    ("oscar_customers_ext", "assign_group_customer"),
    ("oscar_customers_ext", "add_customergroup"),
    ("oscar_customers_ext", "change_customergroup"),
    ("oscar_customers_ext", "delete_customergroup"),
    ("oscar_customers_ext", "change_styles_customergroup"),
    ("offer", "add_conditionaloffer"),
    ("offer", "change_conditionaloffer"),
    ("offer", "delete_conditionaloffer"),
    ("oscar_customers_ext", "add_customertag"),
    ("oscar_customers_ext", "change_customertag"),
    ("oscar_customers_ext", "delete_customertag"),
    ("oscar_customers_ext", "subscribe_customer"),
    ("oscar_customers_ext", "manage_account_customer"),
    ("oscar_customers_ext", "import_customer"),
)
GROUPS = {
    "Customer editors": (
        *READ_CUSTOMERS,
        *WRITE_CUSTOMERS,
        ("oscar_customers_ext", "share_savedview"),
        ("oscar_customers_ext", "change_exportsettings"),
    ),
    MARKET_EDITORS: READ_CUSTOMERS + WRITE_CUSTOMERS,
    "Customer viewers": READ_CUSTOMERS,
}


def create_groups():
    for name, permissions in GROUPS.items():
        wanted = Q()
        for app_label, codename in permissions:
            wanted |= Q(content_type__app_label=app_label, codename=codename)
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.set(Permission.objects.filter(wanted))


def create_logins():
    """Idempotent: an account that exists keeps its password and its rights."""
    create_groups()
    users = get_user_model().objects
    for login in LOGINS:
        # Wagtail's sign-in asks for the username, Oscar's for the e-mail address: the same for both.
        if users.filter(username=login.email).exists():
            continue
        create = users.create_superuser if login.is_superuser else users.create_user
        user = create(
            login.email, login.email, PASSWORD, first_name=login.first_name, last_name=login.last_name
        )
        if login.group:
            user.groups.add(Group.objects.get(name=login.group))
