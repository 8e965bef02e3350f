"""Why a customer pays what he pays: in general on the card, and with a cart on a page of its own.

A cart costs as many queries as the shop's own prices and offers need, so it is no part of the card.
"""

from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from oscar_customers_ext.baskets.carts import abandoned_baskets
from oscar_customers_ext.customers.pages import CustomerPageMixin, SectionView
from oscar_customers_ext.customers.staff_sites.policies import sites_of_staff

from .buyers import Buyer, open_basket
from .explanations import explain


class PricesSection(SectionView):
    template_name = "oscar_customers_ext/admin/pricing/section.html"

    def get_context_data(self, **kwargs):
        may_see_carts = self.request.user.has_perm(PricesOfCartView.permission)
        return super().get_context_data(
            explanation=explain(Buyer(self.customer), may=self.request.user.has_perm),
            basket=open_basket(self.customer) if may_see_carts else None,
            **kwargs,
        )


class PricesOfCartView(CustomerPageMixin, TemplateView):
    """The cart of now, or one that was left."""

    template_name = "oscar_customers_ext/admin/pricing/cart.html"
    permission = "basket.view_basket"
    page_title = _("Why this price")
    header_icon = "help"
    tab_id = "benefits"

    @cached_property
    def basket(self):
        pk = self.kwargs["basket_pk"]
        now = open_basket(self.customer)
        if now is not None and now.pk == pk:
            return now
        left = abandoned_baskets(self.customer, sites=sites_of_staff(self.request.user)).filter(pk=pk).first()
        if left is None:
            raise Http404
        return left

    def get_context_data(self, **kwargs):
        explanation = explain(Buyer(self.customer, self.basket), may=self.request.user.has_perm)
        return super().get_context_data(explanation=explanation, **kwargs)
