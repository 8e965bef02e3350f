"""Which entries of the log belong to which topic of the timeline."""

from collections.abc import Collection

from oscar_customers_ext.accounts import audit as accounts
from oscar_customers_ext.accounts.email_changes import audit as email_changes
from oscar_customers_ext.coupons import audit as coupons
from oscar_customers_ext.customers.marketing import audit as marketing
from oscar_customers_ext.customers.notes import audit as notes
from oscar_customers_ext.customers.tags import audit as tags
from oscar_customers_ext.groups import audit as groups
from oscar_customers_ext.groups.offers import audit as group_offers
from oscar_customers_ext.memberships import audit as memberships
from oscar_customers_ext.tax import audit as tax

#: Topic -> the actions of the log that are told under it. What stands nowhere here is told under "changes".
ALL_ACTIONS: dict[str, Collection[str]] = {
    "account": {*accounts.ACTIONS, *email_changes.ACTIONS, memberships.ROLES},
    "coupons": coupons.ACTIONS,
    "groups": {*groups.ACTIONS, *group_offers.ACTIONS, *tags.ACTIONS},
    "memberships": memberships.ACTIONS.keys() - {memberships.ROLES},
    "newsletter": marketing.ACTIONS,
    "notes": notes.ACTIONS,
    "tax": tax.ACTIONS,
}

#: Actions whose own rows tell more than the log does.
TOLD_BY_ROWS: set[str] = {*marketing.ACTIONS, notes.ADD_NOTE}


def hidden_actions(topics: Collection[str]) -> set[str]:
    """The actions of the log that belong to other topics than these."""
    return {action for topic, actions in ALL_ACTIONS.items() if topic not in topics for action in actions}
