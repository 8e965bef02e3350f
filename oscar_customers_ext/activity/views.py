from django.utils.dateparse import parse_datetime
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import BaseObjectMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.policies import READ, ObjectPolicyMixin

from .timeline import PAGE, timeline


class ActivityView(ObjectPolicyMixin, PermissionCheckedMixin, BaseObjectMixin, TemplateView):
    """What the Activity tab shows. ``?before=`` (a moment in ISO 8601) leads to what is older."""

    model = Customer
    any_permission_required = READ
    template_name = "oscar_customers_ext/admin/activity/timeline.html"

    def get_context_data(self, **kwargs):
        with_orders = self.request.user.has_perm("order.view_order")
        events = timeline(self.object, before=self.before, with_orders=with_orders)
        older = events[PAGE - 1].at.isoformat() if len(events) > PAGE else None
        return super().get_context_data(customer=self.object, events=events[:PAGE], older=older, **kwargs)

    @property
    def before(self):
        try:
            return parse_datetime(self.request.GET.get("before", ""))
        except ValueError:
            return None
