"""What whoever imports may do elsewhere, the file may do; what not, not."""

from typing import Any

from oscar_customers_ext.compat import policy_for
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.staff_sites.policies import sites_of_staff
from oscar_customers_ext.transfers.fields import ACCOUNT, CONSENT

APP = "oscar_customers_ext"
NEEDED: dict[str, tuple[str, ...]] = {
    f"{APP}.manage_account_customer": tuple(field.name for field in ACCOUNT),
    f"{APP}.subscribe_customer": tuple(field.name for field in CONSENT),
    f"{APP}.assign_group_customer": ("groups",),
    f"{APP}.add_customernote": ("note",),
    f"{APP}.add_taxexemption": ("tax_exempt",),
}


def fields_left_out(actor: Any) -> frozenset[str]:
    """Fields that this member of staff may not change; the command line (None) may change all."""
    if actor is None:
        return frozenset()
    missing = (names for permission, names in NEEDED.items() if not actor.has_perm(permission))
    return frozenset(name for names in missing for name in names)


def may_make_accounts(actor: Any) -> bool:
    return actor is None or actor.has_perm(f"{APP}.manage_account_customer")


def may_make_groups(actor: Any) -> bool:
    return actor is None or actor.has_perm(f"{APP}.add_customergroup")


def sites_of_new(actor: Any) -> list[int]:
    """The sites of the customers whom this member of staff imports: none where staff are not limited to sites."""
    return sorted(sites_of_staff(actor) or ()) if actor is not None else []


def reachable(pks: list[int], actor: Any) -> set[int]:
    """Which of these customers the member of staff may import into."""
    if actor is None or sites_of_staff(actor) is None:
        return set(pks)
    allowed = policy_for(Customer).instances_user_has_any_permission_for(actor, ["import"])
    return set(allowed.filter(pk__in=pks).order_by().values_list("pk", flat=True))
