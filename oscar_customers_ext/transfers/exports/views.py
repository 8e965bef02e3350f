"""The page on which an export is looked at and changed before it is sent, and what hangs on it."""

from asgiref.sync import sync_to_async
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages

from oscar_customers_ext.customers.listing.views import ListPageMixin

from .actions import export_customers
from .columns import columns_for
from .formats import ExportRefused
from .forms import ExportForm
from .models import ExportProfile, ExportSettings
from .selections import PERMISSION, Scope, Selection, may_export


async def _one_by_one(pieces):
    """Under ASGI Django would collect the whole file in memory before it sends the first byte."""
    while (piece := await sync_to_async(next)(pieces, None)) is not None:
        yield piece


class ExportPageMixin(ListPageMixin):
    """For those who may export, and see what they export."""

    any_permission_required = (PERMISSION,)
    header_icon = "download"

    def dispatch(self, request, *args, **kwargs):
        if not may_export(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class ExportView(ExportPageMixin, FormView):
    """Says which customers and how many, and sends the file when it is posted: every export is logged.

    What the page is opened with comes from the list's address. It is posted as a field, so that neither the
    address of the download nor a log of addresses has what somebody searched for.
    """

    page_title = gettext_lazy("Export customers")
    template_name = "oscar_customers_ext/admin/exports/export.html"
    form_class = ExportForm

    @cached_property
    def selection(self):
        asked = self.request.POST.get("query", "") if self.request.method == "POST" else ""
        return Selection(self.request, asked or self.request.GET.urlencode(), listing=self.listing)

    @property
    def list_view(self):
        return self.selection.list_view

    @cached_property
    def profiles(self):
        return list(ExportProfile.objects.usable_by(self.request.user))

    @cached_property
    def profile(self):
        """The profile that the address names; None without one, not found when it is somebody else's own."""
        asked = self.request.GET.get("profile")
        if not asked:
            return None
        found = next((profile for profile in self.profiles if str(profile.pk) == asked), None)
        if found is None:
            raise Http404
        return found

    def get_form_kwargs(self):
        chosen = self.profile or ExportSettings.present()
        shape = ExportProfile(**chosen.values)
        initial = {"name": self.profile.name, "is_shared": self.profile.is_shared} if self.is_own else {}
        return {
            **super().get_form_kwargs(),
            "instance": shape,
            "initial": initial,
            "counts": self.selection.counts,
            "columns": columns_for(self.request.user),
        }

    @property
    def is_own(self):
        return self.profile is not None and self.profile.owner_id == self.request.user.pk

    def form_valid(self, form):
        if form.is_for_profile:
            return self.save_profile(form)
        scope = form.cleaned_data["scope"]
        if scope == Scope.LIST and self.selection.is_broken:
            form.add_error(None, _("One of the filters cannot be understood. Go back and choose it again."))
            return self.form_invalid(form)
        try:
            export = export_customers(
                self.selection.customers(scope),
                shape=form.instance,
                actor=self.request.user,
                scope=scope,
                filters=self.selection.filters if scope == Scope.LIST else [],
            )
        except ExportRefused as refusal:
            form.add_error("format", ValidationError(str(refusal)))
            return self.form_invalid(form)
        return StreamingHttpResponse(
            _one_by_one(export.pieces) if isinstance(self.request, ASGIRequest) else export.pieces,
            content_type=export.file_format.content_type,
            headers={
                "Content-Disposition": content_disposition_header(True, export.file_name),
                "Cache-Control": "private, no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )

    def save_profile(self, form):
        name = form.cleaned_data["name"]
        contents = {**form.shape_values, "is_shared": form.cleaned_data["is_shared"]}
        profile, _is_new = ExportProfile.objects.update_or_create(
            owner=self.request.user, name=name, defaults=contents
        )
        messages.success(self.request, _("Export profile “%(name)s” saved.") % {"name": profile})
        query = self.selection.query
        parameters = f"{query}&" if query else ""
        return redirect(f"{reverse('oscar_customers:export')}?{parameters}profile={profile.pk}")

    def get_context_data(self, **kwargs):
        selection = self.selection
        return super().get_context_data(
            action_url=reverse("oscar_customers:export"),
            query=selection.query,
            lost_filters=selection.list_view.lost_filters,
            profiles=self.profiles,
            profile=self.profile,
            is_own=self.is_own,
            **kwargs,
        )


class DeleteProfileView(ExportPageMixin, TemplateView):
    """One's own only: a shared one of somebody else is refused, any other is not there."""

    page_title = gettext_lazy("Delete the export profile")
    header_icon = "bin"
    template_name = "oscar_customers_ext/admin/customers/confirm.html"

    def dispatch(self, request, *args, **kwargs):
        self.profile = ExportProfile.objects.filter(pk=kwargs["pk"]).first()
        if self.profile is None or not (self.profile.is_shared or self.profile.owner_id == request.user.pk):
            raise Http404
        if self.profile.owner_id != request.user.pk:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def back_url(self):
        return reverse("oscar_customers:export")

    def get_context_data(self, **kwargs):
        question = _("Delete the export profile “%(name)s”? The customers stay as they are.")
        if self.profile.is_shared:
            question = _(
                "Delete the export profile “%(name)s” for everybody? The customers stay as they are."
            )
        return super().get_context_data(
            question=question % {"name": self.profile},
            button_label=_("Delete"),
            button_classname="serious",
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        self.profile.delete()
        messages.success(request, _("Export profile “%(name)s” deleted.") % {"name": self.profile})
        return redirect(self.back_url)
