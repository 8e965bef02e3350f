from django.contrib import messages
from django.forms import modelform_factory
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, UpdateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from oscar_customers_ext.models import Customer
from oscar_customers_ext.policies import ObjectPolicyMixin

from .models import LoyaltyCard


class LoyaltyTab(ObjectPolicyMixin, DetailView):
    """What the tab shows. Asks for the permission to view or change this very customer."""

    model = Customer
    template_name = "neighbour/loyalty_tab.html"


class EditLoyaltyCard(ObjectPolicyMixin, WagtailAdminTemplateMixin, UpdateView):
    """A page of its own: a tab is part of the customer's form, and HTML knows no form within a form."""

    model = Customer
    object_permissions = ("change",)
    form_class = modelform_factory(LoyaltyCard, fields=["points"])
    template_name = "wagtailadmin/generic/form.html"
    page_title = _("Loyalty card")

    def get_object(self, queryset=None):
        customer = super().get_object(queryset)
        return getattr(customer, "loyalty_card", None) or LoyaltyCard(customer=customer)

    def get_breadcrumbs_items(self):
        customer = self.object.customer
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("oscar_customers:edit", args=[customer.pk]), "label": str(customer)},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs):
        return super().get_context_data(submit_button_label=_("Save"), **kwargs)

    def form_valid(self, form):
        response = super().form_valid(form)
        # On the customer, so that it shows in the customer's history.
        log(self.object.customer, "wagtail.edit", user=self.request.user)
        messages.success(self.request, _("Loyalty card saved."))
        return response

    def get_success_url(self):
        return reverse("oscar_customers:edit", args=[self.object.customer_id]) + "#tab-loyalty"
