from django.db.models import Prefetch
from django.db.models.functions import Now

from .models import Membership

#: Of each customer the memberships that are active when the list is read.
ACTIVE = Prefetch(
    "memberships", Membership.objects.active(Now()).select_related("plan"), to_attr="active_memberships"
)


def plans_of(customer):
    return [membership.plan for membership in customer.active_memberships]
