"""Who may open the pages of imports, and what of a file such a person may choose.

An import reads and changes customers of every site, so it is for staff from whom no customer is hidden. ``rights``
says what a file may do, whoever asks; the pages offer no more than that.
"""

from collections.abc import Sequence
from typing import Any

from oscar_customers_ext.compat import policy_for
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.staff_sites.policies import shows_all
from oscar_customers_ext.policies import READ

from . import rights
from .options import Accounts, Consent, Unknown

IMPORT = "oscar_customers_ext.import_customer"


def may_import(user: Any) -> bool:
    policy = policy_for(Customer)
    if not (user.has_perm(IMPORT) and policy.user_has_any_permission(user, READ)):
        return False
    return (user.is_active and user.is_superuser) or shows_all(policy, user)


def limited_mapping(mapping: Sequence[str | None], user: Any) -> list[str | None]:
    """The mapping without what this member of staff may not fill."""
    left_out = rights.fields_left_out(user)
    return [None if target and target.partition("@")[0] in left_out else target for target in mapping]


def limited_options(options: dict[str, Any], user: Any) -> dict[str, Any]:
    """The options without what this member of staff may not ask for."""
    limited = dict(options)
    if not rights.may_make_accounts(user):
        limited |= {"accounts": Accounts.NONE.value, "send_links": False}
    if "newsletter" in rights.fields_left_out(user):
        limited["consent"] = Consent.LEAVE.value
    if not rights.may_make_groups(user) and limited.get("unknown_groups") == Unknown.CREATE:
        limited["unknown_groups"] = Unknown.LEAVE.value
    return limited


def may_take_back(user: Any, job: Any) -> bool:
    """Whether this member of staff could have made all that an undo of the job takes away."""
    return (
        limited_mapping(job.mapping, user) == list(job.mapping)
        and (rights.may_make_accounts(user) or not job.counts.get("accounts"))
        and (
            "newsletter" not in rights.fields_left_out(user)
            or job.options.get("consent") not in (Consent.SUBSCRIBED, Consent.UNSUBSCRIBED)
        )
    )


def may_go_on(user: Any, job: Any) -> bool:
    """Whether this member of staff could have chosen all that the job will do, whoever did."""
    return limited_mapping(job.mapping, user) == list(job.mapping) and (
        limited_options(job.options, user) == job.options
    )
