from django.core.exceptions import PermissionDenied, ValidationError
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import Button, HeaderButton

from oscar_customers_ext.compat import policy_for
from oscar_customers_ext.customers.auxiliary import (
    AuxiliaryDeleteView,
    AuxiliaryEditView,
    AuxiliaryListView,
)
from oscar_customers_ext.customers.columns import CustomerCountColumn
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.staff_sites.figures import counted_for
from oscar_customers_ext.policies import READ, PolicyMixin

from .actions import delete_tags, merge_tags, rename_tag
from .forms import MergeTagsForm, merge_url
from .models import CustomerTag, TaggedCustomer
from .spelling import tag_key

COMPLETED = 10


class TagListView(AuxiliaryListView):
    default_ordering = "key"
    page_title = gettext_lazy("Tags")
    add_item_label = gettext_lazy("New tag")

    @cached_property
    def columns(self):
        return [
            self._get_title_column("name"),
            CustomerCountColumn("customer_count", label=_("Customers"), classname="customers-amount"),
        ]

    def get_base_queryset(self):
        among = counted_for(self.request.user, Customer)
        return super().get_base_queryset().with_customer_counts(among=among)

    def order_queryset(self, queryset):
        return queryset.order_by("-key" if self.ordering == "-name" else "key")

    def search_queryset(self, queryset):
        return queryset.filter(key__contains=tag_key(self.search_query)) if self.is_searching else queryset

    def get_list_more_buttons(self, instance):
        buttons = super().get_list_more_buttons(instance)
        if self.user_has_permission("change"):
            buttons.append(
                Button(_("Merge"), url=merge_url(instance.name), icon_name="resubmit", priority=20)
            )
        return buttons

    @cached_property
    def header_buttons(self):
        buttons = list(super().header_buttons)
        if self.user_has_permission("change"):
            buttons.append(HeaderButton(_("Merge tags"), url=merge_url(), icon_name="resubmit"))
        return buttons


class RenameTagView(AuxiliaryEditView):
    page_title = gettext_lazy("Rename")

    def save_instance(self):
        return rename_tag(self.get_object(), self.form.cleaned_data["name"], actor=self.request.user)

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except ValidationError as error:
            # Somebody else took the name since the form was checked.
            form.add_error("name", error)
            return self.form_invalid(form)


class DeleteTagView(AuxiliaryDeleteView):
    def get_concerned(self):
        return Customer.objects.filter(tagged__tag=self.object)

    def describe(self, count):
        return (
            ngettext(
                "One customer has this tag. The customer stays, without it.",
                "%(number)d customers have this tag. They stay, without it.",
                count,
            )
            % {"number": count}
            if count
            else _("No customer has this tag.")
        )

    def delete_action(self):
        delete_tags([self.object], actor=self.request.user)


class MergeTagsView(PolicyMixin, PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Asks which tags, then shows what would happen, and does it on POST."""

    model = CustomerTag
    permission_required = "change"
    page_title = gettext_lazy("Merge tags")
    header_icon = "tag"
    template_name = "oscar_customers_ext/admin/tags/merge.html"

    def get_form(self):
        data = self.request.POST if self.request.method == "POST" else self.request.GET
        return (
            MergeTagsForm(data) if "into" in data else MergeTagsForm(initial={"tags": data.get("tags", "")})
        )

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("oscar_customers_tags:index"), "label": _("Tags")},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, form=None, **kwargs):
        form = form or self.get_form()
        context = {"form": form, "ready": form.is_bound and form.is_valid()}
        if context["ready"]:
            merged = form.cleaned_data["tags"]
            tagged = TaggedCustomer.objects.filter(tag__in=merged)
            context["merged"] = CustomerTag.objects.filter(pk__in=[tag.pk for tag in merged])
            among = counted_for(self.request.user, Customer)
            context["is_limited"] = among is not None
            if among is not None:
                tagged = tagged.filter(content_object__in=among)
            context["number"] = tagged.values("content_object").distinct().count()
            context["into"] = form.cleaned_data["into"]
        return super().get_context_data(media=form.media, **context, **kwargs)

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        if not (form.is_bound and form.is_valid()):
            return self.render_to_response(self.get_context_data(form=form))
        into = merge_tags(form.cleaned_data["tags"], into=form.cleaned_data["into"], actor=request.user)
        messages.success(request, _("The tags were merged into “%(tag)s”.") % {"tag": into})
        return redirect("oscar_customers_tags:index")


class CompleteTagView(View):
    """Names for the tag field, for those who may see customers or tags: Wagtail's own view asks for nothing."""

    def dispatch(self, request, *args, **kwargs):
        may_enter = policy_for(Customer).user_has_any_permission(request.user, (*READ, "add"))
        if not (may_enter or policy_for(CustomerTag).user_has_any_permission(request.user, READ)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        key = tag_key(request.GET.get("term", "").replace("\x00", "")[:100])
        found = CustomerTag.objects.filter(key__contains=key) if key else CustomerTag.objects.none()
        return JsonResponse([tag.name for tag in found[:COMPLETED]], safe=False)
