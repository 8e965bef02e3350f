from datetime import UTC
from urllib.parse import urlencode

from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from oscar.core.loading import get_model

from oscar_customers_ext.compat import policy_for
from oscar_customers_ext.customers.history import ObjectHistoryView
from oscar_customers_ext.customers.pages import SectionView
from oscar_customers_ext.customers.staff_sites.policies import shows_all, sites_of_staff

from .actions_of import hidden_actions
from .events import PAGE, timeline
from .records import visible_topics

Order = get_model("order", "Order")

#: Events of one and the same moment, at the most.
MOST_SKIPPED = 1000


class ActivityView(SectionView):
    """What the Activity tab shows: ``?topic=`` narrows it, ``?until=`` (a moment in ISO 8601) leads to what is older."""

    template_name = "oscar_customers_ext/admin/activity/timeline.html"

    @cached_property
    def topics(self):
        return visible_topics(self.request.user)

    @cached_property
    def topic(self):
        """The one that was asked for; empty for all of them."""
        asked = self.request.GET.get("topic", "")
        return asked if asked in self.topics else ""

    def get_context_data(self, **kwargs):
        wanted = [self.topic] if self.topic else list(self.topics)
        events = timeline(
            self.customer,
            wanted,
            until=self.until,
            skip=self.skip,
            orders=self.visible_orders,
            sites=sites_of_staff(self.request.user),
        )
        return super().get_context_data(
            events=events[:PAGE],
            older=self.older_than(events[:PAGE]) if len(events) > PAGE else None,
            topics=self.topics,
            topic=self.topic,
            **kwargs,
        )

    @property
    def visible_orders(self):
        """None where nothing is hidden from this member of staff."""
        policy, user = policy_for(Order), self.request.user
        if shows_all(policy, user):
            return None
        return policy.instances_user_has_permission_for(user, "view")

    def older_than(self, events):
        """Where the next page begins: the last moment shown, and how many of its events were shown by now."""
        last = events[-1].at
        shown = sum(1 for event in events if event.at == last)
        skip = shown + (self.skip if last == self.until else 0)
        return urlencode({"topic": self.topic, "until": last.isoformat(), "skip": skip})

    @cached_property
    def until(self):
        """None, too, for what is no moment."""
        try:
            moment = parse_datetime(self.request.GET.get("until", ""))
            return moment and moment.astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    @cached_property
    def skip(self):
        asked = self.request.GET.get("skip", "")
        return min(int(asked), MOST_SKIPPED) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0


class HistoryView(ObjectHistoryView):
    """Wagtail's own list of the log, without what the timeline would hide from this member of staff."""

    def get_base_queryset(self):
        hidden = hidden_actions(visible_topics(self.request.user))
        return super().get_base_queryset().exclude(action__in=hidden)
