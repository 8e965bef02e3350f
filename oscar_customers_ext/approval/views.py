"""The queue of customers who wait for approval, and the pages that decide about one."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, DateColumn
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views import generic

from oscar_customers_ext.customers.links import customer_url
from oscar_customers_ext.customers.listing.columns import FigureColumn
from oscar_customers_ext.customers.pages import CustomerFormView, SectionView
from oscar_customers_ext.policies import ListPolicyMixin

from .actions import approve_customers, decline_customers
from .filters import ApprovalFilterSet
from .forms import DecisionForm


class PersonColumn(Column):
    """The name, linked to the card for those who may open it, with the e-mail address below."""

    cell_template_name = "oscar_customers_ext/admin/approval/person_cell.html"

    def get_value(self, instance):
        return str(instance)

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        context["url"] = customer_url(parent_context["request"].user, instance)
        return context


class DecisionColumn(Column):
    """What can be decided about the customer; each button asks first."""

    cell_template_name = "oscar_customers_ext/admin/approval/decision_cell.html"

    def get_value(self, instance):
        return instance.approval_state

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        listing = reverse("oscar_customers_approvals:index")
        query = parent_context["request"].GET.urlencode()
        context["next"] = urlencode({"next": f"{listing}?{query}" if query else listing})
        return context


class ApprovalListView(ListPolicyMixin, generic.IndexView):
    """Those who wait, the oldest first; with ``?approved=declined`` those who were declined."""

    permission_required = "approve"
    any_permission_required = ("approve",)
    is_searchable = True
    default_ordering = "created_at"
    page_title = gettext_lazy("Approvals")
    filterset_class = ApprovalFilterSet

    @cached_property
    def columns(self):
        return [
            BulkActionsCheckboxColumn("bulk_actions", obj_type="customer"),
            PersonColumn("name", label=_("Name")),
            Column("company_name", label=_("Company"), classname="customers-wide"),
            Column("country", label=_("Country"), classname="customers-wide"),
            Column("kind", label=_("Kind"), classname="customers-wide"),
            self.orders_column.column,
            DateColumn("created_at", label=_("Created"), sort_key="created_at", classname="customers-wide"),
            DecisionColumn("decision", label=_("Decision")),
        ]

    @cached_property
    def orders_column(self):
        column = FigureColumn(Column("orders_count", label=_("Orders"), classname="customers-wide"))
        return column.seen_by(self.request.user)

    def get_base_queryset(self):
        allowed = self.permission_policy.instances_user_has_permission_for(self.request.user, "approve")
        customers = self.orders_column.prepare(allowed.active().select_related("country"))
        # Here and not in the filter, which counts for nothing when another filter cannot be understood.
        declined = self.request.GET.get("approved") == "declined"
        return customers.declined() if declined else customers.pending()

    def order_queryset(self, queryset):
        newest_first = self.ordering == "-created_at"
        return (
            queryset.order_by("-created_at", "-pk") if newest_first else queryset.order_by("created_at", "pk")
        )

    def search_queryset(self, queryset):
        return queryset.search(self.search_query) if self.is_searching else queryset


class ApprovalView(SectionView):
    """What the tab of the account says: the state, and for those who may decide the way to do so."""

    template_name = "oscar_customers_ext/admin/approval/of_customer.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_decide=self.may("approve"), **kwargs)


class DecisionView(CustomerFormView):
    """Decides about one customer; a mail goes out only when its box is ticked."""

    customer_permissions = ("approve",)
    form_class = DecisionForm
    tab_id = "account"

    @cached_property
    def back_url(self):
        """Where this was asked from: the queue or the customer."""
        card = customer_url(self.request.user, self.customer)
        return get_valid_next_url_from_request(self.request) or (
            f"{card}#tab-{self.tab_id}" if card else reverse("oscar_customers_approvals:index")
        )

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("oscar_customers_approvals:index"), "label": _("Approvals")},
            {"url": "", "label": f"{self.get_page_title()}: {self.customer}"},
        ]

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "email": self.customer.email}

    def form_valid(self, form):
        decided = self.decide(
            [self.customer.pk],
            actor=self.request.user,
            mail=form.cleaned_data["mail"],
            message=form.cleaned_data["message"],
        )
        name = {"customer": self.customer}
        if decided:
            messages.success(self.request, self.success_message % name)
        else:
            messages.info(self.request, self.nothing_message % name)
        return super().form_valid(form)


class ApproveView(DecisionView):
    template_name = "oscar_customers_ext/admin/approval/approve.html"
    page_title = submit_label = gettext_lazy("Approve")
    header_icon = "check"
    decide = staticmethod(approve_customers)
    success_message = gettext_lazy("Customer %(customer)s approved.")
    nothing_message = gettext_lazy("Customer %(customer)s was approved already.")


class DeclineView(DecisionView):
    template_name = "oscar_customers_ext/admin/approval/decline.html"
    page_title = submit_label = gettext_lazy("Decline")
    submit_classname = "serious"
    header_icon = "cross"
    decide = staticmethod(decline_customers)
    success_message = gettext_lazy("Customer %(customer)s declined.")
    nothing_message = gettext_lazy("Customer %(customer)s was declined already.")
