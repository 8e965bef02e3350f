"""What the pages about a group's discounts have in common, and who may open them."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView
from oscar.core.loading import get_model
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from oscar_customers_ext.compat import policy_for
from oscar_customers_ext.groups.models import CustomerGroup
from oscar_customers_ext.policies import READ, ObjectPolicyMixin

from .states import with_parts

VIEW, ADD = "offer.view_conditionaloffer", "offer.add_conditionaloffer"
CHANGE, DELETE = "offer.change_conditionaloffer", "offer.delete_conditionaloffer"
ConditionalOffer = get_model("offer", "ConditionalOffer")


class OfGroupMixin(ObjectPolicyMixin, PermissionCheckedMixin, BaseObjectMixin):
    """``self.object`` is the group of the URL; ``permission`` is the one for offers that is needed beside it."""

    model = CustomerGroup
    any_permission_required = READ
    permission = VIEW

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(group=self.object, **kwargs)


class GroupPageMixin(OfGroupMixin, WagtailAdminTemplateMixin):
    """A page of its own, with the way back to the discounts of the group."""

    header_icon = "tag"

    @cached_property
    def back_url(self):
        user = self.request.user
        if not user.has_perm(VIEW):
            return reverse("oscar_customers_groups:index")
        if policy_for(CustomerGroup).user_has_permission_for_instance(user, "change", self.object):
            return reverse("oscar_customers_groups:edit", args=[self.object.pk]) + "#tab-discounts"
        return reverse("oscar_customers_groups:discounts", args=[self.object.pk])

    def get_page_subtitle(self):
        return str(self.object)

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("oscar_customers_groups:index"), "label": _("Groups")},
            {"url": self.back_url, "label": str(self.object)},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs):
        return super().get_context_data(back_url=self.back_url, next_url=self.back_url, **kwargs)


class OfOfferMixin:
    """Before the bases: ``self.offer`` is the one of the URL, which the group has."""

    permission = CHANGE

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        offers = with_parts(ConditionalOffer.objects.filter(group_links__group=self.object))
        self.offer = get_object_or_404(offers, pk=kwargs["offer_pk"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            offer=self.offer, dashboard_url=dashboard_url(self.request.user, self.offer), **kwargs
        )


class GroupFormView(GroupPageMixin, FormView):
    template_name = "oscar_customers_ext/admin/customers/form.html"
    submit_label = ""

    def get_success_url(self):
        return self.back_url

    def get_context_data(self, **kwargs):
        return super().get_context_data(submit_label=self.submit_label or _("Save"), **kwargs)


class ConfirmOfferView(OfOfferMixin, GroupPageMixin, TemplateView):
    """Asks on GET, and does it on POST (``perform`` raises ValidationError where it cannot)."""

    template_name = "oscar_customers_ext/admin/customers/confirm.html"
    button_label = ""
    button_classname = ""

    def get_question(self):
        raise NotImplementedError

    def perform(self):
        raise NotImplementedError

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            question=self.get_question(),
            button_label=self.button_label,
            button_classname=self.button_classname,
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        try:
            messages.success(request, self.perform())
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect(self.back_url)


def dashboard_url(user, offer):
    """The offer in Oscar's dashboard; "" for those whom it would not let in, and where there is none."""
    if not (user.is_staff and user.has_perm(VIEW)):
        return ""
    try:
        return reverse("dashboard:offer-detail", kwargs={"pk": offer.pk})
    except NoReverseMatch:
        return ""
