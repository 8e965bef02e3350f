"""Orders, read-only: the shop's staff change them in Oscar's dashboard."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from wagtail.admin.views import generic

from oscar_customers_ext.customers.links import customer_url
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.policies import ListPolicyMixin, ObjectPolicyMixin

from .columns import customer_of, order_columns

Order = get_model("order", "Order")


class OrderListView(ListPolicyMixin, generic.IndexView):
    """All orders, or with ``?customer=`` and a primary key those of one customer."""

    permission_required = "view"
    is_searchable = True
    default_ordering = "-date_placed"
    page_title = _("Orders")

    @property
    def columns(self):
        return order_columns()

    def get_base_queryset(self):
        orders = super().get_base_queryset().select_related("customer_link__customer")
        if self.customer_pk is None:
            return orders
        return orders.filter(customer_link__customer=self.customer_pk)

    @property
    def customer_pk(self):
        asked = self.request.GET.get("customer", "")
        return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None

    def order_queryset(self, queryset):
        name = self.ordering if isinstance(self.ordering, str) else self.default_ordering
        return queryset.order_by(name, "-pk" if name.startswith("-") else "pk")

    def search_queryset(self, queryset):
        """By the beginning of the number or of the e-mail address."""
        if not self.is_searching:
            return queryset
        asked = self.search_query[:100].strip().lstrip("#").replace("\x00", "")
        return queryset.filter(Q(number__istartswith=asked) | Q(customer_link__email__istartswith=asked))


class OrdersOfCustomerView(OrderListView):
    """What the Orders tab of a customer shows: the latest orders, without the page around them."""

    results_only = True
    results_template_name = "oscar_customers_ext/admin/orders/of_customer.html"

    def dispatch(self, request, *args, **kwargs):
        self.customer = Customer.objects.filter(pk=self.customer_pk).first()
        if self.customer is None or customer_url(request.user, self.customer) is None:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def customer_pk(self):
        return self.kwargs["pk"]

    @property
    def columns(self):
        return order_columns(with_customer=False)

    def get_context_data(self, **kwargs):
        return super().get_context_data(customer=self.customer, **kwargs)


class OrderOverview(ObjectPolicyMixin, generic.InspectView):
    """One order as a read-only page."""

    any_permission_required = ("view",)
    object_permissions = ("view",)
    page_title = _("Order")
    template_name = "oscar_customers_ext/admin/orders/order.html"

    def get_fields(self):
        return []

    def get_page_subtitle(self):
        return f"#{self.object.number}"

    def get_context_data(self, **kwargs):
        customer = customer_of(self.object)
        link = getattr(self.object, "customer_link", None)
        return super().get_context_data(
            order=self.object,
            link=link,
            customer=customer,
            customer_url=customer_url(self.request.user, customer) if customer else None,
            lines=self.object.lines.all(),
            discounts=self.object.discounts.all(),
            surcharges=self.object.surcharges.all(),
            notes=self.object.notes.select_related("user"),
            **kwargs,
        )
