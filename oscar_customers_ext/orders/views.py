"""Orders, read-only: the shop's staff change them in Oscar's dashboard."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from wagtail.admin.views import generic

from oscar_customers_ext.compat import policy_for
from oscar_customers_ext.customers.links import customer_url
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.staff_sites.policies import shows_all, sites_of_staff
from oscar_customers_ext.policies import READ, ListPolicyMixin, ObjectPolicyMixin

from .columns import customer_of, order_columns
from .filters import OrderFilterSet
from .states import PREFETCH, fulfilment_of, payment_of

Order = get_model("order", "Order")


class OrderListView(ListPolicyMixin, generic.IndexView):
    """All orders, or with ``?customer=`` and a primary key those of one customer."""

    permission_required = "view"
    is_searchable = True
    default_ordering = "-date_placed"
    page_title = _("Orders")
    filterset_class = OrderFilterSet

    @property
    def columns(self):
        return order_columns()

    def get_base_queryset(self):
        orders = super().get_base_queryset().select_related("customer_link__customer")
        if sites_of_staff(self.request.user) is not None:
            # Whether the customer may be seen is asked for each row.
            orders = orders.prefetch_related("customer_link__customer__sites")
        return orders.prefetch_related(*PREFETCH)

    def order_queryset(self, queryset):
        name = self.ordering if isinstance(self.ordering, str) else self.default_ordering
        return queryset.order_by(name, "-pk" if name.startswith("-") else "pk")

    def search_queryset(self, queryset):
        """By the beginning of the number or e-mail address; for those who may see customers by what finds them, too."""
        if not self.is_searching:
            return queryset
        asked = self.search_query[:100].strip().lstrip("#")
        found = Q(number__istartswith=asked) | Q(customer_link__email__istartswith=asked)
        if policy_for(Customer).user_has_any_permission(self.request.user, READ):
            visible = policy_for(Customer).instances_user_has_any_permission_for(self.request.user, READ)
            found |= Q(customer_link__customer__in=visible.search(asked))
        return queryset.filter(found)


class OrdersOfCustomerView(OrderListView):
    """What the Orders tab of a customer shows: the latest orders, without the page around them."""

    results_only = True
    filterset_class = None
    is_searchable = False
    results_template_name = "oscar_customers_ext/admin/orders/of_customer.html"

    def dispatch(self, request, *args, **kwargs):
        self.customer = Customer.objects.filter(pk=kwargs["pk"]).first()
        if self.customer is None or customer_url(request.user, self.customer) is None:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self):
        return super().get_base_queryset().filter(customer_link__customer=self.customer)

    @property
    def columns(self):
        return order_columns(of_customer=True)

    def get_context_data(self, **kwargs):
        is_limited = not shows_all(self.permission_policy, self.request.user)
        return super().get_context_data(customer=self.customer, is_limited=is_limited, **kwargs)


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

    def get_dashboard_url(self):
        """Where Oscar's dashboard changes the order, for those whom it lets in; None when the site has no dashboard."""
        user = self.request.user
        if not (user.is_staff and user.has_perm("order.view_order")):
            return None
        try:
            return reverse("dashboard:order-detail", kwargs={"number": self.object.number})
        except NoReverseMatch:
            return None

    def get_context_data(self, **kwargs):
        customer = customer_of(self.object)
        link = getattr(self.object, "customer_link", None)
        return super().get_context_data(
            order=self.object,
            link=link,
            customer=customer,
            dashboard_url=self.get_dashboard_url(),
            payment=payment_of(self.object),
            fulfilment=fulfilment_of(self.object),
            customer_url=customer_url(self.request.user, customer) if customer else None,
            lines=self.object.lines.prefetch_related("attributes"),
            discounts=self.object.discounts.all(),
            surcharges=self.object.surcharges.all(),
            notes=self.object.notes.select_related("user"),
            **kwargs,
        )
