"""What the views about one customer have in common: sections of tabs, forms, and questions before something is done.

Such a view is reached by the customer's key in the URL, asks whether this member of staff may read or change this
customer, and beyond that for ``permission`` where what it shows has a permission of its own.
"""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from oscar_customers_ext.policies import READ, PolicyMixin

from .links import customer_url
from .models import Customer


class OfCustomerMixin(PolicyMixin, PermissionCheckedMixin):
    """``self.customer`` is the customer named by the URL, after this member of staff was let in."""

    model = Customer
    #: What may be done to the customer itself; one of them is enough.
    customer_permissions = READ
    #: A further permission, like "oscar_customers_ext.view_customernote"; None where the customer's is enough.
    permission = None

    @property
    def any_permission_required(self):
        return self.customer_permissions

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.customer = get_object_or_404(self.get_customers(), pk=kwargs["pk"])

    def get_customers(self):
        return Customer.objects.all()

    def dispatch(self, request, *args, **kwargs):
        allowed = self.permission_policy.user_has_any_permission_for_instance(
            request.user, self.customer_permissions, self.customer
        )
        if not allowed or (self.permission and not request.user.has_perm(self.permission)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def may(self, permission):
        """Whether this member of staff may do something else to this customer, like "change" or "approve"."""
        return self.permission_policy.user_has_permission_for_instance(
            self.request.user, permission, self.customer
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(customer=self.customer, **kwargs)


class SectionView(OfCustomerMixin, TemplateView):
    """A part of a tab, fetched when it is first seen. Shown within the edit form, so it holds links and no form."""


class PagedSectionView(SectionView):
    """A section that lists ``get_rows()`` in pages (``page``), so that it costs the same however many there are."""

    per_page = 20

    def get_rows(self):
        raise NotImplementedError

    def get_context_data(self, **kwargs):
        page = Paginator(self.get_rows(), self.per_page).get_page(self.request.GET.get("page"))
        return super().get_context_data(page=page, **kwargs)


class CustomerPageMixin(OfCustomerMixin, WagtailAdminTemplateMixin):
    """A page of its own about one customer, with the way back to the tab ``tab_id``."""

    tab_id = ""
    header_icon = "user"

    @cached_property
    def back_url(self):
        """The tab that led here, for those who may open it; the read-only page has the same anchors."""
        url = customer_url(self.request.user, self.customer) or reverse("wagtailadmin_home")
        return f"{url}#tab-{self.tab_id}" if self.tab_id else url

    def get_page_subtitle(self):
        return str(self.customer)

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("oscar_customers:index"), "label": _("Customers")},
            {"url": self.back_url, "label": str(self.customer)},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs):
        return super().get_context_data(back_url=self.back_url, next_url=self.back_url, **kwargs)


class CustomerFormView(CustomerPageMixin, FormView):
    """A form about one customer. ``form_valid`` saves, tells with ``messages`` and redirects to ``back_url``."""

    template_name = "oscar_customers_ext/admin/customers/form.html"
    submit_label = ""
    submit_classname = ""

    def get_success_url(self):
        return self.back_url

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            submit_label=self.submit_label or _("Save"), submit_classname=self.submit_classname, **kwargs
        )


class ConfirmCustomerView(CustomerPageMixin, TemplateView):
    """Asks before it acts: GET shows what would happen, POST does it (``perform`` says where to go)."""

    template_name = "oscar_customers_ext/admin/customers/confirm.html"
    button_label = ""
    #: Classes of Wagtail's button.
    button_classname = ""
    #: One sentence about what will happen.
    question = ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            button_label=self.button_label,
            button_classname=self.button_classname,
            question=self.get_question(),
            **kwargs,
        )

    def get_question(self):
        return self.question

    def post(self, request, *args, **kwargs):
        return redirect(self.perform() or self.back_url)

    def perform(self):
        raise NotImplementedError
