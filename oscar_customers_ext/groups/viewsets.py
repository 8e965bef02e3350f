from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, TabbedInterface, TitleFieldPanel

from oscar_customers_ext.customers.auxiliary import AuxiliaryViewSet
from oscar_customers_ext.customers.panels import FormTab

from .forms import GroupForm
from .models import CustomerGroup
from .offers import views as offers
from .offers.panels import DiscountsTab
from .panels import MembersTab
from .views import AddMembersView, DeleteGroupView, GroupListView, MembersView, RemoveMemberView

#: What the discounts show below the groups: route, view, name.
DISCOUNT_URLS = [
    ("discounts/<int:pk>/", offers.DiscountsView, "discounts"),
    ("discounts/<int:pk>/tab/", offers.DiscountsTabView, "discounts_tab"),
    ("discounts/<int:pk>/add/", offers.AddDiscountView, "add_discount"),
    ("discounts/<int:pk>/give/", offers.LinkOfferView, "link_offer"),
    ("discounts/<int:pk>/<int:offer_pk>/", offers.EditDiscountView, "edit_discount"),
    ("discounts/<int:pk>/<int:offer_pk>/take/", offers.UnlinkOfferView, "unlink_offer"),
    ("discounts/<int:pk>/<int:offer_pk>/suspend/", offers.SuspendDiscountView, "suspend_discount"),
    ("discounts/<int:pk>/<int:offer_pk>/reinstate/", offers.UnsuspendDiscountView, "unsuspend_discount"),
    ("discounts/<int:pk>/<int:offer_pk>/delete/", offers.DeleteDiscountView, "delete_discount"),
]


class GroupViewSet(AuxiliaryViewSet):
    model = CustomerGroup
    name = "oscar_customers_groups"
    url_prefix = "customer-groups"
    icon = "group"
    menu_label = _("Groups")
    index_view_class = GroupListView
    delete_view_class = DeleteGroupView

    #: The form of a group; a site subclasses it.
    base_form_class = GroupForm

    def get_tabs(self):
        """The tabs of a group's page; a site adds its own."""
        return [
            FormTab(
                [
                    TitleFieldPanel("name", placeholder=False, classname=""),
                    FieldPanel("slug"),
                    FieldPanel("description"),
                    FieldPanel("colour"),
                ],
                heading=_("Details"),
                tab_id="details",
            ),
            DiscountsTab(
                heading=_("Discounts"), tab_id="discounts", url_name="oscar_customers_groups:discounts_tab"
            ),
            MembersTab(heading=_("Customers"), tab_id="members", url_name="oscar_customers_groups:members"),
        ]

    def get_edit_handler(self):
        return TabbedInterface(self.get_tabs(), base_form_class=self.base_form_class).bind_to_model(
            self.model
        )

    def get_delete_view_kwargs(self, **kwargs):
        return kwargs

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("members/<int:pk>/", self.construct_view(MembersView), name="members"),
            path("members/<int:pk>/add/", self.construct_view(AddMembersView), name="add_members"),
            path(
                "members/<int:group_pk>/remove/<int:pk>/",
                RemoveMemberView.as_view(),
                name="remove_member",
            ),
            *(path(route, self.construct_view(view), name=name) for route, view, name in DISCOUNT_URLS),
        ]
