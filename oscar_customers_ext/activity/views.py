from datetime import UTC
from urllib.parse import urlencode

from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import BaseObjectMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.policies import READ, ObjectPolicyMixin

from .timeline import PAGE, timeline

#: Events of one and the same moment, at the most.
MOST_SKIPPED = 1000


class ActivityView(ObjectPolicyMixin, PermissionCheckedMixin, BaseObjectMixin, TemplateView):
    """What the Activity tab shows. ``?until=`` (a moment in ISO 8601) leads to what is older."""

    model = Customer
    any_permission_required = READ
    template_name = "oscar_customers_ext/admin/activity/timeline.html"

    def get_context_data(self, **kwargs):
        with_orders = self.request.user.has_perm("order.view_order")
        events = timeline(self.object, until=self.until, skip=self.skip, with_orders=with_orders)
        older = self.older_than(events[:PAGE]) if len(events) > PAGE else None
        return super().get_context_data(customer=self.object, events=events[:PAGE], older=older, **kwargs)

    def older_than(self, events):
        """Where the next page begins: the last moment shown, and how many of its events were shown by now."""
        last = events[-1].at
        shown = sum(1 for event in events if event.at == last)
        return urlencode(
            {"until": last.isoformat(), "skip": shown + (self.skip if last == self.until else 0)}
        )

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
