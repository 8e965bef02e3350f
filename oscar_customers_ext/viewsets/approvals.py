from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem
from wagtail.admin.viewsets.base import ViewSet

from oscar_customers_ext.approval import views as approval
from oscar_customers_ext.compat import policy_for
from oscar_customers_ext.customers.models import Customer

#: The menu is on each page of the admin, so it counts no further.
AT_MOST = 99


class ApprovalViewSet(ViewSet):
    model = Customer
    name = "oscar_customers_approvals"
    url_prefix = "customer-approvals"
    icon = "check"
    menu_label = _("Approvals")

    def get_common_view_kwargs(self, **kwargs):
        return {
            "model": self.model,
            "header_icon": self.icon,
            "index_url_name": self.get_url_name("index"),
            "index_results_url_name": self.get_url_name("index_results"),
            "template_name": "oscar_customers_ext/admin/approval/index.html",
            "results_template_name": "oscar_customers_ext/admin/approval/index_results.html",
            "paginate_by": 20,
            **kwargs,
        }

    def get_urlpatterns(self):
        listing = approval.ApprovalListView
        return [
            path("", self.construct_view(listing), name="index"),
            path("results/", self.construct_view(listing, results_only=True), name="index_results"),
            path("<int:pk>/approve/", approval.ApproveView.as_view(), name="approve"),
            path("<int:pk>/decline/", approval.DeclineView.as_view(), name="decline"),
        ]

    @cached_property
    def menu_item_class(self):
        return ApprovalsMenuItem


class ApprovalsMenuItem(MenuItem):
    """Says how many customers wait."""

    def is_shown(self, request):
        return policy_for(Customer).user_has_permission(request.user, "approve")

    def render_component(self, request):
        return LinkMenuItem(
            self.name,
            self.label_for(request.user),
            self.url,
            icon_name=self.icon_name,
            classname=self.classname,
            attrs=self.attrs,
        )

    def label_for(self, user):
        allowed = policy_for(Customer).instances_user_has_permission_for(user, "approve")
        number = allowed.active().pending().order_by()[: AT_MOST + 1].count()
        if not number:
            return self.label
        return f"{self.label} ({AT_MOST}+)" if number > AT_MOST else f"{self.label} ({number})"
