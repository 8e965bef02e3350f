from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.views import generic
from wagtail.admin.views.generic.history import HistoryView
from wagtail.log_actions import log

from oscar_customers_ext.policies import ListPolicyMixin, ObjectPolicyMixin, PolicyMixin

from .panels import CustomerCard, LazyTab


class CustomerListView(ListPolicyMixin, generic.IndexView):
    is_searchable = True
    add_item_label = _("New customer")
    default_ordering = "-created_at"

    list_select_related = []

    def get_base_queryset(self):
        return super().get_base_queryset().select_related(*self.list_select_related)

    def order_queryset(self, queryset):
        """By primary key within equal values, so that no row is shown on two pages."""
        name = self.ordering if isinstance(self.ordering, str) else self.default_ordering
        return queryset.order_by(name, "-pk" if name.startswith("-") else "pk")

    def search_queryset(self, queryset):
        return queryset.search(self.search_query) if self.is_searching else queryset


class CreateCustomerView(PolicyMixin, generic.CreateView):
    page_title = _("New")
    page_subtitle = _("New customer")
    success_message = _("Customer %(object)s created.")

    def get_breadcrumbs_items(self):
        items = super().get_breadcrumbs_items()
        return [*items[:-1], {"url": "", "label": self.page_subtitle}]

    def get_success_url(self):
        return self.get_edit_url()

    def get_success_buttons(self):
        return []

    def save_instance(self):
        customer = self.form.create()
        log(customer, "wagtail.create", user=self.request.user, content_changed=True)
        # Wagtail goes on with the form's instance.
        self.form.instance = customer
        return customer

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except ValidationError as error:
            # Somebody else created this very customer between the check of the form and now.
            form.add_error(None, error)
            self.produced_error_code, self.produced_error_message = (
                "validation_error",
                self.get_error_message(),
            )
            return self.form_invalid(form)


class EditCustomerView(ObjectPolicyMixin, generic.EditView):
    object_permissions = ("change",)
    success_message = _("Customer %(object)s updated.")

    def get_success_url(self):
        return self.get_edit_url()

    def get_success_buttons(self):
        return []

    def save_instance(self):
        changed = self.form.has_changed()
        customer = self.form.save()
        log(customer, "wagtail.edit", user=self.request.user, content_changed=changed)
        return customer

    def get_side_panels(self):
        return MediaContainer([CustomerCard(self.object, self.request), *super().get_side_panels()])


class CustomerOverview(ObjectPolicyMixin, generic.InspectView):
    """The whole customer, read-only: what staff see who may view but not change."""

    any_permission_required = ("view", "change")
    page_title = _("Overview")
    panel = None

    def get_edit_url(self):
        may_change = self.permission_policy.user_has_permission_for_instance(
            self.request.user, "change", self.object
        )
        return reverse(self.edit_url_name, args=[self.object.pk]) if may_change else None

    def get_sections(self):
        """The lazy tabs of the edit screen, as far as this member of staff may see them."""
        tabs = [tab for tab in self.panel.children if isinstance(tab, LazyTab)]
        bound = [tab.get_bound_panel(instance=self.object, request=self.request, form=None) for tab in tabs]
        return [section for section in bound if section.is_shown()]

    def get_context_data(self, **kwargs):
        return super().get_context_data(sections=self.get_sections(), **kwargs)


class CustomerHistoryView(ObjectPolicyMixin, HistoryView):
    any_permission_required = ("view", "change")
