from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, ObjectList

from oscar_customers_ext.customers.auxiliary import AuxiliaryViewSet

from .forms import TagForm
from .models import CustomerTag
from .views import CompleteTagView, DeleteTagView, MergeTagsView, RenameTagView, TagListView


class TagViewSet(AuxiliaryViewSet):
    model = CustomerTag
    name = "oscar_customers_tags"
    url_prefix = "customer-tags"
    icon = "tag"
    menu_label = _("Tags")
    index_view_class = TagListView
    edit_view_class = RenameTagView
    delete_view_class = DeleteTagView

    def get_edit_handler(self):
        return ObjectList([FieldPanel("name")], base_form_class=TagForm).bind_to_model(self.model)

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("merge/", self.construct_view(MergeTagsView), name="merge"),
            path("complete/", CompleteTagView.as_view(), name="complete"),
        ]
