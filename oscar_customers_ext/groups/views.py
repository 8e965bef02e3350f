"""Groups themselves, and the customers in them."""

from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError, Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import Button
from wagtail.models import ReferenceIndex

from oscar_customers_ext.compat import policy_for
from oscar_customers_ext.customers.auxiliary import AuxiliaryDeleteView, AuxiliaryListView
from oscar_customers_ext.customers.columns import CustomerCountColumn
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.pages import ConfirmCustomerView
from oscar_customers_ext.customers.staff_sites.figures import counted_for
from oscar_customers_ext.policies import READ, ObjectPolicyMixin, seen_and_allowed

from .actions import add_to_group, remove_from_group
from .forms import SearchForm
from .models import CustomerGroup
from .offers.pages import VIEW as VIEW_OFFERS
from .sections import AssignGroupMixin

PAGE = 20


class GroupColumn(TitleColumn):
    cell_template_name = "oscar_customers_ext/admin/groups/name_cell.html"


class GroupListView(AuxiliaryListView):
    default_ordering = "name"
    page_title = gettext_lazy("Groups")
    add_item_label = gettext_lazy("New group")

    @cached_property
    def columns(self):
        return [
            self._get_title_column("name", GroupColumn),
            Column("slug", label=_("Slug"), sort_key="slug", classname="customers-wide"),
            CustomerCountColumn("customer_count", label=_("Customers"), classname="customers-amount"),
        ]

    def get_base_queryset(self):
        among = counted_for(self.request.user, Customer)
        return super().get_base_queryset().with_customer_counts(among=among)

    def search_queryset(self, queryset):
        asked = self.search_query
        found = Q(name__icontains=asked) | Q(slug__icontains=asked)
        return queryset.filter(found) if self.is_searching else queryset

    def get_list_more_buttons(self, instance):
        buttons = super().get_list_more_buttons(instance)
        if may_assign(self.request.user):
            url = reverse("oscar_customers_groups:add_members", args=[instance.pk])
            buttons.append(Button(_("Add customers"), url=url, icon_name="plus", priority=15))
        if self.request.user.has_perm(VIEW_OFFERS):
            url = reverse("oscar_customers_groups:discounts", args=[instance.pk])
            buttons.append(Button(_("Discounts"), url=url, icon_name="tag", priority=16))
        return buttons


class DeleteGroupView(AuxiliaryDeleteView):
    template_name = "oscar_customers_ext/admin/groups/delete.html"

    @cached_property
    def plans(self):
        return list(self.object.membership_plans.all())

    @cached_property
    def uses(self):
        """How many pages, or other things of the site, name the group."""
        references = ReferenceIndex.get_references_to(self.object)
        return references.values("base_content_type", "object_id").distinct().count()

    def get_concerned(self):
        return self.object.customers.all()

    def describe(self, count):
        sentence = (
            ngettext(
                "One customer is in this group and stays, without it.",
                "%(number)d customers are in this group and stay, without it.",
                count,
            )
            % {"number": count}
            if count
            else _("No customer is in this group.")
        )
        if self.object.offer_links.exists():
            sentence += " " + _("Its discounts stay in the shop as offers that this group gives to nobody.")
        return sentence

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return {**context, "plans": self.plans, "uses": self.uses, "is_protected": bool(self.plans)}

    def form_valid(self, form):
        try:
            if not self.plans:
                return super().form_valid(form)
        except ProtectedError:
            # A plan was given the group since this page was opened.
            del self.plans
        return self.render_to_response(self.get_context_data())


def may_assign(user):
    policy = policy_for(Customer)
    return policy.user_has_permission(user, "assign_group") and policy.user_has_any_permission(user, READ)


class OfGroupMixin(ObjectPolicyMixin, PermissionCheckedMixin, BaseObjectMixin):
    """``self.object`` is the group of the URL; who may see neither groups nor customers is refused."""

    model = CustomerGroup
    any_permission_required = READ

    def dispatch(self, request, *args, **kwargs):
        if not policy_for(Customer).user_has_any_permission(request.user, READ):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def customers(self):
        """Those whom this member of staff may see."""
        return policy_for(Customer).instances_user_has_any_permission_for(self.request.user, READ)


class MembersView(OfGroupMixin, TemplateView):
    """What the Customers tab of a group shows: a page of them, newest first."""

    template_name = "oscar_customers_ext/admin/groups/members.html"

    @cached_property
    def page(self):
        asked = self.request.GET.get("p", "")
        return int(asked) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 7 and int(asked) else 1

    def get_context_data(self, **kwargs):
        group = CustomerGroup.objects.filter(pk=self.object.pk)
        found = self.customers().among(*group.sources_of_customers()).order_by("-created_at", "-pk")
        start = (self.page - 1) * PAGE
        members = list(found[start : start + PAGE + 1])
        assigned = set(
            self.object.customers.filter(pk__in=[customer.pk for customer in members]).values_list(
                "pk", flat=True
            )
        )
        return super().get_context_data(
            group=self.object,
            members=[(customer, customer.pk in assigned) for customer in members[:PAGE]],
            previous=self.page - 1,
            next=self.page + 1 if len(members) > PAGE else None,
            may_assign=may_assign(self.request.user),
            **kwargs,
        )


class AddMembersView(OfGroupMixin, WagtailAdminTemplateMixin, TemplateView):
    """Finds customers on GET, and puts those that are ticked into the group on POST."""

    template_name = "oscar_customers_ext/admin/groups/add_members.html"
    page_title = gettext_lazy("Add customers")
    header_icon = "group"

    def dispatch(self, request, *args, **kwargs):
        if not may_assign(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def customers(self):
        """Those whom this member of staff may both see and put into groups."""
        return seen_and_allowed(policy_for(Customer), self.request.user, "assign_group")

    def get_page_subtitle(self):
        return str(self.object)

    @cached_property
    def back_url(self):
        return group_url(self.request.user, self.object)

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("oscar_customers_groups:index"), "label": _("Groups")},
            {"url": self.back_url, "label": str(self.object)},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs):
        form = SearchForm(self.request.GET if "q" in self.request.GET else None)
        asked = form.cleaned_data["q"] if form.is_bound and form.is_valid() else ""
        found = []
        if asked:
            outside = self.customers().active().exclude(groups=self.object)
            found = list(outside.search(asked).order_by("-created_at", "-pk")[: PAGE + 1])
        return super().get_context_data(
            group=self.object,
            form=form,
            asked=asked,
            found=found[:PAGE],
            more=len(found) > PAGE,
            back_url=self.back_url,
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        asked = request.POST.getlist("customer")[: PAGE * 5]
        pks = [int(pk) for pk in asked if pk.isascii() and pk.isdigit() and len(pk) < 19]
        chosen = self.customers().filter(pk__in=pks).values_list("pk", flat=True)
        if not chosen:
            messages.error(request, _("Tick at least one customer."))
            return self.render_to_response(self.get_context_data())
        count = len(add_to_group(chosen, self.object, actor=request.user))
        messages.success(
            request,
            ngettext(
                "%(number)d customer put into the group %(group)s.",
                "%(number)d customers put into the group %(group)s.",
                count,
            )
            % {"number": count, "group": self.object},
        )
        return redirect(request.get_full_path())


class RemoveMemberView(AssignGroupMixin, ConfirmCustomerView):
    page_title = gettext_lazy("Take out of group")
    button_label = gettext_lazy("Take out")
    header_icon = "group"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.group = get_object_or_404(CustomerGroup, pk=kwargs["group_pk"])

    @cached_property
    def back_url(self):
        return group_url(self.request.user, self.group)

    def get_question(self):
        return _("Take %(customer)s out of the group %(group)s?") % {
            "customer": self.customer,
            "group": self.group,
        }

    def perform(self):
        remove_from_group([self.customer.pk], self.group, actor=self.request.user)
        messages.success(
            self.request,
            _("%(customer)s was taken out of the group %(group)s.")
            % {"customer": self.customer, "group": self.group},
        )


def group_url(user, group):
    """The customers of the group, where this member of staff may see them."""
    if policy_for(CustomerGroup).user_has_permission_for_instance(user, "change", group):
        return reverse("oscar_customers_groups:edit", args=[group.pk]) + "#tab-members"
    return group.customers_url
