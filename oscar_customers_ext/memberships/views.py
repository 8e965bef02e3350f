from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from oscar_customers_ext.conf import conf
from oscar_customers_ext.customers.pages import (
    ConfirmCustomerView,
    CustomerFormView,
    PagedSectionView,
    SectionView,
)
from oscar_customers_ext.customers.panels import Section
from oscar_customers_ext.customers.staff import is_staff_account

from .actions import assign_roles, grant_membership, renew_membership, revoke_membership
from .forms import GrantForm, RenewForm, RolesForm
from .models import Membership, MembershipPlan
from .roles import allowed_roles, roles_of

VIEW, ADD, CHANGE = (f"oscar_customers_ext.{name}_membership" for name in ("view", "add", "change"))
ASSIGN_ROLES = "oscar_customers_ext.assign_role_customer"


class MembershipsSection(PagedSectionView):
    template_name = "oscar_customers_ext/admin/memberships/section.html"
    permission = VIEW

    def get_rows(self):
        found = Membership.objects.filter(customer=self.customer)
        return found.select_related("plan", "plan__auth_group", "plan__customer_group", "granted_by")

    def get_context_data(self, **kwargs):
        user = self.request.user
        return super().get_context_data(
            may_grant=user.has_perm(ADD),
            may_change=user.has_perm(CHANGE),
            has_plans=MembershipPlan.objects.exists(),
            may_plan=user.has_perm("oscar_customers_ext.add_membershipplan"),
            **kwargs,
        )


class GrantView(CustomerFormView):
    """``?plan=`` and ``?starts_at=`` prefill the end: the form's script asks so when one of them changes."""

    form_class = GrantForm
    template_name = "oscar_customers_ext/admin/memberships/grant.html"
    permission = ADD
    tab_id = "benefits"
    page_title = gettext_lazy("Grant membership")
    submit_label = gettext_lazy("Grant")

    def get_initial(self):
        start = self._asked_start() or timezone.now().replace(second=0, microsecond=0)
        plan = self._asked_plan()
        return {"plan": plan, "starts_at": start, "ends_at": plan and plan.end_of(start)}

    def _asked_plan(self):
        asked = self.request.GET.get("plan", "")
        plans = MembershipPlan.objects.all()
        known = (
            plans.filter(pk=int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 19 else plans
        )
        return known.first() or plans.first()

    def _asked_start(self):
        field = GrantForm.base_fields["starts_at"]
        try:
            return field.clean(self.request.GET.get("starts_at", ""))
        except ValidationError:
            return None

    def form_valid(self, form):
        try:
            granted = grant_membership(self.customer, actor=self.request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        messages.success(self.request, _("Membership %(plan)s granted.") % {"plan": granted.plan})
        return super().form_valid(form)


class OfMembershipMixin:
    """``self.membership`` is the one named by the URL, of this customer."""

    permission = CHANGE
    tab_id = "benefits"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        found = Membership.objects.select_related("plan").filter(customer=self.customer)
        self.membership = get_object_or_404(found, pk=kwargs["membership_pk"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(membership=self.membership, **kwargs)


class RenewView(OfMembershipMixin, CustomerFormView):
    form_class = RenewForm
    template_name = "oscar_customers_ext/admin/memberships/renew.html"
    page_title = gettext_lazy("Renew membership")
    submit_label = gettext_lazy("Renew")

    def get_initial(self):
        now = timezone.now().replace(second=0, microsecond=0)
        return {"ends_at": self.membership.plan.end_of(max(self.membership.ends_at or now, now))}

    def form_valid(self, form):
        try:
            renew_membership(self.membership, actor=self.request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        messages.success(self.request, _("Membership %(plan)s renewed.") % {"plan": self.membership.plan})
        return super().form_valid(form)


class RevokeView(OfMembershipMixin, ConfirmCustomerView):
    page_title = button_label = gettext_lazy("Revoke membership")
    button_classname = "serious"

    def get_question(self):
        if not self.membership.is_running:
            sentence = _("The membership %(plan)s of %(customer)s is over already.")
        else:
            sentence = _(
                "The membership %(plan)s of %(customer)s ends at once, and what it opens is closed. No mail is sent."
            )
        return sentence % {"plan": self.membership.plan, "customer": self.customer}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context if self.membership.is_running else {**context, "button_label": ""}

    def perform(self):
        try:
            revoke_membership(self.membership, actor=self.request.user)
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
        else:
            messages.success(self.request, _("Membership %(plan)s revoked.") % {"plan": self.membership.plan})


class RolesPanel(Section):
    """The section of roles, in a shop that has any."""

    class BoundPanel(Section.BoundPanel):
        def is_shown(self):
            return bool(conf.ROLES) and super().is_shown()


class RolesMixin:
    permission = ASSIGN_ROLES

    def get_customers(self):
        return super().get_customers().select_related("user")

    @cached_property
    def is_staff(self):
        return self.customer.user is not None and is_staff_account(self.customer.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(is_staff=self.is_staff, **kwargs)


class RolesSection(RolesMixin, SectionView):
    template_name = "oscar_customers_ext/admin/memberships/roles.html"

    def get_context_data(self, **kwargs):
        user = self.customer.user
        roles = roles_of(user) if user else []
        others = user.groups.exclude(pk__in=[role.pk for role in roles]).order_by("name") if user else []
        return super().get_context_data(
            roles=roles, others=others, choices=allowed_roles().exists(), **kwargs
        )


class ChangeRolesView(RolesMixin, CustomerFormView):
    form_class = RolesForm
    template_name = "oscar_customers_ext/admin/memberships/change_roles.html"
    tab_id = "account"
    page_title = gettext_lazy("Change roles")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.customer.user}

    def form_valid(self, form):
        try:
            assign_roles(self.customer, form.cleaned_data["roles"], actor=self.request.user)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        messages.success(self.request, _("Roles saved."))
        return super().form_valid(form)
