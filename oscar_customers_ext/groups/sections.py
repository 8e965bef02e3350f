"""The groups of one customer."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from oscar_customers_ext.customers.pages import CustomerFormView, SectionView

from .actions import change_groups
from .forms import GroupsOfCustomerForm
from .models import CustomerGroup
from .offers.pages import VIEW as VIEW_OFFERS
from .offers.states import IN_BRIEF, discounts_in_brief, state_of, summary


class GroupsSection(SectionView):
    template_name = "oscar_customers_ext/admin/groups/of_customer.html"

    def get_context_data(self, **kwargs):
        groups = CustomerGroup.objects.of(self.customer).with_origin_for(self.customer)
        if self.request.user.has_perm(VIEW_OFFERS):
            groups = groups.prefetch_related(discounts_in_brief())
        return super().get_context_data(
            groups=[(group, self.discounts(group)) for group in groups],
            in_brief=IN_BRIEF,
            may_change=self.may("assign_group"),
            **kwargs,
        )

    def discounts(self, group):
        offers = [link.offer for link in getattr(group, "brief_links", [])]
        return [(offer, summary(offer), state_of(offer)) for offer in offers]


class AssignGroupMixin:
    """Before the bases of a page that names the customer: who assigns groups must be allowed to see the customer."""

    def dispatch(self, request, *args, **kwargs):
        if not self.may("assign_group"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class ChangeGroupsView(AssignGroupMixin, CustomerFormView):
    form_class = GroupsOfCustomerForm
    page_title = gettext_lazy("Change groups")
    header_icon = "group"
    tab_id = "benefits"

    def get_initial(self):
        return {"groups": self.customer.groups.all()}

    def form_valid(self, form):
        change_groups(self.customer, form.cleaned_data["groups"], actor=self.request.user)
        messages.success(self.request, _("Groups of %(customer)s changed.") % {"customer": self.customer})
        return redirect(self.back_url)
