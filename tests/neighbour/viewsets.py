from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from oscar_customers_ext.viewsets import CustomerViewSet, LazyTab, ListColumn

from .views import EditLoyaltyCard, LoyaltyTab


class ShopCustomerViewSet(CustomerViewSet):
    list_display = [
        *CustomerViewSet.list_display,
        ListColumn(
            Column("loyalty_card.points", label=_("Points"), sort_key="loyalty_card__points"),
            # Without this the list would ask once per row.
            select_related=["loyalty_card"],
        ),
    ]

    def get_tabs(self):
        loyalty = LazyTab(heading=_("Loyalty"), tab_id="loyalty", url_name="oscar_customers:loyalty")
        return [*super().get_tabs(), loyalty]

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("loyalty/<int:pk>/", self.construct_view(LoyaltyTab), name="loyalty"),
            path("loyalty/<int:pk>/edit/", self.construct_view(EditLoyaltyCard), name="edit_loyalty"),
        ]
