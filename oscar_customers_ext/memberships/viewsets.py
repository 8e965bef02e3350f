"""Membership plans in the Customers menu."""

from django.db import transaction
from django.db.models import ProtectedError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from oscar_customers_ext.customers.auxiliary import NameTakenMixin
from oscar_customers_ext.customers.history import ObjectHistoryView
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.staff import groups_of_staff
from oscar_customers_ext.customers.staff_sites.figures import counted_for
from oscar_customers_ext.policies import ListPolicyMixin, ObjectPolicyMixin, PolicyMixin

from .models import STAFF_GROUP, MembershipPlan


class PlanForm(WagtailAdminModelForm):
    """Offers no group of staff, and takes none."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["auth_group"]
        field.queryset = field.queryset.exclude(pk__in=groups_of_staff().values("pk"))
        field.error_messages["invalid_choice"] = STAFF_GROUP


class PlanListView(ListPolicyMixin, generic.IndexView):
    add_item_label = gettext_lazy("New membership plan")
    default_ordering = "name"

    def get_base_queryset(self):
        plans = super().get_base_queryset().select_related("auth_group", "customer_group")
        return plans.with_members(among=counted_for(self.request.user, Customer))


class CreatePlanView(NameTakenMixin, PolicyMixin, generic.CreateView):
    pass


class EditPlanView(NameTakenMixin, ObjectPolicyMixin, generic.EditView):
    object_permissions = ("change",)


class DeletePlanView(ObjectPolicyMixin, generic.DeleteView):
    object_permissions = ("delete",)
    template_name = "oscar_customers_ext/admin/memberships/delete_plan.html"

    def get_context_data(self, **kwargs):
        granted, among = self.object.memberships.all(), counted_for(self.request.user, Customer)
        seen = granted if among is None else granted.filter(customer__in=among)
        return super().get_context_data(is_granted=granted.exists(), granted=seen.count(), **kwargs)

    def form_valid(self, form):
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except ProtectedError:
            messages.error(
                self.request,
                _("The membership plan %(plan)s was not deleted, because customers have or had it.")
                % {"plan": self.object},
            )
            return redirect(self.get_success_url())


class MembershipPlanViewSet(ModelViewSet):
    model = MembershipPlan
    name = "oscar_customers_plans"
    url_prefix = "membership-plans"
    icon = "key"
    menu_label = gettext_lazy("Membership plans")
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = False
    index_view_class = PlanListView
    add_view_class = CreatePlanView
    edit_view_class = EditPlanView
    delete_view_class = DeletePlanView
    history_view_class = ObjectHistoryView
    search_fields = ["name"]
    search_backend_name = None
    list_display = [
        "name",
        Column("lasts", label=gettext_lazy("Duration")),
        Column("auth_group", label=gettext_lazy("Group for private pages"), classname="customers-wide"),
        Column("customer_group", label=gettext_lazy("Customer group"), classname="customers-wide"),
        Column("members", label=gettext_lazy("Active members"), classname="customers-amount"),
    ]

    def get_edit_handler(self):
        return ObjectList(
            [
                FieldPanel("name"),
                FieldPanel("description"),
                FieldRowPanel(
                    [FieldPanel("duration"), FieldPanel("duration_unit")], heading=gettext_lazy("Duration")
                ),
                MultiFieldPanel(
                    [FieldPanel("auth_group"), FieldPanel("customer_group")],
                    heading=gettext_lazy("What it opens"),
                ),
                FieldPanel("notice_days"),
            ],
            base_form_class=PlanForm,
        ).bind_to_model(self.model)

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(usage_url_name=None, **kwargs)

    def get_urlpatterns(self):
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "usage"]
