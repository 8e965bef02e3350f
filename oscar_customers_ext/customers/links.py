from django.contrib.admin.utils import quote
from django.urls import reverse

from oscar_customers_ext.compat import policy_for

from .models import Customer


def customer_url(user, customer):
    """Where this member of staff opens the customer: to change it, to read it, or None."""
    policy = policy_for(Customer)
    for permission, name in (("change", "edit"), ("view", "inspect")):
        if policy.user_has_permission_for_instance(user, permission, customer):
            return reverse(f"oscar_customers:{name}", args=[quote(customer.pk)])
    return None
