"""Who waits for approval as a buyer, and who was declined."""

from django.contrib.auth import get_user_model

from demo.logins import ADMIN, TRADE
from oscar_customers_ext.approval.actions import decline_customers
from oscar_customers_ext.customers.actions import touch_customer
from oscar_customers_ext.models import Customer

WAITING = (
    {
        "email": TRADE,
        "first_name": "Tommaso",
        "last_name": "Villa",
        "company_name": "Villa & Figli Srl",
        "vat_number": "IT03333330482",
        "country_id": "IT",
    },
    {
        "email": "einkauf@kaffeehaus.example.net",
        "company_name": "Kaffeehaus am Markt",
        "country_id": "DE",
        "language": "de",
    },
    {"email": "ines.duarte@example.org", "first_name": "Inês", "last_name": "Duarte"},
)
DECLINED = "franz.huber@example.org"


def load_approvals():
    """Idempotent."""
    users = get_user_model()._default_manager
    for person in WAITING:
        user = users.filter(email=person["email"]).first()
        touch_customer(source="trade form", approved_buyer=False, user=user, **person)
    declined = Customer.objects.for_email(DECLINED).values_list("pk", flat=True)
    decline_customers(declined, actor=users.get(username=ADMIN))
