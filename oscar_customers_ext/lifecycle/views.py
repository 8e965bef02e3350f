from django.contrib.admin.utils import quote
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from oscar_customers_ext.conf import conf
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.staff_sites.figures import figures_for
from oscar_customers_ext.policies import ObjectPolicyMixin

from .actions import archive_customers, delete_customers, restore_customers


class ConfirmView(
    ObjectPolicyMixin, PermissionCheckedMixin, BaseObjectMixin, WagtailAdminTemplateMixin, TemplateView
):
    """Asks before it acts: GET shows what would happen and what stays, POST does it."""

    model = Customer
    index_url_name = edit_url_name = None
    button_label = ""
    #: Classes of Wagtail's button.
    button_classname = ""

    def get_page_subtitle(self):
        return str(self.object)

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": self.model._meta.verbose_name_plural.capitalize()},
            {"url": self.edit_url, "label": str(self.object)},
            {"url": "", "label": self.get_page_title()},
        ]

    @property
    def edit_url(self):
        return reverse(self.edit_url_name, args=[quote(self.object.pk)])

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            customer=self.object,
            next_url=self.edit_url,
            button_label=self.button_label,
            button_classname=self.button_classname,
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        return redirect(self.perform())

    def perform(self):
        """Does what was confirmed, and says where to go."""
        raise NotImplementedError


class ArchiveView(ConfirmView):
    template_name = "oscar_customers_ext/admin/lifecycle/archive.html"
    page_title = button_label = gettext_lazy("Archive")
    permission_required = "change"
    object_permissions = ("change",)
    header_icon = "folder-inverse"

    def perform(self):
        archive_customers([self.object.pk], actor=self.request.user)
        restore = messages.button(
            reverse("oscar_customers:restore", args=[quote(self.object.pk)]), _("Restore")
        )
        messages.success(
            self.request, _("Customer %(customer)s archived.") % {"customer": self.object}, buttons=[restore]
        )
        return reverse(self.index_url_name)


class RestoreView(ConfirmView):
    template_name = "oscar_customers_ext/admin/lifecycle/restore.html"
    page_title = button_label = gettext_lazy("Restore")
    permission_required = "change"
    object_permissions = ("change",)
    header_icon = "rotate"

    def perform(self):
        restore_customers([self.object.pk], actor=self.request.user)
        messages.success(self.request, _("Customer %(customer)s restored.") % {"customer": self.object})
        return self.edit_url


class DeleteView(ConfirmView):
    """Deletes, archives instead, or refuses: what the setting says of a customer with orders."""

    template_name = "oscar_customers_ext/admin/lifecycle/delete.html"
    page_title = gettext_lazy("Delete")
    permission_required = "delete"
    object_permissions = ("delete",)
    header_icon = "bin"
    button_classname = "serious"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.has_orders = self.object.order_links.exists()

    @property
    def button_label(self):
        if not self.has_orders:
            return _("Delete")
        return _("Archive") if conf.DELETE_WITH_ORDERS == "archive" and not self.object.archived_at else ""

    @property
    def edit_url(self):
        """Those who may delete but not change go back to the list."""
        may_change = self.permission_policy.user_has_permission_for_instance(
            self.request.user, "change", self.object
        )
        return super().edit_url if may_change else reverse(self.index_url_name)

    def get_context_data(self, **kwargs):
        seen = figures_for(self.request.user, self.object)["orders_count"]
        number = seen if seen == self.object.orders_count else None
        return super().get_context_data(has_orders=self.has_orders, number_of_orders=number, **kwargs)

    def perform(self):
        name = str(self.object)
        deletion = delete_customers([self.object.pk], actor=self.request.user)
        if not deletion.kept:
            messages.success(self.request, _("Customer %(customer)s deleted.") % {"customer": name})
        elif conf.DELETE_WITH_ORDERS == "archive":
            archive_customers([self.object.pk], actor=self.request.user)
            messages.success(
                self.request, _("Customer %(customer)s has orders and was archived.") % {"customer": name}
            )
        else:
            messages.error(
                self.request, _("Customer %(customer)s has orders and was not deleted.") % {"customer": name}
            )
            return self.edit_url
        return reverse(self.index_url_name)
