"""The shop's page of a customer's own memberships."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.utils.translation import gettext_lazy as _
from django.views.generic import ListView
from oscar.core.loading import get_class

from .models import Membership

PageTitleMixin = get_class("customer.mixins", "PageTitleMixin")


class MembershipsView(LoginRequiredMixin, PageTitleMixin, ListView):
    template_name = "oscar_customers_ext/shop/memberships.html"
    context_object_name = "memberships"
    page_title = _("Memberships")
    active_tab = "memberships"
    paginate_by = 20

    def get_queryset(self):
        customer = self.request.customer
        if customer is None:
            return Membership.objects.none()
        return Membership.objects.filter(customer=customer).select_related("plan")
