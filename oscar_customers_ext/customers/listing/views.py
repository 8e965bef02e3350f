"""Pages that belong to the list of customers: which columns it has, and the views that are kept of it."""

from copy import copy

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.policies import READ, PolicyMixin

from .forms import ColumnsForm, SavedViewForm
from .models import ColumnChoice, SavedView
from .queries import check_length


class ListPageMixin(PolicyMixin, PermissionCheckedMixin, WagtailAdminTemplateMixin):
    """A page for those who may see the list, with the way back to it. ``listing`` makes the list's view."""

    model = Customer
    any_permission_required = READ
    header_icon = "user"
    listing = None

    @cached_property
    def list_view(self):
        """The list that this page's own query string asks for."""
        return self.list_view_of(self.request)

    def list_view_of(self, request):
        view = self.listing()
        view.setup(request)
        return view

    @property
    def index_url(self):
        return reverse("oscar_customers:index")

    @property
    def back_url(self):
        """The list as it was; made anew from parameters that are known, so that it leads nowhere else."""
        query = self.list_view.list_query
        return f"{self.index_url}?{query}" if query else self.index_url

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": self.back_url, "label": _("Customers")},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs):
        return super().get_context_data(back_url=self.back_url, **kwargs)


class ColumnsView(ListPageMixin, FormView):
    """Which columns this member of staff sees, in which order."""

    page_title = gettext_lazy("Columns")
    template_name = "oscar_customers_ext/admin/listing/columns.html"
    form_class = ColumnsForm

    def get_form_kwargs(self):
        columns, shown = self.list_view.available_columns, self.list_view.shown_keys
        return {**super().get_form_kwargs(), "columns": columns, "shown": shown}

    def post(self, request, *args, **kwargs):
        if "reset" in request.POST:
            ColumnChoice.objects.filter(user=request.user).delete()
            messages.success(request, _("The list has its default columns again."))
            return redirect(self.back_url)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        ColumnChoice.objects.update_or_create(user=self.request.user, defaults={"columns": form.chosen})
        messages.success(self.request, _("Columns saved."))
        return redirect(self.back_url)


class SavedViewPageMixin(ListPageMixin):
    """A page with the form of a view. ``list_view`` is the list as the view has it."""

    template_name = "oscar_customers_ext/admin/listing/view.html"
    form_class = SavedViewForm

    def get_form_kwargs(self):
        may_share = self.request.user.has_perm("oscar_customers_ext.share_savedview")
        return {**super().get_form_kwargs(), "instance": self.saved_view, "may_share": may_share}

    def get_context_data(self, **kwargs):
        listed = self.list_view
        return super().get_context_data(
            submit_label=_("Save"),
            search_query=listed.search_query,
            lost_filters=listed.lost_filters,
            filters=listed.active_filters,
            columns=[column.label for column in listed.shown_columns],
            **kwargs,
        )


class SaveViewView(SavedViewPageMixin, FormView):
    """Keeps the list that the query string asks for, with the columns that it has now."""

    page_title = gettext_lazy("Save this view")

    @cached_property
    def saved_view(self):
        query, columns = self.list_view.list_query, self.list_view.shown_keys
        return SavedView(owner=self.request.user, query=query, columns=columns)

    def form_valid(self, form):
        try:
            check_length(self.saved_view.query)
        except ValidationError as error:
            form.add_error(None, error)
        if self.list_view.lost_filters:
            form.add_error(None, _("One of the filters cannot be understood. Go back and choose it again."))
        if form.errors or not form.store():
            return self.form_invalid(form)
        messages.success(self.request, _("View “%(name)s” saved.") % {"name": self.saved_view})
        return redirect(self.saved_view.get_absolute_url())


class OwnViewMixin(ListPageMixin):
    """About one view of one's own. A shared view of somebody else is refused, any other is not there."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.saved_view = SavedView.objects.select_related("owner").filter(pk=kwargs["pk"]).first()

    def dispatch(self, request, *args, **kwargs):
        if self.saved_view is None:
            raise Http404
        if self.saved_view.owner_id != request.user.pk:
            if self.saved_view.shared:
                raise PermissionDenied
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def list_view(self):
        request = copy(self.request)
        request.GET = QueryDict(f"{self.saved_view.query}&view={self.saved_view.pk}")
        return self.list_view_of(request)

    @property
    def back_url(self):
        return reverse("oscar_customers:views")


class EditViewView(OwnViewMixin, SavedViewPageMixin, FormView):
    page_title = gettext_lazy("Change the view")

    def form_valid(self, form):
        if not form.store():
            return self.form_invalid(form)
        messages.success(self.request, _("View “%(name)s” saved.") % {"name": self.saved_view})
        return redirect(self.back_url)


class DeleteViewView(OwnViewMixin, TemplateView):
    page_title = gettext_lazy("Delete the view")
    header_icon = "bin"
    template_name = "oscar_customers_ext/admin/customers/confirm.html"

    def get_context_data(self, **kwargs):
        question = _("Delete the view “%(name)s”? The customers stay as they are.")
        if self.saved_view.shared:
            question = _("Delete the view “%(name)s” for everybody? The customers stay as they are.")
        return super().get_context_data(
            question=question % {"name": self.saved_view},
            button_label=_("Delete"),
            button_classname="serious",
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        self.saved_view.delete()
        messages.success(request, _("View “%(name)s” deleted.") % {"name": self.saved_view})
        return redirect(self.back_url)


class SavedViewsView(ListPageMixin, TemplateView):
    """One's own views, and those that others share."""

    page_title = gettext_lazy("Saved views")
    template_name = "oscar_customers_ext/admin/listing/views.html"

    def get_context_data(self, **kwargs):
        found = SavedView.objects.visible_to(self.request.user)
        return super().get_context_data(saved_views=found, **kwargs)
