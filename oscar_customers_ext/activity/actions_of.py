"""Which entries of the log belong to which topic of the timeline."""

from collections.abc import Collection

from oscar_customers_ext.customers.marketing import audit as marketing

#: Topic -> the actions of the log that are told under it. What stands nowhere here is told under "changes".
ALL_ACTIONS: dict[str, Collection[str]] = {}

#: Actions whose own rows tell more than the log does.
TOLD_BY_ROWS: set[str] = {*marketing.ACTIONS}
