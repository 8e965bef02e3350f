from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from oscar_customers_ext.compat import policy_for
from oscar_customers_ext.orders import views as orders


class OrderViewSet(ViewSet):
    model = get_model("order", "Order")
    name = "oscar_customers_orders"
    url_prefix = "customer-orders"
    icon = "form"
    menu_label = _("Orders")

    def get_common_view_kwargs(self, **kwargs):
        return {
            "model": self.model,
            "header_icon": self.icon,
            "index_url_name": self.get_url_name("index"),
            "index_results_url_name": self.get_url_name("index_results"),
            "paginate_by": 20,
            **kwargs,
        }

    def get_urlpatterns(self):
        listing, of_customer = orders.OrderListView, orders.OrdersOfCustomerView
        return [
            path("", self.construct_view(listing), name="index"),
            path("results/", self.construct_view(listing, results_only=True), name="index_results"),
            path("<int:pk>/", self.construct_view(orders.OrderOverview), name="inspect"),
            path("of-customer/<int:pk>/", self.construct_view(of_customer), name="of_customer"),
        ]

    @cached_property
    def menu_item_class(self):
        return OrdersMenuItem


class OrdersMenuItem(MenuItem):
    """A plain ViewSet has an item that shows to everybody."""

    def is_shown(self, request):
        return policy_for(OrderViewSet.model).user_has_permission(request.user, "view")
