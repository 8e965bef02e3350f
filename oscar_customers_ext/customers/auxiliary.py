"""The screens of a small table that customers refer to: list, new, edit, delete, history; each asks for its object."""

from django.contrib.admin.utils import quote
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import log

from oscar_customers_ext.audit import CREATE, EDIT
from oscar_customers_ext.policies import ListPolicyMixin, ObjectPolicyMixin, PolicyMixin

from .history import ObjectHistoryView
from .models import Customer
from .staff_sites.figures import counted_for


class AuxiliaryListView(ListPolicyMixin, generic.IndexView):
    is_searchable = True
    #: Further entries of each row's menu: permission, name of the URL, label and icon.
    row_links = []

    def get_list_more_buttons(self, instance):
        buttons = super().get_list_more_buttons(instance)
        for permission, url_name, label, icon in self.row_links:
            if self.request.user.has_perm(permission):
                url = reverse(url_name, args=[quote(instance.pk)])
                buttons.append(Button(label, url=url, icon_name=icon, priority=25))
        return buttons


class NameTakenMixin:
    """Goes before Wagtail's form views: of two who save one name at once, the second is told so by the form."""

    def form_valid(self, form):
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except IntegrityError:
            form.add_error("name", _("Somebody has just saved this. Choose another name, or open the list."))
            return self.form_invalid(form)

    def form_invalid(self, form):
        self.is_valid(
            form
        )  # Wagtail's form_invalid() tells what this found; errors were added since it was asked
        return super().form_invalid(form)


class AuxiliaryCreateView(NameTakenMixin, PolicyMixin, generic.CreateView):
    def save_instance(self):
        instance = self.form.save()
        log(instance, CREATE, user=self.request.user, content_changed=True)
        return instance


class AuxiliaryEditView(NameTakenMixin, ObjectPolicyMixin, generic.EditView):
    object_permissions = ("change",)

    def save_instance(self):
        form = self.form
        changes = {
            name: [str(form.initial.get(name) or ""), str(form.cleaned_data[name])]
            for name in form.changed_data
        }
        instance = form.save()
        log(
            instance,
            EDIT,
            user=self.request.user,
            content_changed=bool(changes),
            data={"changes": changes},
        )
        return instance


class AuxiliaryDeleteView(ObjectPolicyMixin, generic.DeleteView):
    object_permissions = ("delete",)

    def get_concerned(self):
        """The customers who have what is deleted."""
        raise NotImplementedError

    def describe(self, count):
        """What becomes of so many customers, in a sentence."""
        raise NotImplementedError

    @property
    def confirmation_message(self):
        among = counted_for(self.request.user, Customer)
        concerned = self.get_concerned()
        if among is None:
            return f"{self.describe(concerned.count())} " + _("Delete it?")
        sentence = self.describe(concerned.filter(pk__in=among.values("pk")).count())
        others = _("Only customers whom you may see are counted; those of other sites lose it, too.")
        return f"{sentence} {others} " + _("Delete it?")


class AuxiliaryViewSet(ModelViewSet):
    add_to_reference_index = False
    copy_view_enabled = False
    list_per_page = 50
    index_view_class = AuxiliaryListView
    add_view_class = AuxiliaryCreateView
    edit_view_class = AuxiliaryEditView
    delete_view_class = AuxiliaryDeleteView
    history_view_class = ObjectHistoryView

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(usage_url_name=None, **kwargs)

    def get_urlpatterns(self):
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "usage"]
