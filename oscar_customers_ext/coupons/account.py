"""The shop's page of a customer's own coupons."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import ListView
from oscar.core.loading import get_class

from .models import CustomerVoucher
from .wording import words_of

PageTitleMixin = get_class("customer.mixins", "PageTitleMixin")


class CouponsView(LoginRequiredMixin, PageTitleMixin, ListView):
    template_name = "oscar_customers_ext/shop/coupons/coupons.html"
    context_object_name = "coupons"
    page_title = _("My coupons")
    active_tab = "coupons"
    paginate_by = 20

    def get_queryset(self):
        customer = self.request.customer
        if customer is None:
            return CustomerVoucher.objects.none()
        return CustomerVoucher.objects.filter(customer=customer).for_list().open_first(timezone.now())

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        rows = [{"coupon": coupon, "words": words_of(coupon)} for coupon in context["coupons"]]
        return {**context, "rows": rows}
