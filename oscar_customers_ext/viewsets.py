"""The Customers menu: which features show where. A site replaces a viewset by naming its own on the AppConfig."""

from django.apps import apps
from django.urls import path
from django.utils.functional import cached_property
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import TabbedInterface
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from .activity.views import ActivityView
from .compat import policy_for
from .customers import views as customers
from .customers.columns import OrderCountColumn
from .customers.filters import CustomerFilterSet
from .customers.forms import CustomerForm
from .customers.models import Customer
from .customers.panels import FormTab, LazyTab, details_tab
from .lifecycle import views as lifecycle
from .lifecycle.bulk import BULK_ACTIONS
from .orders import views as orders

__all__ = ["CustomerViewSet", "CustomersGroup", "FormTab", "LazyTab", "OrderViewSet", "details_tab"]


class CustomerViewSet(ModelViewSet):
    model = Customer
    name = "oscar_customers"
    url_prefix = "customers"
    icon = "user"
    menu_label = _("Customers")
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    index_template_name = "oscar_customers_ext/admin/customers/index.html"
    index_results_template_name = "oscar_customers_ext/admin/customers/index_results.html"
    inspect_template_name = "oscar_customers_ext/admin/customers/overview.html"
    list_per_page = 20
    filterset_class = CustomerFilterSet
    index_view_class = customers.CustomerListView
    add_view_class = customers.CreateCustomerView
    edit_view_class = customers.EditCustomerView
    inspect_view_class = customers.CustomerOverview
    delete_view_class = lifecycle.DeleteView
    history_view_class = customers.CustomerHistoryView

    #: The form of the Details tab; a site subclasses it to add fields of its own.
    base_form_class = CustomerForm

    #: Columns of the list: names of attributes, or Column objects. The first one links to the customer. What can be
    #: sorted by has an index.
    list_display = [
        "name",
        Column("email", label=_("E-mail"), sort_key="email_key", classname="customers-wide customers-email"),
        Column("kind", label=_("Kind"), classname="customers-wide"),
        Column("country", label=_("Country"), classname="customers-wide"),
        OrderCountColumn("orders_count", label=_("Orders"), sort_key="orders_count"),
        DateColumn("created_at", label=_("Created"), sort_key="created_at", classname="customers-wide"),
    ]

    #: Relations that the columns show, read together with the customers.
    list_select_related = ["country"]

    def get_index_view_kwargs(self, **kwargs):
        return super().get_index_view_kwargs(list_select_related=self.list_select_related, **kwargs)

    def get_tabs(self):
        """The tabs of the edit screen; a site adds its own."""
        return [
            details_tab(),
            LazyTab(
                heading=_("Orders"),
                tab_id="orders",
                url_name="oscar_customers_orders:of_customer",
                permission="order.view_order",
            ),
            LazyTab(heading=_("Activity"), tab_id="activity", url_name="oscar_customers:activity"),
        ]

    def get_edit_handler(self):
        tabs = TabbedInterface(self.get_tabs(), base_form_class=self.base_form_class)
        return tabs.bind_to_model(self.model)

    def get_inspect_view_kwargs(self, **kwargs):
        return super().get_inspect_view_kwargs(panel=self._edit_handler, **kwargs)

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(
            usage_url_name=None,
            archive_url_name=self.get_url_name("archive"),
            restore_url_name=self.get_url_name("restore"),
            **kwargs,
        )

    def get_delete_view_kwargs(self, **kwargs):
        return kwargs

    def get_urlpatterns(self):
        own = {
            "activity": ActivityView,
            "archive": lifecycle.ArchiveView,
            "restore": lifecycle.RestoreView,
        }
        return [
            *(pattern for pattern in super().get_urlpatterns() if pattern.name != "usage"),
            *(path(f"{name}/<int:pk>/", self.construct_view(view), name=name) for name, view in own.items()),
        ]

    def make_list_view(self):
        """The list's view as an object, for bulk actions that work on all that it finds."""
        view = self.index_view
        return view.view_class(**view.view_initkwargs)


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


class CustomersGroup(ViewSetGroup):
    menu_label = _("Customers")
    menu_name = "customers"
    menu_icon = "group"
    menu_order = 210

    def __init__(self):
        config = apps.get_app_config("oscar_customers_ext")
        self.items = [import_string(config.customer_viewset)(), import_string(config.order_viewset)()]
        super().__init__()

    @property
    def customers(self):
        return self.items[0]

    def bulk_actions(self):
        """Each bulk action, bound to the list that it works on."""
        make_list_view = self.customers.make_list_view
        return [
            type(action.__name__, (action,), {"listing": staticmethod(make_list_view)})
            for action in BULK_ACTIONS
        ]
