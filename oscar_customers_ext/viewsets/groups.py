from django.urls import path
from django.utils.translation import gettext_lazy as _

from oscar_customers_ext.content.views import PERMISSION, ChangeStylesView, StylesSection
from oscar_customers_ext.customers.panels import LazyTab
from oscar_customers_ext.groups.views import GroupListView as BaseListView
from oscar_customers_ext.groups.viewsets import GroupViewSet as BaseViewSet


class GroupListView(BaseListView):
    row_links = [
        *BaseListView.row_links,
        (PERMISSION, "oscar_customers_groups:change_styles", _("Change style sheet"), "code"),
    ]


class GroupViewSet(BaseViewSet):
    """A group with what other features add to it."""

    index_view_class = GroupListView

    def get_tabs(self):
        return [
            *super().get_tabs(),
            LazyTab(
                heading=_("Style sheet"),
                tab_id="styles",
                url_name="oscar_customers_groups:styles",
                permission=PERMISSION,
            ),
        ]

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("styles/<int:pk>/", self.construct_view(StylesSection), name="styles"),
            path("styles/<int:pk>/change/", self.construct_view(ChangeStylesView), name="change_styles"),
        ]
