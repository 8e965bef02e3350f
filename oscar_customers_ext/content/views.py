"""The style sheet of a group in the admin, and the page to change it."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from oscar_customers_ext.groups.models import CustomerGroup
from oscar_customers_ext.policies import READ, ObjectPolicyMixin

from .actions import MOST_FAULTS, change_styles
from .classes import APPROVED, GUEST, SIGNED_IN, group_class
from .forms import StylesForm
from .styles import compile_styles

PERMISSION = "oscar_customers_ext.change_styles_customergroup"


class StylesMixin(ObjectPolicyMixin, PermissionCheckedMixin, BaseObjectMixin):
    """``self.object`` is the group of the URL, for those who may see it and change style sheets."""

    model = CustomerGroup
    any_permission_required = READ

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def css_class(self):
        return group_class(self.object.slug)

    def get_context_data(self, **kwargs):
        return super().get_context_data(group=self.object, css_class=self.css_class, **kwargs)


class StylesSection(StylesMixin, TemplateView):
    """Shown within the form of the group, so it holds a link and no form."""

    template_name = "oscar_customers_ext/admin/content/styles.html"


class ChangeStylesView(StylesMixin, WagtailAdminTemplateMixin, FormView):
    """Checks what was typed, and saves it unless the button "Check" was pressed."""

    template_name = "oscar_customers_ext/admin/content/change_styles.html"
    form_class = StylesForm
    page_title = gettext_lazy("Change style sheet")
    header_icon = "code"

    def get_page_subtitle(self):
        return str(self.object)

    @cached_property
    def back_url(self):
        if self.permission_policy.user_has_permission_for_instance(self.request.user, "change", self.object):
            return reverse("oscar_customers_groups:edit", args=[self.object.pk]) + "#tab-styles"
        return reverse("oscar_customers_groups:index")

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("oscar_customers_groups:index"), "label": _("Groups")},
            {"url": self.back_url, "label": str(self.object)},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "group": self.object}

    def form_valid(self, form):
        if "check" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form, checked=True))
        try:
            change_styles(self.object, form.cleaned_data["styles"], actor=self.request.user)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        messages.success(self.request, _("Style sheet of %(group)s saved.") % {"group": self.object})
        return redirect(self.back_url)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        typed = context["form"]["styles"].value() or ""
        classes = [
            (GUEST, _("visitors who are not signed in")),
            (SIGNED_IN, _("everybody who is signed in")),
            (APPROVED, _("approved customers")),
            (self.css_class, _("members of this group")),
        ]
        sheet = compile_styles(typed, self.css_class)
        return {
            **context,
            "back_url": self.back_url,
            "submit_label": _("Save"),
            "submit_classname": "",
            "classes": classes,
            "sheet": sheet,
            "most_faults": f":{MOST_FAULTS}",
            "more_faults": max(0, len(sheet.faults) - MOST_FAULTS),
        }
