from oscar_customers_ext.conf import conf
from oscar_customers_ext.customers.pages import PagedSectionView
from oscar_customers_ext.customers.staff_sites.policies import sites_of_staff

from .carts import abandoned_baskets, carts_of


class CartsSection(PagedSectionView):
    """Carts that the customer left, the latest first."""

    template_name = "oscar_customers_ext/admin/baskets/carts.html"
    permission = "basket.view_basket"
    per_page = 10

    def get_rows(self):
        return abandoned_baskets(self.customer, sites=sites_of_staff(self.request.user))

    def get_context_data(self, **kwargs):
        context = super().get_context_data(hours=conf.ABANDONED_AFTER_HOURS, **kwargs)
        return {**context, "carts": carts_of(context["page"])}
