from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, TabbedInterface, TitleFieldPanel

from oscar_customers_ext.customers.auxiliary import AuxiliaryViewSet
from oscar_customers_ext.customers.panels import FormTab

from .forms import GroupForm
from .models import CustomerGroup
from .panels import MembersTab
from .views import AddMembersView, DeleteGroupView, GroupListView, MembersView, RemoveMemberView


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

    def get_edit_handler(self):
        tabs = [
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
            MembersTab(heading=_("Customers"), tab_id="members", url_name="oscar_customers_groups:members"),
        ]
        return TabbedInterface(tabs, base_form_class=self.base_form_class).bind_to_model(self.model)

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
        ]
